import { describe, expect, test } from 'vitest'
import type { ObservedField } from '../../../src/contract/record.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { observabilityStatus } from '../../../src/judge/observability.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, recordOf, scenarioOf, text, trace, type Tracer } from './traces.js'

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

describe('T0 browser_surface: observability of a run on the subject\'s own server', () => {
  const own = (): Tracer => trace().page('host.socket.created', 'own_bridge').page('host.socket.open', 'own_bridge', { protocol: '' })
  const heard = (): Tracer => own().page('host.socket.message', 'own_bridge', text('word'))
  const passed = (tracer: Tracer): Tracer => ({ ...tracer, events: [...tracer.events, ...trace().bridge('server', 'bridge.passed', 's', null).events] })
  const timer = scenarioOf({ tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }] } })
  const fired = (tracer: Tracer): Tracer => tracer.subject('timer.set', 'a', { delay_ms: 10 }).subject('timer.fired', 'a')
  test.each<[string, Tracer, string]>([
    ['word from the server is what the page saw of a timer', fired(heard()), 'observed'],
    ['the books that the recorder closed are, too', fired(own()).end(), 'observed'],
    ['a line on which nothing came is not', fired(own()), 'inferred'],
    ['the host\'s own timers are not', fired(own().page('host.timer.set', '1', { delay_ms: 10, repeat: false }).page('host.timer.fired', '1')), 'inferred'],
    ['what the door handed on makes it a run on that server: the host\'s timers are not', passed(fired(trace().page('host.timer.fired', '1'))), 'inferred'],
    ['in the realm itself the host\'s timers are, though nothing was closed', fired(trace().page('host.timer.fired', '1')), 'observed'],
    ['in the realm itself word from a peer is not', fired(trace().page('host.socket.message', 'c', text('word'))), 'inferred'],
    ['a timer that was only set', trace().subject('timer.set', 'a', { delay_ms: 10 }).page('host.timer.set', '1', { delay_ms: 10, repeat: false }), 'observed'],
  ])('%s', (_, tracer, how) => expect(fieldOf(timer, tracer, 'timer_outcomes')).toEqual({ field: 'timer_outcomes', class: how, witnesses: how === 'observed' ? ['subject', 'page'] : ['subject'], required: true }))

  const known = (scenario: Scenario, tracer: Tracer): Record<string, string> => Object.fromEntries(recordOf(scenario, tracer).observability.map(({ field, class: how, witnesses }) => [field, [how, ...witnesses].join(' ')]))
  const transport = (): TraceEvent[] => channelTrace().events.filter(({ witness, id }) => witness !== 'page' || id !== 'c')
  test('the page cannot see what a channel did behind that line: subject and peer stand for it', () => {
    const behind = { ...trace(), events: [...heard().events, ...transport()] }
    expect(known(channelScenario(), behind)).toMatchObject({ channel_sent: 'observed subject peer', channel_received: 'observed subject peer', channel_close: 'observed subject peer' })
    expect(known(channelScenario(), without(behind, 'peer'))).toMatchObject({ channel_sent: 'inferred subject', channel_received: 'inferred subject', channel_close: 'inferred subject' })
    expect(known(channelScenario(), without(behind, 'subject'))).toMatchObject({ channel_received: 'inferred peer', channel_close: 'inferred peer' })
    expect(known(channelScenario(), channelTrace())).toMatchObject({ channel_sent: 'observed subject peer', channel_received: 'observed subject page', channel_close: 'observed page peer' })
  })
  test('nor how an exchange was cancelled', () => {
    const scenario = scenarioOf({
      peers: { p: { kind: 'http', exchanges: [{ actions: [] }] } }, tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'request.cancel', exchange: 'x' }] },
      expect: { exchanges: { x: { end: 'cancelled', status: null, peer_saw: 'aborted' } } },
    })
    const cancelled = (tracer: Tracer): Tracer => tracer.subject('exchange.sent', 'x').peer('peer.request', 'x', { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }).subject('exchange.cancelled', 'x').peer('peer.aborted', 'x').end()
    expect(known(scenario, cancelled(heard()))).toMatchObject({ cancellation: 'observed subject peer' })
    expect(known(scenario, without(cancelled(heard()), 'peer'))).toMatchObject({ exchange_end: 'inferred subject', cancellation: 'inferred subject' })
    expect(known(scenario, cancelled(trace()))).toMatchObject({ cancellation: 'inferred peer' })
  })
  test('nor that a stream was opened: its peer tells, unless none was to be reached', () => {
    const streaming = (connections: number): Scenario => scenarioOf({ tasks: { main: [{ op: 'events.open', stream: 's', peer: 'p' }] }, expect: { streams: { s: { events: [], connections } } } })
    const opening = (tracer: Tracer): Tracer => tracer.subject('stream.opening', 's').subject('stream.closed', 's').end()
    expect(known(streaming(1), opening(heard()))).toMatchObject({ stream_events: 'inferred subject' })
    expect(known(streaming(1), opening(heard()).peer('peer.request', 's', { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }))).toMatchObject({ stream_events: 'observed subject peer' })
    expect(known(streaming(0), opening(heard()))).toMatchObject({ stream_events: 'observed subject' })
    // In the realm itself the boundary tells that it never went out.
    expect(known(streaming(1), opening(trace()))).toMatchObject({ stream_events: 'observed subject' })
    expect(known(streaming(1), opening(trace().page('host.events.created', 's')))).toMatchObject({ stream_events: 'inferred subject' })
  })
})
