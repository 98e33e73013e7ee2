import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as StandardSocket } from 'undici'
import type { WebSocket } from 'ws'
import { BridgeEventSchema, type RealmEvent } from '../../../src/contract/trace.js'
import { bridgeLogsAgree } from '../../../src/judge/capture-facts.js'
import { until } from '../loopback/support.js'
import { within } from '../subjects/runtimes.js'
import { freshRealm, type FreshRealm } from '../host-probes/support.js'
import { ARTIFACT_SHA256, DONE, HELLO, alive, bridgeServer, mark, orderOf, type BridgeServer } from './support.js'

type RealmSide = typeof import('../../../bridge/realm-side.js')

describe('T0 browser_surface: the realm\'s side of the bridge', () => {
  let server: BridgeServer
  let fresh: FreshRealm
  let realm: RealmSide
  const load = async (): Promise<void> => {
    fresh = await freshRealm()
    realm = await import('../../../bridge/realm-side.js')
  }
  beforeEach(async () => {
    // Node has no WebSocket of the standard's kind before version 22.
    vi.stubGlobal('WebSocket', StandardSocket)
    server = await bridgeServer()
    await load()
  })
  afterEach(async () => {
    vi.unstubAllGlobals()
    vi.doUnmock('../../../bridge/protocol.js')
    await server.close()
  })
  const serveWith = async (serve: (socket: WebSocket) => void): Promise<void> => {
    await server.close()
    server = await bridgeServer({ serve })
  }
  const kinds = (): string[] => fresh.kinds().map((kind) => kind.replace('bridge.', ''))
  /** Both sides' logs, as an attempt merges them. */
  const bothLogs = (): RealmEvent[] => [...fresh.events(), ...server.logs.map((event) => BridgeEventSchema.parse({ ...event, witness: 'bridge', id: 'bridge', seq: 0, ticks: 0, ms: 0 }))]

  it('a handshake alone: both sides log the same session over the same artifact', async () => {
    expect(await within(realm.offerBridge(server.url))).toEqual(DONE)
    await until(() => server.kinds().includes('closed'))
    expect(kinds()).toEqual(['offered', 'accepted', 'closed'])
    expect(server.kinds()).toEqual(['offered', 'accepted', 'closed'])
    const { session } = server.logs[1]!
    expect(fresh.events()[1]).toMatchObject({ side: 'realm', session, artifact_sha256: ARTIFACT_SHA256 })
    expect(bridgeLogsAgree(bothLogs())).toBe(true)
  })

  it('a run: what happened over there is passed on between run and finished, as it was stamped', async () => {
    const ended = within(realm.runOverBridge({ ...orderOf(), bridge_url: server.url }))
    await until(() => server.workers.taken.length === 1)
    const [worker] = server.workers.taken
    worker!.says(HELLO)
    worker!.says({ type: 'events', events: [{ ...mark('over-there'), seq: 40, ticks: 4, ms: 41 }] })
    worker!.says({ type: 'events', events: [alive()] })
    worker!.says(DONE)
    expect(await ended).toEqual(DONE)
    expect(kinds()).toEqual(['offered', 'accepted', 'run', 'mark', 'host.alive', 'finished', 'closed'])
    expect(fresh.events()[3]).toMatchObject({ seq: 40, ticks: 4, ms: 41 })
    await until(() => server.kinds().includes('closed'))
    expect(bridgeLogsAgree(bothLogs())).toBe(true)
  })

  it('a refusal by the server is a failure, and the logs do not agree', async () => {
    const refused = await within(realm.runOverBridge({ ...orderOf('test.other'), bridge_url: server.url }))
    expect(refused).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(bridgeLogsAgree(bothLogs())).toBe(false)
  })

  it('a bridge at which nothing listens', async () => {
    const { url } = server
    await server.close()
    expect(await within(realm.offerBridge(url))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(kinds()).toEqual(['offered', 'refused'])
    server = await bridgeServer()
  })

  it('an address that is none', async () => {
    expect(await within(realm.offerBridge('nonsense'))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(kinds()).toEqual(['offered', 'refused'])
  })

  it('a bridge that never answers is given up in bounded time, and its connection is not left open', async () => {
    const sockets: WebSocket[] = []
    await serveWith((socket) => void sockets.push(socket))
    vi.doMock('../../../bridge/protocol.js', () => ({ HANDSHAKE_LIMIT_MS: 50 }))
    await load()
    expect(await within(realm.offerBridge(server.url))).toMatchObject({ type: 'failed', code: 'bridge_unreachable', message: 'no answer within 50 ms' })
    expect(kinds()).toEqual(['offered', 'refused'])
    await until(() => sockets.length === 1 && sockets[0]!.readyState !== sockets[0]!.OPEN)
  })

  it('a bridge that goes away during a run', async () => {
    const ended = within(realm.runOverBridge({ ...orderOf(), bridge_url: server.url }))
    await until(() => server.workers.taken.length === 1)
    await server.close()
    expect(await ended).toMatchObject({ type: 'failed', code: 'bridge_unreachable', message: 'the bridge closed before the scenario ended' })
    server = await bridgeServer()
  })

  it('a bridge that talks nonsense is left, not believed', async () => {
    await serveWith((socket) => { socket.send('nonsense') })
    vi.doMock('../../../bridge/protocol.js', () => ({ HANDSHAKE_LIMIT_MS: 200 }))
    await load()
    expect(await within(realm.offerBridge(server.url))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(kinds()).not.toContain('accepted')
  })

  it('goes through the realm\'s own WebSocket: the page witness sees no socket of the harness', async () => {
    const { recordSockets } = await import('../../../host-probes/recorder/sockets.js')
    recordSockets(globalThis)
    await within(realm.offerBridge(server.url))
    expect(fresh.kinds().filter((kind) => kind.startsWith('host.'))).toEqual([])
  })
})
