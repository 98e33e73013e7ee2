import { describe, expect, test } from 'vitest'
import type { InfrastructureLoss } from '../../../src/contract/evidence.js'
import { VERDICTS, ELIGIBILITY_VERDICTS } from '../../../src/contract/vocabulary.js'
import { canonicalJson } from '../../../src/evidence/canonical-json.js'
import type { CellEvidence, Judgement } from '../../../src/judge/cell-evidence.js'
import { judge } from '../../../src/judge/judge.js'
import { rerunDecision } from '../../../src/judge/rerun.js'
import { attemptFindings } from '../../../src/judge/run-findings.js'
import { BRIDGED, REFUSED, channelScenario, channelTrace, deadlineScenario, deadlineTrace, evidenceOf, labRun, recordOf, scenarioOf, trace, type Tracer } from './traces.js'

const scenario = deadlineScenario()
const cell = (live: Tracer[], more: Partial<CellEvidence> = {}): CellEvidence => evidenceOf(scenario, deadlineTrace(), live, more)
const lost = (what: InfrastructureLoss['what']): InfrastructureLoss => ({ what, detail: 'gone' })
const slow = (): Tracer => deadlineTrace({ fires: 6 })
/** A break that is not hard: the deadline is never met. */
const broken = (): Tracer => {
  const tracer = deadlineTrace()
  return { ...tracer, events: tracer.events.filter(({ kind }) => kind !== 'deadline.completed') }
}
const outside = (): Tracer => deadlineTrace().page('host.outside', 'fetch', { url: 'https://example.test/' })

