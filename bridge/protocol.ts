import type { BridgeCarrier } from '../src/contract/bridge-words.js'
import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import type { RealmEvent } from '../src/contract/trace.js'
import type { HostRole } from '../src/contract/vocabulary.js'

/** What a realm offers when it asks to be downgraded: who it is, what carries its words, and the ticket that Node gave its attempt. */
export interface BridgeOffer {
  proven_role: HostRole | null
  carrier: BridgeCarrier
  ticket: string
}

/** The server's acceptance: the session both sides log, and the artifact it will run. */
export interface BridgeAcceptance {
  session: string
  artifact_sha256: string
}

/** What the server offers to a realm; called by Comlink. */
export interface BridgeService {
  offer(offer: BridgeOffer): Promise<BridgeAcceptance>
  /** Runs the scenario in a Node worker of this session alone; its events come as `events` frames meanwhile. */
  run(session: string, order: RunOrder): Promise<FromRealm>
  /** Ends the run under way, which then answers `bridge_cancelled`. */
  cancel(session: string): Promise<void>
}

/** What crosses the bridge. The server beats; the realm gives each beat back as it hears it, whatever has become of its timers. */
export type FrameBody = { type: 'call'; data: unknown } | { type: 'events'; events: RealmEvent[] } | { type: 'beat'; beat: number }
/** A frame on the bridge's line, as JSON text. Each side counts its own from 1; `session` is empty until one is accepted. */
export type BridgeFrame = FrameBody & { n: number; session: string }

/** What a session may use; `_ms` in milliseconds, `message_bytes` of one message as UTF-8, `sessions` at once. */
export interface BridgeLimits {
  message_bytes: number
  sessions: number
  /** From the connection to the acceptance. */
  handshake_ms: number
  /** From the acceptance to the end. */
  session_ms: number
  beat_ms: number
  /** Beats without a frame of the other side: counted, not measured, so that a host that stood still does not take it for the other's silence. */
  silent_beats: number
}

export const BRIDGE_LIMITS: Readonly<BridgeLimits> = {
  message_bytes: 4 * 1024 * 1024, sessions: 1_024, handshake_ms: 3_000, session_ms: 180_000, beat_ms: 1_000, silent_beats: 6,
}
