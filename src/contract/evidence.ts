import { z } from 'zod'
import { AdmissionSchema, EngineIdentitySchema, RealmProbeSchema, SubjectDeclarationSchema } from './host.js'
import { CellIdSchema, LaneIdSchema, ScenarioIdSchema } from './lane.js'
import { FieldObservabilitySchema, NormalizedRecordSchema, ObservedFieldSchema } from './record.js'
import { TraceEventSchema } from './trace.js'
import { ObservabilityStatusSchema, RouteSchema } from './vocabulary.js'
import { WorkerEndSeenSchema } from './worker-end.js'

/** What a cell keeps beside its verdict. Paths are relative to the bundle or, where said so, to the evidence folder. */

export const DigestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 in lower-case hex')

/** `lab.json` */
export const LabRunSchema = z.strictObject({
  schema: z.literal('lanecheck.lab-run.v1'),
  scenario_id: ScenarioIdSchema,
  seed: z.number().int().min(0),
  artifact_sha256: DigestSchema,
  /** Both runs; their hashes must be equal. */
  runs: z.array(z.strictObject({ schedule_hash: DigestSchema, event_hash: DigestSchema, event_count: z.number().int() })).length(2),
  deterministic: z.boolean(),
  record: NormalizedRecordSchema,
})
export type LabRun = z.infer<typeof LabRunSchema>

/** One attempt at the live side of a cell. Attempts are only ever added. */
export const LiveAttemptSchema = z.strictObject({
  attempt: z.number().int().min(1),
  route: RouteSchema,
  record: NormalizedRecordSchema,
})
export type LiveAttempt = z.infer<typeof LiveAttemptSchema>

/** `live.json` */
export const LiveRunSchema = z.strictObject({ schema: z.literal('lanecheck.live-run.v1'), scenario_id: ScenarioIdSchema, attempts: z.array(LiveAttemptSchema) })
export type LiveRun = z.infer<typeof LiveRunSchema>

/** A line of `capture.ndjson`. */
export const CaptureLineSchema = z.strictObject({ attempt: z.number().int().min(1), event: TraceEventSchema })
export type CaptureLine = z.infer<typeof CaptureLineSchema>

/** `capture-manifest.json` */
export const CaptureManifestSchema = z.strictObject({
  schema: z.literal('lanecheck.capture-manifest.v1'),
  scenario_id: ScenarioIdSchema,
  lane_id: LaneIdSchema,
  virtualization_boundary: z.string().min(1),
  /** SHA-256 of `capture.ndjson`, and its lines per witness. */
  capture_sha256: DigestSchema,
  events: z.record(z.enum(['subject', 'page', 'peer', 'bridge', 'proxy']), z.number().int().min(0)),
  fields: z.array(FieldObservabilitySchema),
  unsupported_fields: z.array(ObservedFieldSchema),
  observability_status: ObservabilityStatusSchema,
})
export type CaptureManifest = z.infer<typeof CaptureManifestSchema>

/** Why a cell has no usable live run. */
export const InfrastructureLossSchema = z.strictObject({
  what: z.enum(['engine_not_found', 'engine_launch_failed', 'engine_crashed', 'realm_not_started', 'realm_crashed', 'realm_silent', 'worker_ended', 'loopback_failed', 'interrupted', 'canary_failed', 'output_lost', 'lab_failed', 'own_server_lost']),
  detail: z.string(),
})
export type InfrastructureLoss = z.infer<typeof InfrastructureLossSchema>

/** `live-run.json` */
export const LiveRunMetadataSchema = z.strictObject({
  schema: z.literal('lanecheck.live-run-metadata.v1'),
  cell_id: CellIdSchema,
  lane_id: LaneIdSchema,
  engine: EngineIdentitySchema.nullable(),
  admission: AdmissionSchema,
  /** Whom the host packet admitted, and what its probe saw; kept where the scenario says how it is to be admitted, or the subject has its own downgrade. */
  admitted: z.strictObject({ subject: SubjectDeclarationSchema, probe: RealmProbeSchema.nullable() }).optional(),
  /** The probe of the realm that ran, one an attempt; null where the realm never said hello. */
  probes: z.array(RealmProbeSchema.nullable()),
  /** One a result, as `attempt` counts them in the capture; `session`: of the engine, whose canaries are kept under that number, null when there was none. Those without a loss are the attempts of `live.json`, in order; `stalled`: the scenario's limit ran out first, which is asked of attempts only; `worker_end`: how the run ended its service worker, where it did. */
  results: z.array(z.strictObject({ session: z.number().int().min(1).nullable(), stalled: z.boolean(), loss: InfrastructureLossSchema.nullable(), worker_end: WorkerEndSeenSchema.optional() })),
  config_hash: DigestSchema,
  artifact_sha256: DigestSchema,
  /** Of the captured lines of the last result, witnesses merged, time left out. */
  trace_fingerprint: DigestSchema,
  event_hash: DigestSchema,
  event_count: z.number().int(),
  nondeterminism_notes: z.array(z.string()),
  infrastructure: InfrastructureLossSchema.nullable(),
  /** Provenance only. */
  started_at: z.string(),
  wall_elapsed_ns: z.number(),
})
export type LiveRunMetadata = z.infer<typeof LiveRunMetadataSchema>

/** `replay.json` */
export const ReplayMetadataSchema = z.strictObject({
  schema: z.literal('lanecheck.replay-metadata.v1'),
  cell_id: CellIdSchema,
  seed: z.number().int(),
  schedule_hash: DigestSchema,
  event_hash: DigestSchema,
  event_count: z.number().int(),
  semantic_digest: DigestSchema,
  artifact_sha256: DigestSchema,
  /** The artifact itself, relative to the evidence folder. */
  artifact_path: z.string(),
  /** Which lab ran: only the same one need come to the same hashes. */
  lab_version: z.string().min(1),
  config_hash: DigestSchema,
  repro_command: z.string().min(1),
})
export type ReplayMetadata = z.infer<typeof ReplayMetadataSchema>

/** `bundle.json`: digests of all the rest. */
export const BundleIndexSchema = z.strictObject({
  schema: z.literal('lanecheck.bundle.v1'),
  cell_id: CellIdSchema,
  lane_id: LaneIdSchema,
  run_id: z.string(),
  files: z.record(z.string(), z.strictObject({ sha256: DigestSchema, bytes: z.number().int() })),
})
export type BundleIndex = z.infer<typeof BundleIndexSchema>

const FileStampSchema = z.strictObject({ sha256: DigestSchema, bytes: z.number().int() })
/** `evidence.json`: written last, when the run is complete; digests of all the rest, a bundle's files through its `bundle.json`. */
export const EvidenceIndexSchema = z.strictObject({
  schema: z.literal('lanecheck.evidence-index.v1'),
  run_id: z.string().min(1),
  /** By path, relative to the evidence folder. */
  files: z.record(z.string(), FileStampSchema),
  /** SHA-256 of the canonical form of all of this record but this digest. */
  index_digest: DigestSchema,
})
export type EvidenceIndex = z.infer<typeof EvidenceIndexSchema>
