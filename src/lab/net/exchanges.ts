import { declaredHttpVersion } from '../../contract/http-version.js'
import type { HttpExchangeScript } from '../../contract/scenario.js'
import { scriptFor, startHttpPeer, stepHttpPeer } from '../../peers/machine.js'
import type { HttpInput, HttpOutput } from '../../peers/machine-types.js'
import type { WireRequest } from '../kernel-types.js'
import { locate, type Place } from './addresses.js'
import type { Link } from './link.js'
import { createStreamReader, createWireReader, type WirePart, type WireReader } from './wire.js'

type AtPeer = Extract<Place, { where: 'peer' }>

/** One HTTP exchange, between the context's client and the peer model. */
interface Exchange {
  id: number
  h2: boolean
  wire: WireReader
  /** As the peer's HTTP server frames what it writes. */
  framing: 'none' | 'http' | 'raw'
  /** The client has what it wanted or gave up: nothing more is delivered. */
  over: boolean
  feed(input: HttpInput): void
}

export interface HttpNetwork {
  open(id: number, request: WireRequest): void
  abort(id: number): void
}

/** Headers that the live server sends beside the peer model's own. */
const ALWAYS: ReadonlyArray<readonly [string, string]> = [['cache-control', 'no-store'], ['connection', 'close']]

function answeredHeaders(own: Record<string, string>, h2: boolean): Array<[string, string]> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  return [...Object.entries(own), ...ALWAYS.filter(([name]) => !names.has(name) && !(h2 && name === 'connection')).map(([name, value]): [string, string] => [name, value])]
}

function lastEventId(headers: string): string {
  const pairs = JSON.parse(headers) as Array<[string, string]>
  return pairs.find(([name]) => name.toLowerCase() === 'last-event-id')?.[1] ?? ''
}

export function createHttpNetwork(link: Link): HttpNetwork {
  const exchanges = new Map<number, Exchange>()
  let transports = 0
  let shared: number | null = null
  /** Each request has a connection of its own in HTTP/1.1, as live; HTTP/2 has one for all. */
  const transportOf = (h2: boolean): number => (h2 ? (shared ??= ++transports) : ++transports)

  const leavePeer = (exchange: Exchange): void => link.hop('peer', () => exchange.feed({ type: 'client_gone' }))

  function deliver(exchange: Exchange, part: WirePart): void {
    const { id } = exchange
    switch (part.type) {
      case 'head': return link.deliver({ to: 'http', id, type: 'head', status: part.status, status_text: part.status_text, headers: part.headers })
      case 'body': return link.deliver({ to: 'http', id, type: 'body', data: part.data })
      case 'complete':
        exchange.over = true
        return link.deliver({ to: 'http', id, type: 'end' })
      case 'broken':
        exchange.over = true
        link.deliver({ to: 'http', id, type: 'error' })
        // A client closes a connection that it cannot make sense of.
        return leavePeer(exchange)
    }
  }
  /** What the peer put on the connection, read at the client's end. */
  const toClient = (exchange: Exchange, read: (wire: WireReader) => WirePart[]): void => link.hop('client', () => {
    if (exchange.over) return
    for (const part of read(exchange.wire)) deliver(exchange, part)
  })

  function perform(exchange: Exchange, output: Exclude<HttpOutput, { type: 'record' }>, tick_ms: number): void {
    switch (output.type) {
      case 'head':
        exchange.framing = 'http'
        return toClient(exchange, (wire) => wire.head(output.status, answeredHeaders(output.headers, exchange.h2)))
      case 'body':
        return toClient(exchange, (wire) => wire.framed(output.data))
      case 'raw':
        exchange.framing = 'raw'
        return toClient(exchange, (wire) => wire.raw(Buffer.from(output.text)))
      case 'end': {
        const framed = exchange.framing === 'http'
        return toClient(exchange, (wire) => (framed ? wire.end() : wire.closed()))
      }
      case 'destroy':
        return toClient(exchange, (wire) => wire.closed())
      case 'wait':
        return link.hop('peer_wait', () => exchange.feed({ type: 'elapsed' }), output.ticks * tick_ms)
    }
  }

  function play(exchange: Exchange, script: HttpExchangeScript, place: AtPeer, connection: number, request: WireRequest, tick_ms: number): void {
    const from = { peer: place.peer, id: place.id, connection }
    let state = startHttpPeer(script)
    exchange.feed = (input) => {
      const next = stepHttpPeer(state, input)
      state = next.state
      for (const output of next.outputs) {
        if (output.type === 'record') link.record(output.event, from)
        else perform(exchange, output, tick_ms)
      }
    }
    exchange.feed({ type: 'request', method: request.method, path: place.path, http_version: exchange.h2 ? 'HTTP/2.0' : 'HTTP/1.1', transport: transportOf(exchange.h2), last_event_id: lastEventId(request.headers) })
    link.hop('peer', () => exchange.feed({ type: 'body', data: request.body ?? new Uint8Array() }))
  }

  function notFound(exchange: Exchange): void {
    deliver(exchange, { type: 'head', status: 404, status_text: 'Not Found', headers: [['cache-control', 'no-store'], ['content-length', '0']] })
    deliver(exchange, { type: 'complete' })
  }

  /** As the live server answers for it. */
  function sendAsset(exchange: Exchange, bytes: Uint8Array): void {
    deliver(exchange, { type: 'head', status: 200, status_text: 'OK', headers: [['cache-control', 'no-store'], ['content-type', 'application/wasm'], ['content-length', String(bytes.byteLength)]] })
    deliver(exchange, { type: 'body', data: bytes })
    deliver(exchange, { type: 'complete' })
  }

  return {
    open(id, request) {
      const scenario = link.scenario()
      const place = locate(request.url, scenario)
      const h2 = place.where === 'peer' && declaredHttpVersion(place.model) === 'h2'
      const exchange: Exchange = { id, h2, wire: h2 ? createStreamReader() : createWireReader(), framing: 'none', over: false, feed: () => undefined }
      exchanges.set(id, exchange)
      if (place.where === 'peer' && place.model.kind === 'http' && scenario !== null) {
        const { exchanges: scripts } = place.model
        return link.hop('peer', () => {
          if (exchange.over) return
          const connection = link.nextConnection(place.peer, place.id)
          play(exchange, scriptFor(scripts, connection), place, connection, request, scenario.tick_ms)
        })
      }
      const asset = place.where === 'asset' ? link.asset(place.name) : null
      const unreachable = place.where === 'refused' || place.where === 'outside'
      link.hop('client', () => {
        if (exchange.over) return
        if (unreachable) deliver(exchange, { type: 'broken' })
        else if (asset !== null) sendAsset(exchange, asset)
        else notFound(exchange)
      })
    },
    abort(id) {
      const exchange = exchanges.get(id)
      if (exchange === undefined || exchange.over) return
      exchange.over = true
      leavePeer(exchange)
    },
  }
}
