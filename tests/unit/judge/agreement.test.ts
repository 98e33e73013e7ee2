import { describe, expect, test } from 'vitest'
import type { NormalizedRecord, SemanticRecord } from '../../../src/contract/record.js'
import type { Scenario, Step } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { agreementFindings, ticksCompared } from '../../../src/judge/compare-agreement.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, recordOf, scenarioOf, trace } from './traces.js'

const timer = (asked: number, window = { early_ticks: 0, late_ticks: 3 }): Scenario =>
  scenarioOf({ normalization_window: window, tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: asked }] }, expect: { timers: { a: { outcome: 'fired', fired: 1 } } } })
/** Said of `timer.a.fired` when it was set and fired at these ticks; the whole run ends late enough to say nothing. */
const said = (scenario: Scenario, [labSet, labFired]: [number, number], [set, fired]: [number, number]): string => {
  const run = (at: number, then: number): NormalizedRecord => recordOf(scenario, trace().subject('mark', 'm').at(at).subject('timer.set', 'a', { delay_ms: 0 }).at(then).subject('timer.fired', 'a').at(40).end())
  const found = agreementFindings(scenario, run(labSet, labFired), run(set, fired), 1)
  return found.map(({ severity, law, field, expected, found: got }) => `${severity} ${law} ${field}: ${expected}, ${got}`).join('; ')
}
const early = (lab: number, live: number, window = '-0/+3'): string => `hard early_timer at_ticks.timer.a.fired: tick ${lab} within ${window}, tick ${live}`
const late = (lab: number, live: number, window = '-0/+3'): string => `noise noise_window at_ticks.timer.a.fired: tick ${lab} within ${window}, tick ${live}`

