import { z } from 'zod'
import { CellIdSchema, LaneIdSchema, ScenarioIdSchema } from './lane.js'

/** How a service worker is ended: by the engine as when it is idle, by taking its registration away, or by a script of other bytes. */
export const WORKER_ENDS = ['stopped', 'unregistered', 'updated'] as const
export type WorkerEndHow = (typeof WORKER_ENDS)[number]
/** When a run ends its service workers: each before its scenario, or each in the middle of it. */
export const WORKER_END_TIMES = ['between', 'during'] as const
export type WorkerEndTime = (typeof WORKER_END_TIMES)[number]

/** A start of a service worker's script, as its global tells: `nonce` is drawn there, `starts` counts evaluations in that global. */
export const WorkerInstanceSchema = z.strictObject({ nonce: z.string().min(1), starts: z.number().int().min(1) })
export type WorkerInstance = z.infer<typeof WorkerInstanceSchema>

/** What Node saw of an end. Places in the capture are numbers of events of this result that came before. */
export const WorkerEndSeenSchema = z.strictObject({
  how: z.enum(WORKER_ENDS),
  phase: z.enum(['before_scenario', 'in_scenario']),
  instance: WorkerInstanceSchema.nullable(),
  asked_at: z.number().int().min(0),
  /** Where its line to Node closed; null when it did not in the time given. */
  gone_at: z.number().int().min(0).nullable(),
  /** Who said hello afterwards; null when nobody did. */
  back: WorkerInstanceSchema.nullable(),
})
export type WorkerEndSeen = z.infer<typeof WorkerEndSeenSchema>

export const PENDING_KINDS = ['timer', 'deadline', 'host_timer', 'socket', 'request', 'stream', 'call'] as const
/** `lost`: the worker is gone and nothing saw it end well. `completed`: a witness outside saw it end well. `unknown`: the worker is not known to be gone. */
export const PENDING_FATES = ['lost', 'completed', 'unknown'] as const

export const PendingSchema = z.strictObject({
  kind: z.enum(PENDING_KINDS),
  /** As the trace calls it: of a `host_timer` the recorder's number, of the others the scenario's name. */
  id: z.string(),
  fate: z.enum(PENDING_FATES),
  /** The event that tells, as in `peer.closed`; null where none does. */
  seen: z.string().nullable(),
})
export type Pending = z.infer<typeof PendingSchema>

/** `worker-end.json`: how a service worker was ended, what was pending, what came of it, and who came back. No claim about how long a worker lives. */
export const WorkerEndSchema = z.strictObject({
  schema: z.literal('lanecheck.worker-end.v1'),
  cell_id: CellIdSchema,
  lane_id: LaneIdSchema,
  scenario_id: ScenarioIdSchema,
  /** One a result whose worker was ended; `attempt` as the capture counts. */
  ends: z.array(z.strictObject({
    attempt: z.number().int().min(1),
    ...WorkerEndSeenSchema.shape,
    /** The last step of the scenario that was seen before, and the first after, as in `timer.set a`; null where there is none. */
    between: z.strictObject({ before: z.string().nullable(), after: z.string().nullable() }),
    pending: z.array(PendingSchema),
    /** Over the bridge: whether its server saw the session end, and why; null where none was running. */
    bridge: z.strictObject({ session: z.string(), ended: z.boolean(), reason: z.string().nullable() }).nullable(),
    /** Whether the one that came back is another start in a global of its own. */
    fresh: z.boolean(),
  })).min(1),
})
export type WorkerEndRecord = z.infer<typeof WorkerEndSchema>
export type WorkerEnd = WorkerEndRecord['ends'][number]
