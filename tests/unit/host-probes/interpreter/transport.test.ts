import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { summarize } from '../../../../src/contract/summary.js'
import { handRuntime, play, runtimeOf, scenarioOf } from './support.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('T0 virtual_transport_surface: channels of a scenario', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('opens at the peer\'s address, waits, sends what the spec says and closes', async () => {
    const { runtime, sockets } = handRuntime()
    const playing = await play(scenarioOf({ main: [
      { op: 'socket.open', channel: 'c', peer: 'p', protocols: ['one', 'two'] }, { op: 'socket.wait_open', channel: 'c' },
      { op: 'socket.send', channel: 'c', message: { kind: 'text', text: 'm', count: 2 } }, { op: 'socket.send', channel: 'c', message: { kind: 'hex', hex: '00ff' } },
      { op: 'socket.wait_message', channel: 'c', count: 2 }, { op: 'socket.close', channel: 'c', code: 1000, reason: 'bye' }, { op: 'socket.wait_close', channel: 'c' },
    ] }), runtime)
    const socket = sockets.get('ws:p/c')!
    expect(socket.protocols).toEqual(['one', 'two'])
    expect(socket.sent).toEqual([])
    socket.open('two')
    await playing.pass(0)
    expect(socket.sent).toEqual(['m-0', 'm-1', Uint8Array.of(0, 255)])
    socket.message('one')
    await playing.pass(0)
    expect(socket.closes).toEqual([])
    socket.message(bytes('two'))
    await playing.pass(0)
    expect(socket.closes).toEqual([[1000, 'bye']])
    socket.close(1000, 'bye', true)
    await playing.pass(0)
    expect(playing.ended).toEqual({ stalled: false })
    expect(playing.events().slice(0, 9)).toMatchObject([
      { kind: 'channel.opening' }, { kind: 'channel.open', protocol: 'two' }, { kind: 'channel.sent', message: summarize('m-0') }, { kind: 'channel.sent', message: summarize('m-1') },
      { kind: 'channel.sent', message: summarize(Uint8Array.of(0, 255)) }, { kind: 'channel.message', message: summarize('one') }, { kind: 'channel.message', message: summarize(bytes('two')) },
      { kind: 'channel.closing', code: 1000, reason: 'bye' }, { kind: 'channel.closed', code: 1000, reason: 'bye', clean: true },
    ])
  })

  it('a refused send is recorded, and the run goes on', async () => {
    const { runtime } = handRuntime({ sockets: { open: () => ({ send: () => { throw new DOMException('not open', 'InvalidStateError') }, close: () => undefined }) } })
    const playing = await play(scenarioOf({ main: [{ op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'socket.send', channel: 'c', message: { kind: 'text', text: 'x', count: 2 } }, { op: 'mark', mark: 'on' }] }), runtime)
    expect(playing.said().slice(1, 4)).toEqual(['channel.send_refused c', 'channel.send_refused c', 'mark on'])
    expect(playing.events()[1]).toMatchObject({ error: 'InvalidStateError' })
  })

  it('every wait on a channel ends when it closes, open or not', async () => {
    const { runtime, sockets } = handRuntime()
    const playing = await play(scenarioOf({ main: [{ op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'socket.wait_open', channel: 'c' }, { op: 'socket.wait_message', channel: 'c', count: 1 }, { op: 'socket.wait_close', channel: 'c' }] }), runtime)
    sockets.get('ws:p/c')!.error()
    expect(playing.ended).toBeNull()
    sockets.get('ws:p/c')!.close(1006, '', false)
    await playing.pass(0)
    expect(playing.ended).toEqual({ stalled: false })
    expect(playing.said().slice(1, 3)).toEqual(['channel.error c', 'channel.closed c'])
  })
})