describe('T0 timer_surface: a tick against the lab\'s, through the window', () => {
  const wide = { early_ticks: 2, late_ticks: 1 }
  test.each<[string, Scenario, [number, number], [number, number], string]>([
    ['the same', timer(10), [0, 10], [0, 10], ''],
    ['as late as the window allows', timer(10), [0, 10], [0, 13], ''],
    ['one tick later', timer(10), [0, 10], [0, 14], late(10, 14)],
    ['as late as another window allows', timer(10, wide), [0, 10], [0, 11], ''],
    ['one tick later than that', timer(10, wide), [0, 10], [0, 12], late(10, 12, '-2/+1')],
    ['one tick early', timer(10), [0, 10], [0, 9], early(10, 9)],
    ['as early as another window allows', timer(10, wide), [0, 10], [0, 8], ''],
    ['one tick earlier than that', timer(10, wide), [0, 10], [0, 7], early(10, 7, '-2/+1')],
    ['set three ticks sooner, and fired three sooner', timer(10), [5, 15], [2, 12], ''],
    ['set three ticks sooner, and fired four sooner', timer(10), [5, 15], [2, 11], early(15, 11)],
    ['set two ticks later, and fired one sooner since then, which is rounding', timer(10), [5, 15], [7, 16], ''],
    ['set two ticks later, and fired two sooner since then', timer(10), [5, 15], [7, 15], early(15, 15)],
    ['set one tick later, and fired within the window all the same', timer(10, wide), [5, 15], [6, 13], ''],
    ['set one tick later, and fired too soon since then', timer(10, wide), [5, 15], [6, 12], early(15, 12, '-2/+1')],
    ['waited as long as was asked, though the lab waited longer', timer(4), [0, 10], [0, 4], 'note noise_window at_ticks.timer.a.fired: tick 10 within -0/+3, tick 4'],
    ['waited one tick less than was asked', timer(4), [0, 10], [0, 3], early(10, 3)],
    ['waited as long as was asked, counted from its own set', timer(4), [5, 15], [6, 10], 'note noise_window at_ticks.timer.a.fired: tick 15 within -0/+3, tick 10'],
  ])('%s', (_, scenario, lab, live, finding) => expect(said(scenario, lab, live)).toBe(finding))

  test('of a timer that is set again, each firing counts from the set before it', () => {
    const scenario = timer(10)
    const run = (...ticks: [number, number, number, number]): NormalizedRecord => {
      const tracer = trace().subject('mark', 'm')
      for (const [place, tick] of ticks.entries()) place % 2 === 0 ? tracer.at(tick).subject('timer.set', 'a', { delay_ms: 0 }) : tracer.at(tick).subject('timer.fired', 'a')
      return recordOf(scenario, tracer.at(60).end())
    }
    const hard = (...ticks: [number, number, number, number]): string[] => agreementFindings(scenario, run(2, 12, 20, 30), run(...ticks), 1).filter(({ severity }) => severity === 'hard').map(({ field }) => field)
    expect(hard(2, 12, 17, 27)).toEqual([])
    expect(hard(2, 12, 17, 26)).toEqual(['at_ticks.timer.a.fired#2'])
    expect(hard(2, 12, 23, 31)).toEqual(['at_ticks.timer.a.fired#2'])
    expect(hard(1, 10, 20, 30)).toEqual(['at_ticks.timer.a.fired'])
  })

  test('also of a timer that is set more than nine times', () => {
    const scenario = timer(10)
    const run = (of: (nth: number) => [number, number]): NormalizedRecord => {
      const tracer = trace().subject('mark', 'm')
      for (let nth = 0; nth < 11; nth += 1) {
        const [set, fired] = of(nth)
        tracer.at(set).subject('timer.set', 'a', { delay_ms: 0 }).at(fired).subject('timer.fired', 'a')
      }
      return recordOf(scenario, tracer.at(400).end())
    }
    const lab = run((nth) => [nth * 20, nth * 20 + 10])
    // The last is set eight ticks later, and fires only two later.
    const live = run((nth) => (nth < 10 ? [nth * 20, nth * 20 + 10] : [nth * 20 + 8, nth * 20 + 12]))
    expect(agreementFindings(scenario, lab, live, 1).filter(({ severity }) => severity === 'hard').map(({ field }) => field)).toEqual(['at_ticks.timer.a.fired#11'])
    // A record that was read back has its labels in the order of their names: set, set#10, set#11, set#2.
    const readBack = ({ qualified, ...record }: NormalizedRecord): NormalizedRecord => ({ ...record, qualified: { ...qualified, at_ticks: Object.fromEntries(Object.entries(qualified.at_ticks).sort(([one], [other]) => (one < other ? -1 : 1))) } })
    expect(agreementFindings(scenario, readBack(lab), live, 1)).toEqual(agreementFindings(scenario, lab, live, 1))
  })

  test('a set in the very tick of the firing is the one it answers, and so is one in the first tick', () => {
    const scenario = timer(10)
    const run = (...events: Array<[tick: number, kind: 'set' | 'fired']>): NormalizedRecord =>
      recordOf(scenario, events.reduce((tracer, [tick, kind]) => tracer.at(tick).subject(`timer.${kind}`, 'a', kind === 'set' ? { delay_ms: 0 } : {}), trace().subject('mark', 'm')).at(60).end())
    const hard = (lab: NormalizedRecord, live: NormalizedRecord): string[] => agreementFindings(scenario, lab, live, 1).filter(({ severity }) => severity === 'hard').map(({ field }) => field)
    // Set two ticks sooner and fired two sooner: not early, as long as that set counts.
    expect(hard(run([5, 'set'], [5, 'fired']), run([3, 'set'], [3, 'fired']))).toEqual([])
    expect(hard(run([0, 'set'], [5, 'fired']), run([3, 'set'], [6, 'fired']))).toEqual(['at_ticks.timer.a.fired'])
    expect(hard(run([0, 'set'], [5, 'fired']), run([3, 'set'], [7, 'fired']))).toEqual([])
  })

  test('a deadline is counted from its own start', () => {
    const run = (started: number, exceeded: number): NormalizedRecord =>
      recordOf(deadlineScenario(), trace().subject('mark', 'm').at(started).subject('deadline.started', 'budget', { budget_ticks: 6 }).at(exceeded).subject('deadline.exceeded', 'budget').at(30).end())
    const found = (live: NormalizedRecord): string[] => agreementFindings(deadlineScenario(), run(1, 7), live, 1).map(({ severity, field }) => `${severity} ${field}`)
    expect(found(run(4, 8))).toEqual(['hard at_ticks.deadline.budget.exceeded'])
    expect(found(run(4, 9))).toEqual([])
  })

  const deadline = (at: number, event: 'exceeded' | 'completed' | 'cancelled'): NormalizedRecord =>
    recordOf(deadlineScenario(), trace().subject('deadline.started', 'budget', { budget_ticks: 6 }).at(at).subject(`deadline.${event}`, 'budget').at(30).end())
  const ticks = (event: 'exceeded' | 'completed' | 'cancelled', live: number): string[] =>
    agreementFindings(deadlineScenario(), deadline(6, event), deadline(live, event), 2).map(({ severity, attempt, field }) => `${severity} ${attempt} ${field}`)
  test('a deadline that goes off early is a broken timer; one that is met or cancelled early is not', () => {
    expect(ticks('exceeded', 5)).toEqual(['hard 2 at_ticks.deadline.budget.exceeded'])
    expect(ticks('completed', 5)).toEqual(['note 2 at_ticks.deadline.budget.completed'])
    expect(ticks('cancelled', 5)).toEqual(['note 2 at_ticks.deadline.budget.cancelled'])
    expect(ticks('exceeded', 10)).toEqual(['noise 2 at_ticks.deadline.budget.exceeded'])
    expect(ticks('exceeded', 9)).toEqual([])
  })
  test('a deadline is not a timer that waited as long as it was asked to', () => {
    const both: Step[] = [{ op: 'deadline.start', deadline: 'budget' }, { op: 'timer.set', timer: 'budget', after_ticks: 1 }]
    const scenario = deadlineScenario({ tasks: { main: both } })
    const run = (at: number): NormalizedRecord => recordOf(scenario, trace().subject('deadline.started', 'budget', { budget_ticks: 6 }).at(at).subject('deadline.exceeded', 'budget').at(30).end())
    expect(agreementFindings(scenario, run(6), run(5), 1).map(({ severity }) => severity)).toEqual(['hard'])
  })
})

