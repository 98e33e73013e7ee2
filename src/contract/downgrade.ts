import { z } from 'zod'
import { BRIDGE_REASONS, LINE_CARRIERS } from './bridge-words.js'
import { DigestSchema } from './evidence.js'
import { AdmissionSchema, CauseDetailSchema } from './host.js'
import { CellIdSchema, LaneIdSchema, ScenarioIdSchema } from './lane.js'
import { NOT_CARRIED } from './not-carried.js'
import { OwnServerSchema } from './own-downgrade.js'
import { HostRoleSchema } from './vocabulary.js'

const CarrierSchema = z.enum(LINE_CARRIERS)

export const DOWNGRADE_STEPS = ['offered', 'accepted', 'run', 'finished', 'cancelled', 'refused', 'lost'] as const

/** One side's log of a session, as it was captured. */
export const DowngradeLogSchema = z.strictObject({
  /** In order. How a session that is over is closed is no step of it. */
  steps: z.array(z.strictObject({ step: z.enum(DOWNGRADE_STEPS), reason: z.enum(BRIDGE_REASONS).nullable() })),
  /** Null where none was accepted. */
  session: z.string().nullable(),
  artifact_sha256: z.string().nullable(),
  carrier: CarrierSchema.nullable(),
  /** Who asked. */
  proven_role: HostRoleSchema.nullable(),
  /** Events of subject and page that it says it passed on; null when it never came to say. Of a subject's own bridge, messages that crossed its line. */
  events: z.number().int().min(0).nullable(),
  /** SHA-256 of the canonical form of its lines in the capture, `seq`, `ticks` and `ms` left out. */
  log_sha256: DigestSchema,
})
export type DowngradeLog = z.infer<typeof DowngradeLogSchema>

/** `downgrade.json`: what was missing, what the realm offered and the server accepted, both their logs, and what ran where. */
export const DowngradeSchema = z.strictObject({
  schema: z.literal('lanecheck.downgrade.v1'),
  cell_id: CellIdSchema,
  lane_id: LaneIdSchema,
  scenario_id: ScenarioIdSchema,
  admission: AdmissionSchema,
  /** What was missing. */
  missing: CauseDetailSchema,
  /** What the server was to run; a subject's own server runs what it likes. */
  artifact_sha256: DigestSchema,
  /** Present where the subject's own server was the other side. Its log is kept by the kit's door in front of it. */
  own_server: OwnServerSchema.optional(),
  /** One a result, as `attempt` counts them in the capture. */
  attempts: z.array(z.strictObject({
    attempt: z.number().int().min(1),
    /** True when it is no attempt of `live.json`: nothing rests on it. */
    lost: z.boolean(),
    carrier: CarrierSchema.nullable(),
    realm: DowngradeLogSchema,
    server: DowngradeLogSchema,
    ran: z.strictObject({
      /** In the realm: nothing but the bridge's own end. `own_events`: of subject and page that the server never sent; must be none. */
      realm: z.strictObject({ host_role: HostRoleSchema.nullable(), own_events: z.number().int() }),
      /** In a Node worker: subject and scenario. The artifact as the worker hashed it; events as the server sent and the capture holds them. */
      server: z.strictObject({
        host_role: z.literal('server'), artifact_sha256: z.string().nullable(),
        events: z.number().int().min(0), events_sha256: z.string().nullable(), captured_sha256: DigestSchema,
      }),
    }),
    /** In which the two sides differ, or the logs are not those of a completed session; empty when they agree. */
    disagreements: z.array(z.strictObject({ field: z.string(), realm: z.string(), server: z.string() })),
  })),
  /** What this cell says nothing of, because no bridge carries it. */
  not_carried: z.array(z.enum(NOT_CARRIED)).min(1),
  /** Whether every attempt that anything rests on was downgraded as both logs say. */
  complete: z.boolean(),
})
export type Downgrade = z.infer<typeof DowngradeSchema>
export type DowngradeAttempt = Downgrade['attempts'][number]
