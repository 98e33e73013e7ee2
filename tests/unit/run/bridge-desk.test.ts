import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as StandardSocket } from 'undici'
import { WebSocket, WebSocketServer } from 'ws'
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
      socket.on('error', () => undefined)
      desk.serve(path!.slice(1), socket)
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

  it('runs the order of the attempt, and its logs go there and nowhere else', async () => {
    const logs: Record<string, TraceEvent[]> = { a: [], b: [] }
    desk.expect('a', (event) => logs.a!.push(event))
    desk.expect('b', (event) => logs.b!.push(event))
    desk.ordered('a', orderOf())
    desk.ordered('never expected', orderOf())
    const { runOverBridge } = await realmSide()
    expect(await within(runOverBridge({ ...orderOf(), bridge_url: url('a') }))).toEqual({ type: 'done', stalled: false })
    await until(() => logs.a!.length === 5)
    expect(logs.a!.map(({ kind }) => kind)).toEqual(['offered', 'accepted', 'run', 'finished', 'closed'].map((what) => `bridge.${what}`))
    expect(logs.b).toEqual([])
  })

  it('before an order, a handshake is all there is', async () => {
    desk.expect('a', () => undefined)
    const { offerBridge, runOverBridge } = await realmSide()
    expect(await within(offerBridge(url('a')))).toEqual({ type: 'done', stalled: false })
    expect(await within(runOverBridge({ ...orderOf(), bridge_url: url('a') }))).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
  })
})