/** Every verdict, reached by evidence. */
const CASES: Array<[verdict: Judgement['verdict'], title: string, evidence: CellEvidence, more: Partial<Judgement>]> = [
  ['parity', 'lab and live agree', cell([deadlineTrace()]), { eligibility_verdict: 'eligible', time_policy_class: 'semantic_time', timeout_budget_class: 'bounded', timeout_outcome_class: 'completed_before_deadline', scheduler_noise_class: 'none', rerun_decision: 'not_needed', observability_status: 'met', logical_elapsed_ticks: 2 }],
  ['parity', 'drift within the window', cell([deadlineTrace({ fires: 4 })]), { scheduler_noise_class: 'within_window', suppression_reason: 'none' }],
  ['parity', 'an attempt beyond the window, run again within it', cell([slow(), deadlineTrace()]), { scheduler_noise_class: 'within_window', suppression_reason: 'noise_within_window', rerun_decision: 'rerun_for_noise' }],
  ['bridge_only', 'over the bridge', cell([deadlineTrace()], { admission: BRIDGED }), { eligibility_verdict: 'eligible' }],
  ['unsupported', 'by the ladder', cell([], { admission: REFUSED, lab: null }), { unsupported_reason: 'unsupported_runtime_context: missing_capability webassembly' }],
  ['unsupported', 'a family is absent', cell([trace().subject('family.absent', 'step', { family: 'timers.interval' }).end()]), { unsupported_reason: 'family_absent: the subject has no timers.interval' }],
  ['semantic_mismatch', 'live breaks in each attempt', cell([broken(), broken()]), { eligibility_verdict: 'eligible', rerun_decision: 'rerun_for_mismatch' }],
  ['semantic_mismatch', 'both agree and both break the expectation', evidenceOf(scenario, broken(), [broken()]), { reason: 'lab: deadlines.budget expected completed_before_deadline, found cancelled_before_deadline' }],
  ['semantic_mismatch', 'a hard break is not rerun away', cell([deadlineTrace({ doomedFires: true }), deadlineTrace()]), { rerun_decision: 'no_rerun_hard_break', reason: 'live: timers.doomed.fired_after_clear expected false, found true' }],
  ['semantic_mismatch', 'a timer fired early', cell([deadlineTrace({ fires: 1 }), deadlineTrace()]), { rerun_decision: 'no_rerun_hard_break' }],
  ['semantic_mismatch', 'the lab alone is broken', evidenceOf(scenario, broken(), [deadlineTrace()]), {}],
  ['bridge_mismatch', 'over the bridge', cell([broken()], { admission: BRIDGED }), { eligibility_verdict: 'eligible' }],
  ['policy_violation', 'a report that erases a hard mismatch by noise', cell([deadlineTrace({ alive: ['1'] })], { claimed_suppression: 'noise_within_window' }), {}],
  ['policy_violation', 'a bridge run given out as direct', { ...cell([deadlineTrace()]), attempts: cell([deadlineTrace()], { admission: BRIDGED }).attempts }, { eligibility_verdict: 'blocked_scope_red_line' }],
  ['invalid_experiment', 'drift beyond the window in every attempt', cell([slow(), slow()]), { eligibility_verdict: 'insufficient_observability', time_policy_class: 'scheduler_noise_signal', scheduler_noise_class: 'beyond_window' }],
  ['invalid_experiment', 'the lab is not deterministic', cell([deadlineTrace()], { lab: labRun(recordOf(scenario, deadlineTrace(), 'lab'), { deterministic: false }) }), { eligibility_verdict: 'blocked_missing_virtualization' }],
  ['invalid_experiment', 'a handshake that the logs do not show', cell([deadlineTrace()], { admission: BRIDGED, bridge_logs_agree: false }), { eligibility_verdict: 'blocked_missing_observability' }],
  ['irreproducible', 'broken once and not again', cell([broken(), deadlineTrace()]), { rerun_decision: 'rerun_for_mismatch' }],
  ['infrastructure_loss', 'the realm crashed', cell([], { infrastructure: lost('realm_crashed') }), { eligibility_verdict: 'insufficient_observability', observability_status: 'manifest_missing' }],
  ['infrastructure_loss', 'the engine crashed while an attempt was run again', cell([broken()], { infrastructure: lost('engine_crashed') }), { reason: 'engine_crashed: gone' }],
  ['not_run', 'no engine', cell([], { infrastructure: lost('engine_not_found'), engine_available: false }), { reason: 'gone' }],
  ['not_run', 'interrupted before it began', cell([], { infrastructure: lost('interrupted') }), {}],
  ['not_run', 'nobody tried', cell([]), { reason: 'no attempt was made' }],
  ['not_run', 'no engine, and nobody says why', cell([], { engine_available: false }), { reason: 'the engine is not on this machine' }],
  ['not_run', 'the engine was not found', cell([], { infrastructure: lost('engine_not_found') }), { reason: 'gone' }],
  ['infrastructure_loss', 'interrupted after an attempt', cell([deadlineTrace()], { infrastructure: lost('interrupted') }), { reason: 'interrupted: gone' }],
  ['unsupported', 'the realm could not be had', cell([], { admission: { ...REFUSED, reason_code: 'realm_unavailable', cause: null } }), { eligibility_verdict: 'insufficient_observability', unsupported_reason: 'realm_unavailable' }],
  ['unsupported', 'the page lacks a prerequisite', cell([], { admission: { ...REFUSED, cause: { cause: 'prerequisite_missing', prerequisite: 'secure_context' } } }), { eligibility_verdict: 'eligible', unsupported_reason: 'unsupported_runtime_context: prerequisite_missing secure_context' }],
  ['unsupported', 'the subject declines', cell([], { admission: { ...REFUSED, cause: { cause: 'subject_declines_host_role' } } }), { unsupported_reason: 'unsupported_runtime_context: subject_declines_host_role' }],
  ['invalid_experiment', 'a handshake that nobody logged', cell([deadlineTrace()], { admission: BRIDGED, bridge_logs_agree: null }), { reason: 'bridge_only is refused: not logged' }],
  ['invalid_experiment', 'a handshake that was not completed', cell([deadlineTrace()], { admission: { ...BRIDGED, bridge_handshake: false } }), {}],
  ['invalid_experiment', 'a family is absent, and the outside was reached', cell([trace().subject('family.absent', 'step', { family: 'timers.interval' }).page('host.outside', 'fetch', { url: 'https://example.test/' }).end()]), { eligibility_verdict: 'blocked_scope_red_line' }],
  ['unsupported', 'two families are absent', cell([trace().subject('family.absent', 'step', { family: 'timers.interval' }).subject('family.absent', 'step', { family: 'events' }).end()]), { unsupported_reason: 'family_absent: the subject has no events, timers.interval' }],
  ['irreproducible', 'broken in one of three', cell([deadlineTrace(), broken(), deadlineTrace()]), { rerun_decision: 'rerun_for_mismatch' }],
  ['semantic_mismatch', 'noise is claimed over what is no hard break', cell([broken()], { claimed_suppression: 'noise_within_window' }), {}],
  ['semantic_mismatch', 'a hard break in the lab', evidenceOf(scenario, deadlineTrace({ alive: ['1'] }), [deadlineTrace()]), { rerun_decision: 'no_rerun_hard_break' }],
  ['bridge_mismatch', 'a hard break over the bridge', cell([deadlineTrace({ doomedFires: true })], { admission: BRIDGED }), { rerun_decision: 'no_rerun_hard_break' }],
  ['bridge_only', 'over the bridge, with noise that was run again', cell([slow(), deadlineTrace()], { admission: BRIDGED }), { suppression_reason: 'noise_within_window' }],
  ['parity', 'a sound attempt, then one beyond the window', cell([deadlineTrace(), slow()]), { suppression_reason: 'noise_within_window', scheduler_noise_class: 'within_window' }],
  ['parity', 'without a deadline', evidenceOf(scenarioOf({}), trace().subject('mark', 'm').end(), [trace().subject('mark', 'm').end()]), { time_policy_class: 'provenance_only_time', timeout_budget_class: 'none', timeout_outcome_class: 'no_deadline', logical_elapsed_ticks: 0 }],
  ['parity', 'with a budget of nothing', evidenceOf(deadlineScenario({ deadlines: { budget: { budget_ticks: 0 } } }), deadlineTrace(), [deadlineTrace()]), { timeout_budget_class: 'immediate' }],
]

