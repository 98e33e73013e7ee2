import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as StandardSocket } from 'undici'
import { WebSocket, WebSocketServer } from 'ws'
import { socketLine } from '../../../src/loopback/socket-line.js'
import { BRIDGE_LIMITS } from '../../../bridge/protocol.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { openBridgeDesk, type BridgeDesk } from '../../../src/run/bridge-desk.js'
import { alive, artifactOf, orderOf } from '../bridge/support.js'
import { freshRealm } from '../host-probes/support.js'
import { until } from '../loopback/support.js'
import { within } from '../subjects/runtimes.js'
import { SHA } from './support.js'

const ARTIFACT = artifactOf(`say({ type: 'events', events: [${JSON.stringify(alive())}] }); say({ type: 'done', stalled: false })`)

describe('T0 browser_surface: where bridge sockets find their attempt', () => {
  let desk: BridgeDesk
  let server: WebSocketServer
  const url = (attempt: string): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/${attempt}`
  beforeEach(async () => {
    vi.stubGlobal('WebSocket', StandardSocket)
    desk = openBridgeDesk(ARTIFACT, SHA, 0)
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    server.on('connection', (socket, { url: path }) => {
      desk.serve(path!.slice(1), socketLine(socket))
    })
    await new Promise((listening) => server.once('listening', listening))
  })
  afterEach(async () => {
    vi.unstubAllGlobals()
    for (const client of server.clients) client.terminate()
    await new Promise((closed) => server.close(closed))
    await desk.close()
  })
  const closeOf = (attempt: string): Promise<number> => within(new Promise((closed) => new WebSocket(url(attempt)).on('close', closed)))
  const realmSide = async () => {
    await freshRealm()
    return import('../../../bridge/realm-side.js')
  }

  it('a socket for no attempt, or for one that is over, is closed as a policy violation', async () => {
    expect(await closeOf('unknown')).toBe(1008)
    desk.expect('a', () => undefined)
    desk.forget('a')
    expect(await closeOf('a')).toBe(1008)
  })

  it('a way out that no recorder saw is in the record as behind the proxy of a direct lane', async () => {
    await desk.close()
    desk = openBridgeDesk(artifactOf(`fetch('http://lanecheck-unseen.invalid/').catch(() => { say({ type: 'events', events: [${JSON.stringify(alive())}] }); say({ type: 'done', stalled: false }) })`), SHA, 0)
    const events: TraceEvent[] = []
    const bridge_ticket = desk.expect('a', (event) => events.push(event))
    desk.ordered('a', orderOf())
    const { runOverBridge } = await realmSide()
    expect(await within(runOverBridge({ ...orderOf(), bridge_url: url('a'), bridge_ticket }))).toEqual({ type: 'done', stalled: false })
    expect(events.filter(({ witness }) => witness === 'proxy')).toEqual([{ witness: 'proxy', kind: 'proxy.refused', id: 'lanecheck-unseen.invalid', attributed_to: 'unattributed', seq: 0, ticks: 0, ms: 0 }])
  })

  it('runs the order of the attempt, and its logs go there and nowhere else', async () => {
    const logs: Record<string, TraceEvent[]> = { a: [], b: [] }
    const bridge_ticket = desk.expect('a', (event) => logs.a!.push(event))
    desk.expect('b', (event) => logs.b!.push(event))
    desk.ordered('a', orderOf())
    desk.ordered('never expected', orderOf())
    const { runOverBridge } = await realmSide()
    expect(await within(runOverBridge({ ...orderOf(), bridge_url: url('a'), bridge_ticket }))).toEqual({ type: 'done', stalled: false })
    await until(() => logs.a!.length === 5)
    expect(logs.a!.map(({ kind }) => kind)).toEqual(['offered', 'accepted', 'run', 'finished', 'closed'].map((what) => `bridge.${what}`))
    expect(logs.b).toEqual([])
  })

  it('before an order, a handshake is all there is', async () => {
    const { offerBridge, runOverBridge } = await realmSide()
    expect(await within(offerBridge(url('a'), desk.expect('a', () => undefined)))).toEqual({ type: 'done', stalled: false })
    expect(await within(runOverBridge({ ...orderOf(), bridge_url: url('a'), bridge_ticket: desk.expect('a', () => undefined) }))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
  })

  it('each attempt has a ticket of its own, which its address does not tell', async () => {
    const [one, other] = [desk.expect('a', () => undefined), desk.expect('b', () => undefined)]
    expect(one).toMatch(/^[0-9a-f]{32}$/)
    expect(other).not.toBe(one)
    const { offerBridge } = await realmSide()
    expect(await within(offerBridge(url('a'), other))).toMatchObject({ code: 'bridge_unreachable', message: expect.stringContaining('wrong_ticket') as string })
    expect(await within(offerBridge(url('a'), one))).toEqual({ type: 'done', stalled: false })
    expect(await within(offerBridge(url('a'), one))).toMatchObject({ message: expect.stringContaining('ticket_used') as string })
  })

  it('takes no more sessions at once than its limit, and room is made when one ends', async () => {
    await desk.close()
    desk = openBridgeDesk(ARTIFACT, SHA, 0, { limits: { ...BRIDGE_LIMITS, sessions: 1 } })
    const { offerBridge } = await realmSide()
    const first = new WebSocket(url('a'))
    desk.expect('a', () => undefined)
    await until(() => desk.sessions() === 1)
    expect(await within(offerBridge(url('b'), desk.expect('b', () => undefined)))).toMatchObject({ message: expect.stringContaining('too_many_sessions') as string })
    first.terminate()
    await until(() => desk.sessions() === 0)
    expect(await within(offerBridge(url('b'), desk.expect('b', () => undefined)))).toEqual({ type: 'done', stalled: false })
  })

  it('a desk that closes tells its sessions so', async () => {
    const events: TraceEvent[] = []
    desk.expect('a', (event) => events.push(event))
    const reason = within(new Promise((closed) => { new WebSocket(url('a')).on('close', (_, why) => closed(why.toString())) }))
    await until(() => desk.sessions() === 1)
    await desk.close()
    expect(await reason).toBe('server_closing')
  })
})
