import { describe, expect, test } from 'vitest'
import type { Expectation, PeerModel, Scenario } from '../../../src/contract/scenario.js'
import { observability } from '../../../src/judge/observability.js'
import { scenarioFacts } from '../../../src/judge/scenario-facts.js'
import { traceView } from '../../../src/judge/trace-view.js'
import { scenarioOf, text, trace, type Tracer } from './traces.js'

/** Field by field, how well it was captured and by whom; what the scenario asks for is marked by `*`. */
const known = (scenario: Scenario, { events }: Tracer): Record<string, string> =>
  Object.fromEntries(observability(scenario, scenarioFacts(scenario), traceView(events), true).map(({ field, class: how, witnesses, required }) => [field, [how, ...witnesses].join(' ') + (required ? '*' : '')]))

const SOCKET: PeerModel = { kind: 'websocket', connections: [{ handshake: { answer: 'accept' } }] }
const HTTP: PeerModel = { kind: 'http', exchanges: [{ actions: [] }] }
const REQUEST = { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }

describe('T0 virtual_transport_surface: each channel by name', () => {
  const open = { opened: true, received: [], peer_received: [], close: { initiator: 'subject', code: 1000, reason: '', clean: true } } as const
  const channels = (names: string[], expected: Expectation['channels'] = Object.fromEntries(names.map((name) => [name, { ...open, received: [], peer_received: [] }]))): Scenario =>
    scenarioOf({ peers: { p: SOCKET }, tasks: { main: names.map((channel) => ({ op: 'socket.open', channel, peer: 'p' })) }, expect: { channels: expected } })
  const seenBy = (who: Partial<Record<'subject' | 'page' | 'peer', string[]>>): Tracer => {
    const tracer = trace()
    for (const name of who.subject ?? []) tracer.subject('channel.opening', name).subject('channel.open', name, { protocol: '' })
    for (const name of who.page ?? []) tracer.page('host.socket.created', name).page('host.socket.open', name, { protocol: '' })
    for (const name of who.peer ?? []) tracer.peer('peer.connected', name, { protocols: [] })
    return tracer
  }
  const all = ['a', 'b']
  test('one witness that misses one of two channels misses the field', () => {
    expect(known(channels(all), seenBy({ subject: all, page: all, peer: all }))).toMatchObject({ channel_sent: 'observed subject peer*', channel_received: 'observed subject page*', channel_close: 'observed page peer*' })
    expect(known(channels(all), seenBy({ subject: all, page: ['a'], peer: all }))).toMatchObject({ channel_received: 'inferred subject*', channel_close: 'inferred peer*' })
    expect(known(channels(all), seenBy({ subject: all, page: all, peer: ['a'] }))).toMatchObject({ channel_sent: 'inferred subject*', channel_close: 'inferred page*' })
    expect(known(channels(all), seenBy({ subject: ['a'], page: all, peer: all }))).toMatchObject({ channel_sent: 'inferred peer*', channel_received: 'inferred page*' })
  })
  test('a channel that was planned and that nobody saw is asked of nobody but its peer', () => {
    const shut = channels(all, { a: { ...open, received: [], peer_received: [] } })
    expect(known(shut, seenBy({ subject: ['a'], page: ['a'], peer: ['a'] }))).toMatchObject({ channel_sent: 'observed subject peer*', channel_received: 'observed subject page*' })
  })
  test('one that opened after all needs its peer, whoever saw it open', () => {
    const closed = channels(['a'], { a: { ...open, opened: false, received: [], peer_received: [] } })
    expect(known(closed, trace().subject('channel.opening', 'a').subject('channel.open', 'a', { protocol: '' }).page('host.socket.created', 'a'))).toMatchObject({ channel_sent: 'inferred subject*', channel_close: 'inferred page*' })
    expect(known(closed, trace().subject('channel.opening', 'a').page('host.socket.open', 'a', { protocol: '' }))).toMatchObject({ channel_sent: 'inferred subject*', channel_close: 'inferred page*' })
    expect(known(closed, trace().subject('channel.opening', 'a').page('host.socket.created', 'a'))).toMatchObject({ channel_sent: 'observed subject*', channel_close: 'observed page*' })
  })
  test('what the page saw of a request by the same name tells nothing of a channel', () => {
    expect(known(channels(['a']), seenBy({ subject: ['a'], peer: ['a'] }).page('host.fetch.sent', 'a', { method: 'GET' }))).toMatchObject({ channel_received: 'inferred subject*', channel_close: 'inferred peer*' })
  })
})

