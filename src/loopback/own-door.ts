import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { WebSocket, type RawData } from 'ws'
import { summarize } from '../contract/summary.js'
import type { BridgeEvent } from '../contract/trace.js'
import { answer, rejectHandshake, type Arrival } from './answers.js'
import { createUpgrade } from './upgrade.js'

/** The kit's door in front of a subject's own server: what goes through it on behalf of one realm is captured, and handed on unchanged. */
export interface OwnDoor {
  readonly session: string
  /** Why the server is lost; never resolves while it is there. */
  readonly lost: Promise<string>
  request(target: string, request: IncomingMessage, response: ServerResponse, cors: Record<string, string>): void
  handshake(target: string, arrival: Arrival): void
  /** Resolves true when nothing goes through it any more, false after `limit_ms`. */
  settled(limit_ms: number): Promise<boolean>
  /** Logs the end and breaks off what is left; nothing is logged afterwards. */
  finish(): void
}

export interface OwnDoorOptions {
  /** `http://127.0.0.1:<port>` of the server. */
  origin: string
  session: string
  /** Longest message taken, in bytes. */
  longest: number
  lost: Promise<string>
  add(event: BridgeEvent): void
}

const HANDSHAKE_LIMIT_MS = 5_000
const [BAD_GATEWAY, HTTP_ERROR] = [502, 400]

/** Opens the door for one realm; its log is the server's side of the session. */
export function openOwnDoor({ origin, session, longest, lost, add }: OwnDoorOptions): OwnDoor {
  const upgrade = createUpgrade(longest)
  const under_way = new Set<() => void>()
  const waiting = new Set<(settled: boolean) => void>()
  const logged = new Set<BridgeEvent['kind']>()
  let [passed, over] = [0, false]

  const log = (kind: BridgeEvent['kind'], carrier: 'websocket' | 'http' | undefined, more: Partial<BridgeEvent> = {}): void => {
    if (!over) add({ witness: 'bridge', side: 'server', id: 'bridge', kind, session, artifact_sha256: null, seq: 0, ticks: 0, ms: 0, ...(carrier === undefined ? {} : { carrier }), ...more })
  }
  const once: typeof log = (kind, ...rest) => {
    if (logged.has(kind)) return
    logged.add(kind)
    log(kind, ...rest)
  }
  const pass = (direction: 'up' | 'down', carrier: 'websocket' | 'http', data: string | Uint8Array): void => {
    if (over) return
    passed += 1
    log('bridge.passed', carrier, { direction, message: summarize(data) })
  }
  const enter = (breakOff: () => void): (() => void) => {
    under_way.add(breakOff)
    return () => {
      under_way.delete(breakOff)
      if (under_way.size === 0) for (const settle of waiting) settle(true)
    }
  }

  return {
    session, lost,
    request(target, request, response, cors) {
      once('bridge.offered', 'http')
      const { host: _, origin: __, ...headers } = request.headers
      const onward = ask(`${origin}${target}`, { method: request.method, headers: { ...headers, connection: 'close' }, agent: false })
      const leave = enter(() => {
        onward.destroy()
        response.destroy()
      })
      onward.on('error', () => (response.headersSent ? response.destroy() : answer(response, BAD_GATEWAY, null)))
      onward.on('response', (answered) => {
        if ((answered.statusCode ?? HTTP_ERROR) < HTTP_ERROR) once('bridge.accepted', 'http')
        response.shouldKeepAlive = false
        response.writeHead(answered.statusCode ?? BAD_GATEWAY, { ...answered.headers, ...cors })
        answered.on('data', (chunk: Buffer) => pass('down', 'http', chunk))
        answered.on('error', () => response.destroy())
        answered.pipe(response)
      })
      response.on('close', () => {
        onward.destroy()
        leave()
      })
      request.on('data', (chunk: Buffer) => pass('up', 'http', chunk))
      request.on('error', () => onward.destroy())
      request.pipe(onward)
    },
    handshake(target, arrival) {
      once('bridge.offered', 'websocket')
      const protocols = (arrival.request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim()).filter((word) => word !== '')
      const server = new WebSocket(`${origin.replace(/^http/, 'ws')}${target}`, protocols, { perMessageDeflate: false, maxPayload: longest, handshakeTimeout: HANDSHAKE_LIMIT_MS })
      let realm: WebSocket | null = null
      const leave = enter(() => {
        server.terminate()
        realm?.terminate()
      })
      const gone = (): void => {
        server.terminate()
        leave()
      }
      arrival.socket.on('error', gone)
      arrival.socket.on('close', gone)
      server.on('error', () => { if (realm === null) rejectHandshake(arrival.socket, BAD_GATEWAY) })
      server.on('open', () => {
        const joined = upgrade(arrival, server.protocol)
        if (joined === null) return gone()
        realm = joined
        once('bridge.accepted', 'websocket')
        hand(joined, server, (data) => pass('up', 'websocket', data))
        hand(server, joined, (data) => pass('down', 'websocket', data))
      })
    },
    settled: (limit_ms) => new Promise((resolve) => {
      if (under_way.size === 0) return resolve(true)
      const settle = (settled: boolean): void => {
        clearTimeout(limit)
        waiting.delete(settle)
        resolve(settled)
      }
      const limit = setTimeout(settle, limit_ms, false)
      waiting.add(settle)
    }),
    finish() {
      if (logged.has('bridge.offered')) log('bridge.finished', undefined, { events: passed })
      over = true
      for (const breakOff of [...under_way]) breakOff()
      for (const settle of [...waiting]) settle(false)
    },
  }
}

/** Hands on what one end says, and its close, to the other. */
function hand(from: WebSocket, to: WebSocket, saw: (data: string | Uint8Array) => void): void {
  from.on('error', () => from.terminate())
  from.on('message', (data: RawData, binary: boolean) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)
    saw(binary ? bytes : bytes.toString())
    if (to.readyState === to.OPEN) to.send(bytes, { binary })
  })
  from.on('close', (code, reason) => {
    // No closing handshake took place, or one without a status: RFC 6455, 7.1.5.
    if (code === 1006) to.terminate()
    else if (code === 1005) to.close()
    else to.close(code, reason)
  })
}
