import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'undici'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, type WebSocket as PeerSocket } from 'ws'
import type { SubjectRuntime, SubjectSocketEvents } from '../../../src/contract/subject.js'
import { RUNTIMES, within } from './runtimes.js'

/** Records what a channel hands to its user; `closed` resolves at its end. */
function witness(): { seen: unknown[]; events: SubjectSocketEvents; opened: Promise<void>; closed: Promise<void> } {
  const seen: unknown[] = []
  let [open, close] = [(): void => undefined, (): void => undefined]
  const opened = new Promise<void>((resolve) => { open = resolve })
  const closed = new Promise<void>((resolve) => { close = resolve })
  const events: SubjectSocketEvents = {
    open: (protocol) => { seen.push(`open ${protocol}`); open() },
    message: (data) => { seen.push(typeof data === 'string' ? data : [...data]) },
    error: () => { seen.push('error') },
    close: (...how) => { seen.push(how); close() },
  }
  return { seen, events, opened: within(opened), closed: within(closed) }
}

describe.each(RUNTIMES)('T0 virtual_transport_surface: channels of $subject', ({ start }) => {
  let server: Server
  let peers: WebSocketServer
  let url: string
  let runtime: SubjectRuntime
  const accept = (peer: (socket: PeerSocket) => void): void => { peers.on('connection', peer) }

  beforeEach(async () => {
    vi.stubGlobal('WebSocket', WebSocket)
    server = createServer()
    peers = new WebSocketServer({ server })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    runtime = await start()
  })
  afterEach(async () => {
    await within(runtime.shutdown())
    vi.unstubAllGlobals()
    for (const peer of peers.clients) peer.terminate()
    await new Promise((resolve) => server.close(resolve))
  })

  it('carry text and binary both ways, in order', async () => {
    accept((socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
    const { seen, events, opened, closed } = witness()
    const socket = runtime.sockets!.open(url, [], events)
    await opened
    for (const data of ['one', new Uint8Array([0, 255, 7]), '', new Uint8Array(), 'größer ☃']) socket.send(data)
    await vi.waitFor(() => expect(seen).toHaveLength(6))
    socket.close(3001, 'enough')
    await closed
    expect(seen).toEqual(['open ', 'one', [0, 255, 7], '', [], 'größer ☃', [3001, 'enough', true]])
  })

  it('ask for subprotocols and say which was chosen', async () => {
    accept(() => undefined)
    const { seen, events, opened } = witness()
    runtime.sockets!.open(url, ['alpha', 'beta'], events)
    await opened
    expect(seen).toEqual(['open alpha'])
  })

  it('refuse what is sent before they are open and after they close', async () => {
    accept(() => undefined)
    const { events, opened, closed } = witness()
    const socket = runtime.sockets!.open(url, [], events)
    const refused = expect.objectContaining({ name: 'InvalidStateError' })
    expect(() => socket.send('early')).toThrow(refused)
    await opened
    socket.close()
    expect(() => socket.send('late')).toThrow(refused)
    await closed
    expect(() => socket.send('later')).toThrow(refused)
    expect(() => socket.close()).not.toThrow()
  })

  it('say how the peer closed', async () => {
    accept((socket) => socket.close(4000, 'go away'))
    const { seen, events, closed } = witness()
    runtime.sockets!.open(url, [], events)
    await closed
    expect(seen.at(-1)).toEqual([4000, 'go away', true])
  })

  it('end with 1006 when the peer breaks the connection off', async () => {
    accept((socket) => socket.terminate())
    const { seen, events, closed } = witness()
    runtime.sockets!.open(url, [], events)
    await closed
    expect(seen.at(-1)).toEqual([1006, '', false])
  })

  it('throw at once for a close code that is not allowed', async () => {
    accept(() => undefined)
    const { events, opened } = witness()
    const socket = runtime.sockets!.open(url, [], events)
    await opened
    expect(() => socket.close(1005)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }))
  })

  it('are all closed with 1000 at shutdown, which waits for them and takes no more', async () => {
    const codes: number[] = []
    accept((socket) => socket.on('close', (code) => codes.push(code)))
    const witnesses = Array.from({ length: 5 }, witness)
    for (const { events } of witnesses) runtime.sockets!.open(url, [], events)
    await Promise.all(witnesses.map(({ opened }) => opened))
    await within(runtime.shutdown())
    for (const { seen } of witnesses) expect(seen).toEqual(['open ', [1000, '', true]])
    await vi.waitFor(() => expect(codes).toEqual([1000, 1000, 1000, 1000, 1000]))
    expect(() => runtime.sockets!.open(url, [], witness().events)).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  })
})
