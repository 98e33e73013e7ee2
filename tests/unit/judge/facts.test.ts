import { describe, expect, test } from 'vitest'
import type { Scenario, Step } from '../../../src/contract/scenario.js'
import { invalidExperiment, cellObservability } from '../../../src/judge/validity.js'
import { scenarioFacts } from '../../../src/judge/scenario-facts.js'
import { timeContractGap, timeoutBudgetClass, timeoutOutcomeClass, timePolicyClass, wallClockOnly } from '../../../src/judge/time-facts.js'
import { traceView } from '../../../src/judge/trace-view.js'
import { toVerdict } from '../../../src/judge/verdict.js'
import { judge } from '../../../src/judge/judge.js'
import { PATHS } from './verdicts.js'
import { DIRECT, deadlineScenario, deadlineTrace, evidenceOf, labRun, recordOf, scenarioOf, trace } from './traces.js'

const of = (...steps: Step[]): Scenario => scenarioOf({ tasks: { main: steps } })
const set = (timer: string, after_ticks?: number, on_fire?: Extract<Step, { op: 'timer.set' }>['on_fire']): Step => ({ op: 'timer.set', timer, ...(after_ticks === undefined ? { after_ms: 5 } : { after_ticks }), ...(on_fire ? { on_fire } : {}) })

describe('T0 every row: what a scenario uses', () => {
  test('steps of all tasks, and of callbacks, however deep', () => {
    const facts = scenarioFacts(scenarioOf({
      tasks: {
        one: [set('a', 1, [{ op: 'timer.set', timer: 'b', after_ticks: 1, on_fire: [{ op: 'deadline.start', deadline: 'e' }] }]), { op: 'timer.interval', timer: 'i', every_ticks: 1, on_fire: [{ op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'request.cancel', exchange: 'x' }] }],
        two: [{ op: 'deadline.start', deadline: 'd', on_exceed: [{ op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'events.open', stream: 's', peer: 'p' }] }, { op: 'deadline.start', deadline: 'd' }, { op: 'socket.open', channel: 'c', peer: 'p' }],
      },
    }))
    expect(facts).toEqual({
      timers: new Map([['a', { kind: 'once', delays: [], least_ticks: 1 }], ['b', { kind: 'once', delays: [], least_ticks: 1 }], ['i', { kind: 'interval', delays: [], least_ticks: null }]]),
      deadlines: new Map([['e', 1], ['d', 2]]), calls: new Map(), channels: new Map([['c', 2]]), exchanges: new Map([['x', 'p']]), streams: new Set(['s']), cancels: true,
    })
    expect(scenarioFacts(of({ op: 'mark', mark: 'm' }))).toEqual({ timers: new Map(), deadlines: new Map(), calls: new Map(), channels: new Map(), exchanges: new Map(), streams: new Set(), cancels: false })
  })
  test.each<[string, Step[], number | null]>([
    ['once', [set('a', 7)], 7], ['twice, the shorter first', [set('a', 3), set('a', 7)], 3], ['twice, the longer first', [set('a', 7), set('a', 3)], 3], ['once in ms', [set('a')], null],
    ['first in ms', [set('a'), set('a', 3)], null], ['then in ms', [set('a', 3), set('a')], null], ['in ms, in between', [set('a', 3), set('a'), set('a', 2)], null],
  ])('the shortest delay of a one-shot that is set %s', (_, steps, least_ticks) => expect(scenarioFacts(of(...steps)).timers.get('a')).toEqual({ kind: 'once', delays: [], least_ticks }))
  test('delays of timers set together come round', () => {
    expect(scenarioFacts(of({ op: 'timer.set_many', timer: 'a', count: 5, after_ticks: [3, 1] })).timers.get('a')).toEqual({ kind: 'many', least_ticks: null, delays: [3, 1, 3, 1, 3] })
  })
  test('a trace is taken apart by witness, each in its own order', () => {
    const { events } = trace().subject('mark', 'a').page('host.fetch.aborted', 'x').bridge('realm', 'bridge.run', 's', null).proxy('h', 'subject').subject('mark', 'b').page('host.fetch.aborted', 'y')
      .peer('peer.ended', 'x', { connection: 2 }).peer('peer.ended', 'y', { connection: 1 }).peer('peer.ended', 'z', { connection: 2 })
    const ids = (view: ReturnType<typeof traceView>): unknown => Object.fromEntries(Object.entries(view).map(([witness, own]) => [witness, own.map(({ id }: { id: string }) => id)]))
    expect(ids(traceView([...events].reverse()))).toEqual({ subject: ['a', 'b'], page: ['x', 'y'], peer: ['y', 'x', 'z'], proxy: ['h'], bridge: ['bridge'] })
    expect(ids(traceView([]))).toEqual({ subject: [], page: [], peer: [], proxy: [], bridge: [] })
  })
})

