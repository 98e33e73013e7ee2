import { describe, expect, test } from 'vitest'
import { NormalizedRecordSchema, type NormalizedRecord } from '../../../src/contract/record.js'
import type { Step } from '../../../src/contract/scenario.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, recordOf, scenarioOf, text, trace, type Tracer } from './traces.js'

const timers = (steps: Step[], tracer: Tracer, stalled = false): NormalizedRecord['semantic']['timers'] => recordOf(scenarioOf({ tasks: { main: steps } }), tracer, 'live', stalled).semantic.timers
const set = (timer: string): Step => ({ op: 'timer.set', timer, after_ticks: 2 })
const at = { delay_ms: 20 }

describe('T0 timer_surface: what became of a timer', () => {
  test('a one-shot that fired has fired, also when cleared afterwards', () => {
    const tracer = trace().subject('timer.set', 'a', at).subject('timer.fired', 'a').subject('timer.cleared', 'a').end()
    expect(timers([set('a')], tracer)['a']).toEqual({ outcome: 'fired', fired: 1, fired_after_clear: false, in_order: true })
  })
  test('an interval cleared after three ticks was cancelled, with three', () => {
    const tracer = trace().subject('timer.set', 'a', at)
    for (let tick = 0; tick < 3; tick += 1) tracer.subject('timer.fired', 'a')
    tracer.subject('timer.cleared', 'a').end()
    expect(timers([{ op: 'timer.interval', timer: 'a', every_ticks: 2 }], tracer)['a']).toMatchObject({ outcome: 'cancelled', fired: 3, fired_after_clear: false })
  })
  test('a firing after a clear is seen, and one after a clear and a new set is none', () => {
    expect(timers([set('a')], trace().subject('timer.set', 'a', at).subject('timer.cleared', 'a').subject('timer.fired', 'a').end())['a']).toMatchObject({ outcome: 'cancelled', fired_after_clear: true })
    const again = trace().subject('timer.set', 'a', at).subject('timer.cleared', 'a').subject('timer.set', 'a', at).subject('timer.fired', 'a').end()
    expect(timers([set('a')], again)['a']).toMatchObject({ outcome: 'fired', fired: 1, fired_after_clear: false })
  })
  test('never fired, never cleared: gone after shutdown is cancelled, alive or unknown is pending', () => {
    const start = (): Tracer => trace().subject('timer.set', 'a', at)
    expect(timers([set('a')], start().end())['a']).toMatchObject({ outcome: 'cancelled', fired: 0 })
    expect(timers([set('a')], start().end({ timers: ['7'] }))['a']).toMatchObject({ outcome: 'pending' })
    expect(timers([set('a')], start(), true)['a']).toMatchObject({ outcome: 'pending' })
  })
  test('timers set together fire by delay, then first set', () => {
    const many: Step = { op: 'timer.set_many', timer: 'a', count: 4, after_ticks: [3, 1] }
    const fire = (order: number[]): boolean | undefined => {
      const tracer = trace()
      for (let index = 0; index < 4; index += 1) tracer.subject('timer.set', 'a', at)
      for (const index of order) tracer.subject('timer.fired', 'a', { index })
      return timers([many], tracer.end())['a']?.in_order
    }
    expect(fire([1, 3, 0, 2])).toBe(true)
    expect(fire([3, 1, 0, 2])).toBe(false)
    expect(fire([0, 1, 2, 3])).toBe(false)
    expect(fire([1, 1, 3, 0, 2])).toBe(false)
  })
  test('timers set while the realm stalls are due by when they were set; those of one delay stay first set, first fired', () => {
    const many: Step = { op: 'timer.set_many', timer: 'a', count: 4, after_ticks: [6, 1] }
    const fire = (order: number[]): boolean | undefined => {
      const tracer = trace().subject('timer.set', 'a', at).subject('timer.set', 'a', at).at(9).subject('timer.set', 'a', at).subject('timer.set', 'a', at)
      for (const index of order) tracer.at(20).subject('timer.fired', 'a', { index })
      return timers([many], tracer.end())['a']?.in_order
    }
    expect(fire([1, 0, 3, 2])).toBe(true)
    expect(fire([3, 0, 1, 2])).toBe(false)
    expect(fire([1, 2, 3, 0])).toBe(false)
  })
  test('a crowd cleared before all of it fired was cancelled, afterwards it had fired', () => {
    const many: Step = { op: 'timer.set_many', timer: 'a', count: 2, after_ticks: [1] }
    const start = (): Tracer => trace().subject('timer.set', 'a', at).subject('timer.set', 'a', at).subject('timer.fired', 'a', { index: 0 })
    expect(timers([many], start().subject('timer.cleared', 'a').end())['a']).toMatchObject({ outcome: 'cancelled', fired: 1 })
    expect(timers([many], start().subject('timer.fired', 'a', { index: 1 }).subject('timer.cleared', 'a').end())['a']).toMatchObject({ outcome: 'fired', fired: 2 })
  })
})

