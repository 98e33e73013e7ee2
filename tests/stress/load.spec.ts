import { join } from 'node:path'
import { expectedOf, loadExpectations } from '../../src/config/expectations.js'
import type { Verdict } from '../../src/contract/verdict.js'
import { rolesOf } from '../../src/contract/scenario.js'
import { MATRIX_HOST_ROLES, SURFACE_FAMILIES } from '../../src/contract/vocabulary.js'
import { CATALOGUE } from '../../src/scenarios/catalogue.js'
import { readBundle } from '../lanes/evidence.js'
import { expect, scenarios, test, verdictOf, type Kit, type Verified } from '../lanes/support.js'
import { underLoad } from './load.js'

/** The long form is `npm run stress`; the short one, of one engine alone, is part of the lane tests. */
const LONG = process.env.LANECHECK_STRESS === 'long'
const ROUNDS = LONG ? 5 : 1
const ROLES = LONG ? MATRIX_HOST_ROLES : ['window', 'service_worker']
const MINUTE_MS = 60_000
const MAX_ATTEMPTS = 3

const subject = (name: string): string[] => ['--role', 'window', '--subject', join('tests', 'stress', 'subjects', `${name}.ts`)]
const noisy = ({ findings }: Verdict): number[] => [...new Set(findings.filter(({ severity }) => severity === 'noise').map(({ attempt }) => attempt))]
const attemptsKept = (run: Verified, { artifact_bundle }: Verdict): number[] => readBundle(join(run.out, artifact_bundle!))['live.json'].attempts.map(({ attempt }) => attempt)

for (const row of SURFACE_FAMILIES) {
  const rowScenarios = CATALOGUE.filter(({ surface_family, tiers }) => surface_family === row && (LONG || tiers.includes('T2')))
  const family = rowScenarios.map(({ id }) => id)
  const planned = ROLES.flatMap((role) => rowScenarios.filter((scenario) => (rolesOf(scenario) as readonly string[]).includes(role))).length
  if (family.length === 0) continue
  test(`T5 ${row}: with every core busy, what drifts is called drift, and nothing else changes`, async ({ kit }) => {
    test.setTimeout(ROUNDS * 4 * MINUTE_MS)
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const run = await underLoad(kit, () => kit.verify('--subject', 'native', '--seed', String(seed), '--role', ROLES.join(), ...scenarios(family)))
      expect(run.ledger.verdicts).toHaveLength(planned)
      const known = expectedOf(loadExpectations(undefined), () => run.ledger.run.engines[0]?.engine_product)
      for (const verdict of run.ledger.verdicts.filter((one) => known(one)?.verdict !== one.verdict)) expect.soft(answerUnderLoad(verdict), `round ${seed}: ${verdict.cell_id}: ${verdict.verdict}: ${verdict.reason}`).toBe('sound')
      const { code, stdout } = await kit.lanecheck('audit', run.out)
      expect(code, stdout).toBe(0)
    }
  })
}

/**
 * `sound`, or what of the contract a verdict of a sound subject on a loaded machine does not keep. A request that was given up before it left
 * a busy realm is a break seen once: then the answer is `irreproducible`, and never parity.
 */