describe('T0 every verdict is reachable', () => {
  test.each(CASES)('%s: %s', (verdict, _, evidence, more) => {
    expect(judge(evidence)).toMatchObject({ verdict, ...more })
  })
  test.each(CASES)('%s: %s: derived again from what was kept, it is the same to the letter', (_, title, evidence) => {
    const kept: unknown = JSON.parse(canonicalJson(evidence))
    expect([title, judge(kept as CellEvidence)]).toEqual([title, judge(evidence)])
  })
  test('none is left out', () => expect(new Set(CASES.map(([verdict]) => verdict))).toEqual(new Set(VERDICTS)))
})

/** The contract's table of what happened and the answer, as far as it concerns one cell; the rest is in report-check.test.ts. */
const undeclared = deadlineScenario({ logical_deadline_id: null })
const wall = cell([deadlineTrace()])
const noTicks = { logical_elapsed_ticks: null, at_ticks: {} }
const TABLE: Array<[title: string, evidence: CellEvidence, answer: Judgement['eligibility_verdict']]> = [
  ['time-outs compared without logical_deadline_id', evidenceOf(undeclared, deadlineTrace(), [deadlineTrace()]), 'insufficient_observability'],
  ['a record of another clock', { ...wall, attempts: wall.attempts.map((attempt) => ({ ...attempt, record: { ...attempt.record, scenario_clock_id: 'other' } })) }, 'insufficient_observability'],
  ['only wall-clock values', { ...wall, attempts: wall.attempts.map((attempt) => ({ ...attempt, record: { ...attempt.record, qualified: noTicks } })) }, 'unsupported_time_surface'],
  ['the outside was reached', cell([outside()]), 'blocked_scope_red_line'],
  ['the outside was tried for, as the wall saw', cell([deadlineTrace().proxy('example.test:443', 'unattributed')]), 'blocked_scope_red_line'],
  ['a transport bundle without a capture manifest', evidenceOf(channelScenario(), channelTrace(), [channelTrace()], { capture_manifest_path: null }), 'blocked_missing_observability'],
  ['a transport bundle without normalized records', evidenceOf(channelScenario(), channelTrace(), [channelTrace()], { normalized_record_path: null }), 'blocked_missing_observability'],
  ['a peer that is not of the model', evidenceOf(channelScenario(), channelTrace(), [channelTrace()], { peers_from_model: false }), 'blocked_missing_virtualization'],
  ['a lab that did not run on a virtual clock', cell([deadlineTrace()], { lab: labRun(recordOf(scenario, deadlineTrace(), 'live')) }), 'blocked_missing_virtualization'],
  ['no capture of the peer', evidenceOf(channelScenario(), channelTrace(), [channelTrace({ peer: false })]), 'blocked_missing_observability'],
  ['no capture of the page', cell([deadlineTrace({ page: false })]), 'blocked_missing_observability'],
  ['no lab run', cell([deadlineTrace()], { lab: null }), 'blocked_missing_observability'],
  ['a budget of one tick', evidenceOf(deadlineScenario({ deadlines: { budget: { budget_ticks: 1 } } }), deadlineTrace(), [deadlineTrace()]), 'insufficient_observability'],
  ['time-outs compared, and the deadline is not declared', evidenceOf(deadlineScenario({ deadlines: {} }), deadlineTrace(), [deadlineTrace()]), 'insufficient_observability'],
  ['timers without scenario_clock_id', evidenceOf(deadlineScenario({ scenario_clock_id: ' ' }), deadlineTrace(), [deadlineTrace()]), 'insufficient_observability'],
  ['a lab of another clock', { ...wall, lab: { ...wall.lab!, record: { ...wall.lab!.record, scenario_clock_id: 'other' } } }, 'insufficient_observability'],
  ['a lab that reached outside', evidenceOf(scenario, outside(), [deadlineTrace()]), 'blocked_scope_red_line'],
  ['lab runs of two schedules', { ...wall, lab: { ...wall.lab!, runs: [wall.lab!.runs[0]!, { ...wall.lab!.runs[1]!, schedule_hash: 'f'.repeat(64) }] } }, 'blocked_missing_virtualization'],
  ['lab runs of two courses of events', { ...wall, lab: { ...wall.lab!, runs: [wall.lab!.runs[0]!, { ...wall.lab!.runs[1]!, event_hash: 'f'.repeat(64) }] } }, 'blocked_missing_virtualization'],
  ['a margin of one tick in the lab', evidenceOf(deadlineScenario({ deadlines: { budget: { budget_ticks: 3 } } }), deadlineTrace(), [deadlineTrace()]), 'insufficient_observability'],
]