describe('T0 http_surface: exchanges of a scenario', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('plans as the step says, waits for head, bytes and end, and sums the body up', async () => {
    const { runtime, exchanges } = handRuntime()
    const playing = await play(scenarioOf({ main: [
      { op: 'request.send', exchange: 'x', peer: 'p', path: 'a/b', method: 'POST', headers: { k: 'v' }, body: { kind: 'text', text: 'sent' }, redirect: 'error' },
      { op: 'request.wait_head', exchange: 'x' }, { op: 'mark', mark: 'head' }, { op: 'request.wait_bytes', exchange: 'x', at_least: 4 }, { op: 'mark', mark: 'bytes' }, { op: 'request.wait_end', exchange: 'x' },
    ] }), runtime)
    const exchange = exchanges.get('http:p/x/a/b')!
    expect(exchange.plan).toEqual({ method: 'POST', headers: { k: 'v' }, body: 'sent', redirect: 'error' })
    exchange.head({ status: 200, redirected: true, headers: {} })
    await playing.pass(0)
    const chunk = bytes('abc')
    exchange.chunk(chunk)
    chunk.fill(0)
    await playing.pass(0)
    expect(playing.said().at(-1)).toBe('exchange.chunk x')
    exchange.chunk(bytes('de'))
    await playing.pass(0)
    exchange.end()
    await playing.pass(0)
    expect(playing.said().slice(0, 7)).toEqual(['exchange.sent x', 'exchange.head x', 'mark head', 'exchange.chunk x', 'exchange.chunk x', 'mark bytes', 'exchange.completed x'])
    expect(playing.events()[1]).toMatchObject({ status: 200, redirected: true })
    expect(playing.events()[6]).toMatchObject({ body: summarize(bytes('abcde')) })
  })

  it('plans a plain GET where the step says no more', async () => {
    const { runtime, exchanges } = handRuntime()
    await play(scenarioOf({ main: [{ op: 'request.send', exchange: 'x', peer: 'p' }] }), runtime)
    expect(exchanges.get('http:p/x')!.plan).toEqual({ method: 'GET', headers: {}, body: null, redirect: 'follow' })
  })

  it('cancel: recorded before it is asked for; a cancel after the end is not recorded, but asked for', async () => {
    const { runtime, exchanges } = handRuntime()
    const playing = await play(scenarioOf({ main: [
      { op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'request.cancel', exchange: 'x' }, { op: 'request.wait_end', exchange: 'x' }, { op: 'request.cancel', exchange: 'x' },
    ] }), runtime)
    expect(playing.said()).toEqual(['exchange.sent x', 'exchange.cancelling x'])
    exchanges.get('http:p/x')!.cancelled()
    await playing.pass(0)
    expect(exchanges.get('http:p/x')!.cancels).toBe(2)
    expect(playing.said().slice(2, 4)).toEqual(['exchange.cancelled x', 'task.finished main'])
  })

  it('a failure ends every wait', async () => {
    const { runtime, exchanges } = handRuntime()
    const playing = await play(scenarioOf({ main: [{ op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'request.wait_head', exchange: 'x' }, { op: 'request.wait_bytes', exchange: 'x', at_least: 1 }, { op: 'request.wait_end', exchange: 'x' }] }), runtime)
    exchanges.get('http:p/x')!.error('TypeError', 'fetch failed')
    await playing.pass(0)
    expect(playing.ended).toEqual({ stalled: false })
    expect(playing.events()[1]).toMatchObject({ kind: 'exchange.failed', error: 'TypeError' })
  })
})

describe('T0 virtual_transport_surface: event streams of a scenario', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  const steps = [{ op: 'events.open', stream: 's', peer: 'p' }, { op: 'events.wait', stream: 's', count: 2 }, { op: 'events.close', stream: 's' }] as const

  it('counts events over a reconnect and closes', async () => {
    const { runtime, streams } = handRuntime()
    const playing = await play(scenarioOf({ main: [...steps] }), runtime)
    const stream = streams.get('http:p/s')!
    stream.open()
    stream.message({ id: '1', event: 'message', data: 'a' })
    stream.error(false)
    await playing.pass(0)
    expect(playing.ended).toBeNull()
    stream.message({ id: '2', event: 'named', data: 'b' })
    await playing.pass(0)
    expect(stream.closes).toBe(1)
    expect(playing.said().slice(0, 6)).toEqual(['stream.opening s', 'stream.open s', 'stream.event s', 'stream.error s', 'stream.event s', 'stream.closed s'])
    expect(playing.events()[4]).toMatchObject({ event_id: '2', event: 'named', data: 'b' })
  })

  it('a wait ends with the last error', async () => {
    const { runtime, streams } = handRuntime()
    const playing = await play(scenarioOf({ main: [...steps] }), runtime)
    streams.get('http:p/s')!.error(true)
    await playing.pass(0)
    expect(playing.ended).toEqual({ stalled: false })
    expect(playing.events()[1]).toMatchObject({ kind: 'stream.error', final: true })
  })

  it.each([
    ['sockets', { op: 'socket.open', channel: 'c', peer: 'p' }], ['requests', { op: 'request.send', exchange: 'x', peer: 'p' }], ['events', { op: 'events.open', stream: 's', peer: 'p' }],
  ] as const)('a subject without %s: the family is absent, which is no error of the subject', async (family, step) => {
    const playing = await play(scenarioOf({ main: [step] }), runtimeOf({}))
    expect(playing.events()[0]).toMatchObject({ kind: 'family.absent', family })
    expect(playing.said().join()).not.toContain('subject.threw')
  })
})
