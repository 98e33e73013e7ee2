import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BridgeFault } from '../../bridge/faults.js'
import { DowngradeSchema, type Downgrade } from '../../src/contract/downgrade.js'
import type { Ledger } from '../../src/contract/verdict.js'
import type { VerdictToken } from '../../src/contract/vocabulary.js'
import { expect, ledgerOf, test, verdictOf, type Kit } from '../lanes/support.js'

/** Far more than the run needs, far less than what hangs would take. */
const BOUND_MS = 90_000
const ROLE = 'shared_worker'

interface Planted { roles?: string[]; scenarios: string[]; subject?: string; faults?: Record<string, BridgeFault>; take_away?: string[] }

let runs = 0
async function planted(kit: Kit, { roles = [ROLE], subject = 'reference', ...rest }: Planted): Promise<{ ledger: Ledger; out: string; audited: { code: number | null; stdout: string } }> {
  const out = join(kit.folder, `planted-${++runs}`)
  const ended = await kit.start(process.execPath, [join('tests', 'negative', 'planted-run.mjs'), JSON.stringify({ engine: kit.engine, roles, subject, out, ...rest })]).ended
  return { ledger: ledgerOf(ended), out, audited: await kit.lanecheck('audit', out) }
}

const downgradeOf = (out: string, kit: Kit, scenario: string, role = ROLE): Downgrade =>
  DowngradeSchema.parse(JSON.parse(readFileSync(join(out, 'bundles', `${kit.engine}.${role}.bridge`, scenario, 'downgrade.json'), 'utf8')))

/** By scenario, in one run: each fault meets the bridge of one cell. */
const FAULTS: Record<string, { fault: BridgeFault; verdict: VerdictToken; reason: RegExp }> = {
  'timer.order.distinct': { fault: 'dies_in_run', verdict: 'infrastructure_loss', reason: /^loopback_failed: .*connection_lost/ },
  'timer.order.equal': { fault: 'garbage', verdict: 'invalid_experiment', reason: /bad_frame/ },
  'timer.cancel.before_fire': { fault: 'hangs_after_handshake', verdict: 'infrastructure_loss', reason: /other_side_silent/ },
  'timer.interval.counted': { fault: 'answers_twice', verdict: 'invalid_experiment', reason: /duplicate_frame/ },
  'timer.shutdown.pending': { fault: 'repeats_events', verdict: 'invalid_experiment', reason: /events: the realm has \d+, the server \d+/ },
  'timer.deadline.met': { fault: 'worker_dies_in_run', verdict: 'infrastructure_loss', reason: /the bridge's worker exited/ },
  'fetch.plain.get': { fault: 'slow_but_in_time', verdict: 'bridge_only', reason: /^lab and live agree/ },
}
const SOUND = 'websocket.close.by_subject'

test('T4 browser_surface: each fault of the bridge costs its own cell, in bounded time, and the run goes on', async ({ kit }) => {
  const started = Date.now()
  const faults = Object.fromEntries(Object.entries(FAULTS).map(([scenario, { fault }]) => [scenario, fault]))
  const { ledger, out, audited } = await planted(kit, { scenarios: [...Object.keys(FAULTS), SOUND], faults })
  expect(Date.now() - started).toBeLessThan(BOUND_MS)
  for (const [scenario, { verdict, reason }] of Object.entries(FAULTS)) {
    const seen = verdictOf(ledger, ROLE, scenario)
    expect(seen, scenario).toMatchObject({ verdict, reason: expect.stringMatching(reason) })
    if (verdict === 'invalid_experiment') expect(seen).toMatchObject({ eligibility_verdict: 'blocked_missing_observability', findings: expect.arrayContaining([expect.objectContaining({ law: 'bridge_handshake' })]) })
  }
  expect(verdictOf(ledger, ROLE, SOUND)).toMatchObject({ verdict: 'bridge_only', findings: [] })
  expect(downgradeOf(out, kit, SOUND)).toMatchObject({ complete: true, missing: { cause: 'subject_declines_host_role' }, attempts: [{ carrier: 'websocket' }] })
  expect(downgradeOf(out, kit, 'timer.order.equal')).toMatchObject({ complete: false })
  expect(audited.code, audited.stdout).toBe(0)
})

test('T4 browser_surface: a bridge that refuses everybody → unsupported, bridge_unreachable, with its cause; nobody takes that for anything else', async ({ kit }) => {
  const { ledger, audited } = await planted(kit, { scenarios: [SOUND], faults: { '': 'refuses' } })
  expect(verdictOf(ledger, ROLE, SOUND)).toMatchObject({ verdict: 'unsupported', reason_code: 'bridge_unreachable', cause: { cause: 'subject_declines_host_role' }, lane_id: `${kit.engine}.${ROLE}.none` })
  expect(audited.code, audited.stdout).toBe(0)
})

for (const [carrier, take_away] of [['fetch_streaming', ['WebSocket']], ['long_polling', ['WebSocket', 'ReadableStream']]] as const) {
  test(`T3 browser_surface: where ${take_away.join(' and ')} is missing, ${carrier} carries the bridge, and the record says so`, async ({ kit }) => {
    const roles = ['window', 'dedicated_worker', 'shared_worker', 'service_worker']
    const { ledger, out, audited } = await planted(kit, { roles, scenarios: [SOUND, 'fetch.plain.get'], take_away: [...take_away] })
    for (const role of roles) {
      const [missing] = role === 'window' || role === 'dedicated_worker' ? [{ cause: 'missing_capability', capability: 'websocket' }] : [{ cause: 'subject_declines_host_role' }]
      for (const scenario of [SOUND, 'fetch.plain.get']) {
        expect(verdictOf(ledger, role, scenario), role).toMatchObject({ verdict: 'bridge_only', cause: missing })
        const { complete, attempts } = downgradeOf(out, kit, scenario, role)
        expect([complete, attempts.at(-1)!.carrier]).toEqual([true, carrier])
      }
    }
    expect(audited.code, audited.stdout).toBe(0)
  })
}
