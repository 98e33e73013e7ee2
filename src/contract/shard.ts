import { z } from 'zod'
import { DigestSchema } from './evidence.js'
import { CellIdSchema } from './lane.js'
import { EngineSchema } from './vocabulary.js'

/** Most shards of a plan; a shard's sessions are numbered apart from those of the others, in six digits. */
export const MOST_SHARDS = 999
/** Most sessions of an engine in one shard. */
export const SESSIONS_A_SHARD = 1000

/** Which part of a plan: the `index`th of `of`, from 1; of the cells of one engine alone when it is named. */
export const ShardChoiceSchema = z.strictObject({
  engine: EngineSchema.nullable(),
  index: z.number().int().min(1).max(MOST_SHARDS),
  of: z.number().int().min(1).max(MOST_SHARDS),
})
export type ShardChoice = z.infer<typeof ShardChoiceSchema>

/** `shards/<index>-of-<of>.json`, with `<engine>.` before it for a part of one engine's cells: written after the plan, which is that of all shards. */
export const ShardRecordSchema = z.strictObject({
  schema: z.literal('lanecheck.shard.v1'),
  run_id: z.string().min(1),
  ...ShardChoiceSchema.shape,
  /** Of the canonical form of the plan, which every shard of a run keeps whole. */
  plan_sha256: DigestSchema,
  /** Over the built kit that ran. */
  kit_sha256: DigestSchema,
  /** Of the times that cells were shared out by; null when there were none. */
  times_sha256: DigestSchema.nullable(),
  /** Over the cells of every shard of this cut, in the order of the shards. */
  cut_sha256: DigestSchema,
  /** Those of this shard, in the plan's order. */
  cells: z.array(CellIdSchema),
}).superRefine((shard, issues) => {
  if (shard.index > shard.of) issues.addIssue({ code: 'custom', path: ['index'], message: `there is no shard ${shard.index} of ${shard.of}` })
})
export type ShardRecord = z.infer<typeof ShardRecordSchema>

/** How long cells took once, in whole milliseconds: only to share them out evenly, judged by nobody. */
export const TimesSchema = z.strictObject({
  schema: z.literal('lanecheck.times.v1'),
  ms: z.record(CellIdSchema, z.number().int().min(0)),
})
export type Times = z.infer<typeof TimesSchema>