describe('T0 timer_surface: deadlines and ticks', () => {
  const outcome = (tracer: Tracer): unknown => recordOf(deadlineScenario(), tracer.end()).semantic.deadlines['budget']
  const started = (): Tracer => trace().subject('deadline.started', 'budget', { budget_ticks: 6 })
  test('the first settling event wins; never started is no deadline; taken away by the shutdown is cancelled', () => {
    expect(outcome(started().subject('deadline.completed', 'budget').subject('deadline.exceeded', 'budget'))).toBe('completed_before_deadline')
    expect(outcome(started().subject('deadline.exceeded', 'budget').subject('deadline.cancelled', 'budget'))).toBe('deadline_exceeded')
    expect(outcome(trace())).toBe('no_deadline')
    expect(outcome(started())).toBe('cancelled_before_deadline')
  })
  test('ticks are kept by label, with #n from the second time; a finish after the end is not', () => {
    const tracer = started().at(1).subject('timer.fired', 'a').at(2).subject('timer.fired', 'a').at(6).subject('deadline.exceeded', 'budget').at(7).subject('deadline.completed', 'budget').end()
    expect(recordOf(deadlineScenario(), tracer).qualified).toEqual({
      logical_elapsed_ticks: 7, at_ticks: { 'deadline.budget.started': 0, 'timer.a.fired': 1, 'timer.a.fired#2': 2, 'deadline.budget.exceeded': 6 },
    })
  })
  test('an order holds only when every label is there, each after the one before', () => {
    const orders = [['mark.a', 'mark.b'], ['mark.a', 'mark.a#2'], ['mark.b', 'mark.a'], ['mark.a', 'mark.c'], ['mark.a#1', 'task.main.finished']]
    const tracer = trace().subject('mark', 'a').subject('mark', 'b').subject('mark', 'a').subject('task.finished', 'main').end()
    expect(recordOf(scenarioOf({ expect: { orders } }), tracer).semantic.orders.map(({ holds }) => holds)).toEqual([true, true, false, false, true])
  })
})

describe('T0 virtual_transport_surface: channels', () => {
  const close = (build: (tracer: Tracer) => Tracer): unknown => recordOf(channelScenario(), build(trace().subject('channel.opening', 'c').subject('channel.open', 'c', { protocol: '' })).end()).semantic.channels['c']?.close?.initiator
  const closed = { code: 1000, reason: '', clean: true }

  test('everything that was said, by all ends', () => {
    const channel = recordOf(channelScenario(), channelTrace()).semantic.channels['c']
    expect(channel).toMatchObject({ opened: true, protocol: '', refused_sends: 0, messages_after_close: 0, close: { initiator: 'subject', code: 1000, reason: 'bye', clean: true }, peer_close: { code: 1000, reason: 'bye', clean: true } })
    for (const list of ['sent', 'received', 'peer_sent', 'peer_received'] as const) expect(channel?.[list].map((message) => message.text)).toEqual(['hello'])
  })
  test('the initiator of a close', () => {
    expect(close((t) => t.subject('channel.closed', 'c', { code: 1006, reason: '', clean: false }))).toBe('network')
    expect(close((t) => t.peer('peer.close_sent', 'c', { code: 1000, reason: '' }).subject('channel.closed', 'c', closed))).toBe('peer')
    expect(close((t) => t.subject('channel.closing', 'c', { code: 1000, reason: '' }).subject('channel.closed', 'c', closed))).toBe('subject')
    expect(close((t) => t.peer('peer.close_sent', 'c', { code: 1000, reason: '' }).subject('channel.closed', 'c', closed).subject('channel.closing', 'c', { code: 3000, reason: '' }))).toBe('peer')
    expect(close((t) => t.page('host.socket.created', 'c').subject('shutdown.started', 's').page('host.socket.close_called', 'c', { code: 1000, reason: '' }).subject('channel.closed', 'c', closed))).toBe('subject')
  })
  test('when closes cross, the code that the subject saw tells whose it was', () => {
    const cross = (seen: number): unknown => close((t) => t.peer('peer.close_sent', 'c', { code: 3002, reason: '' }).subject('channel.closing', 'c', { code: 3001, reason: '' }).subject('channel.closed', 'c', { ...closed, code: seen }))
    expect(cross(3002)).toBe('peer')
    expect(cross(3001)).toBe('subject')
  })
  test('the echo of a close that the peer began loses its reason, which engines may leave out', () => {
    const tracer = trace().subject('channel.opening', 'c').subject('channel.open', 'c', { protocol: '' }).peer('peer.close_sent', 'c', { code: 3002, reason: 'enough' })
      .peer('peer.closed', 'c', { code: 3002, reason: 'enough', clean: true }).subject('channel.closed', 'c', { code: 3002, reason: 'enough', clean: true }).end()
    expect(recordOf(channelScenario(), tracer).semantic.channels['c']).toMatchObject({ close: { initiator: 'peer', reason: 'enough' }, peer_close: { code: 3002, reason: '' } })
  })
  test('messages after the close are counted until the channel is opened anew', () => {
    const tracer = trace().subject('channel.opening', 'c').subject('channel.closing', 'c', { code: null, reason: null }).subject('channel.message', 'c', text('1')).subject('channel.closed', 'c', closed)
      .subject('channel.message', 'c', text('2')).subject('channel.opening', 'c').subject('channel.message', 'c', text('3')).end()
    expect(recordOf(channelScenario(), tracer).semantic.channels['c']?.messages_after_close).toBe(2)
  })
})

