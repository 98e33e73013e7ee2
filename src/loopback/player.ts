import type { PeerEventDraft } from '../peers/machine-types.js'

/** What a player of one connection or request is given. */
export interface PlayerContext {
  /** Live length of a tick, in ms. */
  tick_ms: number
  /** Stamps the event and hands it on. */
  record(event: PeerEventDraft): void
  /** Something that the peer model's data asked for could not be done. */
  refused(what: string): void
  /** The connection or exchange has ended; called once. */
  over(): void
}

/** One connection or exchange being played. */
export interface Player {
  /** Ends it at once, records nothing more, leaves no timer. */
  end(): void
}

export const errorText = (error: unknown): string => error instanceof Error ? error.message : String(error)