describe('T0 timer_surface: time facts', () => {
  const lab = (events: Array<[at: number, kind: 'started' | 'completed' | 'cancelled' | 'exceeded']>) => {
    const tracer = trace().subject('mark', 'm')
    for (const [at, kind] of events) tracer.at(at).subject(`deadline.${kind}`, 'budget', kind === 'started' ? { budget_ticks: 6 } : {})
    return labRun(recordOf(deadlineScenario(), tracer.end(), 'lab'))
  }
  const budget = (budget_ticks: number, run: Parameters<typeof timeoutBudgetClass>[1] = null): string => timeoutBudgetClass(deadlineScenario({ deadlines: { budget: { budget_ticks } } }), run)
  test('a budget is bounded from two ticks on, and so must its margin be', () => {
    expect([0, 1, 2, 6].map((ticks) => budget(ticks))).toEqual(['immediate', 'ambiguous', 'bounded', 'bounded'])
    expect([1, 2, 3, 4, 5, 6].map((end) => budget(6, lab([[1, 'started'], [end, 'completed']])))).toEqual(['bounded', 'bounded', 'bounded', 'bounded', 'bounded', 'ambiguous'])
    expect([4, 6].map((end) => budget(6, lab([[1, 'started'], [end, 'cancelled']])))).toEqual(['bounded', 'ambiguous'])
    expect(budget(6, lab([[1, 'started'], [6, 'exceeded']]))).toBe('bounded')
    expect(budget(6, lab([[9, 'completed']]))).toBe('bounded')
    expect(budget(6, lab([[1, 'started']]))).toBe('bounded')
    expect([lab([[1, 'started']]), lab([[9, 'completed']])].map((run) => budget(1, run))).toEqual(['ambiguous', 'ambiguous'])
    expect(timeoutBudgetClass(deadlineScenario({ deadlines: {} }), null)).toBe('ambiguous')
    expect(timeoutBudgetClass(deadlineScenario({ logical_deadline_id: null }), null)).toBe('none')
  })
  test('the outcome is the last attempt\'s', () => {
    const { attempts } = evidenceOf(deadlineScenario(), deadlineTrace(), [trace().end(), deadlineTrace()])
    expect(timeoutOutcomeClass(deadlineScenario(), attempts)).toBe('completed_before_deadline')
    expect(timeoutOutcomeClass(deadlineScenario(), attempts.slice(0, 1))).toBe('no_deadline')
    expect(timeoutOutcomeClass(deadlineScenario(), [])).toBe('no_deadline')
    expect(timeoutOutcomeClass(deadlineScenario({ logical_deadline_id: null }), attempts)).toBe('no_deadline')
    expect(timeoutOutcomeClass(deadlineScenario({ logical_deadline_id: 'other' }), attempts)).toBe('no_deadline')
  })
  const timed = of(set('a', 1))
  const bounded = of({ op: 'deadline.start', deadline: 'd' })
  test('semantic with a declared deadline, qualified with timers or deadlines, else provenance', () => {
    expect([deadlineScenario(), timed, bounded, of({ op: 'mark', mark: 'm' })].map(timePolicyClass)).toEqual(['semantic_time', 'qualified_time', 'qualified_time', 'provenance_only_time'])
    expect(timePolicyClass({ ...bounded, logical_deadline_id: 'd' })).toBe('semantic_time')
    expect(timePolicyClass({ ...timed, logical_deadline_id: 'd' })).toBe('qualified_time')
  })
  test('what is compared is declared', () => {
    const plain = of({ op: 'mark', mark: 'm' })
    const expecting = scenarioOf({ expect: { deadlines: { d: 'no_deadline' } } })
    const blank = { scenario_clock_id: '  ' }
    const unnamed = 'time-outs are compared and there is no logical_deadline_id'
    expect([deadlineScenario(), timed, plain].map(timeContractGap)).toEqual([null, null, null])
    expect([{ ...timed, ...blank }, { ...bounded, ...blank }, { ...expecting, ...blank }, { ...plain, ...blank }].map(timeContractGap)).toEqual(['no scenario_clock_id', 'no scenario_clock_id', 'no scenario_clock_id', null])
    expect([bounded, expecting].map(timeContractGap)).toEqual([unnamed, unnamed])
    expect([bounded, expecting].map((scenario) => timeContractGap({ ...scenario, logical_deadline_id: 'd' }))).toEqual(['logical_deadline_id d names no declared deadline', 'logical_deadline_id d names no declared deadline'])
    expect(timeContractGap({ ...bounded, logical_deadline_id: 'd', deadlines: { d: { budget_ticks: 3 } } })).toBeNull()
  })
  test('wall-clock time alone: timed, with milliseconds and no tick', () => {
    const ran = recordOf(timed, trace().subject('mark', 'm').at(3).subject('mark', 'n'))
    const none = { ...ran, qualified: { logical_elapsed_ticks: null, at_ticks: {} } }
    expect([timed, bounded].map((scenario) => wallClockOnly(scenario, none))).toEqual([true, true])
    expect(wallClockOnly(of({ op: 'mark', mark: 'm' }), none)).toBe(false)
    expect(wallClockOnly(timed, ran)).toBe(false)
    expect(wallClockOnly(timed, { ...none, qualified: { ...none.qualified, at_ticks: { 'timer.a.fired': 1 } } })).toBe(false)
    expect(wallClockOnly(timed, { ...none, provenance: { ...none.provenance, wall_elapsed_ns: null } })).toBe(false)
  })
})