describe('T0 timer_surface: elapsed ticks', () => {
  const marks = (tasks: Step[]): Scenario => scenarioOf({ tasks: { main: tasks } })
  const run = (scenario: Scenario, last: number): NormalizedRecord => recordOf(scenario, trace().subject('mark', 'm').at(last).subject('mark', 'n'))
  const compared = (scenario: Scenario, live: number): string[] => agreementFindings(scenario, run(scenario, 10), run(scenario, live), 1).map(({ severity, field }) => `${severity} ${field}`)
  const [plain, timed, bounded] = [marks([{ op: 'mark', mark: 'm' }]), marks([{ op: 'timer.set', timer: 'a', after_ticks: 1 }]), marks([{ op: 'deadline.start', deadline: 'd' }])]
  test('are compared where there is a timer or a deadline', () => {
    expect(compared(plain, 30)).toEqual([])
    expect(compared(timed, 14)).toEqual(['noise logical_elapsed_ticks'])
    expect(compared(bounded, 14)).toEqual(['noise logical_elapsed_ticks'])
    expect(compared(timed, 13)).toEqual([])
    expect(compared(timed, 9)).toEqual(['note logical_elapsed_ticks'])
    expect(compared(timed, 10)).toEqual([])
  })
  test('where a side has none there is nothing to compare', () => {
    const none = recordOf(timed, trace())
    expect(ticksCompared(timed, none, run(timed, 3))).toEqual([])
    expect(ticksCompared(timed, run(timed, 3), none)).toEqual([])
    expect(ticksCompared(timed, run(timed, 3), run(timed, 4))).toEqual([{ field: 'logical_elapsed_ticks', lab_ticks: 3, live_ticks: 4, early: false, late: false, timer: false }])
  })
  test('what only one side has is no tick to compare', () => {
    const fired = recordOf(timed, trace().subject('mark', 'm').subject('timer.set', 'a', { delay_ms: 0 }).at(1).subject('timer.fired', 'a'))
    expect(ticksCompared(timed, fired, run(timed, 1)).map(({ field }) => field)).toEqual(['logical_elapsed_ticks'])
    expect(ticksCompared(timed, run(timed, 1), fired).map(({ field }) => field)).toEqual(['logical_elapsed_ticks'])
  })
})

