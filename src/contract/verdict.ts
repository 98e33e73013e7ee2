import { z } from 'zod'
import { DigestSchema } from './evidence.js'
import { CauseDetailSchema, EngineIdentitySchema, SubjectDeclarationSchema, admissionAgrees } from './host.js'
import { CellIdSchema, LaneIdSchema, ScenarioIdSchema } from './lane.js'
import { NameSchema } from './scenario.js'
import {
  ClockSourceSchema, EligibilityVerdictSchema, HostRoleSchema, ObservabilityStatusSchema, PhaseSchema, ReasonCodeSchema, RerunDecisionSchema, RuntimeProfileSchema, SchedulerNoiseClassSchema,
  SuppressionReasonSchema, SupportClassSchema, SurfaceFamilySchema, TimePolicyClassSchema, TimeoutBudgetClassSchema, TimeoutOutcomeClassSchema, VerdictTokenSchema, VERDICTS, EngineSchema,
} from './vocabulary.js'
import { WORKER_END_TIMES } from './worker-end.js'

/** The laws a finding may rest on; each is a sentence of the contract. */
export const LAWS = [
  'infrastructure', 'admission', 'bridge_handshake', 'role_proof', 'family_absent', 'scope_red_line', 'deterministic_lab', 'observability_floor', 'time_contract',
  'expectation_lab', 'expectation_live', 'lab_live_agreement', 'witness_agreement', 'order', 'cancellation', 'leak', 'early_timer', 'noise_window', 'noise_may_not_erase', 'reproducibility',
] as const
/** `hard`: never rerun away. `break`: semantic, rerun to see it again. `noise`: qualified time only. `note`: changes nothing. */
export const FindingSchema = z.strictObject({
  law: z.enum(LAWS),
  severity: z.enum(['hard', 'break', 'noise', 'note']),
  /** Which attempt it was seen in; 0 for the lab or the cell as a whole. */
  attempt: z.number().int().min(0),
  /** Where in the record, as in `timers.a.fired`. */
  field: z.string(),
  expected: z.string(),
  found: z.string(),
})
export type Finding = z.infer<typeof FindingSchema>
export type Law = Finding['law']

/** What a document may claim of a lane. */
const CLAIMING: ReadonlySet<string> = new Set(['parity', 'bridge_only', 'unsupported'])

/** `verdict.json` and a line of `ledger.ndjson`. Scoped to one cell. */
export const VerdictSchema = z.strictObject({
  schema: z.literal('lanecheck.verdict.v1'),
  cell_id: CellIdSchema,
  lane_id: LaneIdSchema,
  engine: EngineSchema,
  scenario_id: ScenarioIdSchema,
  verdict: VerdictTokenSchema,
  eligibility_verdict: EligibilityVerdictSchema,
  /** One line for a person: the first thing that decided the verdict. */
  reason: z.string().min(1),
  findings: z.array(FindingSchema),
  surface_family: SurfaceFamilySchema,
  phase: PhaseSchema,
  runtime_profile: RuntimeProfileSchema,
  virtualization_boundary: z.string().min(1),
  host_role: HostRoleSchema,
  support_class: SupportClassSchema,
  reason_code: ReasonCodeSchema,
  cause: CauseDetailSchema.nullable(),
  scenario_clock_id: z.string().min(1),
  clock_source: ClockSourceSchema,
  logical_deadline_id: NameSchema.nullable(),
  timeout_budget_class: TimeoutBudgetClassSchema,
  timeout_outcome_class: TimeoutOutcomeClassSchema,
  logical_elapsed_ticks: z.number().int().nullable(),
  normalization_window: z.strictObject({ early_ticks: z.number().int(), late_ticks: z.number().int() }),
  time_policy_class: TimePolicyClassSchema,
  scheduler_noise_class: SchedulerNoiseClassSchema,
  suppression_reason: SuppressionReasonSchema,
  rerun_decision: RerunDecisionSchema,
  attempts: z.number().int().min(0),
  observability_status: ObservabilityStatusSchema,
  /** Relative to the evidence folder; the two that only a run has are null when the cell never ran. */
  capture_manifest_path: z.string().nullable(),
  normalized_record_path: z.string().nullable(),
  artifact_bundle: z.string().nullable(),
  repro_command: z.string().min(1),
  unsupported_reason: z.string().nullable(),
}).superRefine((verdict, issues) => {
  const refuse = (path: string, message: string): void => { issues.addIssue({ code: 'custom', path: [path], message }) }
  const route = verdict.lane_id.slice(verdict.lane_id.lastIndexOf('.') + 1)
  if (!admissionAgrees(verdict.support_class, verdict.reason_code, route)) refuse('reason_code', `${verdict.support_class} with ${verdict.reason_code} in ${verdict.lane_id} is a contradiction`)
  if (verdict.verdict === 'parity' && verdict.support_class !== 'direct') refuse('verdict', 'parity only from the route direct')
  if (verdict.verdict === 'bridge_only' && verdict.support_class !== 'bridge_only') refuse('verdict', 'bridge_only only from the route bridge')
  if (verdict.verdict === 'parity' && verdict.eligibility_verdict !== 'eligible') refuse('eligibility_verdict', 'parity needs an eligible experiment')
  if (verdict.verdict === 'unsupported' && verdict.unsupported_reason === null) refuse('unsupported_reason', 'unsupported needs a reason')
  if (verdict.logical_deadline_id === null && verdict.timeout_budget_class !== 'none') refuse('logical_deadline_id', 'a budget needs its deadline id')
  if (CLAIMING.has(verdict.verdict) && verdict.artifact_bundle === null) refuse('artifact_bundle', 'a verdict that claims something rests on kept evidence')
})
export type Verdict = z.infer<typeof VerdictSchema>

