import { describe, expect, test } from 'vitest'
import type { ObservedField } from '../../../src/contract/record.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { observabilityStatus } from '../../../src/judge/observability.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, recordOf, scenarioOf, trace, type Tracer } from './traces.js'

const fieldOf = (scenario: Scenario, tracer: Tracer, field: ObservedField) => recordOf(scenario, tracer).observability.find((one) => one.field === field)
const without = (tracer: Tracer, witness: string): Tracer => ({ ...tracer, events: tracer.events.filter((event) => event.witness !== witness) })

describe('T0 timer_surface: observability', () => {
  test('with both witnesses the floor is met', () => {
    const record = recordOf(deadlineScenario(), deadlineTrace())
    expect(observabilityStatus(record.observability)).toBe('met')
    expect(fieldOf(deadlineScenario(), deadlineTrace(), 'timer_outcomes')).toEqual({ field: 'timer_outcomes', class: 'observed', witnesses: ['subject', 'page'], required: true })
  })
  test('without the page, timers are inferred and cleanup is unsupported', () => {
    const tracer = without(deadlineTrace(), 'page')
    expect(fieldOf(deadlineScenario(), tracer, 'timer_outcomes')?.class).toBe('inferred')
    expect(fieldOf(deadlineScenario(), tracer, 'cleanup')?.class).toBe('unsupported')
    expect(observabilityStatus(recordOf(deadlineScenario(), tracer).observability)).toBe('below_floor')
  })
  test('a timer that fired past the recorder is only inferred; a recorder that had nothing to see was there all the same', () => {
    const fired = trace().subject('timer.set', 'work', { delay_ms: 0 }).subject('timer.fired', 'work').end()
    expect(fieldOf(deadlineScenario(), fired, 'timer_outcomes')?.class).toBe('inferred')
    expect(fieldOf(deadlineScenario(), trace().end(), 'timer_outcomes')?.class).toBe('observed')
  })
  test('no witness at all: everything is unsupported', () => {
    expect(recordOf(deadlineScenario(), trace()).observability.filter(({ required }) => required).every((field) => field.class === 'unsupported')).toBe(true)
  })
})

describe('T0 virtual_transport_surface: observability', () => {
  test('a channel needs subject, page and peer', () => {
    expect(observabilityStatus(recordOf(channelScenario(), channelTrace()).observability)).toBe('met')
    for (const [gone, field] of [['peer', 'channel_sent'], ['peer', 'channel_close'], ['page', 'channel_received'], ['page', 'channel_close'], ['subject', 'channel_received']] as const) {
      expect([gone, field, fieldOf(channelScenario(), without(channelTrace(), gone), field)?.class]).toEqual([gone, field, 'inferred'])
    }
  })
  test('a connection that its peer never sees needs no peer', () => {
    const scenario = channelScenario({ peers: { p: { kind: 'refused' } }, expect: { channels: { c: { opened: false, received: [], peer_received: [], close: { initiator: 'network', code: 1006, reason: '', clean: false } } } } })
    const closed = { code: 1006, reason: '', clean: false }
    const tracer = trace().subject('channel.opening', 'c').page('host.socket.created', 'c').page('host.socket.closed', 'c', closed).subject('channel.closed', 'c', closed).end()
    expect(observabilityStatus(recordOf(scenario, tracer).observability)).toBe('met')
  })
  test('a request that went out and that its peer should have seen needs the peer', () => {
    const scenario = scenarioOf({
      peers: { p: { kind: 'http', exchanges: [{ actions: [] }] } }, tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'request.cancel', exchange: 'x' }] },
      expect: { exchanges: { x: { end: 'cancelled', status: null, peer_saw: 'aborted' } } },
    })
    const tracer = trace().subject('exchange.sent', 'x').page('host.fetch.sent', 'x', { method: 'GET' }).subject('exchange.cancelled', 'x').page('host.fetch.aborted', 'x').end()
    expect(fieldOf(scenario, tracer, 'cancellation')).toMatchObject({ class: 'inferred', witnesses: ['page'], required: true })
    expect(fieldOf(scenario, tracer.peer('peer.request', 'x', { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }).peer('peer.aborted', 'x'), 'cancellation')?.class).toBe('observed')
  })
})