describe('T0 every row: what makes an experiment invalid, in full', () => {
  const sound = evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()])
  test('a sound one is not', () => expect(invalidExperiment(sound)).toBeNull())
  test('a lab without its two runs has not shown that it is deterministic', () => {
    expect(invalidExperiment({ ...sound, lab: { ...sound.lab!, runs: [] } })).toMatchObject({ signal: 'lab_not_deterministic' })
    expect(invalidExperiment({ ...sound, lab: { ...sound.lab!, runs: sound.lab!.runs.slice(0, 1) } })).toMatchObject({ signal: 'lab_not_deterministic' })
    expect(invalidExperiment({ ...sound, lab: { ...sound.lab!, runs: [undefined as never, sound.lab!.runs[0]!] } })).toMatchObject({ signal: 'lab_not_deterministic' })
  })
  const weak = (field: 'orders' | 'outcome', how: 'inferred' | 'unsupported', witnesses: Array<'subject' | 'page'>) => invalidExperiment({
    ...sound, attempts: sound.attempts.map((attempt) => ({ ...attempt, record: { ...attempt.record, observability: [{ field, class: how, witnesses, required: true }] } })),
  })
  test('a field under its floor is named, with its class and its witnesses', () => {
    expect(weak('orders', 'unsupported', [])).toMatchObject({ signal: 'order_from_wall_clock', finding: { law: 'observability_floor', severity: 'break', attempt: 1, field: 'orders', expected: 'observed', found: 'unsupported (no witness)' } })
    expect(weak('orders', 'inferred', ['subject'])).toMatchObject({ signal: 'field_under_observed', finding: { found: 'inferred (subject)' } })
    expect(weak('outcome', 'unsupported', [])).toMatchObject({ signal: 'field_under_observed', finding: { found: 'unsupported (no witness)' } })
    expect(weak('outcome', 'inferred', ['subject', 'page'])).toMatchObject({ finding: { found: 'inferred (subject, page)' } })
  })
  test('what no row asks for may be seen as it may', () => {
    const kept = { ...sound, attempts: sound.attempts.map((attempt) => ({ ...attempt, record: { ...attempt.record, observability: [{ field: 'cleanup' as const, class: 'unsupported' as const, witnesses: [], required: false }] } })) }
    expect(invalidExperiment(kept)).toBeNull()
    expect(cellObservability(kept)).toBe('met')
    expect(cellObservability({ ...sound, capture_manifest_path: null })).toBe('manifest_missing')
    expect(cellObservability({ ...sound, attempts: [] })).toBe('manifest_missing')
  })
})

