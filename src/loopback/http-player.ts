import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpExchangeScript } from '../contract/scenario.js'
import { endConnection } from './answers.js'
import { playExchange, uncached, type ExchangeWire } from './exchange-player.js'
import type { Player, PlayerContext } from './player.js'
import { FRAME_LIMIT } from './upgrade.js'

/** What a player is told of a request beside the request itself. */
export interface ExchangePlace {
  /** What follows the exchange's id in its address. */
  path: string
  /** Counts the run's transport connections, from 1. */
  transport: number
  /** Headers that let another origin read the answer; empty where there is none. */
  cors: Record<string, string>
}

/** Plays one HTTP/1.1 request at a peer. */
export function playHttp(script: HttpExchangeScript, place: ExchangePlace, request: IncomingMessage, response: ServerResponse, context: PlayerContext): Player {
  const player = playExchange(script, wireOf(request, response, place.cors), context)
  response.on('error', () => {})
  response.on('close', player.closed)
  player.feed({
    type: 'request', method: request.method ?? '', path: place.path, http_version: `HTTP/${request.httpVersion}`, transport: place.transport, last_event_id: lastEventId(request),
  })
  if (hasBody(request)) collectBody(request, (data) => player.feed({ type: 'body', data }), context)
  else player.feed({ type: 'body', data: new Uint8Array() })
  return player
}

function wireOf(request: IncomingMessage, response: ServerResponse, cors: Record<string, string>): ExchangeWire {
  const connection = request.socket
  let framing: 'none' | 'http' | 'raw' = 'none'
  return {
    head(status, headers) {
      framing = 'http'
      sendHead(response, status, { ...headers, ...cors })
    },
    body(data) {
      if (framing === 'none') throw new Error('a body before its head')
      response.write(data)
    },
    raw(text) {
      framing = 'raw'
      connection.write(text)
    },
    end: () => (framing === 'http' ? endAnswer(request, response) : endConnection(connection)),
    destroy: () => endConnection(connection),
    kill: () => void connection.destroy(),
  }
}

function sendHead(response: ServerResponse, status: number, headers: Record<string, string>): void {
  // Each request has its own connection: on a used one some engines repeat a request that the peer broke off.
  response.shouldKeepAlive = false
  response.sendDate = false
  response.strictContentLength = false
  response.writeHead(status, uncached(headers))
  response.flushHeaders()
}

/** Closing while a request's body still comes in would reset the connection and might take the answer with it. */
function endAnswer(request: IncomingMessage, response: ServerResponse): void {
  if (hasBody(request) && !request.complete) request.once('end', () => response.end())
  else response.end()
}

const hasBody = ({ headers }: IncomingMessage): boolean => headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

function collectBody(request: IncomingMessage, whole: (data: Uint8Array) => void, context: PlayerContext): void {
  const chunks: Buffer[] = []
  let length = 0
  request.on('error', () => {})
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= FRAME_LIMIT) return void chunks.push(chunk)
    context.refused(`a request body of more than ${FRAME_LIMIT} bytes`)
    request.socket.destroy()
  })
  request.on('end', () => whole(Buffer.concat(chunks)))
}

/** Sent as UTF-8; Node reads header values as Latin-1. */
function lastEventId(request: IncomingMessage): string {
  const value = request.headers['last-event-id']
  return typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : ''
}