describe('T4 what makes an experiment invalid, and its answer', () => {
  test.each(TABLE)('%s', (_, evidence, answer) => {
    expect(judge(evidence)).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: answer })
  })
  test('an order nobody recorded is blocked, whichever is missing', () => {
    const ordered = scenarioOf({ expect: { orders: [['mark.a', 'mark.b']] } })
    const judged = judge(evidenceOf(ordered, trace().subject('mark', 'a').subject('mark', 'b').end(), [trace().page('host.alive', 'realm', { timers: [], sockets: [], requests: [], streams: [] })]))
    expect(['blocked_missing_virtualization', 'blocked_missing_observability']).toContain(judged.eligibility_verdict)
  })
  test('what a subject has no family for is unsupported, though more would make the experiment invalid', () => {
    const absent = trace().subject('family.absent', 'step', { family: 'timers.interval' }).end()
    for (const more of [{ peers_from_model: false }, { capture_manifest_path: null }, { lab: null }]) expect(judge(cell([absent], more))).toMatchObject({ verdict: 'unsupported', eligibility_verdict: 'eligible', reason: 'family_absent: the subject has no timers.interval', rerun_decision: 'not_needed' })
  })
  test('a family that is absent excuses nothing that a run did all the same', () => {
    const absent = (tracer: Tracer): Tracer => tracer.subject('family.absent', 'step', { family: 'timers.interval' })
    const cutShort = (): Tracer => absent(trace()).end()
    /** The first part of a sound run, and a cleared timer that fires; then the family. */
    const firedAfterClear = (): Tracer => absent(trace().subject('timer.set', 'doomed', { delay_ms: 40 }).subject('timer.cleared', 'doomed').at(4).page('host.timer.fired', '1').subject('timer.fired', 'doomed')).end()
    const hard = { verdict: 'semantic_mismatch', rerun_decision: 'no_rerun_hard_break', reason: 'live: timers.doomed.fired_after_clear expected false, found true' }
    expect(judge(evidenceOf(scenario, cutShort(), [firedAfterClear()]))).toMatchObject(hard)
    expect(judge(evidenceOf(scenario, cutShort(), [firedAfterClear(), cutShort()]))).toMatchObject(hard)
    expect(judge(evidenceOf(scenario, firedAfterClear(), [cutShort()]))).toMatchObject({ ...hard, reason: hard.reason.replace('live', 'lab') })
    expect(judge(cell([absent(trace()).end({ timers: ['1'] })]))).toMatchObject({ verdict: 'semantic_mismatch', reason: 'live: cleanup.timers expected 0, found 1' })
    // A break of a run that had the family stays, whichever run had not; and validity still comes before mismatch.
    expect(judge(cell([broken(), cutShort()]))).toMatchObject({ verdict: 'irreproducible', rerun_decision: 'rerun_for_mismatch' })
    expect(judge(evidenceOf(scenario, cutShort(), [broken(), broken()]))).toMatchObject({ verdict: 'semantic_mismatch', reason: 'live: deadlines.budget expected completed_before_deadline, found cancelled_before_deadline' })
    expect(judge(evidenceOf(scenario, cutShort(), [firedAfterClear()], { capture_manifest_path: null }))).toMatchObject({ verdict: 'invalid_experiment', rerun_decision: 'no_rerun_hard_break' })
  })
  test('what a run left out with an absent family is no break: not its orders, not its expectation, not what the other side did', () => {
    const cutShort = (): Tracer => trace().subject('timer.set', 'work', { delay_ms: 20 }).subject('family.absent', 'step', { family: 'timers.interval' }).end()
    // Of the labels of a chain that holds no ticks, none tells whether it came about.
    const chained = deadlineScenario({ expect: { orders: [['timer.doomed.set', 'timer.doomed.cleared']] } })
    const unsupported = { verdict: 'unsupported', eligibility_verdict: 'eligible', rerun_decision: 'not_needed' }
    expect(judge(evidenceOf(chained, cutShort(), [cutShort()]))).toMatchObject(unsupported)
    const told = (lab: Tracer, live: Tracer): unknown[] => {
      const { findings, ...judged } = judge(evidenceOf(scenario, lab, [live]))
      expect(judged).toMatchObject(unsupported)
      return findings.map(({ law, severity, attempt, field, expected, found }) => [law, severity, attempt, field, expected, found])
    }
    const family = ['family_absent', 'note', 0, 'absent_families', '[]', '["timers.interval"]']
    expect(told(cutShort(), cutShort())).toEqual([family])
    expect(told(deadlineTrace(), cutShort())).toEqual([family, ['lab_live_agreement', 'note', 1, 'absent_families', '[]', '["timers.interval"]']])
    expect(told(cutShort(), deadlineTrace())).toEqual([family, ['lab_live_agreement', 'note', 1, 'absent_families', '["timers.interval"]', '[]']])
    expect(attemptFindings({ ...evidenceOf(scenario, cutShort(), []), lab: null }, { attempt: 1, route: 'direct', record: recordOf(scenario, cutShort()) })).toEqual([])
  })
  test('where nothing ran live, a lab that is broken says nothing of the subject', () => {
    for (const lab of [broken(), deadlineTrace({ alive: ['1'] })]) expect(judge(evidenceOf(scenario, lab, []))).toMatchObject({ verdict: 'not_run', reason: 'no attempt was made' })
  })
  test('the browser\'s own calls are none of the subject\'s', () => expect(judge(cell([deadlineTrace().proxy('update.vendor.test', 'browser')])).verdict).toBe('parity'))
  test('validity comes before mismatch: what reached outside is not judged further, and its hard breaks stay on record', () => {
    const judged = judge(cell([deadlineTrace({ alive: ['1'] }).page('host.outside', 'fetch', { url: 'https://example.test/' })]))
    expect(judged).toMatchObject({ verdict: 'invalid_experiment', rerun_decision: 'no_rerun_hard_break' })
    expect(judged.findings.map(({ law }) => law)).toContain('leak')
  })
  test('answers are of the closed vocabulary', () => expect(TABLE.every(([, , answer]) => ELIGIBILITY_VERDICTS.includes(answer))).toBe(true))
})