describe('T0 lab and live, field by field', () => {
  const record = recordOf(channelScenario(), channelTrace())
  const channel = record.semantic.channels['c']!
  const made = (change: Partial<typeof channel>, name = 'c'): NormalizedRecord => ({ ...record, semantic: { ...record.semantic, channels: { [name]: { ...channel, ...change } } } })
  const fields = (lab: NormalizedRecord, live: NormalizedRecord): string[] => agreementFindings(channelScenario(), lab, live, 1).map(({ field }) => field)
  const [a, b, c] = [summarize('hello'), summarize('b'), summarize('c')]
  const closed = (initiator: 'subject' | 'peer' | 'network'): SemanticRecord['channels'][string]['close'] => ({ initiator, code: 1000, reason: 'bye', clean: true })

  test('a list that is longer on one side is named by the place where it goes on', () => {
    expect(fields(made({ received: [a] }), made({ received: [a, b, c] }))).toEqual(['channels.c.received[1]', 'channels.c.received[2]'])
    expect(fields(made({ received: [a, b] }), made({ received: [a] }))).toEqual(['channels.c.received[1]'])
    const many = Array.from({ length: 12 }, () => a)
    expect(fields(made({ received: many }), made({ received: many.map((one, place) => (place === 2 || place === 10 ? b : one)) })).filter((field) => field.endsWith('.sha256'))).toEqual(['channels.c.received[2].sha256', 'channels.c.received[10].sha256'])
  })
  test('a record against a list or nothing is one difference', () => {
    expect(fields(made({ close: null }), record)).toEqual(['channels.c.close'])
    expect(fields(made({ received: {} as never }), made({ received: [] }))).toEqual(['channels.c.received'])
  })
  test('members come in the order of their names, whatever the order they were put in', () => {
    const turned = { ...record, semantic: Object.fromEntries(Object.entries(record.semantic).reverse()) as SemanticRecord }
    const other = recordOf(channelScenario(), trace())
    expect(fields(turned, other)).toEqual(fields(record, other))
    expect(fields(record, other)).toEqual([...fields(record, other)].sort())
  })
  test('what a peer sent into the void may be more on either side, unless the peer itself closed', () => {
    const [few, more] = [[a], [a, ...Array.from({ length: 11 }, () => b)]]
    expect(fields(made({ peer_sent: few }), made({ peer_sent: more }))).toEqual([])
    expect(fields(made({ peer_sent: more }), made({ peer_sent: few }))).toEqual([])
    expect(fields(made({ peer_sent: more, close: closed('peer') }), made({ peer_sent: few, close: closed('peer') }))).toHaveLength(11)
    expect(fields(made({ peer_sent: more, close: closed('peer') }), made({ peer_sent: few })).filter((field) => field.includes('peer_sent'))).toHaveLength(11)
    expect(fields(made({ peer_sent: more }), made({ peer_sent: few, close: closed('peer') })).filter((field) => field.includes('peer_sent'))).toHaveLength(11)
    expect(fields(made({ peer_sent: more, close: null }), made({ peer_sent: few, close: null }))).toEqual([])
    expect(fields(made({ peer_sent: [a, b] }), made({ peer_sent: [b, b, b] })).every((field) => field.startsWith('channels.c.peer_sent[0]'))).toBe(true)
  })
  test('it is the channel\'s own list that may be longer, whatever its name', () => {
    const long = (name: string) => fields(made({ peer_sent: [a] }, name), made({ peer_sent: [a, b] }, name))
    expect([long('c'), long('channel_2'), long('z9')]).toEqual([[], [], []])
    expect(fields(made({}, 'c'), made({}, 'other'))).toEqual(['channels.c', 'channels.other'])
    const none = { ...made({}, 'c'), semantic: { ...made({}, 'c').semantic, channels: {} } }
    expect(fields(made({ peer_sent: [a] }, 'c'), none)).toEqual(['channels.c'])
  })
  test('the same is the same', () => expect(fields(record, recordOf(channelScenario(), channelTrace()))).toEqual([]))
  test('and a deadline\'s outcome is semantic', () => {
    const live = recordOf(deadlineScenario(), { ...deadlineTrace(), events: deadlineTrace().events.filter(({ kind }) => kind !== 'deadline.completed') })
    expect(agreementFindings(deadlineScenario(), recordOf(deadlineScenario(), deadlineTrace()), live, 3)).toContainEqual(
      { law: 'lab_live_agreement', severity: 'break', attempt: 3, field: 'deadlines.budget', expected: 'completed_before_deadline', found: 'cancelled_before_deadline' })
  })
})
