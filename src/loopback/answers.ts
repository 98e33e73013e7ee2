import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { Duplex } from 'node:stream'

/** A WebSocket handshake that has come in and is not answered yet. */
export interface Arrival { request: IncomingMessage; socket: Duplex; head: Buffer }

/** Destroys a connection once all that was written has gone out. */
export function endConnection(socket: Duplex): void {
  // An `http.Server` hands out `net.Socket`s, which have this; plain `end()` would leave the read side open.
  if ('destroySoon' in socket && typeof socket.destroySoon === 'function') socket.destroySoon()
  else socket.destroy()
}

/** Answers a handshake with a plain HTTP status. */
export function rejectHandshake(socket: Duplex, status: number): void {
  socket.on('error', () => {})
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Rejected'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  endConnection(socket)
}

/** Answers a request of the harness itself; never cached. */
export function answer(response: ServerResponse | Http2ServerResponse, status: number, body: { type: string; bytes: Buffer; headers?: Record<string, string> } | null): void {
  // No idle connection may stay in the engine's pool: on a used one some engines repeat a request that a peer broke off.
  if ('shouldKeepAlive' in response) response.shouldKeepAlive = false
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(body === null ? {} : { 'content-type': body.type }),
    ...(status === 204 ? {} : { 'content-length': body?.bytes.length ?? 0 }),
    ...body?.headers,
  }
  if ('stream' in response) response.writeHead(status, headers)
  else response.writeHead(status, headers)
  response.end(body?.bytes ?? '')
}

const HEAD = '<!doctype html><html lang="en"><meta charset="utf-8"><title>lanecheck</title><link rel="icon" href="data:,">'
const htmlPage = (body: string, headers: Record<string, string> = {}) => ({ type: 'text/html; charset=utf-8', bytes: Buffer.from(`${HEAD}${body}</html>\n`), headers })

export const html = (script: string, headers?: Record<string, string>) => htmlPage(`<script src="${script}"></script>`, headers)
/** A page that holds another in a sandbox, in sight, as an opaque origin that may run scripts. */
export const sandboxHtml = (url: string, headers: Record<string, string>) => htmlPage(`<iframe sandbox="allow-scripts" src="${url}" width="600" height="400"></iframe>`, headers)
/** Frames in sight: an engine may slow down the timers of what nobody sees. */
export const framesHtml = (urls: string[]) => htmlPage(urls.map((url) => `<iframe src="${url}" width="120" height="60"></iframe>`).join(''))
/** A file that an artifact fetches by URL. */
export const assetFile = (name: string, bytes: Uint8Array, headers: Record<string, string>) =>
  ({ type: name.endsWith('.wasm') ? 'application/wasm' : 'application/octet-stream', bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), headers })
export const javascript = (bytes: Buffer, headers: Record<string, string> = {}) => ({ type: 'text/javascript; charset=utf-8', bytes, headers })
