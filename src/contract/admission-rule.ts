import { z } from 'zod'
import { CauseDetailSchema, admissionAgrees } from './host.js'
import { CapabilitySchema, HostRoleSchema, ReasonCodeSchema, SupportClassSchema } from './vocabulary.js'

/** When a rule holds: all that it names must. */
export const AdmissionConditionSchema = z.strictObject({
  host_role: z.array(HostRoleSchema).min(1).optional(),
  /** Whether the subject lists the role among its own. */
  subject_takes_role: z.boolean().optional(),
  /** The subject requires all of these. */
  subject_requires: z.array(CapabilitySchema).min(1).optional(),
  /** Whether the realm lacks anything that the subject requires. */
  requirement_missing: z.boolean().optional(),
  realm_lacks: CapabilitySchema.optional(),
})
export type AdmissionCondition = z.infer<typeof AdmissionConditionSchema>

const ROUTE = { direct: 'direct', bridge_only: 'bridge', unsupported: 'none' } as const

/**
 * How a realm is to be admitted. Of a scenario's rules the first that holds decides; the last holds always. For a subject that allows
 * no bridge `bridge_only` is read as `unsupported`, `unsupported_runtime_context`. `any`: whatever the cause.
 */
export const AdmissionRuleSchema = z.strictObject({
  when: AdmissionConditionSchema.optional(),
  support_class: SupportClassSchema,
  reason_code: ReasonCodeSchema,
  cause: z.union([CauseDetailSchema, z.literal('any'), z.null()]),
}).superRefine((rule, issues) => {
  if (!admissionAgrees(rule.support_class, rule.reason_code, ROUTE[rule.support_class])) {
    issues.addIssue({ code: 'custom', path: ['reason_code'], message: `${rule.support_class} with ${rule.reason_code} is a contradiction` })
  }
})
export type AdmissionRule = z.infer<typeof AdmissionRuleSchema>
