import { describe, expect, test } from 'vitest'
import type { NormalizedRecord } from '../../../src/contract/record.js'
import type { Scenario, Step } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { channelScenario, channelTrace, deadlineScenario, recordOf, scenarioOf, text, trace, type Tracer } from './traces.js'

const plain = scenarioOf({})
const request = { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }

describe('T0 every row: a record has its parts by name', () => {
  const backwards = (): Tracer => trace()
    .subject('timer.set', 'z', { delay_ms: 1 }).subject('timer.set', 'a', { delay_ms: 1 }).subject('deadline.started', 'z', { budget_ticks: 1 }).subject('deadline.started', 'a', { budget_ticks: 1 })
    .subject('channel.opening', 'z').subject('channel.opening', 'a').subject('exchange.sent', 'z').subject('exchange.sent', 'a').subject('stream.opening', 'z').subject('stream.opening', 'a')
    .page('host.socket.created', 'z').page('host.socket.created', 'a').page('host.fetch.sent', 'z', { method: 'GET' }).page('host.fetch.sent', 'a', { method: 'GET' }).page('host.events.created', 'z').page('host.events.created', 'a')
    .peer('peer.connected', 'z', { protocols: [] }).peer('peer.connected', 'a', { protocols: [] }).peer('peer.request', 'z', request).peer('peer.request', 'a', request)
    .subject('family.absent', 's', { family: 'z' }).subject('family.absent', 's', { family: 'a' }).subject('family.absent', 's', { family: 'z' }).end()
  test('whatever the order they came in', () => {
    const { semantic, witnessed } = recordOf(plain, backwards())
    const names = [semantic.timers, semantic.deadlines, semantic.channels, semantic.exchanges, semantic.streams, witnessed.page.channels, witnessed.page.exchanges, witnessed.page.streams, witnessed.peer.channels, witnessed.peer.exchanges].map(Object.keys)
    expect(names).toEqual(names.map(() => ['a', 'z']))
    expect(semantic.absent_families).toEqual(['a', 'z'])
  })
  test('also those that the scenario names and nobody saw', () => {
    const steps: Step[] = [{ op: 'timer.set', timer: 't', after_ticks: 1 }, { op: 'deadline.start', deadline: 'd' }, { op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'events.open', stream: 's', peer: 'p' }]
    const { semantic, witnessed } = recordOf(scenarioOf({ tasks: { main: steps } }), trace().end())
    expect(semantic).toMatchObject({
      timers: { t: { outcome: 'cancelled', fired: 0, fired_after_clear: false, in_order: true } }, deadlines: { d: 'no_deadline' }, streams: { s: { events: [], events_after_close: 0, connections: 0, last_event_ids: [] } },
      channels: { c: { opened: false, protocol: null, sent: [], peer_received: [], peer_sent: [], received: [], refused_sends: 0, messages_after_close: 0, close: null, peer_close: null } },
      exchanges: { x: { end: 'pending', status: null, redirected: false, body: null, cancelled: { page: false, peer: false }, chunks_after_cancel: 0, peer_saw: 'nothing', requests: 0 } },
    })
    expect(witnessed).toEqual({ page: { channels: {}, exchanges: {}, streams: {} }, peer: { channels: {}, exchanges: {} } })
  })
})

describe('T0 every row: provenance and places outside', () => {
  test('times are those of the subject\'s first and last event', () => {
    const { provenance, qualified } = recordOf(plain, trace().at(2).page('host.timer.set', '1', { delay_ms: 0, repeat: false }).at(3).subject('mark', 'a').at(4).subject('mark', 'c').at(5).subject('mark', 'b').at(9).page('host.timer.fired', '1'))
    expect(provenance).toEqual({ steps_delta: 5, wall_elapsed_ns: 20_000_000, monotonic_start_ns: 30_250_000, monotonic_end_ns: 50_250_000, now_nanos: null })
    expect(qualified.logical_elapsed_ticks).toBe(2)
    expect(recordOf(plain, trace().page('host.timer.fired', '1'))).toMatchObject({ provenance: { steps_delta: 1, wall_elapsed_ns: null, monotonic_start_ns: null, monotonic_end_ns: null }, qualified: { logical_elapsed_ticks: null } })
  })
  test('each host once, by name; the page\'s word first, the browser\'s own calls never', () => {
    const tracer = trace().page('host.outside', 'fetch', { url: 'https://z.test/1' }).page('host.outside', 'WebSocket', { url: 'wss://z.test:99/2' }).page('host.outside', 'fetch', { url: 'not an address' })
      .proxy('z.test:443', 'subject').proxy('a.test:443', 'unattributed').proxy('m.test:80', 'subject').proxy('own.test:443', 'browser')
    expect(recordOf(plain, tracer).semantic.outside).toEqual([{ api: 'proxy', host: 'a.test' }, { api: 'proxy', host: 'm.test' }, { api: 'fetch', host: 'not an address' }, { api: 'fetch', host: 'z.test' }])
  })
})

