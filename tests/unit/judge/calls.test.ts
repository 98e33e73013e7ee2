import { describe, expect, test } from 'vitest'
import { summarizeJson } from '../../../src/contract/summary.js'
import { canonicalJson } from '../../../src/contract/canonical-json.js'
import type { JsonValue } from '../../../src/contract/subject.js'
import type { CallExpectation, Scenario } from '../../../src/contract/scenario.js'
import { agreementFindings } from '../../../src/judge/compare-agreement.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { scenarioFacts } from '../../../src/judge/scenario-facts.js'
import { timePolicyClass } from '../../../src/judge/time-facts.js'
import { evidenceOf, recordOf, scenarioOf, trace, type Tracer } from './traces.js'
import { judge } from '../../../src/judge/judge.js'

const json = (value: JsonValue) => summarizeJson(canonicalJson(value))
const begun = (): Tracer => trace().subject('call.started', 'c', { task: 'work', input: json(null) }).at(3)
const scenario = (expected: CallExpectation | null, more: Partial<Scenario> = {}, at_ticks?: Record<string, number>): Scenario => scenarioOf({
  tasks: { main: [{ op: 'call.start', call: 'c', task: 'work' }, { op: 'call.wait', call: 'c' }] }, ...more,
  expect: { ...(expected === null ? {} : { calls: { c: expected } }), ...(at_ticks === undefined ? {} : { at_ticks }) },
})
const done = scenario({ end: 'completed' })
const callOf = (tracer: Tracer, of = done) => recordOf(of, tracer).semantic.calls?.c

/** Each way a call can end, as its caller hears of it. */
const completed = (value: JsonValue = 1): Tracer => begun().subject('call.completed', 'c', { result: json(value) })
const failed = (): Tracer => begun().subject('call.failed', 'c', { error: 'RangeError', message: 'no' })
const cancelled = (): Tracer => begun().subject('call.cancelled', 'c')
const timedOut = (): Tracer => begun().subject('call.timed_out', 'c')
const late = (tracer: Tracer): Tracer => tracer.at(5).subject('call.late_result', 'c', { result: json('late') })
const stopped = (tracer: Tracer): Tracer => tracer.subject('call.stopped', 'c', { error: 'AbortError' })
const report = (tracer: Tracer, value: JsonValue): Tracer => tracer.subject('call.reported', 'c', { value: json(value) })
const SILENT = { result: null, error_name: null, late: null, late_result: null, reports: [], reports_after_end: 0 } as const

