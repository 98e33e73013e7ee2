import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Assets } from '../contract/assets.js'
import type { ServerLine } from '../contract/text-line.js'
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Server as TlsServer } from 'node:https'
import type { AgentDoor } from './agents.js'
import { answer, assetFile, framesHtml, html, javascript, rejectHandshake, sandboxHtml, type Arrival } from './answers.js'
import type { AttemptDoor } from './attempt.js'
import { refuseCaller } from './guard.js'
import { INSECURE_HOST, pageHeaders, type PlantedPageFault } from './page-headers.js'
import { parseRoute, type Route } from './routes.js'
import { socketLine } from './socket-line.js'
import type { Upgrade } from './upgrade.js'

/** What there is to serve. */
export interface Site {
  token: string
  artifact: Buffer
  /** What the artifact fetches by URL. */
  assets: Assets
  agentScript: Buffer
  upgrade: Upgrade
  attempts: ReadonlyMap<string, AttemptDoor>
  agent(slot: number): AgentDoor | undefined
  agentUrl(slot: number): string
  /** With a limit of its own on what it takes. */
  upgradeBridge: Upgrade
  onBridge: ((attempt: string, line: ServerLine) => void) | undefined
  planted: PlantedPageFault | null
}

/** What a slot speaks TLS with; over plain TLS when it is planted to. */
export type SecureServer = Http2SecureServer | TlsServer

/** Who may ask, and who is told of a caller that belongs to no attempt. */
export interface Gate { port: number; origins: ReadonlySet<string>; stranger(what: string): void }

