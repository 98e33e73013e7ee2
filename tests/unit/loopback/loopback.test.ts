import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { dial, get, join, openLoopback, peerUrl, scenarioWith, until } from './support.js'

const ACCEPT = { chat: { kind: 'websocket' as const, connections: [{ handshake: { answer: 'accept' as const }, on_message: [{ actions: [{ do: 'echo' as const }] }] }] } }
const SILENT = { quiet: { kind: 'http' as const, exchanges: [{ actions: [{ do: 'wait' as const, ticks: 10_000 }] }] } }

describe('T0 browser_surface: what the loopback serves', () => {
  const artifact = '/* ünïcode */ void 0\n'
  let loopback: Loopback
  beforeAll(async () => { loopback = await openLoopback({ slots: 2, artifact, agent: 'agent()' }) })
  afterAll(() => loopback.close())

  it('serves the artifact byte for byte, uncached, with the right a service worker needs', async () => {
    const attempt = join(loopback, {})
    const served = await get(attempt.urls.script)
    expect(Buffer.from(served.body, 'latin1').toString()).toBe(artifact)
    expect(served.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store', 'service-worker-allowed': new URL(attempt.urls.service_worker_scope).pathname,
    })
    expect(served.headers['access-control-allow-origin']).toBeUndefined()
    expect(attempt.urls.service_worker_script.startsWith(attempt.urls.service_worker_scope)).toBe(true)
  })

  it('serves a page that loads the artifact by a classic script', async () => {
    const attempt = join(loopback, {}, 1)
    const page = await get(attempt.urls.window)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    const [, source] = /<script src="([^"]+)"><\/script>/.exec(page.body) ?? []
    expect(new URL(source ?? '', attempt.urls.window).href).toBe(attempt.urls.script)
    expect(new URL(attempt.urls.window).origin).toBe(loopback.origin(1))
  })

  it('serves the page of each slot and its script', async () => {
    const page = await get(loopback.agentUrl(1))
    const [, source] = /<script src="([^"]+)"><\/script>/.exec(page.body) ?? []
    expect((await get(new URL(source ?? '', loopback.agentUrl(1)).href)).body).toBe('agent()')
    expect((await get(loopback.agentUrl(1).replace('1.html', '2.html'))).status).toBe(404)
    expect(loopback.origin(0)).not.toBe(loopback.origin(1))
  })

  it('knows no attempt before it begins, after it is disposed of, or twice', async () => {
    const attempt = join(loopback, {})
    const later = attempt.urls.script.replace(attempt.attempt, 'other')
    expect((await get(later)).status).toBe(404)
    expect(() => loopback.attempt({ attempt: attempt.attempt, slot: 0, scenario: null, onMessage() {}, onClosed() {}, onPeerEvent() {}, onRefused() {} })).toThrow('going on already')
    expect(() => loopback.attempt({ attempt: 'A/B', slot: 0, scenario: null, onMessage() {}, onClosed() {}, onPeerEvent() {}, onRefused() {} })).toThrow('not an attempt id')
    attempt.dispose()
    attempt.dispose()
    expect((await get(attempt.urls.script)).status).toBe(404)
  })
})

describe('T0 browser_surface: bridge connections', () => {
  it('hands them on with their attempt, and finds none without a taker', async () => {
    const taken: string[] = []
    const withBridge = await openLoopback({ onBridge: (attempt, line) => { taken.push(attempt); line.close(4000, '') } })
    const without = await openLoopback()
    const attempt = join(withBridge, {})
    expect((await dial(attempt.bridge_url).closed).code).toBe(4000)
    expect(taken).toEqual([attempt.attempt])
    await expect(dial(attempt.bridge_url.replace(attempt.attempt, 'other')).opened).rejects.toThrow('status 404')
    await expect(dial(join(without, {}).bridge_url).opened).rejects.toThrow('status 404')
    await Promise.all([withBridge.close(), without.close()])
  })
})

