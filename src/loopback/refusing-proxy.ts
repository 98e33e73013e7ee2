import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Engine } from '../contract/vocabulary.js'
import { BACKGROUND_HOSTS } from './background-hosts.js'
import { handOn, tunnel } from './hand-on.js'

export interface RefusedAttempt {
  /** The host asked for, in lower case; IPv6 without brackets. */
  host: string
  port: number
  /** `CONNECT` for `https:` and `ws:`. */
  method: string
  /** Of this process's `performance.now()`: provenance only. */
  at_ms: number
}

export interface RefusingProxy {
  /** `http://127.0.0.1:<port>` */
  url: string
  /** All attempts so far, in order. */
  refused: readonly RefusedAttempt[]
  /** Returns the function that stops listening. */
  onRefused(listen: (attempt: RefusedAttempt) => void): () => void
  close(): Promise<void>
}

/**
 * Starts a proxy on a free port of 127.0.0.1 that answers 403 to everything at once and keeps what was asked for.
 * What `leadsHere` says is the run's own is handed on to the same port of 127.0.0.1 instead.
 */
export async function startRefusingProxy(leadsHere: (host: string, port: number) => boolean = () => false): Promise<RefusingProxy> {
  const refused: RefusedAttempt[] = []
  const listeners = new Set<(attempt: RefusedAttempt) => void>()
  const sockets = new Set<Socket>()
  const refuse = (request: IncomingMessage): void => {
    const attempt = { ...target(request), method: request.method ?? '', at_ms: performance.now() }
    refused.push(attempt)
    for (const listen of listeners) listen(attempt)
  }

  const own = (request: IncomingMessage): number | null => {
    const { host, port } = target(request)
    return leadsHere(host, port) ? port : null
  }

  const server = createServer((request, answer) => {
    const port = own(request)
    if (port !== null) return handOn(request, answer, port)
    refuse(request)
    request.resume()
    answer.writeHead(403, { 'content-type': 'text/plain', connection: 'close' })
    answer.end('lanecheck refuses the outside\n')
  })
  const refuseTunnel = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const port = own(request)
    if (port !== null) return tunnel(request, socket, head, port)
    refuse(request)
    socket.on('error', () => {})
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  }
  server.on('connect', refuseTunnel)
  server.on('upgrade', refuseTunnel)
  server.on('clientError', (_, socket) => socket.destroy())
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    onRefused: (listen) => {
      listeners.add(listen)
      return () => void listeners.delete(listen)
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    }),
  }
}

/** `CONNECT host:port`, an absolute-form target, or a plain path with a `Host`. */
function target(request: IncomingMessage): { host: string; port: number } {
  const line = request.url ?? ''
  const url = request.method === 'CONNECT' ? parse(`https://${line}`) : (parse(line) ?? parse(`http://${request.headers.host ?? ''}`))
  if (url === null) return { host: line, port: 0 }
  const secure = url.protocol === 'https:' || url.protocol === 'wss:'
  return { host: url.hostname.toLowerCase().replace(/^\[|\]$/g, ''), port: Number(url.port || (secure ? 443 : 80)) }
}

const parse = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null)

/**
 * Whose call an attempt was. A host that a page witness recorded is the subject's, even when the browser calls it too;
 * else one of the engine's own background hosts is the browser's; else nobody knows.
 */
export function attribute(host: string, engine: Engine, recordedHosts: ReadonlySet<string>): 'subject' | 'browser' | 'unattributed' {
  const name = host.toLowerCase()
  if (recordedHosts.has(name)) return 'subject'
  return BACKGROUND_HOSTS[engine].some((pattern) => matches(name, pattern)) ? 'browser' : 'unattributed'
}

function matches(name: string, pattern: string): boolean {
  if (!pattern.startsWith('*.')) return name === pattern
  const domain = pattern.slice(2)
  return name === domain || name.endsWith(`.${domain}`)
}