describe('T0 timer_surface: timers set together', () => {
  const many = (count: number, after_ticks: number[]): Scenario => scenarioOf({ tasks: { main: [{ op: 'timer.set_many', timer: 'a', count, after_ticks }] } })
  const inOrder = (scenario: Scenario, set: number[], fired: Array<[at: number, index: number | undefined]>): boolean | undefined => {
    const tracer = trace()
    for (const at of set) tracer.at(at).subject('timer.set', 'a', { delay_ms: 0 })
    for (const [at, index] of fired) tracer.at(at).subject('timer.fired', 'a', index === undefined ? {} : { index })
    return recordOf(scenario, tracer.end()).semantic.timers['a']?.in_order
  }
  test('are due by when each was set, and one tick between two tells nothing', () => {
    const [first, second]: [[number, number], [number, number]] = [[6, 0], [6, 1]]
    expect(inOrder(many(3, [6, 5, 9]), [0, 0, 0], [first, second])).toBe(true)
    expect(inOrder(many(3, [6, 4, 9]), [0, 0, 0], [first, second])).toBe(false)
    // The second may have been set as late as the third.
    expect(inOrder(many(3, [6, 4, 9]), [0, 0, 1], [first, second])).toBe(true)
    // The first is due when it was set, not sooner.
    expect(inOrder(many(3, [6, 4, 9]), [1, 1, 2], [[7, 0], [7, 1]])).toBe(true)
    expect(inOrder(many(3, [6, 4, 9]), [1, 1, 1], [[7, 0], [7, 1]])).toBe(false)
    // Of the last one nobody knows how long the realm stalled after saying so.
    expect(inOrder(many(2, [6, 4]), [0, 0], [first, second])).toBe(true)
    // What is latest counts on, past one that is due sooner.
    expect(inOrder(many(4, [9, 8, 3, 5]), [0, 0, 0, 0], [[9, 0], [9, 1], [9, 2]])).toBe(false)
    expect(inOrder(many(3, [4, 6, 9]), [0, 0, 0], [[4, 0], [6, 1], [9, 2]])).toBe(true)
  })
  test('a firing without an index, and events that are no firing, tell no order', () => {
    expect(inOrder(many(2, [6, 2]), [0, 0], [[6, undefined], [2, undefined]])).toBe(true)
    expect(inOrder(many(2, [1, 1]), [0, 0], [[1, 1], [1, 0]])).toBe(false)
    expect(inOrder(many(2, [1, 1]), [0, 0], [[1, 0], [1, 1]])).toBe(true)
    expect(inOrder(many(2, [3]), [0, 0], [[3, 0], [3, 0]])).toBe(false)
  })
  test('a crowd is set as a whole', () => {
    const cleared = (fired: number): NormalizedRecord => {
      const tracer = trace().subject('timer.set', 'a', { delay_ms: 0 }).subject('timer.set', 'a', { delay_ms: 0 })
      for (let index = 0; index < fired; index += 1) tracer.subject('timer.fired', 'a', { index })
      return recordOf(many(2, [1]), tracer.subject('timer.cleared', 'a').end())
    }
    expect([0, 1, 2].map((fired) => cleared(fired).semantic.timers['a']?.outcome)).toEqual(['cancelled', 'cancelled', 'fired'])
  })
  test('a timer that nobody planned is a one-shot', () => {
    expect(recordOf(plain, trace().subject('timer.cleared', 'a').end()).semantic.timers['a']).toEqual({ outcome: 'cancelled', fired: 0, fired_after_clear: false, in_order: true })
    expect(recordOf(plain, trace().subject('timer.cleared', 'a').subject('timer.fired', 'a').end()).semantic.timers['a']).toEqual({ outcome: 'fired', fired: 1, fired_after_clear: true, in_order: true })
    expect(recordOf(plain, trace().subject('timer.fired', 'a').end()).semantic.timers['a']).toEqual({ outcome: 'fired', fired: 1, fired_after_clear: false, in_order: true })
  })
})

