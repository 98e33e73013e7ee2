import { z } from 'zod'

/**
 * The closed vocabularies of the verification contract, letter for letter.
 * A token that is not listed here does not parse anywhere in the kit.
 */

export const ENGINES = ['chromium', 'firefox', 'webkit'] as const
export const HOST_ROLES = ['window', 'dedicated_worker', 'shared_worker', 'service_worker', 'sandboxed_iframe'] as const
/** The roles of the matrix, where every scenario is planned that names no others. */
export const MATRIX_HOST_ROLES = ['window', 'dedicated_worker', 'shared_worker', 'service_worker'] as const satisfies ReadonlyArray<(typeof HOST_ROLES)[number]>
export const ROUTES = ['direct', 'bridge', 'none'] as const

export const SURFACE_FAMILIES = ['timer_surface', 'virtual_transport_surface', 'http_surface', 'browser_surface'] as const
export const PHASES = ['Phase 2', 'gated Phase 3'] as const
export const RUNTIME_PROFILES = [
  'phase2.timer_virtualized',
  'phase2.transport_loopback',
  'phase3.http_captured_boundary',
  'phase3.browser_captured_boundary',
] as const

export const TIME_POLICY_CLASSES = [
  'semantic_time',
  'qualified_time',
  'scheduler_noise_signal',
  'provenance_only_time',
  'unsupported_time_surface',
] as const
export const CLOCK_SOURCES = ['virtual_clock', 'performance_now'] as const
export const TIMEOUT_BUDGET_CLASSES = ['none', 'immediate', 'bounded', 'ambiguous'] as const
export const TIMEOUT_OUTCOME_CLASSES = [
  'no_deadline',
  'completed_before_deadline',
  'deadline_exceeded',
  'cancelled_before_deadline',
] as const
export const SCHEDULER_NOISE_CLASSES = ['none', 'within_window', 'beyond_window'] as const
export const RERUN_DECISIONS = ['not_needed', 'rerun_for_noise', 'rerun_for_mismatch', 'no_rerun_hard_break'] as const
export const SUPPRESSION_REASONS = ['none', 'noise_within_window'] as const

export const OBSERVABILITY_CLASSES = ['observed', 'inferred', 'unsupported'] as const
export const OBSERVABILITY_STATUSES = ['met', 'below_floor', 'manifest_missing'] as const

export const SUPPORT_CLASSES = ['direct', 'bridge_only', 'unsupported'] as const
export const REASON_CODES = [
  'admitted_direct',
  'downgrade_to_server_bridge',
  'unsupported_runtime_context',
  'realm_unavailable',
  'bridge_unreachable',
] as const
export const CAUSES = ['subject_declines_host_role', 'missing_capability', 'wasm_blocked', 'prerequisite_missing'] as const
export const PREREQUISITES = ['secure_context', 'cross_origin_isolation'] as const

export const VERDICTS = [
  'parity',
  'bridge_only',
  'unsupported',
  'semantic_mismatch',
  'bridge_mismatch',
  'policy_violation',
  'invalid_experiment',
  'irreproducible',
  'infrastructure_loss',
  'not_run',
] as const
export const ELIGIBILITY_VERDICTS = [
  'eligible',
  'insufficient_observability',
  'blocked_missing_virtualization',
  'blocked_missing_observability',
  'blocked_missing_verification',
  'blocked_scope_red_line',
  'unsupported_time_surface',
] as const

/** What an HTTP peer speaks, by ALPN protocol ids (RFC 7301; RFC 9112, RFC 9113). */
export const HTTP_VERSIONS = ['http/1.1', 'h2'] as const

export const TIERS = ['T0', 'T1', 'T2', 'T3', 'T4', 'T5'] as const
export const TIER_NAMES = {
  T0: 'unit_contract',
  T1: 'golden_fixture',
  T2: 'dual_run_smoke',
  T3: 'pilot_surface',
  T4: 'negative_control',
  T5: 'stress_nightly',
} as const satisfies Record<(typeof TIERS)[number], string>

