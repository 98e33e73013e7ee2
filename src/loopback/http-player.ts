import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpExchangeScript } from '../contract/scenario.js'
import { startHttpPeer, stepHttpPeer } from '../peers/machine.js'
import type { HttpInput, HttpOutput } from '../peers/machine-types.js'
import { endConnection } from './answers.js'
import { errorText, type Player, type PlayerContext } from './player.js'
import { FRAME_LIMIT } from './upgrade.js'

/** Plays one request at a peer. `path` is what follows the exchange's id in its address. */
export function playHttp(script: HttpExchangeScript, path: string, request: IncomingMessage, response: ServerResponse, context: PlayerContext): Player {
  const connection = request.socket
  let state = startHttpPeer(script)
  let timer: NodeJS.Timeout | undefined
  let framing: 'none' | 'http' | 'raw' = 'none'
  let ended = false

  const finish = (): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    context.over()
  }
  const feed = (input: HttpInput): void => {
    if (ended) return
    const next = stepHttpPeer(state, input)
    state = next.state
    for (const output of next.outputs) {
      if (ended) return
      try {
        act(output)
      } catch (error) {
        context.refused(`peer ${output.type}: ${errorText(error)}`)
        connection.destroy()
      }
    }
  }
  const act = (output: HttpOutput): void => {
    switch (output.type) {
      case 'record': return context.record(output.event)
      case 'head':
        framing = 'http'
        return sendHead(response, output.status, output.headers)
      case 'body':
        if (framing === 'none') throw new Error('a body before its head')
        return void response.write(output.data)
      case 'raw':
        framing = 'raw'
        return void connection.write(output.text)
      case 'end': return framing === 'http' ? endAnswer(request, response) : endConnection(connection)
      case 'destroy': return endConnection(connection)
      case 'wait':
        timer = setTimeout(feed, output.ticks * context.tick_ms, { type: 'elapsed' })
    }
  }

  response.on('error', () => {})
  response.on('close', () => {
    feed({ type: 'client_gone' })
    finish()
  })
  feed({ type: 'request', method: request.method ?? '', path, http_version: `HTTP/${request.httpVersion}`, last_event_id: lastEventId(request) })
  if (hasBody(request)) collectBody(request, (data) => feed({ type: 'body', data }), context)
  else feed({ type: 'body', data: new Uint8Array() })
  return {
    end() {
      finish()
      connection.destroy()
    },
  }
}

function sendHead(response: ServerResponse, status: number, headers: Record<string, string>): void {
  // Each request has its own connection: on a used one some engines repeat a request that the peer broke off.
  response.shouldKeepAlive = false
  response.sendDate = false
  response.strictContentLength = false
  const saysCaching = Object.keys(headers).some((name) => name.toLowerCase() === 'cache-control')
  response.writeHead(status, saysCaching ? headers : { ...headers, 'cache-control': 'no-store' })
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