describe('T0 timer_surface: deadlines and ticks, further', () => {
  const of = (tracer: Tracer): NormalizedRecord => recordOf(deadlineScenario(), tracer)
  const start = { budget_ticks: 6 }
  test('what came before the start settles nothing; a run that never shut down has no outcome', () => {
    expect(of(trace().subject('deadline.completed', 'budget').subject('deadline.started', 'budget', start).subject('deadline.exceeded', 'budget')).semantic.deadlines['budget']).toBe('deadline_exceeded')
    expect(of(trace().subject('deadline.started', 'budget', start)).semantic.deadlines['budget']).toBe('no_deadline')
    expect(of(trace().subject('deadline.started', 'budget', start).subject('deadline.cancelled', 'budget')).semantic.deadlines['budget']).toBe('cancelled_before_deadline')
    expect(of(trace().subject('deadline.cancelled', 'budget').end()).semantic.deadlines['budget']).toBe('no_deadline')
  })
  test('of sets at one tick the first is kept, of later sets each; of finishes the first', () => {
    const tracer = trace().subject('timer.set', 'a', { delay_ms: 0 }).subject('timer.set', 'a', { delay_ms: 0 }).at(1).subject('timer.set', 'a', { delay_ms: 0 }).subject('timer.fired', 'a').subject('timer.fired', 'a')
      .subject('deadline.started', 'd', start).at(2).subject('deadline.cancelled', 'd').at(3).subject('deadline.completed', 'd').at(4).subject('deadline.exceeded', 'd').subject('mark', 'm')
      .subject('deadline.started', 'd', start).at(5).subject('deadline.completed', 'd').subject('deadline.cancelled', 'd').subject('timer.cleared', 'a').end()
    expect(of(tracer).qualified.at_ticks).toEqual({
      'timer.a.set': 0, 'timer.a.set#3': 1, 'timer.a.fired': 1, 'timer.a.fired#2': 1, 'deadline.d.started': 1, 'deadline.d.cancelled': 2, 'deadline.d.exceeded': 4, 'deadline.d.started#2': 4, 'deadline.d.completed#2': 5,
    })
  })
  test('an order wants each label strictly after the one before', () => {
    const holds = (...chain: string[]): boolean | undefined => recordOf(scenarioOf({ expect: { orders: [chain] } }), trace().subject('mark', 'a').subject('mark', 'b').end()).semantic.orders[0]?.holds
    expect([holds('mark.a', 'mark.b'), holds('mark.a', 'mark.a'), holds('mark.b', 'mark.a'), holds('mark.a#1', 'mark.b#1'), holds('mark.a', 'mark.b#2'), holds('mark.x', 'mark.b')]).toEqual([true, false, false, true, false, false])
  })
})

