import { z } from 'zod'
import { PhaseSchema, RuntimeProfileSchema, SurfaceFamilySchema, TierSchema, type SurfaceFamily } from './vocabulary.js'

const Items = z.array(z.string().min(1)).min(1)

/** A row of the matrix, with all ten columns; one that lacks a column does not load. */
export const MatrixRowSchema = z.strictObject({
  surface_family: SurfaceFamilySchema,
  phase: PhaseSchema,
  runtime_profile: RuntimeProfileSchema,
  virtualization_boundary: z.string().min(1),
  unit_checks: Items,
  golden_fixtures: Items,
  /** Commands that run: the first is T2's smoke run, the second T3's pilot; more where the row asks for more. */
  dual_run_scripts: z.array(z.string().startsWith('npx lanecheck ')).min(2),
  required_log_fields: Items,
  invalid_experiment_signals: Items,
  promotion_floor: z.strictObject({
    text: z.string().min(1),
    tiers: z.array(TierSchema).min(1),
    /** Rows that must be credible first. */
    rows: z.array(SurfaceFamilySchema),
    host_gate: z.boolean(),
  }),
})
export type MatrixRow = z.infer<typeof MatrixRowSchema>

/** The four rows; exactly one of each family. */
export const MatrixSchema = z.array(MatrixRowSchema).length(4).refine((rows) => new Set(rows.map((row) => row.surface_family)).size === rows.length, 'a surface family has one row')

const PACKETS = ['CaptureManifest', 'LiveRunMetadata', 'ReplayMetadata']

export const MATRIX_ROWS: readonly MatrixRow[] = MatrixSchema.parse([
  {
    surface_family: 'timer_surface',
    phase: 'Phase 2',
    runtime_profile: 'phase2.timer_virtualized',
    virtualization_boundary: 'scenario-declared clock and deadline boundary only; no ambient wall-clock claim',
    unit_checks: ['timeout classification', 'timer cancellation', 'logical deadline mapping', 'scenario-clock validation'],
    golden_fixtures: ['normalized time bundle for timer scenarios', 'capture-manifest shape for timer scenarios'],
    dual_run_scripts: ["npx lanecheck verify --engine chromium --role window --scenario 'timer.*'", "npx lanecheck verify --scenario 'timer.*'"],
    required_log_fields: [
      'scenario_clock_id', 'clock_source', 'logical_deadline_id', 'timeout_budget_class', 'timeout_outcome_class', 'logical_elapsed_ticks',
      'normalization_window', 'time_policy_class', 'scheduler_noise_class', ...PACKETS,
    ],
    invalid_experiment_signals: ['missing scenario_clock_id', 'missing logical_deadline_id', 'wall-clock-only reasoning', 'unsupported timer fields marked as semantic'],
    promotion_floor: { text: 'T0, T1, T2, T3, T4 complete before broader timing claims', tiers: ['T0', 'T1', 'T2', 'T3', 'T4'], rows: [], host_gate: false },
  },
  {
    surface_family: 'virtual_transport_surface',
    phase: 'Phase 2',
    runtime_profile: 'phase2.transport_loopback',
    virtualization_boundary: 'loopback or explicit virtual transport with captured peer model; no ambient internet',
    unit_checks: ['ordering-class contract', 'in-flight cancel cleanup', 'transport-close semantics', 'capture-manifest completeness'],
    golden_fixtures: ['normalized transport summary', 'retained bundle schema'],
    dual_run_scripts: ["npx lanecheck verify --engine chromium --role window --scenario '{websocket,fetch,sse}.*'", "npx lanecheck verify --scenario '{websocket,fetch,sse}.*'"],
    required_log_fields: [
      'virtualization_boundary', 'capture_manifest_path', 'normalized_record_path', 'artifact_bundle', 'repro_command', 'event_hash', 'schedule_hash',
      'nondeterminism_notes', 'surface_family', 'observability_status',
    ],
    invalid_experiment_signals: ['uncontrolled peer timing', 'real network dependency', 'missing capture packet', 'transport evidence only inferred from wall-clock logs'],
    promotion_floor: { text: 'T0, T1, T2, T3, T4 complete before HTTP/gRPC-on-captured-boundaries claims', tiers: ['T0', 'T1', 'T2', 'T3', 'T4'], rows: [], host_gate: false },
  },
  {
    surface_family: 'http_surface',
    phase: 'gated Phase 3',
    runtime_profile: 'phase3.http_captured_boundary',
    virtualization_boundary: 'HTTP over loopback or virtualized transport with explicit timeout and peer-model contract',
    unit_checks: ['request/response termination contract', 'protocol-version mapping', 'shutdown/cancel boundary', 'malformed-artifact rejection'],
    golden_fixtures: ['normalized request/response bundle', 'gate packet fixture'],
    dual_run_scripts: ["npx lanecheck verify --engine chromium --role window --scenario 'http.*'", "npx lanecheck verify --scenario 'http.*'", 'npx lanecheck audit lanecheck-evidence'],
    required_log_fields: [
      'surface_family', 'virtualization_boundary', 'scenario_clock_id', 'logical_deadline_id', 'capture_manifest_path', 'normalized_record_path',
      'artifact_bundle', 'eligibility_verdict', 'observability_status', 'unsupported_reason',
    ],
    invalid_experiment_signals: ['real-internet RTT', 'uncontrolled TLS/DNS timing', 'opaque upstream behavior', 'missing normalized peer evidence'],
    promotion_floor: {
      text: 'transport row must already be credible; no direct jump from Phase 1 to HTTP parity',
      tiers: ['T0', 'T1', 'T2', 'T3', 'T4'], rows: ['virtual_transport_surface'], host_gate: false,
    },
  },
  {
    surface_family: 'browser_surface',
    phase: 'gated Phase 3',
    runtime_profile: 'phase3.browser_captured_boundary',
    virtualization_boundary: 'explicit host-role contract plus admitted lane boundary; no opaque browser-host parity claim',
    unit_checks: ['lane classification', 'downgrade semantics', 'host-role logging', 'unsupported-host rejection', 'bridge-only proof'],
    golden_fixtures: ['host classification packet', 'downgrade artifact', 'gate packet fixture'],
    dual_run_scripts: ["npx lanecheck verify --engine chromium --role window --scenario 'browser.*'", "npx lanecheck verify --scenario 'browser.*'", 'npx lanecheck probe --json'],
    required_log_fields: [
      'surface_family', 'host_role', 'support_class', 'reason_code', 'lane_id', 'eligibility_verdict', 'observability_status', 'capture_manifest_path',
      'artifact_bundle', 'repro_command', 'unsupported_reason',
    ],
    invalid_experiment_signals: ['opaque browser scheduler claims', 'service-worker lifetime parity claims', 'shared-worker parity without promotion', 'missing lane/host metadata'],
    promotion_floor: {
      text: 'captured transport row plus host gate must already hold; browser support remains lane-scoped, not host-global',
      tiers: ['T2', 'T4', 'T5'], rows: ['virtual_transport_surface'], host_gate: true,
    },
  },
])

/** The row of a surface family. */
export const rowFor = (surface_family: SurfaceFamily): MatrixRow => MATRIX_ROWS.find((row) => row.surface_family === surface_family) as MatrixRow
