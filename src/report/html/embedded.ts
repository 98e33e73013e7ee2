import { z } from 'zod'
import { AdmissionSchema, EngineIdentitySchema, HostPacketSchema, RealmProbeSchema } from '../../contract/host.js'
import { CellIdSchema, LaneIdSchema } from '../../contract/lane.js'
import { RunMetadataSchema, VerdictSchema } from '../../contract/verdict.js'
import { SurfaceFamilySchema, VerdictTokenSchema } from '../../contract/vocabulary.js'
import { STANDINGS } from './standing.js'

/** What the HTML report carries in itself: an index that is read at once, and chunks of cells that are read when one is looked at. */

const Index = z.number().int().min(0)
const Count = z.number().int().min(0)

/** Sums of one run, for the plot over many. */
export const HistoryRunSchema = z.strictObject({ id: z.string(), started_at: z.string(), counts: z.partialRecord(VerdictTokenSchema, Count) })
/** The runs of a history, oldest first, and a plot of them as an SVG of its own. */
export const HistorySchema = z.strictObject({ plot: z.string(), runs: z.array(HistoryRunSchema).min(1) })
export type History = z.infer<typeof HistorySchema>

/** A cell of the list: positions in the index's own tables, then in `STANDINGS`, then whether the expectations file speaks of it, then its chunk. */
export const CellRowSchema = z.tuple([Index, Index, Index, Index, Index, z.number().int().min(0).max(STANDINGS.length - 1), z.union([z.literal(0), z.literal(1)]), Index])
export type CellRow = z.infer<typeof CellRowSchema>

export const EmbeddedIndexSchema = z.strictObject({
  /** Between the page and its own script: no record that others read. */
  schema: z.literal('html-report.v1'),
  run: RunMetadataSchema,
  /** The evidence folder's name, without the way to it. */
  evidence: z.string(),
  lanes: z.array(LaneIdSchema),
  scenarios: z.array(z.strictObject({ id: z.string(), title: z.string().nullable(), surface: SurfaceFamilySchema })),
  verdicts: z.array(VerdictTokenSchema),
  reasons: z.array(z.string()),
  /** Lane, scenario, verdict, expected verdict, reason, standing, known, chunk. */
  cells: z.array(CellRowSchema),
  chunks: Count,
  history: HistorySchema.optional(),
})
export type EmbeddedIndex = z.infer<typeof EmbeddedIndexSchema>

/** One side of a step; `ticks` is null where the record keeps none. */
const SideSchema = z.strictObject({ ticks: z.number().int().nullable(), text: z.string() })
export const StepSchema = z.strictObject({
  label: z.string(),
  lab: SideSchema.nullable(),
  live: SideSchema.nullable(),
  /** `unkept`: the lab's record does not tell of such steps. */
  compared: z.enum(['same', 'lab_only', 'live_only', 'differs', 'early', 'late', 'unkept']),
  /** Positions of the findings that name it. */
  findings: z.array(Index),
})
export type Step = z.infer<typeof StepSchema>

export const WitnessedEventSchema = z.strictObject({ ticks: z.number().int(), kind: z.string(), id: z.string(), text: z.string() })
export type WitnessedEvent = z.infer<typeof WitnessedEventSchema>
const SeenSchema = z.strictObject({ events: z.array(WitnessedEventSchema), left_out: Count })
export type Seen = z.infer<typeof SeenSchema>

/** One live result; `attempt` is null when it was lost, and `steps` empty. */
export const ResultStorySchema = z.strictObject({
  result: z.number().int().min(1),
  attempt: z.number().int().min(1).nullable(),
  loss: z.string().nullable(),
  stalled: z.boolean(),
  steps: z.array(StepSchema),
  steps_left_out: Count,
  page: SeenSchema,
  peer: SeenSchema,
  bridge: SeenSchema,
  proxy: SeenSchema,
})
export type ResultStory = z.infer<typeof ResultStorySchema>

export const CellStorySchema = z.strictObject({
  cell_id: CellIdSchema,
  verdict: VerdictSchema,
  /** What the expectations file says of the cell. */
  expected_reason: z.string().nullable(),
  /** Null when the cell kept no bundle that was read. */
  bundle: z.strictObject({
    title: z.string(),
    tick_ms: z.number(),
    engine: EngineIdentitySchema.nullable(),
    admission: AdmissionSchema,
    probe: RealmProbeSchema.nullable(),
    /** Null when the folder has none for the cell. */
    packet: z.strictObject({ path: z.string(), page: HostPacketSchema.shape.page, needs: HostPacketSchema.shape.needs, subject: HostPacketSchema.shape.subject, findings: z.array(z.string()) }).nullable(),
    results: z.array(ResultStorySchema),
    /** Fields that the row asks for and that were not directly observed. */
    unobserved: z.array(z.string()),
    /** By name, as in `lab semantic`. */
    digests: z.array(z.tuple([z.string(), z.string()])),
    /** SHA-256 of the bundle's files, by name. */
    files: z.array(z.tuple([z.string(), z.string()])),
  }).nullable(),
})
export type CellStory = z.infer<typeof CellStorySchema>

export const ChunkSchema = z.array(CellStorySchema)