describe('T0 virtual_transport_surface: exchanges, further', () => {
  const scenario = scenarioOf({ tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'p' }] } })
  const of = (tracer: Tracer): NormalizedRecord['semantic']['exchanges'][string] => recordOf(scenario, tracer).semantic.exchanges['x']!
  const body = { body: summarize('b') }
  const fetches = (...kinds: Array<'ended' | 'aborted' | 'failed'>): Tracer => kinds.reduce((tracer, kind) =>
    tracer.page(`host.fetch.${kind}`, 'x', kind === 'ended' ? { bytes: 1 } : kind === 'failed' ? { error: 'e' } : {}), trace().page('host.fetch.sent', 'x', { method: 'GET' }))
  test('an abort counts at the page when it came before the end', () => {
    expect(of(fetches('aborted')).cancelled.page).toBe(true)
    expect(of(fetches('aborted', 'ended')).cancelled.page).toBe(true)
    expect(of(fetches('ended', 'aborted')).cancelled.page).toBe(false)
    expect(of(fetches('ended')).cancelled.page).toBe(false)
    expect(of(trace().page('host.fetch.aborted', 'x')).cancelled.page).toBe(true)
    expect(of(trace().page('host.fetch.ended', 'x', { bytes: 1 }).page('host.fetch.aborted', 'x')).cancelled.page).toBe(false)
  })
  test('without the page\'s own word the subject\'s stands in', () => {
    expect(of(trace().subject('exchange.cancelled', 'x')).cancelled.page).toBe(true)
    expect(of(trace().subject('exchange.failed', 'x', { error: 'e' })).cancelled.page).toBe(false)
    expect(of(trace().subject('exchange.cancelled', 'x').page('host.fetch.sent', 'x', { method: 'GET' })).cancelled.page).toBe(false)
    expect(of(trace().subject('exchange.cancelled', 'x').page('host.events.created', 'x')).cancelled.page).toBe(true)
  })
  test('the first end stands, and only a whole body is kept', () => {
    expect(of(trace().subject('exchange.completed', 'x', body).subject('exchange.failed', 'x', { error: 'e' }))).toMatchObject({ end: 'completed', body: body.body })
    expect(of(trace().subject('exchange.failed', 'x', { error: 'e' }).subject('exchange.completed', 'x', body))).toMatchObject({ end: 'failed', body: null })
    expect(of(trace().subject('exchange.cancelled', 'x').subject('exchange.chunk', 'x', { bytes: 1 }))).toMatchObject({ end: 'cancelled', body: null, chunks_after_cancel: 1 })
    expect(of(trace().subject('exchange.chunk', 'x', { bytes: 1 }).subject('exchange.sent', 'x'))).toMatchObject({ end: 'pending', chunks_after_cancel: 0 })
  })
  const at = (connection: number, peer = 'p') => ({ peer, connection })
  test('what the peer saw is the end of its last request, on that connection of that peer', () => {
    const saw = (build: (tracer: Tracer) => Tracer): string => of(build(trace().peer('peer.request', 'x', { ...request, ...at(1) }))).peer_saw
    expect(saw((tracer) => tracer.peer('peer.ended', 'x', at(1)))).toBe('ended')
    expect(saw((tracer) => tracer.peer('peer.destroyed', 'x', at(1)))).toBe('destroyed')
    expect(saw((tracer) => tracer.peer('peer.aborted', 'x', at(1)).peer('peer.ended', 'x', at(1)))).toBe('aborted')
    expect(saw((tracer) => tracer)).toBe('pending')
    expect(saw((tracer) => tracer.peer('peer.ended', 'x', at(1)).peer('peer.request', 'x', { ...request, ...at(2) }))).toBe('pending')
    expect(saw((tracer) => tracer.peer('peer.ended', 'x', at(1)).peer('peer.request', 'x', { ...request, ...at(2) }).peer('peer.aborted', 'x', at(2)))).toBe('aborted')
    expect(saw((tracer) => tracer.peer('peer.ended', 'x', at(1, 'other')))).toBe('pending')
    expect(saw((tracer) => tracer.peer('peer.ended', 'x', at(2)))).toBe('pending')
    expect(of(trace().peer('peer.ended', 'x')).peer_saw).toBe('nothing')
  })
  test('what each end tells of an answer', () => {
    const { witnessed } = recordOf(scenario, trace().page('host.fetch.sent', 'x', { method: 'GET' }).page('host.fetch.head', 'x', { status: 200, redirected: false }).page('host.fetch.ended', 'x', { bytes: 7 }).page('host.fetch.aborted', 'x')
      .peer('peer.request', 'x', request).peer('peer.head_sent', 'x', { status: 302 }).peer('peer.body_sent', 'x', { bytes: 9 }).peer('peer.ended', 'x').peer('peer.request', 'x', { ...request, ...at(2) })
      .peer('peer.head_sent', 'x', { status: 200, ...at(2) }).peer('peer.body_sent', 'x', { bytes: 3, ...at(2) }).peer('peer.body_sent', 'x', { bytes: 4, ...at(2) }).peer('peer.ended', 'x', at(2)))
    expect(witnessed).toMatchObject({ page: { exchanges: { x: { end: 'ended', status: 200, bytes: 7 } } }, peer: { exchanges: { x: { status: 200, bytes: 7 } }, channels: {} } })
    const ends = (['aborted', 'failed'] as const).map((kind) => recordOf(scenario, fetches(kind)).witnessed.page.exchanges['x'])
    expect(ends).toEqual([{ end: 'aborted', status: null, bytes: null }, { end: 'failed', status: null, bytes: null }])
    expect(recordOf(scenario, fetches()).witnessed.page.exchanges['x']).toEqual({ end: 'pending', status: null, bytes: null })
  })
  test('an answer to HEAD, one that was written by hand, and one that never ended have no length', () => {
    const bytes = (method: string, build: (tracer: Tracer) => Tracer): number | null | undefined => recordOf(scenario, build(trace().peer('peer.request', 'x', { ...request, method }).peer('peer.body_sent', 'x', { bytes: 3 }))).witnessed.peer.exchanges['x']?.bytes
    expect(bytes('GET', (tracer) => tracer.peer('peer.ended', 'x'))).toBe(3)
    expect(bytes('HEAD', (tracer) => tracer.peer('peer.ended', 'x'))).toBeNull()
    expect(bytes('GET', (tracer) => tracer.peer('peer.raw_sent', 'x', { bytes: 1 }).peer('peer.ended', 'x'))).toBeNull()
    expect(bytes('GET', (tracer) => tracer.peer('peer.destroyed', 'x'))).toBeNull()
    expect(recordOf(scenario, trace().peer('peer.body_sent', 'x', { bytes: 3 }).peer('peer.ended', 'x')).witnessed.peer.exchanges['x']).toEqual({ status: null, bytes: 3 })
  })
})

