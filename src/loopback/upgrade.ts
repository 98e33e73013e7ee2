import type { IncomingMessage } from 'node:http'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Arrival } from './answers.js'

/** The longest frame taken, in bytes. */
export const FRAME_LIMIT = 16 * 1024 * 1024

/** Completes a handshake; null when the request was no valid handshake (it is answered then). */
export type Upgrade = (arrival: Arrival, protocol: string) => WebSocket | null

/** `longest`: the longest message taken, in bytes; a longer one closes its socket with 1009. */
export function createUpgrade(longest = FRAME_LIMIT): Upgrade {
  const protocols = new WeakMap<IncomingMessage, string>()
  const server = new WebSocketServer({
    noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: longest, handleProtocols: () => false,
  })
  // A peer's script may also answer with a protocol that nobody offered, which `handleProtocols` cannot.
  server.on('headers', (headers, request) => {
    const protocol = protocols.get(request)
    if (protocol) headers.push(`Sec-WebSocket-Protocol: ${protocol}`)
  })
  return ({ request, socket, head }, protocol) => {
    let opened: WebSocket | null = null
    protocols.set(request, protocol)
    server.handleUpgrade(request, socket, head, (webSocket) => { opened = webSocket })
    return opened
  }
}
