import type { PeerEventDraft } from '../../peers/machine-types.js'
import type { Delivery, TaskKind } from '../kernel-types.js'
import type { Scenario } from '../../contract/scenario.js'

/** What the virtual network needs of the lab. Every hop is a task of its own, without latency. */
export interface Link {
  scenario(): Scenario | null
  /** The bytes of one of the artifact's assets; null when it has none of that name. */
  asset(name: string): Uint8Array | null
  /** Runs `work` as a task, `delay_ms` of virtual time from now. */
  hop(kind: Extract<TaskKind, 'client' | 'peer' | 'peer_wait'>, work: () => void, delay_ms?: number): void
  /** Brings something to the context, as a task. */
  deliver(delivery: Delivery): void
  /** Counts the connections of a peer's channel or exchange, from 1. */
  nextConnection(peer: string, id: string): number
  record(event: PeerEventDraft, from: { peer: string; id: string; connection: number }): void
}
