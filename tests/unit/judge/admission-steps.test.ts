import { describe, expect, test } from 'vitest'
import type { Admission, RealmProbe } from '../../../src/contract/host.js'
import type { WorkerEnd } from '../../../src/contract/worker-end.js'
import type { CellEvidence, Judgement } from '../../../src/judge/cell-evidence.js'
import { judge, unsupportedReason } from '../../../src/judge/judge.js'
import { SUBJECT, probeOf } from '../run/support.js'
import { BRIDGED, DIRECT, REFUSED, deadlineScenario, deadlineTrace, evidenceOf } from './traces.js'

const ANYWHERE = { support_class: 'direct', reason_code: 'admitted_direct', cause: null } as const
const scenario = deadlineScenario({ expect: { admission: [ANYWHERE] } })
const sound = (more: Partial<CellEvidence> = {}): CellEvidence => evidenceOf(scenario, deadlineTrace(), [deadlineTrace()], more)
const admitted = (probe: RealmProbe | null, more: Partial<typeof SUBJECT> = {}): CellEvidence['admitted'] => ({ host_role: 'window', subject: { ...SUBJECT, ...more }, probe })
/** The answer, and what it rests on first. */
const answer = ({ verdict, eligibility_verdict, reason, findings: [first] }: Judgement) => ({ verdict, eligibility_verdict, reason, first: first ?? null })
const isolated = probeOf('window', { cross_origin_isolated: true })
const SEEN_ISOLATED = '{"cross_origin_isolated":true,"secure_context":true,"wasm_blocked":false}'

describe('T4 browser_surface: the page that a realm sees', () => {
  const unseen = (found: string) => ({
    verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization', reason: `page_condition_unseen: lab: page expected plain, found ${found}`,
    first: { law: 'admission', severity: 'break', attempt: 0, field: 'page', expected: 'plain', found },
  })
  test.each<[string, Partial<CellEvidence>, string]>([
    ['another one, where the scenario names none', { admitted: admitted(isolated) }, SEEN_ISOLATED],
    ['the right one when it was asked, another one when it ran', { admitted: admitted(probeOf('window')), probes: [probeOf('window'), null, isolated] }, SEEN_ISOLATED],
    ['none, and no cause is known', { admitted: admitted(null) }, 'no realm that could tell'],
  ])('%s', (_, more, found) => expect(answer(judge(sound(more)))).toEqual(unseen(found)))
  test.each<[string, CellEvidence]>([
    ['the right one', sound({ admitted: admitted(probeOf('window')), probes: [null, probeOf('window')] })],
    ['nobody says who was admitted', sound({ probes: [isolated] })],
    ['nobody says who was admitted, and the rules would ask', { ...sound(), scenario: deadlineScenario({ expect: { admission: [{ ...ANYWHERE, when: { host_role: ['window'] } }] } }) }],
    ['the scenario asks for no admission', evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()], { admitted: admitted(isolated) })],
  ])('parity stands: %s', (_, evidence) => expect(judge(evidence)).toMatchObject({ verdict: 'parity', findings: [] }))
})

