import { z } from 'zod'
import { DigestSchema, InfrastructureLossSchema } from './evidence.js'
import { EngineIdentitySchema } from './host.js'
import { TraceEventSchema } from './trace.js'

/** What is planted in every engine session before any of its cells counts; each must be seen for what it is. */
export const CANARIES = ['nonsense', 'mismatch', 'hang', 'crash'] as const
export const CanaryNameSchema = z.enum(CANARIES)
export type CanaryName = z.infer<typeof CanaryNameSchema>

/** What came back from a canary's realm. */
export const CanarySightSchema = z.strictObject({
  end: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('done'), stalled: z.boolean() }),
    z.strictObject({ type: z.literal('failed'), code: z.string(), message: z.string() }),
  ]).nullable(),
  loss: InfrastructureLossSchema.nullable(),
  events: z.array(TraceEventSchema),
})
export type CanarySight = z.infer<typeof CanarySightSchema>

export const CanaryResultSchema = z.strictObject({
  canary: CanaryNameSchema,
  /** What must have come of it, what came of it, and whether these are the same: derived from `seen` alone. */
  required: z.string(),
  given: z.string(),
  good: z.boolean(),
  seen: CanarySightSchema,
  /** SHA-256 of the canonical form of `seen`. */
  seen_digest: DigestSchema,
})
export type CanaryResult = z.infer<typeof CanaryResultSchema>

/** `canaries/<engine>.<session>.json`: one a session of an engine; cells name the session they ran in. */
export const CanaryRecordSchema = z.strictObject({
  schema: z.literal('lanecheck.canary.v1'),
  run_id: z.string().min(1),
  artifact_sha256: DigestSchema,
  ...EngineIdentitySchema.shape,
  /** Counts an engine's launches in a run from 1, resumed tries included; in shard i from 1000 (i − 1) + 1. */
  session: z.number().int().min(1),
  good: z.boolean(),
  canaries: z.array(CanaryResultSchema).length(CANARIES.length),
})
export type CanaryRecord = z.infer<typeof CanaryRecordSchema>
