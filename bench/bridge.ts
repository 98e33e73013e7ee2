import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expose, wrap } from 'comlink'
import { WebSocket, WebSocketServer } from 'ws'
import { bridgeEndpoint, type BridgeEndpoint } from '../bridge/endpoint.js'
import { BRIDGE_LIMITS, type BridgeService } from '../bridge/protocol.js'
import type { RunOrder } from '../src/contract/realm-protocol.js'
import type { Scenario } from '../src/contract/scenario.js'
import type { RealmEvent } from '../src/contract/trace.js'
import { startLoopback, type Loopback } from '../src/loopback/loopback.js'
import { socketLine } from '../src/loopback/socket-line.js'
import { loadArtifact } from '../src/run/artifact.js'
import { openBridgeDesk, type BridgeDesk } from '../src/run/bridge-desk.js'
import { findScenarios } from '../src/scenarios/catalogue.js'
import { beside, median, round, type Measure } from './measure.js'

const [ROUNDS, TRIPS, SESSIONS, RUNS] = [40, 500, 500, 20]
const DATA = 'x'.repeat(64)
const EVENTS: RealmEvent[] = [{ witness: 'subject', kind: 'mark', id: 'm', seq: 0, ticks: 0, ms: 0 }]

/** A call over the bridge beside bare `ws` in the same process, sessions held at once with their hearts beating, and what one costs. */
export async function bridge(): Promise<Measure[]> {
  // By turns, in many short rounds: what else the machine does then strikes both alike.
  const [bares, frames, bridgeds]: [number[], number[], number[]] = [[], [], []]
  for (let left = ROUNDS; left > 0; left--) {
    bares.push(await bareTrip())
    frames.push(await frameTrip())
    bridgeds.push(await bridgedTrip())
  }
  const bare: Measure = { name: 'bare ws round trip, 64 B', value: round(Math.min(...bares), 1), unit: 'µs' }
  const framed: Measure = { name: 'bridged round trip, a frame with one event (aim: 1.5 times)', value: round(Math.min(...frames), 1), unit: 'µs' }
  const bridged: Measure = { name: 'bridged round trip, a Comlink call with 64 B (aim: 1.5 times)', value: round(Math.min(...bridgeds), 1), unit: 'µs' }
  return [bare, beside(framed, bare), beside(bridged, bare), ...await sessions()]
}

async function withServer<Result>(serve: (socket: WebSocket) => void, use: (socket: WebSocket) => Promise<Result>): Promise<Result> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('connection', serve)
  await once(server, 'listening')
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { perMessageDeflate: false })
  try {
    await once(socket, 'open')
    return await use(socket)
  } finally {
    socket.terminate()
    server.close()
  }
}

/** Microseconds for one of so many, one in flight. */
async function perTrip(trip: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  for (let left = TRIPS; left > 0; left--) await trip()
  return ((performance.now() - started) * 1000) / TRIPS
}

const bareTrip = (): Promise<number> => withServer(
  (socket) => socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
  (socket) => {
    let heard = (_text: string): void => undefined
    socket.on('message', (data: Buffer) => heard(data.toString()))
    return perTrip(() => new Promise<string>((resolve) => {
      heard = resolve
      socket.send(DATA)
    }))
  },
)

/** A frame of the bridge's own, as those that carry events and beats, and the one that answers it. */
const frameTrip = (): Promise<number> => withServer(
  (socket) => {
    const endpoint = endpointOf(socket)
    endpoint.onevents = (events) => endpoint.sendEvents(events)
  },
  (socket) => {
    const endpoint = endpointOf(socket)
    return perTrip(() => new Promise((resolve) => {
      endpoint.onevents = resolve
      endpoint.sendEvents(EVENTS)
    }))
  },
)

