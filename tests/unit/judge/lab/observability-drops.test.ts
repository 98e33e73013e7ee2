import { describe, expect, test } from 'vitest'
import type { ObservedField } from '../../../../src/contract/record.js'
import type { Scenario, Step } from '../../../../src/contract/scenario.js'
import type { TraceEvent, Witness } from '../../../../src/contract/trace.js'
import { judge } from '../../../../src/judge/judge.js'
import { cellOf, labEvents, recordFrom, SCENARIOS } from './traces.js'

// What the contract asks for, written down here once more: nothing in this table comes from the code it tests.
type Asked = (scenario: Scenario) => boolean
interface Row { field: ObservedField; direct: readonly Witness[]; asked: Asked }

/** All steps of a scenario, those inside callbacks too. */
const steps = ({ tasks }: Scenario): Step[] => Object.values(tasks).flat().flatMap(function all(step): Step[] {
  const inner = [...('on_fire' in step ? step.on_fire ?? [] : []), ...('on_exceed' in step ? step.on_exceed ?? [] : [])]
  return [step, ...inner.flatMap(all)]
})
const has = (...ops: Array<Step['op']>): Asked => (scenario) => steps(scenario).some(({ op }) => ops.includes(op))
const always: Asked = () => true
const timers = has('timer.set', 'timer.interval', 'timer.set_many')
const deadlines = has('deadline.start')
const channels = has('socket.open')
const requests = has('request.send')

const CONTRACT: readonly Row[] = [
  { field: 'outcome', direct: ['subject'], asked: always },
  { field: 'timer_outcomes', direct: ['subject', 'page'], asked: timers },
  { field: 'timeout_outcome_class', direct: ['subject'], asked: deadlines },
  { field: 'logical_elapsed_ticks', direct: ['subject'], asked: (scenario) => timers(scenario) || deadlines(scenario) },
  { field: 'orders', direct: ['subject'], asked: ({ expect: { orders } }) => orders.length > 0 },
  { field: 'cleanup', direct: ['page'], asked: always },
  { field: 'outside', direct: ['page'], asked: always },
  { field: 'channel_sent', direct: ['subject', 'peer'], asked: channels },
  { field: 'channel_received', direct: ['subject', 'page'], asked: channels },
  { field: 'channel_close', direct: ['page', 'peer'], asked: channels },
  { field: 'exchange_end', direct: ['subject', 'peer'], asked: requests },
  { field: 'exchange_body', direct: ['subject', 'peer'], asked: requests },
  { field: 'protocol_version', direct: ['peer'], asked: (scenario) => scenario.surface_family === 'http_surface' && peerIsReached(scenario, 'protocol_version') },
  { field: 'cancellation', direct: ['page', 'peer'], asked: has('request.cancel') },
  { field: 'stream_events', direct: ['subject', 'peer'], asked: has('events.open') },
]

/** A peer that by the scenario never gets to see a thing cannot be asked for it. */
function peerIsReached(scenario: Scenario, field: ObservedField): boolean {
  const { channels, exchanges, streams } = scenario.expect
  if (field.startsWith('channel')) return Object.values(channels).some(({ opened }) => opened)
  if (field === 'stream_events') return Object.values(streams).some(({ connections }) => connections > 0)
  return Object.values(exchanges).some(({ peer_saw }) => peer_saw !== 'nothing')
}

const directFor = (scenario: Scenario, { field, direct }: Row): Witness[] => direct.filter((witness) => witness !== 'peer' || peerIsReached(scenario, field))
const classWithout = (direct: readonly Witness[], gone: readonly Witness[]): string => {
  const left = direct.filter((witness) => !gone.includes(witness)).length
  return left === direct.length ? 'observed' : left > 0 ? 'inferred' : 'unsupported'
}
const without = (scenario: Scenario, gone: readonly Witness[]): TraceEvent[] => labEvents(scenario).filter(({ witness }) => !gone.includes(witness))
const asked = (scenario: Scenario): Row[] => CONTRACT.filter((row) => row.asked(scenario))

const DROPS: ReadonlyArray<readonly Witness[]> = [[], ['subject'], ['page'], ['peer'], ['subject', 'page'], ['subject', 'peer'], ['page', 'peer'], ['subject', 'page', 'peer']]