function answerUnderLoad(verdict: Verdict): string {
  const { findings, attempts, rerun_decision, suppression_reason, time_policy_class, scheduler_noise_class } = verdict
  const seen = noisy(verdict)
  if (attempts > MAX_ATTEMPTS) return 'reruns without a bound'
  const broken = findings.filter(({ severity }) => severity === 'hard' || severity === 'break')
  if (broken.length > 0) {
    const once = verdict.verdict === 'irreproducible' && rerun_decision === 'rerun_for_mismatch' && attempts > 1 && broken.every(({ severity, law }) => severity === 'break' && law !== 'order' && law !== 'cancellation')
    return once ? 'sound' : 'order, cancellation or outcome broke'
  }
  if (seen.length > 0 && rerun_decision !== 'rerun_for_noise') return 'drift was not run again'
  // What the page or the engine keeps back is said by the ladder, under load as without.
  if (verdict.verdict === 'unsupported') return verdict.support_class === 'unsupported' && verdict.cause !== null && verdict.reason_code !== 'bridge_unreachable' ? 'sound' : 'a realm or a bridge was lost'
  if (verdict.verdict === 'parity' || verdict.verdict === 'bridge_only') return seen.length === 0 || (seen.length < attempts && suppression_reason === 'noise_within_window') ? 'sound' : 'drift became parity'
  const weak = verdict.verdict === 'invalid_experiment' && verdict.eligibility_verdict === 'insufficient_observability'
  return weak && seen.length === MAX_ATTEMPTS && attempts === MAX_ATTEMPTS && time_policy_class === 'scheduler_noise_signal' && scheduler_noise_class === 'beyond_window' ? 'sound' : 'neither parity nor drift'
}

const planted = (kit: Kit, name: string, ...ids: string[]): Promise<Verified> => underLoad(kit, () => kit.verify(...subject(name), ...scenarios(ids)))

test('T5 timer_surface: ticks beyond the window in one attempt are run again, and that attempt stays', async ({ kit }) => {
  const run = await planted(kit, 'late-at-first', 'timer.order.distinct')
  const verdict = verdictOf(run.ledger, 'window', 'timer.order.distinct')
  expect(noisy(verdict)).toContain(1)
  expect([answerUnderLoad(verdict), verdict.rerun_decision]).toEqual(['sound', 'rerun_for_noise'])
  expect(verdict.attempts).toBeGreaterThan(1)
  expect(attemptsKept(run, verdict)).toEqual(Array.from({ length: verdict.attempts }, (_, index) => index + 1))
})

test('T5 timer_surface: drift excuses no broken order and no timer that fires after its cancel', async ({ kit }) => {
  const { ledger, code } = await planted(kit, 'late-and-broken', 'timer.order.equal', 'timer.cancel.before_fire')
  for (const [id, law] of [['timer.order.equal', 'order'], ['timer.cancel.before_fire', 'cancellation']] as const) {
    const verdict = verdictOf(ledger, 'window', id)
    expect(verdict).toMatchObject({ verdict: 'semantic_mismatch', rerun_decision: 'no_rerun_hard_break', attempts: 1, suppression_reason: 'none' })
    expect(verdict.findings).toContainEqual(expect.objectContaining({ law, severity: 'hard' }))
    expect(noisy(verdict), 'it drifted as well').toEqual([1])
  }
  expect(code).toBe(1)
})

test('T5 timer_surface, virtual_transport_surface: drift in every attempt stays drift; a mismatch seen once and not again is irreproducible', async ({ kit }) => {
  const run = await underLoad(kit, () => kit.verify('--role', 'dedicated_worker', '--subject', 'subjects/planted/unsteady.ts', ...scenarios(['timer.order.distinct', 'websocket.close.in_flight_from_peer'])))
  const drift = verdictOf(run.ledger, 'dedicated_worker', 'timer.order.distinct')
  expect([drift.verdict, answerUnderLoad(drift), noisy(drift)]).toEqual(['invalid_experiment', 'sound', [1, 2, 3]])
  const once = verdictOf(run.ledger, 'dedicated_worker', 'websocket.close.in_flight_from_peer')
  expect(once).toMatchObject({ verdict: 'irreproducible', rerun_decision: 'rerun_for_mismatch' })
  expect(once.findings.filter(({ severity }) => severity === 'break').map(({ attempt }) => attempt)).toContain(1)
  expect(attemptsKept(run, once)).toEqual(Array.from({ length: once.attempts }, (_, index) => index + 1))
  expect(once.attempts).toBeGreaterThan(1)
  expect(run.code).toBe(2)
})