/** Has a bound server answer for the site. */
export function serve(server: Server, site: Site, gate: Gate): void {
  server.on('request', (request, response) => {
    const admitted = admit(site, gate, request)
    if (typeof admitted === 'number') answer(response, admitted, null)
    else serveRequest(site, admitted, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    const admitted = admit(site, gate, request)
    if (typeof admitted === 'number') rejectHandshake(socket, admitted)
    else serveHandshake(site, admitted, { request, socket, head })
  })
  server.on('error', (error) => gate.stranger(`port ${gate.port}: ${error.message}`))
}

/** Has a bound server over TLS answer for the peers that speak h2: for them alone, and to the run's own pages. */
export function serveSecurely(server: SecureServer, site: Site, gate: Gate): void {
  server.on('request', (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => {
    const admitted = admit(site, gate, request)
    if (typeof admitted === 'number') return answer(response, admitted, null)
    const door = admitted.kind === 'peer' ? site.attempts.get(admitted.attempt) : undefined
    if (admitted.kind !== 'peer' || door === undefined) return answer(response, 404, null)
    const cors = corsFor(request)
    if (request.method === 'OPTIONS') return answerPreflight(response, request, cors)
    door.peers.request(admitted, request, response, cors)
  })
  server.on('error', (error: Error) => gate.stranger(`port ${gate.port}: ${error.message}`))
}

/** Only callers that the gate let in are answered, so that the origin is one of the run's own. */
const corsFor = ({ headers: { origin } }: IncomingMessage | Http2ServerRequest): Record<string, string> =>
  (origin === undefined ? {} : { 'access-control-allow-origin': origin, vary: 'origin' })

/** Fetch, CORS-preflight request: the harness's own answer, no peer's. */
function answerPreflight(response: ServerResponse | Http2ServerResponse, { headers }: IncomingMessage | Http2ServerRequest, cors: Record<string, string>): void {
  const asked = { 'access-control-allow-methods': headers['access-control-request-method'], 'access-control-allow-headers': headers['access-control-request-headers'] }
  const allowed = Object.fromEntries(Object.entries(asked).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  answer(response, 204, { type: 'text/plain', bytes: Buffer.alloc(0), headers: { ...cors, ...allowed } })
}

/** Where the caller is let in, or the status it is turned away with. */
function admit(site: Site, gate: Gate, request: IncomingMessage | Http2ServerRequest): Route | number {
  const target = request.url ?? ''
  const route = parseRoute(site.token, target)
  const door = route !== null && 'attempt' in route ? site.attempts.get(route.attempt) : undefined
  const refusal = refuseCaller({ ...request.headers, host: hostOf(request) }, gate.port, originsOf(gate, door), namesOf(door))
  if (refusal === null && target === '/favicon.ico') return 204
  if (refusal === null && route !== null) return route
  const tell = door?.refused ?? gate.stranger
  tell(refusal?.what ?? 'an address that is not of this run')
  return refusal?.status ?? 404
}

/** In HTTP/2 the authority stands for `Host` (RFC 9113, 8.3.1). */
function hostOf({ headers }: IncomingMessage | Http2ServerRequest): string | undefined {
  const authority = headers[':authority']
  return typeof authority === 'string' ? authority : headers.host
}

/** The insecure name leads to attempts on insecure pages alone, and only a sandboxed realm calls from an opaque origin. */
const namesOf = (door: AttemptDoor | undefined): string[] => ['127.0.0.1', ...(door?.page === 'insecure' ? [INSECURE_HOST] : [])]

const originsOf = ({ port, origins }: Gate, door: AttemptDoor | undefined): ReadonlySet<string> =>
  new Set([...origins, ...namesOf(door).map((name) => `http://${name}:${port}`), ...(door?.role === 'sandboxed_iframe' ? ['null'] : [])])

function serveRequest(site: Site, route: Route, request: IncomingMessage, response: ServerResponse): void {
  const door = 'attempt' in route ? site.attempts.get(route.attempt) : undefined
  if (route.kind === 'peer' && door !== undefined) return door.peers.request(route, request, response, null)
  // A sandboxed realm is of an opaque origin: what carries a line over HTTP would be kept from it.
  if (route.kind === 'realm_line' || route.kind === 'bridge_line') for (const [name, value] of Object.entries(corsFor(request))) response.setHeader(name, value)
  if (route.kind === 'realm_line' && door !== undefined) return door.control.request(route.step, request, response)
  if (route.kind === 'own' && door?.own !== undefined) return door.own.request(route.target, request, response, corsFor(request))
  if (route.kind === 'bridge_line' && door !== undefined && site.onBridge !== undefined) return door.bridge.request(route.step, request, response)
  if (route.kind === 'realm_asset') for (const [name, value] of Object.entries(corsFor(request))) response.setHeader(name, value)
  const page = pageOf(site, route, door)
  if (page === null) return answer(response, 404, null)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  answer(response, reads ? 200 : 405, reads ? page : null)
}

function pageOf(site: Site, route: Route, door: AttemptDoor | undefined): ReturnType<typeof javascript> | ReturnType<typeof html> | ReturnType<typeof assetFile> | null {
  const headers = door === undefined ? {} : pageHeaders(door.page, site.planted)
  switch (route.kind) {
    case 'agent_page': return site.agent(route.slot) === undefined ? null : html(`/${site.token}/agent.js`)
    case 'frames_page': return route.slots.every((slot) => site.agent(slot) !== undefined) ? framesHtml(route.slots.map(site.agentUrl)) : null
    case 'agent_script': return javascript(site.agentScript)
    case 'realm_page': return door === undefined ? null : html('realm.js', headers)
    case 'sandbox_page': return door === undefined ? null : sandboxHtml('window.html', headers)
    case 'own_agent_page': return door === undefined ? null : html('agent.js', headers)
    case 'own_agent_script': return door === undefined ? null : javascript(site.agentScript, headers)
    case 'realm_script': return door === undefined ? null : javascript(door.script(site.artifact), { ...headers, 'service-worker-allowed': `/${site.token}/realm/${route.attempt}/` })
    case 'realm_asset': {
      const bytes = site.assets.get(route.name)
      return door === undefined || bytes === undefined ? null : assetFile(route.name, bytes, headers)
    }
    default: return null
  }
}

function serveHandshake(site: Site, route: Route, arrival: Arrival): void {
  if (route.kind === 'agent_control') return openAgent(site, route.slot, arrival)
  const door = 'attempt' in route ? site.attempts.get(route.attempt) : undefined
  if (door !== undefined && route.kind === 'realm_control') return door.openControl(arrival)
  if (door !== undefined && route.kind === 'own_agent_control') return door.openAgent(arrival)
  if (door !== undefined && route.kind === 'peer') return door.peers.handshake(route, arrival)
  if (route.kind === 'own' && door?.own !== undefined) return door.own.handshake(route.target, arrival)
  if (door !== undefined && route.kind === 'bridge' && site.onBridge !== undefined) return openBridge(site.upgradeBridge, route.attempt, site.onBridge, arrival)
  rejectHandshake(arrival.socket, 404)
}

function openAgent(site: Site, slot: number, arrival: Arrival): void {
  const agent = site.agent(slot)
  if (agent === undefined) return rejectHandshake(arrival.socket, 404)
  const socket = site.upgrade(arrival, '')
  if (socket !== null) agent.open(socket)
}

function openBridge(upgrade: Upgrade, attempt: string, onBridge: NonNullable<Site['onBridge']>, arrival: Arrival): void {
  const socket = upgrade(arrival, '')
  if (socket !== null) onBridge(attempt, socketLine(socket))
}
