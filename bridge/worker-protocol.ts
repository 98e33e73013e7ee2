import { z } from 'zod'
import { FromRealmSchema, type FromRealm, type RunOrder } from '../src/contract/realm-protocol.js'

/** What a bridge's worker says: what its realm says, and three things of its own. */
export type FromWorker = FromRealm
  /** SHA-256 of the bytes it evaluated, as it took it itself. */
  | { type: 'evaluated'; artifact_sha256: string }
  /** The host of a call that led out of the captured loopback, and was refused. */
  | { type: 'refused'; host: string }
  /** What is not as it was before the run; empty when another run may follow. */
  | { type: 'left'; left: string[] }

/** `inspect` asks for `left`. `inside`: the only origins that connections may lead to. */
export type ToWorker = { type: 'begin'; asset_base: string; inside: string[] } | RunOrder | { type: 'stop' } | { type: 'inspect' }

export const FromWorkerSchema = z.union([
  FromRealmSchema,
  z.strictObject({ type: z.literal('evaluated'), artifact_sha256: z.string() }),
  z.strictObject({ type: z.literal('refused'), host: z.string() }),
  z.strictObject({ type: z.literal('left'), left: z.array(z.string()) }),
])