describe('T0 timer_surface: the record of a call', () => {
  test.each<[string, Tracer, object]>([
    ['completed', completed({ a: 1 }), { end: 'completed', result: json({ a: 1 }) }],
    ['failed', failed(), { end: 'failed', error_name: 'RangeError' }],
    ['cancelled, and nothing heard since', cancelled(), { end: 'cancelled', late: 'running' }],
    ['cancelled, and stopped', stopped(cancelled()), { end: 'cancelled', late: 'stopped' }],
    ['cancelled, and a result all the same', late(cancelled()), { end: 'cancelled', late: 'result', late_result: json('late') }],
    ['timed out, and nothing heard since', timedOut(), { end: 'timed_out', late: 'running' }],
    ['timed out, and a result all the same', late(timedOut()), { end: 'timed_out', late: 'result', late_result: json('late') }],
    ['never ended', begun(), { end: 'pending' }],
    ['reports, before the end and after it', report(stopped(report(report(begun(), 1), 2).subject('call.cancelled', 'c')), 3), { end: 'cancelled', late: 'stopped', reports: [json(1), json(2)], reports_after_end: 1 }],
    ['reports of one that never ended', report(begun(), 1), { end: 'pending', reports: [json(1)] }],
    ['ended twice: the first counts', completed().subject('call.failed', 'c', { error: 'E', message: '' }), { end: 'completed', result: json(1) }],
  ])('%s', (_, tracer, expected) => expect(callOf(tracer.end())).toEqual({ task: 'work', ...SILENT, ...expected }))

  test('one that was never made is pending, of the task that the scenario names; one that it does not name is there too', () => {
    expect(callOf(trace().end())).toEqual({ task: 'work', end: 'pending', ...SILENT })
    expect(recordOf(scenarioOf({}), completed().end()).semantic.calls).toMatchObject({ c: { task: 'work', end: 'completed' } })
    expect(recordOf(scenarioOf({}), trace().subject('call.reported', 'c', { value: json(1) }).end()).semantic.calls).toMatchObject({ c: { task: '', end: 'pending' } })
    expect(Object.keys(recordOf(done, trace().subject('call.started', 'a', { task: 'x', input: json(null) }).end()).semantic.calls!)).toEqual(['a', 'c'])
  })
  test('a run without calls has no word of any', () => expect('calls' in recordOf(scenarioOf({}), trace().subject('mark', 'c').end()).semantic).toBe(false))
  test('a result that varies is in no record', () => {
    expect(callOf(completed().end(), scenario({ end: 'completed', result_varies: true }))).toMatchObject({ result: null })
    expect(callOf(late(cancelled()).end(), scenario({ end: 'cancelled', late: 'result', result_varies: true }))).toMatchObject({ late: 'result', late_result: null })
  })
  test('ticks of its start and end, each once, and of nothing else', () => {
    expect(recordOf(done, late(report(cancelled(), 1)).end()).qualified.at_ticks).toEqual({ 'call.c.started': 0, 'call.c.cancelled': 3 })
    for (const [tracer, end] of [[completed(), 'completed'], [failed(), 'failed'], [timedOut(), 'timed_out']] as const) expect(recordOf(done, tracer.end()).qualified.at_ticks).toEqual({ 'call.c.started': 0, [`call.c.${end}`]: 3 })
  })
  test('the end of a call is no end of a deadline that has its name', () => {
    const tracer = trace().subject('call.started', 'd', { task: 'work', input: json(null) }).subject('deadline.started', 'd', { budget_ticks: 9 }).at(3).subject('call.completed', 'd', { result: json(1) }).subject('deadline.completed', 'd')
    expect(recordOf(scenarioOf({}), tracer.end()).qualified.at_ticks).toMatchObject({ 'deadline.d.completed': 3 })
  })
})

describe('T0 timer_surface: what a scenario with calls uses', () => {
  test('calls with their tasks, and the deadlines that start with them', () => {
    const facts = scenarioFacts(scenario({ end: 'completed' }, { deadlines: { d: { budget_ticks: 9 } }, tasks: { main: [{ op: 'call.start', call: 'c', task: 'work', deadline: 'd' }, { op: 'call.start', call: 'e', task: 'other' }] } }))
    expect([...facts.calls]).toEqual([['c', 'work'], ['e', 'other']])
    expect([...facts.deadlines]).toEqual([['d', 1]])
  })
  test('a deadline of a call makes its time semantic; a call alone has no time to compare', () => {
    expect(timePolicyClass(done)).toBe('provenance_only_time')
    const timed = scenario({ end: 'completed' }, { logical_deadline_id: 'd', deadlines: { d: { budget_ticks: 9 } }, tasks: { main: [{ op: 'call.start', call: 'c', task: 'work', deadline: 'd' }] } })
    expect(timePolicyClass(timed)).toBe('semantic_time')
  })
})

const broken = (expected: CallExpectation | null, tracer: Tracer): string[] =>
  expectationFindings(scenario(expected), recordOf(scenario(expected), tracer.end()), 'live', 1).map(({ field, expected: wanted, found }) => `${field}: ${wanted} | ${found}`)