describe('T0 virtual_transport_surface: exchanges and streams', () => {
  const scenario = scenarioOf({ tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'request.cancel', exchange: 'x' }, { op: 'events.open', stream: 's', peer: 'p' }] }, peers: { p: { kind: 'http', exchanges: [{ actions: [] }] } } })
  const request = { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }
  const exchange = (tracer: Tracer): unknown => recordOf(scenario, tracer.end()).semantic.exchanges['x']

  test('a whole answer after a redirect', () => {
    const tracer = trace().subject('exchange.sent', 'x').page('host.fetch.sent', 'x', { method: 'GET' }).peer('peer.request', 'x', request).peer('peer.ended', 'x').peer('peer.request', 'x', { ...request, connection: 2 }).peer('peer.ended', 'x', { connection: 2 })
      .subject('exchange.head', 'x', { status: 200, redirected: true }).subject('exchange.completed', 'x', { body: text('done').message })
    expect(exchange(tracer)).toEqual({ end: 'completed', status: 200, redirected: true, body: text('done').message, cancelled: { page: false, peer: false }, chunks_after_cancel: 0, peer_saw: 'ended', requests: 2, request_body: null, protocol_version: 'http/1.1', shares_connection: [] })
  })
  test('a cancel as each witness saw it, and what came in afterwards', () => {
    const tracer = trace().subject('exchange.sent', 'x').page('host.fetch.sent', 'x', { method: 'GET' }).peer('peer.request', 'x', request)
      .subject('exchange.cancelling', 'x').page('host.fetch.aborted', 'x').subject('exchange.cancelled', 'x').subject('exchange.chunk', 'x', { bytes: 1 }).peer('peer.aborted', 'x')
    expect(exchange(tracer)).toMatchObject({ end: 'cancelled', status: null, body: null, cancelled: { page: true, peer: true }, chunks_after_cancel: 1, peer_saw: 'aborted' })
  })
  test('cancelling what had ended cancels nothing; a request that nobody answered is pending', () => {
    const late = trace().page('host.fetch.sent', 'x', { method: 'GET' }).page('host.fetch.ended', 'x', { bytes: 0 }).subject('exchange.completed', 'x', { body: text('').message }).page('host.fetch.aborted', 'x').peer('peer.request', 'x', request)
    expect(exchange(late)).toMatchObject({ end: 'completed', cancelled: { page: false }, peer_saw: 'pending' })
    expect(exchange(trace())).toMatchObject({ end: 'pending', peer_saw: 'nothing', requests: 0 })
  })
  test('a stream that came back, with the ids it asked for, and an event after its close', () => {
    const tracer = trace().subject('stream.opening', 's').peer('peer.request', 's', request).subject('stream.event', 's', { event_id: '1', event: 'message', data: 'a' }).peer('peer.ended', 's')
      .peer('peer.request', 's', { ...request, connection: 2, last_event_id: '1' }).subject('stream.closed', 's').subject('stream.event', 's', { event_id: '2', event: 'message', data: 'b' }).end()
    expect(recordOf(scenario, tracer).semantic.streams['s']).toEqual({ events: [{ id: '1', event: 'message', data: 'a' }, { id: '2', event: 'message', data: 'b' }], events_after_close: 1, connections: 2, last_event_ids: ['', '1'] })
  })
})