describe('T0 http_surface, virtual_transport_surface: each exchange by name', () => {
  type PeerSaw = Expectation['exchanges'][string]['peer_saw']
  const exchanges = (peer_saw: Record<string, PeerSaw>, more: Partial<Scenario> = {}): Scenario => scenarioOf({
    surface_family: 'http_surface', peers: { p: HTTP },
    tasks: { main: Object.keys(peer_saw).flatMap((exchange) => [{ op: 'request.send' as const, exchange, peer: 'p' }, { op: 'request.cancel' as const, exchange }]) }, ...more,
    expect: { exchanges: Object.fromEntries(Object.entries(peer_saw).map(([name, saw]) => [name, { end: 'cancelled' as const, status: null, peer_saw: saw }])) },
  })
  const seenBy = (who: Partial<Record<'subject' | 'page' | 'peer', string[]>>): Tracer => {
    const tracer = trace()
    for (const name of who.subject ?? []) tracer.subject('exchange.sent', name)
    for (const name of who.page ?? []) tracer.page('host.fetch.sent', name, { method: 'GET' })
    for (const name of who.peer ?? []) tracer.peer('peer.request', name, REQUEST)
    return tracer
  }
  const all = ['a', 'b']
  const both = exchanges({ a: 'aborted', b: 'aborted' })
  test('one witness that misses one of two exchanges misses the field', () => {
    expect(known(both, seenBy({ subject: all, page: all, peer: all }))).toMatchObject({ exchange_end: 'observed subject peer*', cancellation: 'observed page peer*', protocol_version: 'observed peer*' })
    expect(known(both, seenBy({ subject: all, page: all, peer: ['a'] }))).toMatchObject({ exchange_end: 'inferred subject*', cancellation: 'inferred page*', protocol_version: 'unsupported*' })
    expect(known(both, seenBy({ subject: all, page: ['a'], peer: all }))).toMatchObject({ exchange_end: 'observed subject peer*', cancellation: 'inferred peer*' })
    expect(known(both, seenBy({ subject: ['a'], page: all, peer: all }))).toMatchObject({ exchange_end: 'inferred peer*', cancellation: 'observed page peer*' })
  })
  test('one that never left the boundary needs no peer; where no boundary was watched, the scenario tells that it should have', () => {
    expect(known(exchanges({ a: 'aborted' }), seenBy({ subject: ['a'], page: ['other'] }))).toMatchObject({ exchange_end: 'observed subject*', cancellation: 'observed page*' })
    expect(known(exchanges({ a: 'aborted' }), seenBy({ subject: ['a'] }))).toMatchObject({ exchange_end: 'inferred subject*', cancellation: 'unsupported*', protocol_version: 'unsupported*' })
    expect(known(exchanges({ a: 'nothing' }), seenBy({ subject: ['a'] }))).toMatchObject({ exchange_end: 'observed subject*', cancellation: 'unsupported*' })
  })
  test('the version is asked for where a peer was to be reached, even where nobody recorded anything', () => {
    expect(known(exchanges({ a: 'nothing' }), seenBy({ subject: ['a'] }))).not.toHaveProperty('protocol_version')
    expect(known(exchanges({ a: 'nothing' }), trace())).not.toHaveProperty('protocol_version')
    expect(known(exchanges({ a: 'ended', b: 'nothing' }), trace())).toMatchObject({ protocol_version: 'unsupported*' })
    expect(known(exchanges({ a: 'ended' }, { surface_family: 'virtual_transport_surface' }), seenBy({ subject: ['a'], page: ['a'], peer: ['a'] }))).not.toHaveProperty('protocol_version')
  })
  test('an answer that the subject heard of came from a peer, which must have been seen', () => {
    const answered = seenBy({ subject: ['a'], page: ['other'] }).subject('exchange.head', 'a', { status: 200, redirected: false })
    expect(known(exchanges({ a: 'nothing' }), answered)).toMatchObject({ exchange_end: 'inferred subject*' })
  })
  test('what was seen of a channel by the same name tells nothing of an exchange', () => {
    const peered = seenBy({ peer: ['a'] })
    expect(known(exchanges({ a: 'ended' }), peered.subject('channel.opening', 'a').page('host.socket.created', 'a'))).toMatchObject({ exchange_end: 'inferred peer*', cancellation: 'inferred peer*' })
  })
})