describe('T0 every row: what decides, and what stands beside it', () => {
  const scenario = deadlineScenario()
  const without = (kind: string, tracer = deadlineTrace()) => ({ ...tracer, events: tracer.events.filter((event) => event.kind !== kind) })
  test('a mismatch beyond the window in every attempt keeps its noise class', () => {
    const slow = () => without('deadline.completed', deadlineTrace({ fires: 6 }))
    expect(judge(evidenceOf(scenario, deadlineTrace(), [slow(), slow()]))).toMatchObject({ verdict: 'semantic_mismatch', scheduler_noise_class: 'beyond_window', rerun_decision: 'rerun_for_mismatch' })
    expect(judge(evidenceOf(scenario, deadlineTrace(), [slow(), without('deadline.completed')]))).toMatchObject({ verdict: 'semantic_mismatch', scheduler_noise_class: 'within_window' })
  })
  test('a subject that broke down owes no account of what was left alive; one that completed does', () => {
    const bare = () => without('host.alive')
    const cleanup = (tracer: ReturnType<typeof trace>) => recordOf(scenario, tracer).observability.find(({ field }) => field === 'cleanup')
    expect(cleanup({ ...deadlineTrace(), events: bare().events })).toEqual({ field: 'cleanup', class: 'unsupported', witnesses: [], required: true })
    const tracer = deadlineTrace()
    tracer.subject('subject.threw', 'main', { name: 'RuntimeError', message: 'unreachable', trap: true })
    expect(cleanup(tracer)).toEqual({ field: 'cleanup', class: 'observed', witnesses: ['page'], required: false })
  })
})

test('T0 every row: a verdict that contradicts itself is refused, with each contradiction', () => {
  const { scenario, ...evidence } = evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()])
  const broken = (): unknown => toVerdict({
    cell: { cell_id: 'firefox.window/timer.deadline.met', engine: 'firefox', host_role: 'window', scenario }, admission: DIRECT, attempts: 1, paths: { ...PATHS, artifact_bundle: null }, repro_command: 'x',
    judgement: { ...judge({ scenario, ...evidence }), eligibility_verdict: 'insufficient_observability' },
  })
  expect(broken).toThrow(expect.objectContaining({
    code: 'internal', where: 'firefox.window/timer.deadline.met',
    message: expect.stringContaining('a verdict contradicts itself: eligibility_verdict: parity needs an eligible experiment; artifact_bundle: a verdict that claims something rests on kept evidence') as string,
  }) as Error)
  const named = { ...DIRECT, cause: { cause: 'missing_capability' as const, capability: 'none' as never } }
  const judgement = judge({ scenario, ...evidence })
  const cell = { cell_id: 'firefox.window/timer.deadline.met' as const, engine: 'firefox' as const, host_role: 'window' as const, scenario }
  expect(() => toVerdict({ cell, admission: named, judgement, attempts: 1, paths: PATHS, repro_command: 'x' })).toThrow(/: cause\.capability: /)
})
