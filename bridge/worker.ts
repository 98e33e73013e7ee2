import { parentPort, workerData } from 'node:worker_threads'
import { Agent, EventSource, FormData, Headers, Request, Response, WebSocket, fetch as send, type RequestInfo, type RequestInit } from 'undici'
import { INJECTED_HOST, type InjectedHost, type RealmControl } from '../src/contract/injected-host.js'
import type { ToRealm } from '../src/contract/realm-protocol.js'
import { artifactScope, evaluateIn } from './worker-scope.js'

// The server's host of the artifact: the same bytes that run in the realms are evaluated here, anew for each run.
const port = parentPort!
const { artifact, certificate } = workerData as { artifact: string; certificate: string | null }

/** One connection for all streams, as in browsers; nothing but the run's own certificate is trusted. */
const http2 = certificate === null ? null : new Agent({ allowH2: true, connections: 1, pipelining: 100, connect: { ca: certificate } })
const isSecure = (input: RequestInfo): boolean => (input instanceof Request ? input.url : String(input)).startsWith('https:')
/** Peers that speak h2 are the only ones over TLS. */
const fetch = (input: RequestInfo, init?: RequestInit): ReturnType<typeof send> => send(input, http2 !== null && isSecure(input) ? { ...init, dispatcher: http2 } : init)

// Node 20 has no EventSource, a WebSocket that does not fire `close` for a failed handshake, and a fetch that takes a
// truncated chunked body for a whole one. This later version of what Node itself uses keeps to the standards.
const STANDARD = { EventSource, FormData, Headers, Request, Response, WebSocket, fetch }

let control: RealmControl | null = null

port.on('message', (message: ToRealm | 'begin') => {
  if (message !== 'begin') return control?.onmessage?.(message)
  const line: RealmControl = { onmessage: null, send: (sent) => { if (control === line) port.postMessage(sent) } }
  control = line
  const host: InjectedHost = { kind: 'bridge', control: line }
  evaluateIn(artifactScope({ ...STANDARD, [INJECTED_HOST]: host }), artifact)
})
