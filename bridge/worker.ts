import { createHash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { EventSource, FormData, Headers, Request, Response, WebSocket, fetch as send, setGlobalDispatcher, type Agent, type RequestInfo, type RequestInit } from 'undici'
import { INJECTED_HOST, type InjectedHost, type RealmControl } from '../src/contract/injected-host.js'
import { artifactScope, evaluateIn, HIDDEN, streamingFrom, uncaughtIn } from './worker-scope.js'
import { rememberShared } from './worker-traces.js'
import { walledAgent } from './worker-wall.js'
import type { FromWorker, ToWorker } from './worker-protocol.js'

// The server's host of the artifact: the same bytes that run in the realms are evaluated here, anew for each run.
const port = parentPort!
const { artifact, certificate } = workerData as { artifact: string; certificate: string | null }
const artifact_sha256 = createHash('sha256').update(artifact).digest('hex')
const say = (message: FromWorker): void => port.postMessage(message)

/** Of one run: no connection of it serves another. Over TLS one connection for all streams, as in browsers; nothing but the run's own certificate is trusted. */
function connectionsOfARun(inside: ReadonlySet<string>, refused: (host: string) => void): { plain: Agent; http2: Agent | null } {
  return { plain: walledAgent(inside, refused), http2: certificate === null ? null : walledAgent(inside, refused, { allowH2: true, connections: 1, pipelining: 100, ca: certificate }) }
}
let connections = connectionsOfARun(new Set(), () => undefined)
const isSecure = (input: RequestInfo): boolean => (input instanceof Request ? input.url : String(input)).startsWith('https:')
/** Peers that speak h2 are the only ones over TLS. */
const fetch = (input: RequestInfo, init?: RequestInit): ReturnType<typeof send> => send(input, connections.http2 !== null && isSecure(input) ? { ...init, dispatcher: connections.http2 } : init)

// Node 20 has no EventSource, a WebSocket that does not fire `close` for a failed handshake, and a fetch that takes a
// truncated chunked body for a whole one. This later version of what Node itself uses keeps to the standards.
const STANDARD = { WebAssembly: streamingFrom(WebAssembly), EventSource, FormData, Headers, Request, Response, WebSocket, fetch }

// Node makes some of its globals when they are first asked for, and undici keeps its own there; that is no change of a run's.
setGlobalDispatcher(connections.plain)
artifactScope({})
const changed = rememberShared([globalThis, STANDARD], new Set<PropertyKey>([...HIDDEN, ...Object.getOwnPropertySymbols(globalThis).filter(({ description }) => description?.startsWith('undici.'))]))
/** Timers, sockets and other things that keep Node busy, as names with how many there are. */
const busyWith = (): Map<string, number> => process.getActiveResourcesInfo().reduce((counts, kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1), new Map<string, number>())
let idle: ReturnType<typeof busyWith> | null = null
const kept = (): string[] => [...busyWith()].flatMap(([kind, count]) => (count > (idle?.get(kind) ?? 0) ? [kind] : []))
/** Longest that connections are given to close after a run, in steps of so many ms. */
const [CLOSING_STEPS, CLOSING_STEP_MS] = [20, 10]

let control: RealmControl | null = null
let events: EventTarget | null = null

/** What a run left behind that the next one would find. */
async function left(): Promise<string[]> {
  await Promise.all([connections.plain.destroy(), connections.http2?.destroy()])
  // The wait's own timer must not be counted: it is over when that is done.
  for (let step = 0; step < CLOSING_STEPS && kept().length > 0; step++) await new Promise((go) => { setTimeout(go, CLOSING_STEP_MS) })
  return [...changed(), ...kept()]
}

/** As in a realm: whoever listens hears of it; what nobody listens for ends the run as the subject's own. */
function onUncaught(kind: 'error' | 'unhandledrejection', thrown: unknown): void {
  if (events !== null && uncaughtIn(events, kind, thrown)) return
  const { name, message } = thrown instanceof Error ? thrown : { name: 'NonError', message: String(thrown) }
  control?.send({ type: 'failed', code: 'subject_throws', message: `${name}: ${message}`.slice(0, 2000) })
}
process.on('uncaughtException', (error) => onUncaught('error', error))
process.on('unhandledRejection', (reason) => onUncaught('unhandledrejection', reason))

port.on('message', (message: ToWorker) => {
  if (message.type === 'begin') return begin(message.asset_base, message.inside)
  if (message.type !== 'inspect') return control?.onmessage?.(message)
  control = events = null
  void left().then((names) => say({ type: 'left', left: names }))
})

function begin(asset_base: string, inside: readonly string[]): void {
  idle ??= busyWith()
  const line: RealmControl = { onmessage: null, send: (sent) => { if (control === line) port.postMessage(sent) } }
  control = line
  events = new EventTarget()
  connections = connectionsOfARun(new Set(inside), (host) => { if (control === line) say({ type: 'refused', host }) })
  setGlobalDispatcher(connections.plain)
  const host: InjectedHost = { kind: 'bridge', control: line, asset_base }
  say({ type: 'evaluated', artifact_sha256 })
  try {
    evaluateIn(artifactScope({ ...STANDARD, [INJECTED_HOST]: host }, events), artifact)
  } catch (error) {
    say({ type: 'failed', code: 'harness', message: `the artifact cannot be evaluated: ${error instanceof Error ? error.message : String(error)}` })
  }
}