describe('T0 timer_surface: a call against its expectation', () => {
  test.each<[string, CallExpectation | null, Tracer, string[]]>([
    ['as expected', { end: 'completed', result: { b: 1, a: 2 } }, completed({ a: 2, b: 1 }), []],
    ['another result', { end: 'completed', result: [1] }, completed([2]), ['calls.c.result: [1] | [2]']],
    ['a result that nothing is said of', { end: 'completed' }, completed(7), []],
    ['null is a result too', { end: 'completed', result: null }, completed(7), ['calls.c.result: null | 7']],
    ['a long result, by its digest', { end: 'completed', result: 'x'.repeat(3000) }, completed('y'.repeat(3000)), [`calls.c.result: 3002 bytes of JSON ${json('x'.repeat(3000)).sha256.slice(0, 12)} | 3002 bytes of JSON ${json('y'.repeat(3000)).sha256.slice(0, 12)}`]],
    ['another end', { end: 'completed', result: 1 }, failed(), ['calls.c.end: completed | failed', 'calls.c.result: 1 | none']],
    ['another error', { end: 'failed', error_name: 'TypeError' }, failed(), ['calls.c.error_name: TypeError | RangeError']],
    ['an error that nothing is said of', { end: 'failed' }, failed(), []],
    ['one that stopped, as it should', { end: 'cancelled' }, stopped(cancelled()), []],
    ['one that did not stop', { end: 'timed_out' }, timedOut(), ['calls.c.late: stopped | running']],
    ['one that goes on, as expected', { end: 'timed_out', late: 'running' }, timedOut(), []],
    ['a late result, as expected', { end: 'timed_out', late: 'result', late_result: 'late' }, late(timedOut()), []],
    ['another late result', { end: 'timed_out', late: 'result', late_result: 'other' }, late(timedOut()), ['calls.c.late_result: "other" | "late"']],
    ['reports, as expected', { end: 'completed', reports: [1, 2] }, report(report(begun(), 1), 2).subject('call.completed', 'c', { result: json(1) }), []],
    ['another report, and one too few', { end: 'completed', reports: [1, 2] }, report(begun(), 9).subject('call.completed', 'c', { result: json(1) }), ['calls.c.reports[0]: 1 | 9', 'calls.c.reports[1]: 2 | none']],
    ['a report too many', { end: 'completed', reports: [1] }, report(report(begun(), 1), 2).subject('call.completed', 'c', { result: json(1) }), ['calls.c.reports[1]: no further report | 2']],
    ['a report that nothing is said of', { end: 'completed' }, report(begun(), 1).subject('call.completed', 'c', { result: json(1) }), ['calls.c.reports[0]: no further report | 1']],
    ['a call that nobody named', null, completed(), ['calls.c: not named by the expectation | completed']],
  ])('%s', (_, expected, tracer, findings) => expect(broken(expected, tracer)).toEqual(findings))

  test('a call that was expected and is in no record', () => {
    const { calls: _, ...semantic } = recordOf(done, completed().end()).semantic
    const record = { ...recordOf(done, completed().end()), semantic }
    expect(expectationFindings(done, record, 'lab', 0).map(({ field, found }) => `${field} ${found}`)).toEqual(['calls.c never made'])
  })
})

describe('T0 timer_surface: what a call may not do once it has ended', () => {
  const hard = (expected: CallExpectation, tracer: Tracer): string[] =>
    hardBreaks(scenario(expected), recordOf(scenario(expected), tracer.end()), 1).map(({ law, severity, field, expected: wanted, found }) => `${severity} ${law} ${field}: ${wanted} | ${found}`)
  test('a result after its cancel is a hard break, unless it is expected', () => {
    expect(hard({ end: 'cancelled' }, late(cancelled()))).toEqual(['hard cancellation calls.c.late: no result after its end | a result'])
    expect(hard({ end: 'cancelled', late: 'running' }, late(cancelled()))).toHaveLength(1)
    expect(hard({ end: 'cancelled', late: 'result' }, late(cancelled()))).toEqual([])
    expect(hard({ end: 'cancelled' }, stopped(cancelled()))).toEqual([])
    expect(hard({ end: 'cancelled' }, cancelled())).toEqual([])
  })
  test('a report after its end is one', () => expect(hard({ end: 'completed' }, report(completed(), 5))).toEqual(['hard cancellation calls.c.reports_after_end: 0 | 1']))
  test('a late result that nobody named the call of is one too', () => {
    const of_another = scenarioOf({ expect: { calls: { other: { end: 'cancelled', late: 'result' } } } })
    expect(hardBreaks(of_another, recordOf(of_another, late(cancelled()).end()), 1)).toMatchObject([{ field: 'calls.c.late' }])
    const other = scenarioOf({})
    expect(hardBreaks(other, recordOf(other, late(cancelled()).end()), 1)).toMatchObject([{ field: 'calls.c.late' }])
  })
  test('a subject that hands over a result after the cancel is a mismatch that no rerun takes back', () => {
    const of = scenario({ end: 'cancelled', late: 'stopped' })
    expect(judge(evidenceOf(of, stopped(cancelled()).end(), [late(cancelled()).end()]))).toMatchObject({ verdict: 'semantic_mismatch', rerun_decision: 'no_rerun_hard_break' })
    expect(judge(evidenceOf(of, stopped(cancelled()).end(), [stopped(cancelled()).end()]))).toMatchObject({ verdict: 'parity' })
  })
})