describe('T0 virtual_transport_surface: channels, further', () => {
  const of = (tracer: Tracer): NormalizedRecord['semantic']['channels'][string] => recordOf(channelScenario(), tracer).semantic.channels['c']!
  const closed = (code: number) => ({ code, reason: '', clean: true })
  const open = (): Tracer => trace().subject('channel.opening', 'c').page('host.socket.created', 'c').subject('channel.open', 'c', { protocol: '' })
  const initiator = (tracer: Tracer): string | undefined => of(tracer).close?.initiator
  test('where both asked, the peer is the one when its code and not the subject\'s came back', () => {
    const both = (asked: number, peer: number, got: number): string | undefined =>
      initiator(open().subject('channel.closing', 'c', { code: asked, reason: null }).peer('peer.close_sent', 'c', { code: peer, reason: '' }).subject('channel.closed', 'c', closed(got)))
    expect([both(3000, 3001, 3001), both(3000, 3001, 3000), both(3000, 3000, 3000), both(3000, 3001, 3002)]).toEqual(['peer', 'subject', 'subject', 'subject'])
  })
  test('the page\'s call before the close stands for the subject\'s; one after it asks for nothing', () => {
    const call = { code: 1000, reason: null }
    const got = { code: 1000, reason: '', clean: true }
    expect(initiator(open().page('host.socket.close_called', 'c', call).page('host.socket.closed', 'c', got).subject('channel.closed', 'c', got))).toBe('subject')
    expect(initiator(open().page('host.socket.closed', 'c', got).page('host.socket.close_called', 'c', call).subject('channel.closed', 'c', got))).toBe('peer')
    expect(initiator(open().page('host.socket.close_called', 'c', call).subject('channel.closed', 'c', got))).toBe('subject')
    expect(initiator(open().subject('channel.closed', 'c', got).subject('channel.closing', 'c', call))).toBe('peer')
  })
  test('without the page, a shutdown before the close stands for the subject', () => {
    const bare = (): Tracer => trace().subject('channel.opening', 'c').subject('channel.open', 'c', { protocol: '' })
    expect(initiator(bare().subject('shutdown.started', 's').subject('channel.closed', 'c', closed(1000)))).toBe('subject')
    expect(initiator(bare().subject('channel.closed', 'c', closed(1000)).subject('shutdown.started', 's'))).toBe('peer')
    expect(initiator(bare().subject('channel.closed', 'c', closed(1000)))).toBe('peer')
    expect(initiator(open().subject('shutdown.started', 's').subject('channel.closed', 'c', closed(1000)))).toBe('peer')
    expect(initiator(bare().subject('shutdown.started', 's').peer('peer.close_sent', 'c', { code: 3000, reason: '' }).subject('channel.closed', 'c', closed(3000)))).toBe('peer')
  })
  test('only what the page tells of the channel is its word on the channel', () => {
    const other = (): Tracer => trace().subject('channel.opening', 'c').page('host.fetch.sent', 'c', { method: 'GET' }).subject('shutdown.started', 's').subject('channel.closed', 'c', closed(1000))
    expect(initiator(other())).toBe('subject')
  })
  test('messages after the close, until it is opened anew', () => {
    const hello = text('hello')
    expect(of(open().subject('channel.message', 'c', hello)).messages_after_close).toBe(0)
    expect(of(open().subject('channel.closed', 'c', closed(1000)).subject('channel.message', 'c', hello).subject('channel.sent', 'c', hello).subject('channel.message', 'c', hello)).messages_after_close).toBe(2)
    expect(of(open().subject('channel.closing', 'c', { code: null, reason: null }).subject('channel.message', 'c', hello).subject('channel.opening', 'c').subject('channel.message', 'c', hello)).messages_after_close).toBe(1)
    expect(of(trace().subject('channel.message', 'c', hello)).messages_after_close).toBe(0)
  })
  test('what was refused, and how the peer saw it end', () => {
    expect(of(open().subject('channel.send_refused', 'c', { error: 'e' }).subject('channel.send_refused', 'c', { error: 'e' })).refused_sends).toBe(2)
    expect(of(open().peer('peer.terminated', 'c')).peer_close).toEqual({ code: 1006, reason: '', clean: false })
    expect(of(open().peer('peer.terminated', 'c').peer('peer.closed', 'c', closed(1000))).peer_close).toEqual({ code: 1000, reason: '', clean: true })
  })
  test('each end\'s own account', () => {
    const { witnessed } = recordOf(channelScenario(), channelTrace().peer('peer.close_sent', 'c', { code: 3000, reason: 'r' }).peer('peer.request', 'c', request))
    expect(witnessed.page.channels['c']).toEqual({ sent: [summarize('hello')], received: [summarize('hello')], sent_after: [0], close: { code: 1000, reason: 'bye', clean: true } })
    expect(witnessed.peer).toEqual({ channels: { c: { sent_after: [1], close_sent: { code: 3000, reason: 'r' } } }, exchanges: { c: { status: null, bytes: null } } })
    expect(recordOf(channelScenario(), open()).witnessed.page.channels['c']).toEqual({ sent: [], received: [], sent_after: [], close: null })
  })
})

describe('T0 http_surface: what the peer saw of a request', () => {
  test('is told of the last one alone, also when an earlier one went over the same connection', () => {
    const again = trace().subject('exchange.sent', 'x').peer('peer.request', 'x', request).peer('peer.ended', 'x').peer('peer.request', 'x', { ...request, path: '/next' }).end()
    expect(recordOf(plain, again).semantic.exchanges['x']).toMatchObject({ requests: 2, peer_saw: 'pending' })
  })
})

describe('T0 timer_surface: ticks of a deadline', () => {
  test('are kept when a timer of the same name has fired', () => {
    const same = trace().subject('deadline.started', 'd', { budget_ticks: 9 }).subject('timer.set', 'd', { delay_ms: 10 }).at(1).subject('timer.fired', 'd').at(2).subject('deadline.completed', 'd').end()
    expect(recordOf(plain, same).qualified.at_ticks).toMatchObject({ 'timer.d.fired': 1, 'deadline.d.completed': 2 })
  })
})