describe('T4 browser_surface: the realm of each attempt', () => {
  const twice = (...probes: Array<RealmProbe | null>): CellEvidence['ran_in'] => ({ host_role: 'window', probes })
  const lacking = (capability: keyof RealmProbe['capabilities']): RealmProbe => probeOf('window', { capabilities: { ...probeOf('window').capabilities, [capability]: false } })
  const needing = { ...sound(), scenario: deadlineScenario({ needs: ['fetch'] }) }
  const refused = (attempt: number, law: string, field: string, expected: string, found: string) => ({
    verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', reason: `host_metadata_missing: live: ${field} expected ${expected}, found ${found}`,
    first: { law, severity: 'break', attempt, field, expected, found },
  })
  test.each<[string, CellEvidence, ReturnType<typeof refused>]>([
    ['it proved another role', sound({ ran_in: twice(probeOf('dedicated_worker')) }), refused(1, 'role_proof', 'proven_role', 'window', 'dedicated_worker')],
    ['it proved none', sound({ ran_in: twice(probeOf('window', { proven_role: null })) }), refused(1, 'role_proof', 'proven_role', 'window', 'no role')],
    ['it did not say', sound({ ran_in: twice(null) }), refused(1, 'role_proof', 'proven_role', 'window', 'no role')],
    ['the second did not say', sound({ ran_in: twice(probeOf('window'), null) }), refused(2, 'role_proof', 'proven_role', 'window', 'no role')],
    ['over the bridge, too', sound({ admission: BRIDGED, ran_in: twice(probeOf('dedicated_worker')) }), refused(1, 'role_proof', 'proven_role', 'window', 'dedicated_worker')],
    ['it lacks what the scenario needs', { ...needing, ran_in: { host_role: 'window', probes: [lacking('fetch')] } }, refused(1, 'admission', 'capabilities.fetch', 'true', 'false')],
    ['it lacks what the subject requires', sound({ admitted: admitted(probeOf('window'), { requires: ['timers', 'webassembly'] }), ran_in: twice(lacking('webassembly')) }), refused(1, 'admission', 'capabilities.webassembly', 'true', 'false')],
  ])('no verdict rests on it: %s', (_, evidence, wanted) => expect(answer(judge(evidence))).toEqual(wanted))
  test.each<[string, CellEvidence, string]>([
    ['it proved the role', sound({ ran_in: twice(probeOf('window'), probeOf('window')) }), 'parity'],
    ['it lacks what nobody asks for', sound({ ran_in: twice(lacking('webassembly')) }), 'parity'],
    ['it has what the scenario needs', { ...needing, ran_in: { host_role: 'window', probes: [lacking('webassembly')] } }, 'parity'],
    ['over the bridge, for want of what is needed', { ...needing, admission: BRIDGED, bridge_logs_agree: true, attempts: sound({ admission: BRIDGED }).attempts, ran_in: { host_role: 'window', probes: [lacking('fetch')] } }, 'bridge_only'],
    ['nothing ran', sound({ attempts: [], ran_in: twice() }), 'not_run'],
  ])('the verdict stands: %s', (_, evidence, verdict) => expect(judge(evidence).verdict).toBe(verdict))
})

describe('T0 browser_surface: an admission that is not the one asked for', () => {
  test('is a mismatch that says what was asked for and what was found', () => {
    const expected = '{"cause":null,"reason_code":"admitted_direct","support_class":"direct"}'
    const found = '{"cause":{"capability":"webassembly","cause":"missing_capability"},"reason_code":"unsupported_runtime_context","support_class":"unsupported"}'
    expect(answer(judge(sound({ admission: REFUSED, attempts: [], admitted: admitted(probeOf('window')) })))).toEqual({
      verdict: 'semantic_mismatch', eligibility_verdict: 'eligible', reason: `lab: admission expected ${expected}, found ${found}`,
      first: { law: 'admission', severity: 'break', attempt: 0, field: 'admission', expected, found },
    })
  })
  test.each<Admission['reason_code']>(['realm_unavailable', 'bridge_unreachable'])('%s blames nobody', (reason_code) => {
    expect(judge(sound({ admission: { ...REFUSED, reason_code }, attempts: [], admitted: admitted(probeOf('window')) }))).toMatchObject({ verdict: 'unsupported', unsupported_reason: `${reason_code}: missing_capability webassembly` })
  })
  test.each<[string, Parameters<typeof unsupportedReason>[1], string]>([
    ['no cause', null, 'r'], ['a capability', { cause: 'missing_capability', capability: 'jspi' }, 'r: missing_capability jspi'],
    ['a prerequisite', { cause: 'prerequisite_missing', prerequisite: 'secure_context' }, 'r: prerequisite_missing secure_context'], ['another cause', { cause: 'wasm_blocked' }, 'r: wasm_blocked'],
  ])('the reason is one line: %s', (_, cause, line) => expect(unsupportedReason('r', cause)).toBe(line))
})