describe('T0 normalized record', () => {
  test('outcomes: a trap over an error over a stall', () => {
    const threw = (trap: boolean): Tracer => trace().subject('subject.threw', 'main', { name: 'Error', message: 'no', trap }).end()
    expect(recordOf(scenarioOf({}), threw(true), 'live', true).semantic.outcome).toBe('trap')
    expect(recordOf(scenarioOf({}), threw(false), 'live', true).semantic.outcome).toBe('subject_error')
    expect(recordOf(scenarioOf({}), trace(), 'live', true).semantic.outcome).toBe('stalled')
    expect(recordOf(scenarioOf({}), trace().end()).semantic.outcome).toBe('completed')
  })
  test('what was seen of WebAssembly is kept as provenance, and absent where nothing was', () => {
    const seen = trace().subject('subject.threw', 'uncaught', { name: 'RuntimeError', message: 'unreachable', trap: true, panic: 'panicked at x' }).subject('subject.threw', 'main', { name: 'Error', message: 'no', trap: false }).end()
      .page('host.wasm.module', '1', { instances: 2 }).page('host.wasm.memory', '1', { pages_before: 17, pages_after: 20 })
    const record = recordOf(scenarioOf({}), seen)
    expect(record.provenance.wasm).toEqual({ instances: [2], memories: [{ pages_before: 17, pages_after: 20 }], traps: [{ step: 'uncaught', message: 'unreachable', panic: 'panicked at x' }] })
    expect(NormalizedRecordSchema.parse(record)).toEqual(record)
    const bare = trace().subject('subject.threw', 'uncaught', { name: 'RuntimeError', message: 'unreachable executed', trap: true }).end()
    expect(recordOf(scenarioOf({}), bare).semantic_digest).toBe(record.semantic_digest)
    expect('wasm' in recordOf(scenarioOf({}), trace().end()).provenance).toBe(false)
    // As many of one kind as of another are something, too.
    const module = (tracer: Tracer): Tracer => tracer.page('host.wasm.module', '1', { instances: 2 })
    expect(recordOf(scenarioOf({}), module(trace()).page('host.wasm.memory', '1', { pages_before: 1, pages_after: 2 }).end()).provenance.wasm).toMatchObject({ instances: [2], traps: [] })
    expect(recordOf(scenarioOf({}), module(trace().subject('subject.threw', 'main', { name: 'RuntimeError', message: 'unreachable', trap: true })).end()).provenance.wasm).toMatchObject({ instances: [2], memories: [] })
  })
  test('cleanup is what the recorder saw alive, and null when it did not say', () => {
    expect(recordOf(scenarioOf({}), trace().end({ timers: ['1', '2'], requests: ['x'] })).semantic.cleanup).toEqual({ timers: 2, channels: 0, requests: 1, streams: 0 })
    expect(recordOf(scenarioOf({}), trace()).semantic.cleanup).toBeNull()
  })
  test('the outside is told by host alone, once, and never for the browser itself', () => {
    const tracer = trace().page('host.outside', 'fetch', { url: 'https://example.test:8443/a?b=c' }).end()
    tracer.proxy('example.test:8443', 'subject').proxy('update.vendor.test:443', 'browser').proxy('other.test', 'unattributed')
    expect(recordOf(scenarioOf({}), tracer).semantic.outside).toEqual([{ api: 'fetch', host: 'example.test' }, { api: 'proxy', host: 'other.test' }])
  })
  test('a record parses, and its semantic digest does not feel time, while the full one does', () => {
    const [sooner, later] = [recordOf(deadlineScenario(), deadlineTrace()), recordOf(deadlineScenario(), deadlineTrace({ fires: 3 }))]
    expect(NormalizedRecordSchema.parse(sooner)).toEqual(sooner)
    expect(later.semantic_digest).toBe(sooner.semantic_digest)
    expect(later.full_digest).not.toBe(sooner.full_digest)
  })
  test('lab and live of the same trace agree in all that is semantic; the order in which witnesses were merged does not matter', () => {
    const tracer = channelTrace()
    const shuffled = { ...tracer, events: [...tracer.events].sort((one, other) => (one.witness < other.witness ? 1 : one.witness > other.witness ? -1 : other.seq - one.seq)) }
    expect(recordOf(channelScenario(), shuffled).semantic).toEqual(recordOf(channelScenario(), tracer, 'lab').semantic)
  })
})
