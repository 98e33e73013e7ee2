import { z } from 'zod'
import { CanaryRecordSchema } from './canary.js'
import { LanecheckError } from './errors.js'
import { BundleIndexSchema, CaptureLineSchema, CaptureManifestSchema, EvidenceIndexSchema, LabRunSchema, LiveAttemptSchema, LiveRunMetadataSchema, LiveRunSchema, ReplayMetadataSchema } from './evidence.js'
import { DowngradeAnswerSchema, DowngradeReportSchema } from './downgrade-report.js'
import { DowngradeLogSchema, DowngradeSchema } from './downgrade.js'
import { AdmissionRuleSchema } from './admission-rule.js'
import { AdmissionSchema, CauseDetailSchema, EngineIdentitySchema, HostPacketSchema, RealmProbeSchema, SubjectDeclarationSchema } from './host.js'
import { CellIdSchema, LaneIdSchema, ScenarioIdSchema } from './lane.js'
import { OwnDowngradeSchema, OwnServerRecordSchema, OwnServerSchema } from './own-downgrade.js'
import { FieldObservabilitySchema, NormalizedRecordSchema, SemanticRecordSchema } from './record.js'
import { ExpectationSchema, LabelSchema, MessageSpecSchema, PeerModelSchema, ScenarioSchema, StepSchema, SyncStepSchema } from './scenario.js'
import { MessageSummarySchema, TraceEventSchema } from './trace.js'
import { GatePacketSchema } from './gate.js'
import { ShardRecordSchema, TimesSchema } from './shard.js'
import { RunTiersSchema, TierRecordSchema } from './tiers.js'
import { FindingSchema, LedgerSchema, PlanSchema, RunMetadataSchema, VerdictSchema } from './verdict.js'
import { ENGINES, HOST_ROLES, ROUTES } from './vocabulary.js'
import { WorkerEndSchema } from './worker-end.js'

/** A record that is kept or read as a file, or as a line of one. */
export interface RecordKind {
  /** As in `lanecheck.<record>.v1`. */
  record: string
  /** Where it is found. */
  file: string
  schema: z.ZodType
}

/** The records of the contract, as a run writes them. */
export const CONTRACT_RECORDS: readonly RecordKind[] = [
  { record: 'plan', file: 'plan.json', schema: PlanSchema },
  { record: 'shard', file: 'shards/<index>-of-<of>.json, or shards/<engine>.<index>-of-<of>.json', schema: ShardRecordSchema },
  { record: 'times', file: 'a file of times, written by lanecheck merge --write-times', schema: TimesSchema },
  { record: 'ledger', file: 'ledger.json', schema: LedgerSchema },
  { record: 'verdict', file: 'verdict.json of a bundle, and a line of ledger.ndjson', schema: VerdictSchema },
  { record: 'host-packet', file: 'hosts/<engine>.<host_role>.json, or hosts/<engine>.<host_role>.<page>-<needs>-without_<globals>.json', schema: HostPacketSchema },
  { record: 'canary', file: 'canaries/<engine>.<session>.json', schema: CanaryRecordSchema },
  { record: 'lab-run', file: 'lab.json of a bundle', schema: LabRunSchema },
  { record: 'live-run', file: 'live.json of a bundle', schema: LiveRunSchema },
  { record: 'normalized-record', file: 'record in lab.json and in each attempt of live.json', schema: NormalizedRecordSchema },
  { record: 'live-run-metadata', file: 'live-run.json of a bundle', schema: LiveRunMetadataSchema },
  { record: 'replay-metadata', file: 'replay.json of a bundle', schema: ReplayMetadataSchema },
  { record: 'capture-manifest', file: 'capture-manifest.json of a bundle', schema: CaptureManifestSchema },
  { record: 'capture-line', file: 'a line of capture.ndjson of a bundle', schema: CaptureLineSchema },
  { record: 'downgrade', file: 'downgrade.json of a bundle that ran over the bridge', schema: DowngradeSchema },
  { record: 'worker-end', file: 'worker-end.json of a bundle whose service worker the run ended', schema: WorkerEndSchema },
  { record: 'own-server', file: 'own-server.json, or `own-servers/<shard>.json`, of a subject with a server of its own', schema: OwnServerRecordSchema },
  { record: 'downgrade-report', file: 'printed by lanecheck downgrade --json', schema: DowngradeReportSchema },
  { record: 'bundle', file: 'bundle.json', schema: BundleIndexSchema },
  { record: 'evidence-index', file: 'evidence.json', schema: EvidenceIndexSchema },
  { record: 'scenario', file: 'scenario.json of a bundle', schema: ScenarioSchema },
  { record: 'run-tiers', file: 'tiers.json', schema: RunTiersSchema },
  { record: 'tier-record', file: 'tier-record.json, left by the kit\'s own tests', schema: TierRecordSchema },
  { record: 'gate-packet', file: '<surface_family>.<lane_id>.json, written by lanecheck gate --out', schema: GatePacketSchema },
]

/** The name of a record's JSON Schema file. */
export const schemaFileName = (record: string): string => `lanecheck.${record}.v1.schema.json`

const oneOf = (tokens: readonly string[]): string => `(?:${tokens.join('|')})`
const REALM = `${oneOf(ENGINES)}\\.${oneOf(HOST_ROLES)}`
const scenarioId = z.toJSONSchema(ScenarioIdSchema).pattern?.replace(/^\^|\$$/g, '') ?? ''