describe('T0 browser_surface: what the subject says of its host', () => {
  const says = (support_class: 'direct' | 'bridge_only') => ({ downgrade: { classify: 'c' }, claim: { support_class, reason_code: support_class === 'direct' ? 'admitted_direct' : 'downgrade_to_server_bridge' } })
  const cell = (admission: Admission, claimed: 'direct' | 'bridge_only'): Judgement =>
    judge(evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()], { admission, admitted: admitted(probeOf('window'), says(claimed)) }))
  test.each<[Admission, 'direct' | 'bridge_only', Judgement['verdict']]>([[DIRECT, 'bridge_only', 'semantic_mismatch'], [BRIDGED, 'direct', 'bridge_mismatch']])('%o, and it says %s', (admission, claimed, verdict) => {
    const { reason, first, ...rest } = answer(cell(admission, claimed))
    expect(rest).toEqual({ verdict, eligibility_verdict: 'eligible' })
    expect(first).toMatchObject({ law: 'admission', severity: 'break', attempt: 0, field: 'classify' })
    expect([first!.expected.includes(admission.support_class), first!.found.includes(claimed)]).toEqual([true, true])
    expect(reason).toBe(`the subject's own classify() says ${first!.found}; the probe and the ladder say ${first!.expected}`)
  })
  test('that both came to the same is noted', () => {
    const { findings } = cell(BRIDGED, 'bridge_only')
    expect(findings).toEqual([{ law: 'admission', severity: 'note', attempt: 0, field: 'classify', expected: findings[0]!.found, found: findings[0]!.found }])
  })
})

describe('T4 browser_surface: a service worker that ended', () => {
  const end = (more: Partial<WorkerEnd>): WorkerEnd => ({
    attempt: 1, how: 'stopped', phase: 'before_scenario', instance: { nonce: 'a', starts: 1 }, asked_at: 0, gone_at: 0, back: { nonce: 'b', starts: 1 },
    between: { before: null, after: 'mark m' }, pending: [], bridge: null, fresh: true, ...more,
  })
  const halved = end({ attempt: 2, phase: 'in_scenario', between: { before: 'mark m', after: null } })
  const stale = end({ attempt: 3, back: null, fresh: false })
  const HALVED = 'the service worker was stopped after mark m; 0 pending: 0 lost, 0 completed, 0 unknown; another start of it came back'
  const STALE = 'the service worker was stopped before the scenario; 0 pending: 0 lost, 0 completed, 0 unknown; it did not come back'
  test.each<[string, WorkerEnd[], ReturnType<typeof answer>]>([
    ['in the middle, whatever else', [end({}), stale, halved], {
      verdict: 'invalid_experiment', eligibility_verdict: 'blocked_scope_red_line', reason: `opaque_host_claim: live: worker_end expected a worker that lives through its scenario, found ${HALVED}`,
      first: { law: 'scope_red_line', severity: 'break', attempt: 2, field: 'worker_end', expected: 'a worker that lives through its scenario', found: HALVED },
    }],
    ['before, and did not start anew', [end({}), stale], {
      verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', reason: `host_metadata_missing: live: worker_end expected another start, in a global of its own, found ${STALE}`,
      first: { law: 'role_proof', severity: 'break', attempt: 3, field: 'worker_end', expected: 'another start, in a global of its own', found: STALE },
    }],
    ['before, and started anew', [end({})], { verdict: 'parity', eligibility_verdict: 'eligible', reason: 'lab and live agree', first: null }],
  ])('%s', (_, worker_ends, expected) => expect(answer(judge(sound({ worker_ends })))).toEqual(expected))
})

describe('T4 browser_surface: a bridge without a handshake that both sides logged', () => {
  test.each<[string, Partial<CellEvidence>, string]>([
    ['nobody logged it', { bridge_logs_agree: null, bridge_disagreement: 'steps' }, 'not logged'],
    ['they do not agree', { bridge_logs_agree: false }, 'the logs do not agree'],
    ['they do not agree, and it is known in what', { bridge_logs_agree: false, bridge_disagreement: 'carrier: x' }, 'the logs do not agree in carrier: x'],
  ])('%s', (_, more, found) => {
    expect(answer(judge(evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()], { admission: BRIDGED, ...more })))).toEqual({
      verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', reason: `bridge_only is refused: ${found}`,
      first: { law: 'bridge_handshake', severity: 'break', attempt: 0, field: 'bridge_handshake', expected: 'completed, and logged by both sides', found },
    })
  })
})