describe('T0 timer_surface: orders over calls', () => {
  const severity = (label: string, tracer: Tracer): string | undefined => {
    const of = scenarioOf({ tasks: { main: [{ op: 'call.start', call: 'c', task: 'work' }] }, expect: { orders: [['mark.after', label]] } })
    return hardBreaks(of, recordOf(of, tracer.subject('mark', 'after').end()), 1).find(({ law }) => law === 'order')?.severity
  }
  test.each<[string, Tracer, Tracer]>([
    ['call.c.completed', completed(), begun()], ['call.c.failed', failed(), begun()], ['call.c.cancelled', cancelled(), begun()], ['call.c.timed_out', timedOut(), begun()],
    ['call.c.late_result', late(cancelled()), cancelled()], ['call.c.reported#2', report(report(begun(), 1), 2), report(begun(), 1)],
  ])('%s: a hard break when it came too soon, and one that a rerun may answer when it never came', (label, came, never) => {
    expect([severity(label, came), severity(label, never)]).toEqual(['hard', 'break'])
  })
  test('a label of a call that holds', () => {
    const of = scenario({ end: 'completed' }, {})
    const ordered = { ...of, expect: { ...of.expect, orders: [['call.c.started', 'call.c.completed']] } }
    expect(recordOf(ordered, completed().end()).semantic.orders).toEqual([{ chain: ['call.c.started', 'call.c.completed'], holds: true }])
  })
})

describe('T0 timer_surface: calls in lab and live', () => {
  const run = (value: JsonValue, tick: number): Tracer => trace().subject('call.started', 'c', { task: 'work', input: json(null) }).at(tick).subject('call.completed', 'c', { result: json(value) }).end()
  const differ = (of: Scenario, lab: Tracer, live: Tracer): string[] => agreementFindings(of, recordOf(of, lab, 'lab'), recordOf(of, live), 1).map(({ law, severity, field }) => `${severity} ${law} ${field}`)
  test('a result that differs is a break; one that varies is not', () => {
    expect(differ(done, run(1, 3), run(2, 3))).toEqual(['break lab_live_agreement calls.c.result.sha256', 'break lab_live_agreement calls.c.result.text'])
    expect(differ(scenario({ end: 'completed', result_varies: true }), run(1, 3), run(2, 3))).toEqual([])
  })
  test('how long it takes is compared only where the scenario names its tick', () => {
    expect(differ(done, run(1, 3), run(1, 40))).toEqual([])
    const named = scenario({ end: 'completed' }, {}, { 'call.c.completed': 3 })
    expect(differ(named, run(1, 3), run(1, 6))).toEqual([])
    expect(differ(named, run(1, 3), run(1, 7))).toEqual(['noise noise_window at_ticks.call.c.completed'])
    expect(differ(named, run(1, 3), run(1, 2))).toEqual(['note noise_window at_ticks.call.c.completed'])
  })
  test('a tick that is named of something else is no call\'s', () => {
    const of = scenarioOf({ expect: { at_ticks: { 'deadline.d.started': 0 } } })
    const started = (tick: number): Tracer => trace().subject('mark', 'm').at(tick).subject('deadline.started', 'd', { budget_ticks: 9 }).at(20).subject('deadline.completed', 'd').end()
    expect(differ(of, started(0), started(9)).filter((line) => line.includes('d.started'))).toEqual([])
  })
})

describe('T0 timer_surface: who hears of a call', () => {
  const fields = (of: Scenario, tracer: Tracer) => recordOf(of, tracer).observability.filter(({ field }) => field.startsWith('call_'))
  test('its end is what its caller was handed; that the work stopped is only inferred', () => {
    expect(fields(done, stopped(cancelled()).end())).toEqual([
      { field: 'call_end', class: 'observed', witnesses: ['subject'], required: true }, { field: 'call_stopped', class: 'inferred', witnesses: ['subject'], required: false },
    ])
    expect(fields(done, completed().end())).toEqual([{ field: 'call_end', class: 'observed', witnesses: ['subject'], required: true }])
  })
  test('nobody heard: unsupported; no calls: no field', () => {
    expect(fields(done, trace())).toMatchObject([{ field: 'call_end', class: 'unsupported', required: true }])
    expect(fields(scenarioOf({}), trace().end())).toEqual([])
  })
})