describe('T0 virtual_transport_surface: attempts side by side', () => {
  let loopback: Loopback
  afterEach(() => loopback.close())

  it('keeps the events and counts of two attempts apart', async () => {
    loopback = await openLoopback()
    const one = join(loopback, ACCEPT)
    const two = join(loopback, ACCEPT)
    const clients = [dial(peerUrl(loopback, one, 'chat/c')), dial(peerUrl(loopback, two, 'chat/c'))] as const
    await Promise.all(clients.map(({ opened }) => opened))
    clients[0].socket.send('from one')
    await clients[0].message(1)
    for (const { socket, closed } of clients) {
      socket.close(1000)
      await closed
    }
    expect(await one.settled(1000)).toBe(true)
    expect(await two.settled(1000)).toBe(true)
    expect(one.kinds()).toEqual(['peer.connected', 'peer.accepted', 'peer.message', 'peer.sent', 'peer.closed'])
    expect(two.kinds()).toEqual(['peer.connected', 'peer.accepted', 'peer.closed'])
    expect([...one.events, ...two.events].map(({ connection }) => connection)).toEqual(Array(8).fill(1))
    expect(one.events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
  })

  it('counts connections of a channel from 1, each channel by itself', async () => {
    loopback = await openLoopback()
    const attempt = join(loopback, ACCEPT)
    for (const id of ['c', 'c', 'd']) {
      const client = dial(peerUrl(loopback, attempt, `chat/${id}`))
      await client.opened
      client.socket.close()
      await client.closed
    }
    await attempt.settled(1000)
    expect(attempt.events.filter(({ kind }) => kind === 'peer.accepted').map(({ id, connection }) => `${id}${connection}`)).toEqual(['c1', 'c2', 'd1'])
  })

  it('counts no ticks before the start, then counts them by the tick of the scenario', async () => {
    loopback = await openLoopback()
    const attempt = join(loopback, { chat: { kind: 'websocket', connections: [{ handshake: { answer: 'accept' }, on_message: [{ actions: [{ do: 'wait', ticks: 4 }, { do: 'close', code: 1000 }] }] }] } })
    const client = dial(peerUrl(loopback, attempt, 'chat/c'))
    await client.opened
    attempt.start()
    client.socket.send('go')
    await client.closed
    await attempt.settled(1000)
    const at = (kind: string) => attempt.events.find((event) => event.kind === kind)
    expect(at('peer.accepted')).toMatchObject({ ticks: 0, ms: 0 })
    expect(at('peer.close_sent')?.ticks).toBeGreaterThanOrEqual((at('peer.message')?.ticks ?? 0) + 3)
  })

  it('turns requests away that the scenario has no such peer for', async () => {
    loopback = await openLoopback()
    const attempt = join(loopback, { ...ACCEPT, ...SILENT, gone: { kind: 'refused' } })
    expect((await get(peerUrl(loopback, attempt, 'chat/c'))).status).toBe(404)
    expect((await get(peerUrl(loopback, attempt, 'gone/c'))).status).toBe(404)
    expect((await get(peerUrl(loopback, attempt, 'constructor/c'))).status).toBe(404)
    await expect(dial(peerUrl(loopback, attempt, 'quiet/c')).opened).rejects.toThrow('status 404')
    expect(attempt.refusals).toEqual(['no http peer chat', 'no http peer gone', 'no http peer constructor', 'no websocket peer quiet'])
    expect(attempt.events).toEqual([])
  })

  it('is settled with nothing open, not while something is, and disposing ends that without recording it', async () => {
    loopback = await openLoopback()
    const attempt = join(loopback, { ...ACCEPT, ...SILENT })
    expect(await attempt.settled(0)).toBe(true)
    const client = dial(peerUrl(loopback, attempt, 'chat/c'))
    await client.opened
    const request = get(peerUrl(loopback, attempt, 'quiet/e'))
    await until(() => attempt.kinds().includes('peer.request'))
    expect(await attempt.settled(10)).toBe(false)
    const waiting = attempt.settled(60_000)
    const before = attempt.kinds()
    attempt.dispose()
    expect(await waiting).toBe(false)
    expect((await client.closed).code).toBe(1006)
    expect((await request).error).not.toBeNull()
    expect(attempt.kinds()).toEqual(before)
    await expect(dial(peerUrl(loopback, attempt, 'chat/c')).opened).rejects.toThrow('status 404')
  })

  it('survives a listener that disposes of the attempt in the middle of a connection', async () => {
    loopback = await openLoopback()
    const attempt = loopback.attempt({
      attempt: 'brief', slot: 0, scenario: null, onMessage() {}, onClosed() {}, onRefused() {}, onPeerEvent() {},
    })
    attempt.dispose()
    const events: string[] = []
    const again = loopback.attempt({
      attempt: 'brief', slot: 0, scenario: scenarioWith(ACCEPT), onMessage() {}, onClosed() {}, onRefused() {},
      onPeerEvent: ({ kind }) => { events.push(kind); again.dispose() },
    })
    const client = dial(peerUrl(loopback, again, 'chat/c'))
    await client.opened.catch(() => {})
    await client.closed
    expect(events).toEqual(['peer.connected'])
  })
})

describe('T0 virtual_transport_surface: the end of the loopback', () => {
  it('says port_busy when a wanted port is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(openLoopback({ port })).rejects.toMatchObject({ code: 'port_busy' })
    await new Promise((resolve) => other.close(resolve))
    const loopback = await openLoopback({ port })
    expect(loopback.origin(0)).toBe(`http://127.0.0.1:${port}`)
    await loopback.close()
  })

  it('ends everything at once: sockets, requests, held handshakes, controls, waits', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
    const before = handles()
    const loopback = await openLoopback({ slots: 2, onBridge() {} })
    const attempt = join(loopback, { ...ACCEPT, ...SILENT, never: { kind: 'websocket', connections: [{ handshake: { answer: 'never' } }] } })
    const clients = [dial(peerUrl(loopback, attempt, 'chat/c')), dial(attempt.urls.script.replace('realm.js', 'control')), dial(loopback.agentUrl(0).replace('.html', '/control'))]
    await Promise.all(clients.map(({ opened }) => opened))
    const held = dial(peerUrl(loopback, attempt, 'never/c'))
    held.socket.on('error', () => {})
    const request = get(peerUrl(loopback, attempt, 'quiet/e'))
    const idle = connect(Number(new URL(loopback.origin(1)).port), '127.0.0.1').on('error', () => {})
    const bridge = dial(attempt.bridge_url)
    await bridge.opened
    const idleClosed = new Promise((resolve) => idle.on('close', resolve))
    await until(() => attempt.kinds().filter((kind) => kind === 'peer.connected').length === 2 && attempt.kinds().includes('peer.request'))
    const agent = loopback.agent(1).connected(60_000)
    agent.catch(() => {})
    await loopback.close()
    await expect(agent).rejects.toMatchObject({ code: 'realm_lost' })
    await Promise.all([...clients, held, bridge].map(({ closed }) => closed))
    expect((await request).error).not.toBeNull()
    await idleClosed
    await until(() => handles() <= before)
    expect(attempt.closes).toEqual([])
  })
})