/** The bridge's own endpoint at both ends, with a service that gives back what it gets. */
const bridgedTrip = (): Promise<number> => withServer(
  (socket) => expose({ offer: (data: string) => data }, endpointOf(socket)),
  (socket) => {
    // Taken once: Comlink makes a proxy at each look at a member, which is no part of a round trip.
    const { offer } = wrap<{ offer(data: string): string }>(endpointOf(socket))
    return perTrip(() => offer(DATA))
  },
)

const endpointOf = (socket: WebSocket): BridgeEndpoint =>
  bridgeEndpoint(socketLine(socket), { allowed: () => true, refuse: (reason) => { throw new Error(reason) }, longest: BRIDGE_LIMITS.message_bytes })

interface Held { socket: WebSocket; service: BridgeService; session: string; beats: number; order: RunOrder }

async function sessions(): Promise<Measure[]> {
  const artifact = await loadArtifact('native')
  const desk = openBridgeDesk(artifact.source, artifact.sha256, 2)
  const loopback = await startLoopback({ slots: 1, artifact: '', agent: '', onBridge: desk.serve, bridge_longest: BRIDGE_LIMITS.message_bytes })
  try {
    await shake(loopback, desk, 'first').then(({ socket }) => socket.terminate())
    const before = memory()
    const started = performance.now()
    const held: Held[] = []
    for (let index = 0; index < SESSIONS; index++) held.push(await shake(loopback, desk, `held-${index}`))
    const handshakes = (performance.now() - started) / SESSIONS
    await new Promise((go) => setTimeout(go, 3 * BRIDGE_LIMITS.beat_ms))
    const alive = held.filter(({ socket, beats }) => socket.readyState === WebSocket.OPEN && beats >= 2).length
    const each = (memory() - before) / SESSIONS
    // With all of them held, and a worker only where a run is on.
    const runs: number[] = []
    for (const { service, session, order } of held.slice(0, RUNS)) {
      const begun = performance.now()
      const end = await service.run(session, order)
      if (end.type !== 'done') throw new Error(JSON.stringify(end))
      runs.push(performance.now() - begun)
    }
    held.forEach(({ socket }) => socket.terminate())
    return [
      { name: `sessions held at once, hearts beating (aim: ${SESSIONS})`, value: alive, unit: 'sessions' },
      { name: 'a handshake, one after another', value: round(handshakes, 2), unit: 'ms' },
      { name: 'memory for a held session, both its ends', value: round(each / 1024, 1), unit: 'KiB' },
      { name: 'a run that sets no timer, among them, at the median', value: round(median(runs), 1), unit: 'ms' },
    ]
  } finally {
    await loopback.close()
    await desk.close()
  }
}

async function shake(loopback: Loopback, desk: BridgeDesk, name: string): Promise<Held> {
  const [base] = findScenarios('timer.order.distinct') as [Scenario]
  const scenario: Scenario = { ...base, tasks: { main: [{ op: 'mark', mark: 'm' }] } }
  const attempt = loopback.attempt({ attempt: name, slot: 0, scenario: null, onMessage: () => undefined, onClosed: () => undefined, onPeerEvent: () => undefined, onRefused: (what) => { throw new Error(what) } })
  const order: RunOrder = { type: 'run', scenario, origin: loopback.origin(0), h2_origin: null, peer_path: attempt.peer_path, refused_origins: {}, seed: 1, route: 'bridge', bridge_url: attempt.bridge_url }
  const ticket = desk.expect(name, () => undefined)
  desk.ordered(name, order)
  const socket = new WebSocket(attempt.bridge_url, { perMessageDeflate: false })
  await once(socket, 'open')
  const endpoint = endpointOf(socket)
  const service = wrap<BridgeService>(endpoint) as unknown as BridgeService
  const { session } = await service.offer({ proven_role: 'window', carrier: 'websocket', ticket })
  endpoint.session = session
  const held: Held = { socket, service, session, beats: 0, order }
  endpoint.onbeat = (beat) => {
    held.beats += 1
    endpoint.sendBeat(beat)
  }
  return held
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** What this process holds, in bytes, with as little waste in it as can be had. */
function memory(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