describe('T1 judgements, to the letter', () => {
  test.each([...CASES.map(([verdict, title, evidence]) => [`${verdict} ${title}`, evidence] as const), ...TABLE.map(([title, evidence]) => [title, evidence] as const)])('%s', async (title, evidence) => {
    const text = JSON.stringify({ ...judge(evidence), then: rerunDecision(evidence, 3) }, null, 1)
    await expect(text).toMatchFileSnapshot(`../../golden/judgements/${title.replace(/[^a-z_]+/gi, '-').toLowerCase()}.json`)
  })
})

describe('T4 planted faults', () => {
  const channel = (live: Tracer): Judgement => judge(evidenceOf(channelScenario(), channelTrace(), [live, live]))
  test('a message lost before the close', () => expect(channel(channelTrace({ peerGets: false }))).toMatchObject({ verdict: 'semantic_mismatch' }))
  test('a wrong close code', () => expect(channel(channelTrace({ code: 1001 }))).toMatchObject({ verdict: 'semantic_mismatch' }))
  test('a timer left alive', () => expect(judge(cell([deadlineTrace({ alive: ['9'] })]))).toMatchObject({ verdict: 'semantic_mismatch', rerun_decision: 'no_rerun_hard_break' }))
  test('noise does not hide a hard break in the same run', () => expect(judge(cell([deadlineTrace({ fires: 6, alive: ['9'] })]))).toMatchObject({ verdict: 'semantic_mismatch', suppression_reason: 'none' }))
})