/** What a subject may require of a host; each is probed inside the realm: by a use of it where one is had at once and leaves nothing behind, else by its call and where the realm may store. */
export const CAPABILITIES = [
  'timers',
  'webassembly',
  'websocket',
  'fetch',
  'fetch_streaming',
  'abort_controller',
  'eventsource',
  'message_channel',
  'broadcast_channel',
  'crypto_random',
  'crypto_subtle',
  'text_codec',
  'indexeddb',
  'opfs',
  'worker',
  'shared_array_buffer',
  'webtransport',
  'websocket_stream',
  'scheduler',
  'jspi',
] as const

/** Globals that a realm can be made without, before anything in it can keep them. */
export const TAKEN_GLOBALS = ['WebAssembly', 'WebSocket', 'ReadableStream', 'fetch', 'Worker', 'crypto', 'crypto.subtle', 'SharedArrayBuffer'] as const

export const EngineSchema = z.enum(ENGINES)
export const HostRoleSchema = z.enum(HOST_ROLES)
export const RouteSchema = z.enum(ROUTES)
export const SurfaceFamilySchema = z.enum(SURFACE_FAMILIES)
export const PhaseSchema = z.enum(PHASES)
export const RuntimeProfileSchema = z.enum(RUNTIME_PROFILES)
export const TimePolicyClassSchema = z.enum(TIME_POLICY_CLASSES)
export const ClockSourceSchema = z.enum(CLOCK_SOURCES)
export const TimeoutBudgetClassSchema = z.enum(TIMEOUT_BUDGET_CLASSES)
export const TimeoutOutcomeClassSchema = z.enum(TIMEOUT_OUTCOME_CLASSES)
export const SchedulerNoiseClassSchema = z.enum(SCHEDULER_NOISE_CLASSES)
export const RerunDecisionSchema = z.enum(RERUN_DECISIONS)
export const SuppressionReasonSchema = z.enum(SUPPRESSION_REASONS)
export const ObservabilityClassSchema = z.enum(OBSERVABILITY_CLASSES)
export const ObservabilityStatusSchema = z.enum(OBSERVABILITY_STATUSES)
export const SupportClassSchema = z.enum(SUPPORT_CLASSES)
export const ReasonCodeSchema = z.enum(REASON_CODES)
export const CauseSchema = z.enum(CAUSES)
export const VerdictTokenSchema = z.enum(VERDICTS)
export const EligibilityVerdictSchema = z.enum(ELIGIBILITY_VERDICTS)
export const HttpVersionSchema = z.enum(HTTP_VERSIONS)
export const TierSchema = z.enum(TIERS)
export const CapabilitySchema = z.enum(CAPABILITIES)
export const TakenGlobalSchema = z.enum(TAKEN_GLOBALS)

export type Engine = z.infer<typeof EngineSchema>
export type HostRole = z.infer<typeof HostRoleSchema>
export type Route = z.infer<typeof RouteSchema>
export type SurfaceFamily = z.infer<typeof SurfaceFamilySchema>
export type Phase = z.infer<typeof PhaseSchema>
export type RuntimeProfile = z.infer<typeof RuntimeProfileSchema>
export type TimePolicyClass = z.infer<typeof TimePolicyClassSchema>
export type ClockSource = z.infer<typeof ClockSourceSchema>
export type TimeoutBudgetClass = z.infer<typeof TimeoutBudgetClassSchema>
export type TimeoutOutcomeClass = z.infer<typeof TimeoutOutcomeClassSchema>
export type SchedulerNoiseClass = z.infer<typeof SchedulerNoiseClassSchema>
export type RerunDecision = z.infer<typeof RerunDecisionSchema>
export type SuppressionReason = z.infer<typeof SuppressionReasonSchema>
export type ObservabilityClass = z.infer<typeof ObservabilityClassSchema>
export type ObservabilityStatus = z.infer<typeof ObservabilityStatusSchema>
export type SupportClass = z.infer<typeof SupportClassSchema>
export type ReasonCode = z.infer<typeof ReasonCodeSchema>
export type Cause = z.infer<typeof CauseSchema>
export type VerdictToken = z.infer<typeof VerdictTokenSchema>
export type EligibilityVerdict = z.infer<typeof EligibilityVerdictSchema>
export type HttpVersion = z.infer<typeof HttpVersionSchema>
export type Tier = z.infer<typeof TierSchema>
export type Capability = z.infer<typeof CapabilitySchema>
export type TakenGlobal = z.infer<typeof TakenGlobalSchema>
