import { z } from 'zod'
import { LINE_CARRIERS } from './bridge-words.js'
import { CauseDetailSchema, EngineIdentitySchema, SubjectDeclarationSchema } from './host.js'
import { ScenarioIdSchema } from './lane.js'
import { NOT_CARRIED } from './not-carried.js'
import { PageConditionSchema } from './page-conditions.js'
import { CapabilitySchema, EngineSchema, HostRoleSchema, ReasonCodeSchema, SupportClassSchema, TakenGlobalSchema, VerdictTokenSchema } from './vocabulary.js'

/** How a subject gets into a realm, and what becomes of its work there. */
export const DowngradeAnswerSchema = z.strictObject({
  support_class: SupportClassSchema,
  reason_code: ReasonCodeSchema,
  cause: CauseDetailSchema.nullable(),
  /** Null where nothing ran over a bridge, and where nothing is asked of a subject's own line. */
  carrier: z.enum(LINE_CARRIERS).nullable(),
  /** Of the trial's scenarios; the first that is not as expected, when they differ. */
  verdict: VerdictTokenSchema,
})
export type DowngradeAnswer = z.infer<typeof DowngradeAnswerSchema>

/** `different`: the answer is another. `weak`: no sound experiment. `lost`: it could not be had, or the run was cut off. */
export const DOWNGRADE_OUTCOMES = ['ok', 'different', 'weak', 'lost'] as const
export type DowngradeOutcome = (typeof DOWNGRADE_OUTCOMES)[number]

/** What was asked of one trial in one realm, what happened, and where that is written. */
export const DowngradeRowSchema = z.strictObject({
  trial: z.string().min(1),
  engine: EngineSchema,
  host_role: HostRoleSchema,
  /** What the oracle expects a downgrade, or a refusal, for; by the subject's own list and what the trial asks beside it. */
  needed: z.boolean(),
  expected: DowngradeAnswerSchema,
  /** Null when the realm gave no answer. */
  given: DowngradeAnswerSchema.nullable(),
  outcome: z.enum(DOWNGRADE_OUTCOMES),
  /** In which they differ, each with the file that says so, relative to the evidence folder. */
  differences: z.array(z.strictObject({ field: z.string(), expected: z.string(), given: z.string(), file: z.string().nullable() })),
  cells: z.array(z.strictObject({ scenario_id: ScenarioIdSchema, verdict: VerdictTokenSchema, reason: z.string(), artifact_bundle: z.string().nullable(), repro_command: z.string() })),
})
export type DowngradeRow = z.infer<typeof DowngradeRowSchema>

export const DowngradeReportSchema = z.strictObject({
  schema: z.literal('lanecheck.downgrade-report.v1'),
  run_id: z.string(),
  subject: SubjectDeclarationSchema,
  engines: z.array(EngineIdentitySchema),
  /** True when the run was cut off: what was gathered is here. */
  interrupted: z.boolean(),
  trials: z.array(z.strictObject({
    id: z.string().min(1), title: z.string(), page: PageConditionSchema, without: z.array(TakenGlobalSchema), needs: z.array(CapabilitySchema),
  })),
  rows: z.array(DowngradeRowSchema),
  sums: z.strictObject(Object.fromEntries(DOWNGRADE_OUTCOMES.map((outcome) => [outcome, z.number().int().min(0)])) as Record<DowngradeOutcome, z.ZodNumber>),
  /** What no bridged answer above says anything of. */
  not_carried: z.array(z.strictObject({ id: z.enum(NOT_CARRIED), what: z.string(), because: z.string(), instead: z.string(), law: z.string() })),
  exit_code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
})
export type DowngradeReport = z.infer<typeof DowngradeReportSchema>
