import { parentPort, workerData } from 'node:worker_threads'
import { EventSource, FormData, Headers, Request, Response, WebSocket, fetch } from 'undici'
import { INJECTED_HOST, type InjectedHost, type RealmControl } from '../src/contract/injected-host.js'
import type { ToRealm } from '../src/contract/realm-protocol.js'
import { artifactScope, evaluateIn } from './worker-scope.js'

// The server's host of the artifact: the same bytes that run in the realms are evaluated here, anew for each run.
const port = parentPort!
const { artifact } = workerData as { artifact: string }

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