describe('T0 virtual_transport_surface: each event stream by name', () => {
  const streams = (names: string[], connections: Record<string, number>): Scenario => scenarioOf({
    peers: { p: HTTP }, tasks: { main: names.map((stream) => ({ op: 'events.open', stream, peer: 'p' })) },
    expect: { streams: Object.fromEntries(Object.entries(connections).map(([name, count]) => [name, { events: [], connections: count }])) },
  })
  const opening = (...names: string[]): Tracer => names.reduce((tracer, name) => tracer.subject('stream.opening', name), trace())
  test('one witness that misses one of two streams misses the field', () => {
    const two = streams(['a', 'b'], { a: 1, b: 1 })
    expect(known(two, opening('a', 'b').peer('peer.request', 'a', REQUEST).peer('peer.request', 'b', REQUEST))).toMatchObject({ stream_events: 'observed subject peer*' })
    expect(known(two, opening('a', 'b').peer('peer.request', 'a', REQUEST))).toMatchObject({ stream_events: 'inferred subject*' })
    expect(known(two, opening('a').peer('peer.request', 'a', REQUEST).peer('peer.request', 'b', REQUEST))).toMatchObject({ stream_events: 'inferred peer*' })
  })
  test('where no boundary was watched, the scenario tells that the peer should have been reached', () => {
    expect(known(streams(['a'], { a: 1 }), opening('a'))).toMatchObject({ stream_events: 'inferred subject*' })
    expect(known(streams(['a'], { a: 1 }), opening('a').page('host.alive', 'realm', { timers: [], sockets: [], requests: [], streams: [] }))).toMatchObject({ stream_events: 'observed subject*' })
    expect(known(streams(['a'], {}), opening('a'))).toMatchObject({ stream_events: 'observed subject*' })
  })
  test('a stream that the subject heard of had a peer, which must have been seen', () => {
    const none = streams(['a'], { a: 0 })
    expect(known(none, opening('a'))).toMatchObject({ stream_events: 'observed subject*' })
    expect(known(none, opening('a').subject('stream.open', 'a'))).toMatchObject({ stream_events: 'inferred subject*' })
    expect(known(none, opening('a').subject('stream.event', 'a', { event_id: '', event: 'message', data: 'x' }))).toMatchObject({ stream_events: 'inferred subject*' })
    expect(known(none, opening('a').peer('peer.request', 'a', REQUEST))).toMatchObject({ stream_events: 'observed subject peer*' })
  })
  test('what was seen of others by the same name tells nothing of a stream', () => {
    expect(known(streams(['a'], { a: 1 }), trace().subject('channel.opening', 'a').peer('peer.request', 'a', REQUEST))).toMatchObject({ stream_events: 'inferred peer*' })
    // The page saw a request, not the stream: nothing says that it went out.
    expect(known(streams(['a'], { a: 1 }), opening('a').page('host.fetch.sent', 'a', { method: 'GET' }))).toMatchObject({ stream_events: 'observed subject*' })
  })
})

describe('T0 every row: the realm', () => {
  const timer = scenarioOf({ tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }] } })
  test('a recorder that saw sockets alone was at no timer', () => {
    expect(known(timer, trace().subject('timer.set', 'a', { delay_ms: 10 }).page('host.socket.message', 'c', text('word')))).toMatchObject({ timer_outcomes: 'inferred subject*' })
  })
  test('the wall alone tells of a way out, and so does the page', () => {
    expect(known(timer, trace().proxy('a.invalid', 'subject'))).toMatchObject({ outside: 'observed proxy*' })
    expect(known(timer, trace().page('host.timer.fired', '1'))).toMatchObject({ outside: 'observed page*' })
    expect(known(timer, trace().subject('mark', 'm'))).toMatchObject({ outside: 'unsupported*' })
  })
})
