import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { payloads } from '../../../src/contract/message.js'
import type { SocketConnectionScript } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { dial, join, openLoopback, peerUrl, rawExchange, until, type Joined } from './support.js'

const accept = { answer: 'accept' as const }
const MIB = { kind: 'fill_binary' as const, length: 1024 * 1024 }

describe('T0 virtual_transport_surface: a WebSocket peer, live', () => {
  let loopback: Loopback
  beforeAll(async () => { loopback = await openLoopback() })
  afterAll(() => loopback.close())

  const open = (...connections: SocketConnectionScript[]): Joined => join(loopback, { p: { kind: 'websocket', connections } })
  const reach = (attempt: Joined, protocols: string[] = []) => dial(peerUrl(loopback, attempt, 'p/c'), protocols)
  const last = (attempt: Joined) => attempt.events.at(-1)

  it('accepts with the protocol of its script and says which were offered', async () => {
    const attempt = open({ handshake: { ...accept, protocol: 'beta' } })
    const client = reach(attempt, ['alpha', 'beta'])
    expect(await client.opened).toBe('beta')
    expect(client.socket.extensions).toBe('')
    expect(attempt.events).toMatchObject([
      { kind: 'peer.connected', witness: 'peer', peer: 'p', id: 'c', connection: 1, seq: 0, protocols: ['alpha', 'beta'] },
      { kind: 'peer.accepted', protocol: 'beta', seq: 1 },
    ])
    attempt.dispose()
  })

  it('chooses no protocol unless its script does, and sends one that nobody offered when it does', async () => {
    const plain = open({ handshake: accept })
    await expect(reach(plain, ['alpha']).opened).rejects.toThrow('Server sent no subprotocol')
    const odd = open({ handshake: { ...accept, protocol: 'gamma' } })
    await expect(reach(odd, ['alpha']).opened).rejects.toThrow('Server sent an invalid subprotocol')
    await expect(reach(odd).opened).rejects.toThrow('subprotocol')
    expect(await odd.settled(1000)).toBe(true)
    expect(last(odd)).toMatchObject({ kind: 'peer.closed', clean: false })
  })

  it('rejects with the status of its script', async () => {
    const attempt = open({ handshake: { answer: 'reject', status: 503 } })
    await expect(reach(attempt).opened).rejects.toThrow('status 503')
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.kinds()).toEqual(['peer.connected', 'peer.rejected'])
  })

  it('never answers: the handshake hangs until the client leaves, or the attempt is disposed of', async () => {
    const attempt = open({ handshake: { answer: 'never' } })
    const [leaver, stayer] = [reach(attempt), reach(attempt)]
    for (const { socket } of [leaver, stayer]) socket.on('error', () => {})
    await until(() => attempt.events.length === 2)
    expect(await attempt.settled(20)).toBe(false)
    expect([leaver, stayer].map(({ socket }) => socket.readyState)).toEqual([0, 0])
    leaver.socket.terminate()
    expect(await attempt.settled(20)).toBe(false)
    stayer.socket.terminate()
    expect(await attempt.settled(1000)).toBe(true)
    const held = reach(attempt)
    await until(() => attempt.events.length === 3)
    attempt.dispose()
    await expect(held.opened).rejects.toThrow()
    expect(attempt.kinds()).toEqual(['peer.connected', 'peer.connected', 'peer.connected'])
  })

  it('sees a client that only half-closes an unanswered handshake leave', async () => {
    const attempt = open({ handshake: { answer: 'never' } })
    const { pathname, host } = new URL(peerUrl(loopback, attempt, 'p/c'))
    const socket = connect({ port: Number(new URL(loopback.origin(0)).port), host: '127.0.0.1', allowHalfOpen: true })
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`)
    await until(() => attempt.events.length === 1)
    socket.end()
    expect(await attempt.settled(1000)).toBe(true)
    socket.destroy()
  })

  it('echoes texts, bytes, the empty message and 1 MiB as they were, and records what it saw', async () => {
    const attempt = open({ handshake: accept, on_message: [{ actions: [{ do: 'echo' }] }] })
    const client = reach(attempt)
    await client.opened
    const mebibyte = Buffer.from(payloads(MIB)[0] as Uint8Array)
    const sent = ['grüße 🌍', Buffer.from([0, 255, 128]), '', Buffer.alloc(0), mebibyte]
    for (const message of sent) client.socket.send(message)
    await client.message(sent.length)
    expect(client.received.map((message) => typeof message)).toEqual(['string', 'object', 'string', 'object', 'object'])
    expect(client.received.every((message, index) => Buffer.from(message as string).equals(Buffer.from(sent[index] as string)))).toBe(true)
    const seen = attempt.events.flatMap((event) => event.kind === 'peer.message' ? [event.message] : [])
    expect(seen).toEqual(sent.map((message) => summarize(message)))
    client.socket.close(1000)
    await client.closed
  })

  it('delivers a thousand messages and then its close, in order', async () => {
    const attempt = open({ handshake: accept, on_open: [{ do: 'send', message: { kind: 'text', text: 'n', count: 1000 } }, { do: 'send', message: MIB }, { do: 'close', code: 4001, reason: 'bye' }] })
    const client = reach(attempt)
    expect(await client.closed).toEqual({ code: 4001, reason: 'bye' })
    expect(client.received.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, index) => `n-${index}`))
    expect(client.received).toHaveLength(1001)
    expect(await attempt.settled(1000)).toBe(true)
    expect(last(attempt)).toMatchObject({ kind: 'peer.closed', code: 4001, reason: 'bye', clean: true })
  })

  it('sees the close code and reason of the subject, or that there was none', async () => {
    const attempt = open({ handshake: accept })
    const closeWith = async (...how: [number?, string?]): Promise<void> => {
      const client = reach(attempt)
      await client.opened
      client.socket.close(...how)
      await client.closed
      await attempt.settled(1000)
    }
    await closeWith(3001, 'enough')
    expect(last(attempt)).toMatchObject({ kind: 'peer.closed', code: 3001, reason: 'enough', clean: true, connection: 1 })
    await closeWith()
    expect(last(attempt)).toMatchObject({ kind: 'peer.closed', code: 1005, reason: '', clean: true, connection: 2 })
  })

  it('sees an abnormal end as 1006', async () => {
    const attempt = open({ handshake: accept })
    const client = reach(attempt)
    await client.opened
    client.socket.terminate()
    expect(await attempt.settled(1000)).toBe(true)
    expect(last(attempt)).toMatchObject({ kind: 'peer.closed', code: 1006, clean: false })
  })

  it('breaks off without a closing handshake, after what it sent before has arrived', async () => {
    const attempt = open({ handshake: accept, on_open: [{ do: 'send', message: { kind: 'fill_binary', length: 4 * 1024 * 1024 } }, { do: 'terminate' }] })
    const client = reach(attempt)
    expect((await client.closed).code).toBe(1006)
    expect(client.received.map((message) => message.length)).toEqual([4 * 1024 * 1024])
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.kinds().slice(-2)).toEqual(['peer.terminated', 'peer.closed'])
    expect(last(attempt)).toMatchObject({ code: 1006, clean: false })
  })

  it('plays its waits by the tick, and leaves none behind when the subject closes first', async () => {
    const attempt = open({ handshake: accept, on_message: [{ nth: 1, actions: [{ do: 'wait', ticks: 2 }, { do: 'echo' }, { do: 'wait', ticks: 10_000 }, { do: 'echo' }] }] })
    attempt.start()
    const client = reach(attempt)
    await client.opened
    client.socket.send('x')
    await client.message(1)
    client.socket.close(1000)
    await client.closed
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.kinds()).toEqual(['peer.connected', 'peer.accepted', 'peer.message', 'peer.sent', 'peer.closed'])
  })

  it('gives the n-th connection the n-th script, and the last one to all that follow', async () => {
    const attempt = open({ handshake: accept, on_open: [{ do: 'close', code: 4001 }] }, { handshake: accept, on_open: [{ do: 'close', code: 4002 }] })
    const codes: number[] = []
    for (let nth = 0; nth < 3; nth += 1) codes.push((await reach(attempt).closed).code)
    expect(codes).toEqual([4001, 4002, 4002])
  })

  it('reports what it cannot do, and ends the connection', async () => {
    const attempt = open({ handshake: accept, on_open: [{ do: 'close', code: 1006 }] })
    expect((await reach(attempt).closed).code).toBe(1006)
    expect(attempt.refusals).toEqual([expect.stringMatching(/^peer close: /)])
    expect(await attempt.settled(1000)).toBe(true)
  })

  it('turns a malformed handshake away', async () => {
    const attempt = open({ handshake: accept })
    const { pathname, host } = new URL(peerUrl(loopback, attempt, 'p/c'))
    const answered = await rawExchange(loopback.origin(0), `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    expect(answered).toMatch(/^HTTP\/1\.1 400 /)
    expect(attempt.refusals).toEqual(['peer accept: not a valid WebSocket handshake'])
    expect(await attempt.settled(1000)).toBe(true)
  })
})