describe('T0 reruns', () => {
  test.each<[string, CellEvidence, number, string]>([
    ['a sound attempt', cell([deadlineTrace()]), 3, 'not_needed'], ['drift beyond the window', cell([slow()]), 3, 'rerun_for_noise'], ['a break', cell([broken()]), 3, 'rerun_for_mismatch'],
    ['a break, and no attempt left', cell([broken()]), 1, 'not_needed'], ['a break that did not come again', cell([broken(), deadlineTrace()]), 3, 'not_needed'], ['a hard break', cell([deadlineTrace({ doomedFires: true })]), 3, 'no_rerun_hard_break'],
    ['the outside', cell([outside()]), 3, 'no_rerun_hard_break'], ['a lab that is broken itself', evidenceOf(scenario, broken(), [broken()]), 3, 'not_needed'], ['nothing ran', cell([]), 3, 'not_needed'],
    ['nothing ran, and the lab broke hard', evidenceOf(scenario, deadlineTrace({ doomedFires: true }), []), 3, 'not_needed'], ['the lab broke hard', evidenceOf(scenario, deadlineTrace({ doomedFires: true }), [deadlineTrace()]), 3, 'no_rerun_hard_break'],
  ])('%s', (_, evidence, max, decision) => expect(rerunDecision(evidence, max)).toBe(decision))
})
