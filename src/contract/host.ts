import { z } from 'zod'
import { LaneIdSchema } from './lane.js'
import { OwnClaimSchema, OwnDowngradeSchema } from './own-downgrade.js'
import { PageConditionSchema, SubjectPageSchema } from './page-conditions.js'
import {
  CAPABILITIES, CapabilitySchema, EngineSchema, HostRoleSchema, PREREQUISITES, ReasonCodeSchema, RouteSchema, SUPPORT_CLASSES, SupportClassSchema, TakenGlobalSchema,
  type ReasonCode, type Route, type SupportClass,
} from './vocabulary.js'

/** What exactly ran, beside the lane id. */
export const EngineIdentitySchema = z.strictObject({
  engine: EngineSchema,
  engine_product: z.enum(['debian-chromium', 'playwright-chromium', 'custom-chromium', 'firefox-esr', 'playwright-firefox', 'custom-firefox', 'webkitgtk', 'playwright-webkit', 'custom-webkit', 'system-chromium', 'system-firefox']),
  engine_version: z.string().min(1),
  /** How Playwright drives it, as in `playwright-1.64.1/cdp`. */
  driver: z.string().min(1),
  os: z.string().min(1),
})
export type EngineIdentity = z.infer<typeof EngineIdentitySchema>

/** One thing the realm checked about itself to prove its role. */
export const RoleProofSchema = z.strictObject({ check: z.string().min(1), holds: z.boolean() })
/** What a realm says of itself, seen from inside. */
export const RealmProbeSchema = z.strictObject({
  /** Null when the checks do not all point to one role. */
  proven_role: HostRoleSchema.nullable(),
  proofs: z.array(RoleProofSchema).min(1),
  global_scope: z.string(),
  secure_context: z.boolean(),
  cross_origin_isolated: z.boolean(),
  user_agent: z.string(),
  capabilities: z.strictObject(Object.fromEntries(CAPABILITIES.map((name) => [name, z.boolean()])) as Record<(typeof CAPABILITIES)[number], z.ZodBoolean>),
  /** True when the engine has WebAssembly and the page's policy forbids it. */
  wasm_blocked: z.boolean(),
  /** Smallest step of `performance.now()` seen, in ms. */
  clock_step_ms: z.number(),
})
export type RealmProbe = z.infer<typeof RealmProbeSchema>

/** A subject as it declared itself, read by running the artifact, never by parsing its source. */
export const SubjectDeclarationSchema = z.strictObject({
  name: z.string().min(1),
  version: z.string().min(1),
  requires: z.array(CapabilitySchema),
  host_roles: z.array(HostRoleSchema),
  bridge: z.boolean(),
  /** What it asks of its page; left out when it does not say. */
  page: SubjectPageSchema.optional(),
  /** The subject's own `classify()` in this realm; null when it has none. */
  classification: z.strictObject({ host_role: z.union([HostRoleSchema, z.literal('server')]), supported: z.boolean() }).nullable(),
  /** Its own downgrade; left out when it has none. */
  downgrade: OwnDowngradeSchema.optional(),
  /** What its own host detection says in this realm; left out where it is not asked, as in the lab. */
  claim: OwnClaimSchema.optional(),
})
export type SubjectDeclaration = z.infer<typeof SubjectDeclarationSchema>

/** Why an answer is not direct. */
export const CauseDetailSchema = z.discriminatedUnion('cause', [
  z.strictObject({ cause: z.literal('subject_declines_host_role') }),
  z.strictObject({ cause: z.literal('missing_capability'), capability: CapabilitySchema }),
  z.strictObject({ cause: z.literal('wasm_blocked') }),
  z.strictObject({ cause: z.literal('prerequisite_missing'), prerequisite: z.enum(PREREQUISITES) }),
])
export type CauseDetail = z.infer<typeof CauseDetailSchema>

const PAIRS: Record<z.infer<typeof SupportClassSchema>, { reasons: string[]; route: Route }> = {
  direct: { reasons: ['admitted_direct'], route: 'direct' },
  bridge_only: { reasons: ['downgrade_to_server_bridge'], route: 'bridge' },
  unsupported: { reasons: ['realm_unavailable', 'bridge_unreachable', 'unsupported_runtime_context'], route: 'none' },
}

/** Whether a support class, a reason and a route may stand together; anything else is a contradiction. */
export const admissionAgrees = (support: z.infer<typeof SupportClassSchema>, reason: string, route: string): boolean =>
  PAIRS[support].reasons.includes(reason) && PAIRS[support].route === route

/** The support class and the route that a reason stands for. */
export const admissionOf = (reason: ReasonCode): { support_class: SupportClass; route: Route } => {
  const support_class = SUPPORT_CLASSES.find((support) => PAIRS[support].reasons.includes(reason))!
  return { support_class, route: PAIRS[support_class].route }
}

/** The ladder's answer for a realm and a subject. */
export const AdmissionSchema = z.strictObject({
  support_class: SupportClassSchema,
  reason_code: ReasonCodeSchema,
  route: RouteSchema,
  /** Null only when the answer is direct, or the realm could not be had for a reason that is not its page's. */
  cause: CauseDetailSchema.nullable(),
  /** True when both sides of the bridge logged a completed handshake. */
  bridge_handshake: z.boolean(),
}).superRefine((admission, issues) => {
  if (!admissionAgrees(admission.support_class, admission.reason_code, admission.route)) {
    issues.addIssue({ code: 'custom', message: `${admission.support_class} with ${admission.reason_code} by route ${admission.route} is a contradiction` })
  }
  if (admission.support_class === 'bridge_only' && !admission.bridge_handshake) {
    issues.addIssue({ code: 'custom', path: ['bridge_handshake'], message: 'bridge_only without a completed handshake that both sides logged' })
  }
  const needsCause = admission.support_class !== 'direct' && admission.reason_code !== 'realm_unavailable'
  if (admission.reason_code === 'realm_unavailable' && admission.cause?.cause === 'prerequisite_missing') return
  if (needsCause !== (admission.cause !== null)) {
    issues.addIssue({ code: 'custom', path: ['cause'], message: needsCause ? 'a non-direct answer needs a cause' : 'this answer has no cause' })
  }
})
export type Admission = z.infer<typeof AdmissionSchema>

/** `hosts/<engine>.<host_role>.json`: the host packet; with `.<page>-<needs>-without_<globals>` before `.json` when they are not the usual ones. */
export const HostPacketSchema = z.strictObject({
  schema: z.literal('lanecheck.host-packet.v1'),
  ...EngineIdentitySchema.shape,
  host_role: HostRoleSchema,
  page: PageConditionSchema,
  /** Asked for by the scenarios of this packet, beside what the subject requires. */
  needs: z.array(CapabilitySchema),
  /** Globals that the realm was made without; left out when none. */
  without: z.array(TakenGlobalSchema).min(1).optional(),
  lane_id: LaneIdSchema,
  support_class: SupportClassSchema,
  reason_code: ReasonCodeSchema,
  admission: AdmissionSchema,
  /** Null when the realm could not be had. */
  probe: RealmProbeSchema.nullable(),
  subject: SubjectDeclarationSchema,
  /** Differences between what the subject says of its host and what the probe proved. */
  findings: z.array(z.string()),
})
export type HostPacket = z.infer<typeof HostPacketSchema>
