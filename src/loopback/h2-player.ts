import { constants, type Http2ServerRequest, type ServerHttp2Stream } from 'node:http2'
import type { HttpExchangeScript } from '../contract/scenario.js'
import { playExchange, uncached, type ExchangeWire } from './exchange-player.js'
import type { ExchangePlace } from './http-player.js'
import type { Player, PlayerContext } from './player.js'
import { FRAME_LIMIT } from './upgrade.js'

/** Plays one HTTP/2 request at a peer; its stream alone, never the connection that others share. */
export function playHttp2(script: HttpExchangeScript, place: ExchangePlace, request: Http2ServerRequest, context: PlayerContext): Player {
  const { stream } = request
  const player = playExchange(script, wireOf(stream, place.cors), context)
  stream.on('error', () => {})
  stream.on('close', player.closed)
  player.feed({ type: 'request', method: request.method, path: place.path, http_version: `HTTP/${request.httpVersion}`, transport: place.transport, last_event_id: '' })
  if (stream.endAfterHeaders) player.feed({ type: 'body', data: new Uint8Array() })
  else collectBody(request, (data) => player.feed({ type: 'body', data }), context)
  return player
}

function wireOf(stream: ServerHttp2Stream, cors: Record<string, string>): ExchangeWire {
  const reset = (): void => {
    // Neither REFUSED_STREAM nor NO_ERROR: those let a client repeat the request, or take the answer for whole (RFC 9113, 8.1 and 8.7).
    if (!stream.closed) stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }
  return {
    head(status, headers) {
      const fields = Object.entries(uncached({ ...headers, ...cors })).map(([name, value]) => [name.toLowerCase(), value])
      // Node ends a stream before it resets it, which clients would take for a whole answer; one that waits for trailers it only resets.
      // Its compatibility response, made with every request, sends the empty ones where the answer ends.
      stream.respond({ ...Object.fromEntries(fields), ':status': status }, { waitForTrailers: status !== 204 && status !== 304 })
    },
    body(data) {
      if (!stream.headersSent) throw new Error('a body before its head')
      stream.write(data)
    },
    raw() {
      throw new Error('HTTP/2 has no raw text')
    },
    end: () => void stream.end(),
    // A reset overtakes frames that still wait.
    destroy: () => (stream.writableLength > 0 ? void stream.write(new Uint8Array(), reset) : reset()),
    kill: reset,
  }
}

/** Node ends a stream that the client reset as if its body were whole. */
function collectBody({ stream, headers }: Http2ServerRequest, whole: (data: Uint8Array) => void, context: PlayerContext): void {
  const chunks: Buffer[] = []
  let length = 0
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length <= FRAME_LIMIT) return void chunks.push(chunk)
    context.refused(`a request body of more than ${FRAME_LIMIT} bytes`)
    stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM)
  })
  stream.on('end', () => {
    const declared = headers['content-length']
    const cut = stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR || (declared !== undefined && Number(declared) !== length)
    if (!cut) whole(Buffer.concat(chunks))
  })
}
