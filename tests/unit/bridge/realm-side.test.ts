import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as StandardSocket } from 'undici'
import type { RunOrder } from '../../../src/contract/realm-protocol.js'
import type { ServerLine } from '../../../src/contract/text-line.js'
import { BridgeEventSchema, type RealmEvent } from '../../../src/contract/trace.js'
import { bridgeLogsAgree } from '../../../src/judge/capture-facts.js'
import { until } from '../loopback/support.js'
import { within } from '../subjects/runtimes.js'
import { freshRealm, type FreshRealm } from '../host-probes/support.js'
import { ARTIFACT_SHA256, DONE, HELLO, TICKET, alive, bridgeServer, mark, orderOf, type BridgeServer } from './support.js'

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
  const serveWith = async (serve: (line: ServerLine) => void): Promise<void> => {
    await server.close()
    server = await bridgeServer({ serve })
  }
  const order = (id?: string): RunOrder => ({ ...orderOf(id), bridge_url: server.url, bridge_ticket: TICKET })
  /** With limits of its own. */
  const loadWith = async (limits: object): Promise<void> => {
    const { BRIDGE_LIMITS } = await import('../../../bridge/protocol.js')
    vi.doMock('../../../bridge/protocol.js', () => ({ BRIDGE_LIMITS: { ...BRIDGE_LIMITS, ...limits } }))
    await load()
  }
  const kinds = (): string[] => fresh.kinds().map((kind) => kind.replace('bridge.', ''))
  /** Both sides' logs, as an attempt merges them. */
  const bothLogs = (): RealmEvent[] => [...fresh.events(), ...server.logs.map((event) => BridgeEventSchema.parse({ ...event, seq: 0, ticks: 0, ms: 0 }))]

  it('a handshake alone: both sides log the same session over the same artifact', async () => {
    expect(await within(realm.offerBridge(server.url, TICKET))).toEqual(DONE)
    await until(() => server.kinds().includes('closed'))
    expect(kinds()).toEqual(['offered', 'accepted', 'closed'])
    expect(server.kinds()).toEqual(['offered', 'accepted', 'closed'])
    const { session } = server.logs[1]!
    expect(fresh.events()[1]).toMatchObject({ side: 'realm', session, artifact_sha256: ARTIFACT_SHA256 })
    expect(bridgeLogsAgree(bothLogs())).toBe(true)
  })

  it('a run: what happened over there is passed on between run and finished, as it was stamped', async () => {
    const ended = within(realm.runOverBridge(order()))
    await until(() => server.workers.taken.length === 1)
    const [worker] = server.workers.taken
    worker!.evaluates()
    worker!.says(HELLO)
    worker!.says({ type: 'events', events: [{ ...mark('over-there'), seq: 40, ticks: 4, ms: 41 }] })
    worker!.says({ type: 'events', events: [alive()] })
    worker!.says(DONE)
    expect(await ended).toEqual(DONE)
    expect(kinds()).toEqual(['offered', 'accepted', 'run', 'mark', 'host.alive', 'finished', 'closed'])
    expect(fresh.events()[3]).toMatchObject({ seq: 40, ticks: 4, ms: 41 })
    expect(fresh.events().at(-2)).toMatchObject({ kind: 'bridge.finished', events: 2 })
    await until(() => server.kinds().includes('closed'))
    expect(bridgeLogsAgree(bothLogs())).toBe(true)
  })

  it('a refusal by the server is a failure, and the logs do not agree', async () => {
    const refused = await within(realm.runOverBridge(order('test.other')))
    expect(refused).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(bridgeLogsAgree(bothLogs())).toBe(false)
  })

  it('a bridge at which nothing listens', async () => {
    const { url } = server
    await server.close()
    expect(await within(realm.offerBridge(url, TICKET))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(kinds()).toEqual(['offered', 'refused'])
    server = await bridgeServer()
  })

  it('an address that is none', async () => {
    expect(await within(realm.offerBridge('nonsense', TICKET))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(kinds()).toEqual(['offered', 'refused'])
  })

  it('a bridge that never answers is given up in bounded time, and its connection is not left open', async () => {
    const closes: string[] = []
    await serveWith((line) => { line.onclose = (_, reason) => closes.push(reason) })
    await loadWith({ handshake_ms: 50 })
    expect(await within(realm.offerBridge(server.url, TICKET))).toMatchObject({ type: 'failed', code: 'bridge_unreachable', message: 'no handshake with the bridge: handshake_too_slow: no answer within 50 ms' })
    expect(kinds()).toEqual(['offered', 'refused'])
    expect(fresh.events()[1]).toMatchObject({ reason: 'handshake_too_slow' })
    await until(() => closes.length === 1)
  })

  it('a bridge that goes away during a run', async () => {
    const ended = within(realm.runOverBridge(order()))
    await until(() => server.workers.taken.length === 1)
    await server.close()
    expect(await ended).toMatchObject({ type: 'failed', code: 'bridge_unreachable', message: 'the bridge ended before the scenario did: connection_lost' })
    expect(kinds()).toEqual(['offered', 'accepted', 'run', 'lost', 'closed'])
    server = await bridgeServer()
  })

  it('a bridge that talks nonsense is left, not believed', async () => {
    await serveWith((line) => { line.send('nonsense') })
    expect(await within(realm.offerBridge(server.url, TICKET))).toMatchObject({ type: 'failed', code: 'bridge_broken' })
    expect(kinds()).toEqual(['offered', 'refused'])
    expect(fresh.events()[1]).toMatchObject({ reason: 'bad_frame' })
  })

  it('a ticket that is not this attempt\'s gets no session, and the realm hears why', async () => {
    expect(await within(realm.offerBridge(server.url, 'guessed'))).toMatchObject({ type: 'failed', code: 'bridge_unreachable', message: expect.stringContaining('wrong_ticket') as string })
    expect(fresh.events()[1]).toMatchObject({ kind: 'bridge.refused', reason: 'wrong_ticket' })
  })

  it('gives each beat back, and leaves a server that has none for it', async () => {
    let heard = 0
    await serveWith((line) => {
      let n = 0
      const send = (body: object): void => line.send(JSON.stringify({ n: ++n, session: 's', ...body }))
      line.onmessage = (text) => {
        const frame = JSON.parse(text) as { type: string; data: { id: string } }
        if (frame.type === 'beat') { heard += 1; return }
        send({ type: 'call', data: { id: frame.data.id, type: 'RAW', value: { session: 's', artifact_sha256: ARTIFACT_SHA256 } } })
        send({ type: 'beat', beat: 1 })
        line.onmessage = () => { heard += 1 }
      }
    })
    await loadWith({ beat_ms: 10, silent_beats: 8 })
    expect(await within(realm.runOverBridge(order()))).toMatchObject({ type: 'failed', code: 'bridge_unreachable', message: 'the bridge ended before the scenario did: other_side_silent' })
    expect(kinds()).toEqual(['offered', 'accepted', 'run', 'lost', 'closed'])
    expect(heard).toBeGreaterThan(0)
  })

  it('cancels the run under way, and only that', async () => {
    realm.cancelRun()
    const ended = within(realm.runOverBridge(order()))
    await until(() => server.workers.taken.length === 1)
    realm.cancelRun()
    realm.cancelRun()
    expect(await ended).toMatchObject({ type: 'failed', code: 'bridge_cancelled' })
    expect(kinds()).toEqual(['offered', 'accepted', 'run', 'cancelled', 'closed'])
    await until(() => server.kinds().includes('closed'))
    expect(server.kinds()).toEqual(['offered', 'accepted', 'run', 'cancelled', 'closed'])
    expect(server.workers.given).toEqual([false])
  })

  it('goes through the realm\'s own WebSocket: the page witness sees no socket of the harness', async () => {
    const { recordSockets } = await import('../../../host-probes/recorder/sockets.js')
    recordSockets(globalThis)
    await within(realm.offerBridge(server.url, TICKET))
    expect(fresh.kinds().filter((kind) => kind.startsWith('host.'))).toEqual([])
  })
})
