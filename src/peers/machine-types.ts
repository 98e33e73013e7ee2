import type { PeerEvent } from '../contract/trace.js'

/** A peer event before its player stamps it with `seq`, `ticks`, `ms`, `id`, `peer` and `connection`. */
type Unstamped<Event> = Event extends PeerEvent ? Omit<Event, 'seq' | 'ticks' | 'ms' | 'id' | 'peer' | 'connection' | 'witness'> : never
export type PeerEventDraft = Unstamped<PeerEvent>

/** What happens to one WebSocket connection of a peer. `elapsed` answers the last `wait`. */
export type SocketInput =
  | { type: 'handshake'; protocols: string[] }
  | { type: 'message'; data: string | Uint8Array }
  /** The connection ended: as the peer's end saw it. */
  | { type: 'closed'; code: number; reason: string; clean: boolean }
  | { type: 'elapsed' }

/** What the player must do, in order. `record` is to be stamped and kept at that point of the order. */
export type SocketOutput =
  | { type: 'record'; event: PeerEventDraft }
  | { type: 'accept'; protocol: string }
  | { type: 'reject'; status: number }
  | { type: 'send'; data: string | Uint8Array }
  | { type: 'close'; code: number; reason: string }
  | { type: 'terminate' }
  /** Feed `elapsed` when this many ticks have gone by. At most one is open at a time. */
  | { type: 'wait'; ticks: number }

/** What happens to one HTTP request at a peer. */
export type HttpInput =
  | { type: 'request'; method: string; path: string; http_version: string; transport: number; last_event_id: string }
  /** The request's body, once it has come in whole (empty when it has none). */
  | { type: 'body'; data: Uint8Array }
  | { type: 'elapsed' }
  /** The client ended the connection before the peer ended its answer. */
  | { type: 'client_gone' }

export type HttpOutput =
  | { type: 'record'; event: PeerEventDraft }
  | { type: 'head'; status: number; headers: Record<string, string> }
  | { type: 'body'; data: Uint8Array }
  | { type: 'raw'; text: string }
  | { type: 'end' }
  | { type: 'destroy' }
  | { type: 'wait'; ticks: number }

/** One connection's or request's state; opaque to the player, replaced at each step. */
export interface Stepped<State, Output> {
  state: State
  outputs: Output[]
}
