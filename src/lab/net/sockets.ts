import { scriptFor, startSocketPeer, stepSocketPeer } from '../../peers/machine.js'
import type { SocketInput, SocketOutput } from '../../peers/machine-types.js'
import type { SocketConnectionScript } from '../../contract/scenario.js'
import { locate } from './addresses.js'
import type { Link } from './link.js'

type Payload = string | Uint8Array
interface Close { code: number; reason: string }
const NO_STATUS = 1005
const ABNORMAL = 1006

/** One WebSocket connection: both ends of its protocol, between the context's WebSocket and the peer model. */
interface Connection {
  id: number
  protocols: string[]
  buffered: number
  opened: boolean
  /** Close frames, by who sent them. */
  client_close: Close | null
  peer_close: Close | null
  /** No frame goes through any more. */
  gone: { client: boolean; peer: boolean }
  feed(input: SocketInput): void
}

export interface SocketNetwork {
  open(id: number, url: string, protocols: string[]): void
  send(id: number, data: Payload): void
  close(id: number, code: number | null, reason: string): void
  buffered(id: number): number
}

const byteLength = (data: Payload): number => (typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength)

export function createSocketNetwork(link: Link): SocketNetwork {
  const connections = new Map<number, Connection>()

  /** The client's end is over: the context hears of it once. */
  function endClient(connection: Connection, close: Close, how: { clean: boolean; failed: boolean }): void {
    if (connection.gone.client) return
    connection.gone.client = true
    link.deliver({ to: 'socket', id: connection.id, type: 'closed', ...close, ...how })
  }
  const failClient = (connection: Connection): void => endClient(connection, { code: ABNORMAL, reason: '' }, { clean: false, failed: true })
  /** The peer's end is over: its machine hears of it once. */
  function endPeer(connection: Connection, close: Close, clean: boolean): void {
    if (connection.gone.peer) return
    connection.gone.peer = true
    connection.feed({ type: 'closed', ...close, clean })
  }
  const dropPeer = (connection: Connection): void => link.hop('peer', () => endPeer(connection, { code: ABNORMAL, reason: '' }, false))

  function perform(connection: Connection, output: Exclude<SocketOutput, { type: 'record' }>, elapsed_ms: (ticks: number) => number): void {
    switch (output.type) {
      case 'accept': return link.hop('client', () => accepted(connection, output.protocol))
      case 'reject': return link.hop('client', () => failClient(connection))
      case 'send': return link.hop('client', () => {
        if (!connection.gone.client) link.deliver({ to: 'socket', id: connection.id, type: 'message', data: output.data })
      })
      case 'close':
        connection.peer_close = { code: output.code, reason: output.reason }
        return link.hop('client', () => closeReachedClient(connection))
      case 'terminate':
        link.hop('client', () => endClient(connection, { code: ABNORMAL, reason: '' }, { clean: false, failed: !connection.opened }))
        return dropPeer(connection)
      case 'wait':
        return link.hop('peer_wait', () => connection.feed({ type: 'elapsed' }), elapsed_ms(output.ticks))
    }
  }

  /** WHATWG: an answer that chose none of the offered protocols, or one not offered, fails the connection. */
  function accepted(connection: Connection, protocol: string): void {
    if (connection.gone.client) return
    const chosen = protocol === '' ? connection.protocols.length === 0 : connection.protocols.includes(protocol)
    if (!chosen) {
      failClient(connection)
      return dropPeer(connection)
    }
    connection.opened = true
    link.deliver({ to: 'socket', id: connection.id, type: 'open', protocol })
  }

  /** The peer's close frame is there: the answer to ours, or to be answered with the same. */
  function closeReachedClient(connection: Connection): void {
    const close = connection.peer_close
    if (connection.gone.client || close === null) return
    if (connection.client_close !== null) return endClient(connection, close, { clean: true, failed: false })
    connection.client_close = close
    link.deliver({ to: 'socket', id: connection.id, type: 'closing' })
    link.hop('peer', () => {
      endPeer(connection, close, true)
      link.hop('client', () => endClient(connection, close, { clean: true, failed: false }))
    })
  }

  /** The client's close frame is there: the answer to the peer's, or to be answered with the same. */
  function closeReachedPeer(connection: Connection, close: Close): void {
    if (connection.gone.peer) return
    endPeer(connection, close, true)
    if (connection.peer_close !== null) return
    connection.peer_close = close
    link.hop('client', () => endClient(connection, close, { clean: true, failed: false }))
  }

  function connect(connection: Connection, script: SocketConnectionScript, from: { peer: string; id: string; connection: number }, tick_ms: number): void {
    let state = startSocketPeer(script)
    connection.feed = (input) => {
      const next = stepSocketPeer(state, input)
      state = next.state
      for (const output of next.outputs) {
        if (output.type === 'record') link.record(output.event, from)
        else perform(connection, output, (ticks) => ticks * tick_ms)
      }
    }
    connection.feed({ type: 'handshake', protocols: connection.protocols })
  }

  return {
    open(id, url, protocols) {
      const connection: Connection = {
        id, protocols, buffered: 0, opened: false, client_close: null, peer_close: null, gone: { client: false, peer: false }, feed: () => undefined,
      }
      connections.set(id, connection)
      const scenario = link.scenario()
      const place = locate(url, scenario)
      if (place.where !== 'peer' || place.model.kind !== 'websocket' || scenario === null) return link.hop('client', () => failClient(connection))
      const { model, peer } = place
      link.hop('peer', () => {
        if (connection.gone.peer) return
        const nth = link.nextConnection(peer, place.id)
        connect(connection, scriptFor(model.connections, nth), { peer, id: place.id, connection: nth }, scenario.tick_ms)
      })
    },
    send(id, data) {
      const connection = connections.get(id)
      if (connection === undefined || connection.client_close !== null) return
      const bytes = byteLength(data)
      connection.buffered += bytes
      link.hop('peer', () => {
        connection.buffered -= bytes
        if (!connection.gone.peer) connection.feed({ type: 'message', data })
      })
    },
    close(id, code, reason) {
      const connection = connections.get(id)
      if (connection === undefined || connection.gone.client) return
      if (!connection.opened) {
        link.hop('client', () => failClient(connection))
        return dropPeer(connection)
      }
      if (connection.client_close !== null) return
      const close = { code: code ?? NO_STATUS, reason }
      connection.client_close = close
      link.hop('peer', () => closeReachedPeer(connection, close))
    },
    buffered: (id) => connections.get(id)?.buffered ?? 0,
  }
}