const CountsSchema = z.strictObject(Object.fromEntries(VERDICTS.map((token) => [token, z.number().int().min(0)])) as Record<(typeof VERDICTS)[number], z.ZodNumber>)
export type VerdictCounts = z.infer<typeof CountsSchema>

export const RunMetadataSchema = z.strictObject({
  run_id: z.string().min(1),
  lanecheck_version: z.string(),
  seed: z.number().int(),
  subject: SubjectDeclarationSchema,
  artifact_sha256: z.string(),
  artifact_path: z.string(),
  config_hash: z.string(),
  engines: z.array(EngineIdentitySchema),
  /** Provenance only. */
  started_at: z.string(),
  ended_at: z.string(),
  node_version: z.string(),
  interrupted: z.boolean(),
})
export type RunMetadata = z.infer<typeof RunMetadataSchema>

/** `plan.json`: written before anything starts. */
export const PlanSchema = z.strictObject({
  schema: z.literal('lanecheck.plan.v1'),
  run_id: z.string().min(1),
  seed: z.number().int(),
  subject: SubjectDeclarationSchema,
  artifact_sha256: z.string(),
  config_hash: z.string(),
  /** Over the built kit that ran; plans of earlier kits have none. */
  kit_sha256: DigestSchema.optional(),
  /** When the run ended its service workers; left out when it did not. */
  end_service_worker: z.enum(WORKER_END_TIMES).optional(),
  cells: z.array(z.strictObject({ cell_id: CellIdSchema, engine: EngineSchema, host_role: HostRoleSchema, scenario_id: ScenarioIdSchema, surface_family: SurfaceFamilySchema, seed: z.number().int() })).min(1),
})
export type Plan = z.infer<typeof PlanSchema>
export type PlannedCell = Plan['cells'][number]

/** `ledger.json`: complete; one verdict per planned cell. */
export const LedgerSchema = z.strictObject({
  schema: z.literal('lanecheck.ledger.v1'),
  run: RunMetadataSchema,
  verdicts: z.array(VerdictSchema),
  sums: z.strictObject({
    all: CountsSchema,
    by_lane: z.record(LaneIdSchema, CountsSchema),
    by_lane_and_surface: z.record(LaneIdSchema, z.partialRecord(SurfaceFamilySchema, CountsSchema)),
  }),
})
export type Ledger = z.infer<typeof LedgerSchema>