/** What Zod only knows as a function, said as a pattern. */
const PATTERNS = new Map<z.core.$ZodType, string>([
  [LaneIdSchema, `^${REALM}\\.${oneOf(ROUTES)}$`],
  [CellIdSchema, `^${REALM}/${scenarioId}$`],
])

const ONLY_THE_KIT = 'Checked by lanecheck only:'
/** Contradictions between fields that JSON Schema is not asked to tell; the schemas of Zod tell them. */
const CONTRADICTIONS = new Map<z.core.$ZodType, string>([
  [AdmissionSchema, `${ONLY_THE_KIT} support_class, reason_code and route agree (direct: admitted_direct, direct; bridge_only: downgrade_to_server_bridge, bridge; unsupported: `
    + 'realm_unavailable, bridge_unreachable or unsupported_runtime_context, none); bridge_only has bridge_handshake true; cause is null exactly when the answer is direct or the realm unavailable, and may be prerequisite_missing there.'],
  [AdmissionRuleSchema, `${ONLY_THE_KIT} support_class and reason_code agree, as in an Admission.`],
  [VerdictSchema, `${ONLY_THE_KIT} support_class and reason_code agree with the route that ends lane_id; parity only with direct and eligible; bridge_only only with support_class bridge_only; `
    + 'unsupported has an unsupported_reason; a timeout_budget_class other than none has a logical_deadline_id; parity, bridge_only and unsupported have an artifact_bundle.'],
  [ShardRecordSchema, `${ONLY_THE_KIT} index is at most of.`],
  [OwnDowngradeSchema, `${ONLY_THE_KIT} it has a classify or a server, and words only with a classify.`],
  [GatePacketSchema, `${ONLY_THE_KIT} support is that of the route that ends lane_id; each demand of the floor, and the cells, are either met or missing; eligible exactly when nothing is missing, `
    + 'and never with support unsupported; claim is the support of an eligible packet, else none.'],
])

/** Parts that several records hold, or that are worth a name of their own: each becomes a definition. */
const DEFINITIONS: Record<string, z.core.$ZodType> = {
  Admission: AdmissionSchema, AdmissionRule: AdmissionRuleSchema, CauseDetail: CauseDetailSchema, CellId: CellIdSchema, DowngradeAnswer: DowngradeAnswerSchema, DowngradeLog: DowngradeLogSchema, EngineIdentity: EngineIdentitySchema, Expectation: ExpectationSchema, FieldObservability: FieldObservabilitySchema,
  Finding: FindingSchema, GatePacket: GatePacketSchema, Label: LabelSchema, LaneId: LaneIdSchema, LiveAttempt: LiveAttemptSchema, MessageSpec: MessageSpecSchema, MessageSummary: MessageSummarySchema,
  NormalizedRecord: NormalizedRecordSchema, OwnDowngrade: OwnDowngradeSchema, OwnServer: OwnServerSchema, PeerModel: PeerModelSchema, RealmProbe: RealmProbeSchema, RunMetadata: RunMetadataSchema, ScenarioId: ScenarioIdSchema,
  SemanticRecord: SemanticRecordSchema, Step: StepSchema, SubjectDeclaration: SubjectDeclarationSchema, SyncStep: SyncStepSchema, TraceEvent: TraceEventSchema, Verdict: VerdictSchema,
}

/** The JSON Schema (draft 2020-12) of a record. Throws `internal` for a part that it would say more weakly than Zod does without a word. */
export function jsonSchemaOf({ record, file, schema }: RecordKind): z.core.JSONSchema.BaseSchema {
  const parts = z.registry<{ id?: string; $comment?: string }>()
  for (const [id, part] of Object.entries(DEFINITIONS)) if (part !== schema) parts.add(part as z.ZodType, { id })
  const { $schema, ...body } = z.toJSONSchema(schema, { target: 'draft-2020-12', metadata: parts, unrepresentable: asPattern, override: sayTheRest })
  return { $schema, title: `lanecheck.${record}.v1`, description: `lanecheck ${record}: ${file}`, ...body }
}

/** The same as the text of its file. Throws as `jsonSchemaOf` does. */
export const jsonSchemaText = (kind: RecordKind): string => `${JSON.stringify(jsonSchemaOf(kind), null, 2)}\n`

function asPattern({ zodSchema, path }: { zodSchema: z.core.$ZodType; path: (string | number)[] }): z.core.JSONSchema.BaseSchema {
  const pattern = PATTERNS.get(zodSchema)
  if (pattern === undefined) throw new LanecheckError('internal', 'what Zod checks by a function is in no JSON Schema', { where: path.join('/') || 'the root', hint: 'name it in PATTERNS' })
  return { type: 'string', pattern }
}

function sayTheRest({ zodSchema, jsonSchema, path }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema; path: (string | number)[] }): void {
  const { checks = [], type } = zodSchema._zod.def
  if (type === 'custom' || !checks.some((check) => check._zod.def.check === 'custom')) return
  const op = jsonSchema.properties?.op
  if (typeof op === 'object' && op.const === 'timer.set') {
    jsonSchema.oneOf = [{ required: ['after_ticks'] }, { required: ['after_ms'] }]
    return
  }
  const contradictions = CONTRADICTIONS.get(zodSchema)
  if (contradictions === undefined) throw new LanecheckError('internal', 'a refinement that is in no JSON Schema', { where: path.join('/') || 'the root', hint: 'name it in CONTRADICTIONS' })
  jsonSchema.$comment = contradictions
}
