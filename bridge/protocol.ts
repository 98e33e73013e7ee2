import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import type { RealmEvent } from '../src/contract/trace.js'
import type { HostRole } from '../src/contract/vocabulary.js'

/** What a realm offers when it asks to be downgraded: who it is. */
export interface BridgeOffer {
  proven_role: HostRole | null
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
}

/** A frame on the bridge's WebSocket, as JSON text. */
export type BridgeFrame = { type: 'call'; data: unknown } | { type: 'events'; events: RealmEvent[] }

/** Longest a handshake may take, in ms. */
export const HANDSHAKE_LIMIT_MS = 3_000