/** By scenario, so that a difference names it. */
const each = <Value>(of: (scenario: Scenario) => Value): Record<string, Value> => Object.fromEntries(SCENARIOS.map((scenario) => [scenario.id, of(scenario)]))

describe.each(DROPS.map((gone) => [gone.join(' and ') || 'no witness', gone] as const))('T4 every row: %s dropped', (_, gone) => {
  const left = (scenario: Scenario, row: Row): string => classWithout(directFor(scenario, row), gone)

  test('each field is in the class that is left, and so is the answer', () => {
    const expected = each((scenario) => {
      const weak = asked(scenario).find((row) => left(scenario, row) !== 'observed')
      return {
        observability: asked(scenario).map((row) => ({
          field: row.field, class: left(scenario, row), witnesses: directFor(scenario, row).filter((witness) => !gone.includes(witness)), required: true,
        })),
        answer: weak === undefined ? ['parity', 'eligible', 'met', undefined] : ['invalid_experiment', 'blocked_missing_observability', 'below_floor', weak.field],
      }
    })
    expect(each((scenario) => {
      const cell = cellOf(scenario, without(scenario, gone))
      const { verdict, eligibility_verdict, observability_status, findings } = judge(cell)
      const weak = findings.find(({ law }) => law === 'observability_floor')?.field
      return { observability: cell.attempts[0]?.record.observability, answer: [verdict, eligibility_verdict, observability_status, weak] }
    })).toEqual(expected)
  })
  test('a bridged cell has no lower floor', () => {
    const [scenario] = SCENARIOS.filter(({ expect: { channels: all } }) => Object.values(all).some(({ opened }) => opened)) as [Scenario]
    expect(judge(cellOf(scenario, without(scenario, gone), 'bridge'))).toMatchObject(gone.length === 0
      ? { verdict: 'bridge_only', eligibility_verdict: 'eligible', observability_status: 'met' }
      : { verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', observability_status: 'below_floor' })
  })
})

/** Everything of a kind that a required field rests on; what the others saw stays. */
const KINDS: ReadonlyArray<[kinds: RegExp, where: Asked, then: Partial<Record<ObservedField, string>>]> = [
  [/^host\.timer\.fired$/, ({ expect: { timers: all } }) => Object.values(all).some(({ fired }) => fired > 0), { timer_outcomes: 'inferred' }],
  [/^host\.alive$/, always, { cleanup: 'unsupported' }],
  [/^host\.socket\./, channels, { channel_received: 'inferred', channel_close: 'inferred' }],
  [/^channel\./, channels, { channel_sent: 'inferred', channel_received: 'inferred' }],
  [/^exchange\./, requests, { exchange_end: 'inferred', exchange_body: 'inferred' }],
  [/^host\.fetch\./, has('request.cancel'), { cancellation: 'inferred' }],
  [/^stream\./, has('events.open'), { stream_events: 'inferred' }],
]

describe('T4 every row: all of a kind dropped from one witness', () => {
  test.each(KINDS)('%s', (kinds, where, then) => {
    const concerned = SCENARIOS.filter((scenario) => where(scenario) && Object.keys(then).every((field) => directFor(scenario, CONTRACT.find((row) => row.field === field) as Row).length === 2 || field === 'cleanup' || field === 'channel_received'))
    expect(concerned.length).toBeGreaterThan(0)
    for (const scenario of concerned) {
      const events = labEvents(scenario).filter(({ kind }) => !kinds.test(kind))
      const classes = Object.fromEntries(recordFrom(scenario, events).observability.map((field) => [field.field, field.class]))
      expect([scenario.id, classes]).toEqual([scenario.id, { ...Object.fromEntries(asked(scenario).map(({ field }) => [field, 'observed'])), ...then }])
      expect([scenario.id, judge(cellOf(scenario, events)).verdict]).toEqual([scenario.id, 'invalid_experiment'])
    }
  })
  test('an order that no count of events tells is known from wall-clock time alone', () => {
    const scenario = SCENARIOS.find(({ expect: { orders } }) => orders.length > 0) as Scenario
    const uncounted = labEvents(scenario).map((event) => ({ ...event, seq: 0 }))
    expect(judge(cellOf(scenario, uncounted))).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization', reason: 'order_from_wall_clock: live: orders expected observed, found unsupported (no witness)' })
  })
})
