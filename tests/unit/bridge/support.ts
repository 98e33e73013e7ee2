import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Worker } from 'node:worker_threads'
import { WebSocketServer } from 'ws'
import type { BridgeWorkers } from '../../../bridge/worker-host.js'
import { serveBridge, type BridgeSessionOptions } from '../../../bridge/server-side.js'
import { FromRealmSchema, type FromRealm, type RunOrder } from '../../../src/contract/realm-protocol.js'
import type { BridgeEvent, RealmEvent } from '../../../src/contract/trace.js'
import { CAPABILITIES } from '../../../src/contract/vocabulary.js'
import { faultyLine, type BridgeFault } from '../../../bridge/faults.js'
import type { BridgeLimits } from '../../../bridge/protocol.js'
import type { ServerLine } from '../../../src/contract/text-line.js'
import { socketLine } from '../../../src/loopback/socket-line.js'
import { scenarioWith } from '../loopback/support.js'

export const ARTIFACT_SHA256 = 'a'.repeat(64)
export const TICKET = 'the-ticket'
export const DONE: FromRealm = { type: 'done', stalled: false }

export const orderOf = (id = 'test.bridge'): RunOrder => ({
  type: 'run', scenario: { ...scenarioWith({}), id, tasks: { main: [{ op: 'mark', mark: 'm' }] } }, origin: 'http://127.0.0.1:4000', h2_origin: null, peer_path: '/token/peer/a/', refused_origins: {}, seed: 1, route: 'bridge', bridge_url: null,
})

export const mark = (id: string): RealmEvent => ({ witness: 'subject', kind: 'mark', id, seq: 0, ticks: 0, ms: 0 })
export const alive = (timers: string[] = []): RealmEvent => ({ witness: 'page', kind: 'host.alive', id: 'realm', timers, sockets: [], requests: [], streams: [], seq: 1, ticks: 0, ms: 0 })

const PROBE = {
  proven_role: null, proofs: [{ check: 'none', holds: false }], global_scope: 'Object', secure_context: false, cross_origin_isolated: false, user_agent: '',
  capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, false])), wasm_blocked: false, clock_step_ms: 0,
}
const SUBJECT = { name: 'script', version: '1.0.0', requires: [], host_roles: ['window'], bridge: true, classification: null }
export const HELLO = FromRealmSchema.parse({ type: 'hello', probe: PROBE, subject: SUBJECT })

/** An artifact that says hello and runs this text when it is ordered to; `say(message)` and `order` are at hand. */
export const artifactOf = (body: string): string => `{
  const { control } = __lanecheckHost
  const say = (message) => control.send(message)
  control.onmessage = (order) => { if (order.type === 'run') { ${body} } }
  say(${JSON.stringify(HELLO)})
}`

/** A worker that the test plays by hand. */
export class HandWorker extends EventEmitter {
  heard: unknown[] = []
  postMessage(message: unknown): void { this.heard.push(message) }
  says(message: unknown): void { this.emit('message', message) }
  /** As a real one does when its artifact is evaluated. */
  evaluates(artifact_sha256 = ARTIFACT_SHA256): void { this.says({ type: 'evaluated', artifact_sha256 }) }
  terminate(): void { this.emit('exit', 1) }
}
export function handWorkers(): BridgeWorkers & { taken: HandWorker[]; given: boolean[] } {
  const taken: HandWorker[] = []
  const given: boolean[] = []
  return {
    taken, given,
    take: () => { const worker = new HandWorker(); taken.push(worker); return worker as unknown as Worker },
    give: (_, clean) => void given.push(clean),
    warm: () => undefined,
    close: () => Promise.resolve(),
  }
}

export interface BridgeServer {
  url: string
  workers: ReturnType<typeof handWorkers>
  /** Kinds that the server logged, with the session of each. */
  logs: Array<Omit<BridgeEvent, 'seq' | 'ticks' | 'ms'>>
  kinds(): string[]
  /** Hosts that the artifact was kept from, unrecorded. */
  refused: string[]
  close(): Promise<void>
}

export interface ServerParts {
  order?: () => RunOrder | null
  serve?: (line: ServerLine, options: BridgeSessionOptions) => void
  limits?: BridgeLimits
  fault?: BridgeFault
  /** In bytes. */
  longest?: number
}

/** The bridge's server side on a port of its own. */
export async function bridgeServer({ order = () => orderOf(), serve = serveBridge, limits, fault, longest }: ServerParts = {}): Promise<BridgeServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, ...(longest === undefined ? {} : { maxPayload: longest }) })
  await new Promise((listening) => server.once('listening', listening))
  const workers = handWorkers()
  const logs: BridgeServer['logs'] = []
  const refused: string[] = []
  let redeemed = false
  const redeem: BridgeSessionOptions['redeem'] = (ticket) => {
    if (ticket !== TICKET) return 'wrong_ticket'
    if (redeemed) return 'ticket_used'
    redeemed = true
    return null
  }
  server.on('connection', (socket) => {
    const line = fault === undefined ? socketLine(socket) : faultyLine(fault, socketLine(socket))
    if (line !== null) serve(line, { workers, artifact_sha256: ARTIFACT_SHA256, redeem, order, log: (event) => logs.push(event), refused: (host) => refused.push(host), ...(limits === undefined ? {} : { limits }) })
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    workers, logs, refused,
    kinds: () => logs.map(({ kind }) => kind.replace('bridge.', '')),
    close: () => new Promise((closed) => {
      for (const client of server.clients) client.terminate()
      server.close(() => closed())
    }),
  }
}
