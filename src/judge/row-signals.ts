import type { EligibilityVerdict, SurfaceFamily } from '../contract/vocabulary.js'
import type { ExperimentSignal } from './eligibility.js'

/** A way in which an experiment of a row is not under control: in the row's own words, as the judge calls it, and what the contract demands of it. */
export interface InvalidExperiment {
  /** One of the row's `invalid_experiment_signals`. */
  signal: string
  judged_as: ExperimentSignal
  classification: EligibilityVerdict
}

/** Every row's invalid-experiment signals, each bound to its classification: none of them may pass for a fault of the runtime. */
export const INVALID_EXPERIMENTS: Readonly<Record<SurfaceFamily, readonly InvalidExperiment[]>> = {
  timer_surface: [
    { signal: 'missing scenario_clock_id', judged_as: 'time_contract_incomplete', classification: 'insufficient_observability' },
    { signal: 'missing logical_deadline_id', judged_as: 'time_contract_incomplete', classification: 'insufficient_observability' },
    { signal: 'wall-clock-only reasoning', judged_as: 'wall_clock_only', classification: 'unsupported_time_surface' },
    { signal: 'unsupported timer fields marked as semantic', judged_as: 'field_under_observed', classification: 'blocked_missing_observability' },
  ],
  virtual_transport_surface: [
    { signal: 'uncontrolled peer timing', judged_as: 'peer_timing_uncontrolled', classification: 'blocked_missing_virtualization' },
    { signal: 'real network dependency', judged_as: 'outside_reached', classification: 'blocked_scope_red_line' },
    { signal: 'missing capture packet', judged_as: 'capture_packet_missing', classification: 'blocked_missing_observability' },
    { signal: 'transport evidence only inferred from wall-clock logs', judged_as: 'order_from_wall_clock', classification: 'blocked_missing_virtualization' },
  ],
  http_surface: [
    { signal: 'real-internet RTT', judged_as: 'outside_reached', classification: 'blocked_scope_red_line' },
    { signal: 'uncontrolled TLS/DNS timing', judged_as: 'peer_timing_uncontrolled', classification: 'blocked_missing_virtualization' },
    { signal: 'opaque upstream behavior', judged_as: 'peer_timing_uncontrolled', classification: 'blocked_missing_virtualization' },
    { signal: 'missing normalized peer evidence', judged_as: 'capture_packet_missing', classification: 'blocked_missing_observability' },
  ],
  browser_surface: [
    { signal: 'opaque browser scheduler claims', judged_as: 'opaque_host_claim', classification: 'blocked_scope_red_line' },
    { signal: 'service-worker lifetime parity claims', judged_as: 'opaque_host_claim', classification: 'blocked_scope_red_line' },
    { signal: 'shared-worker parity without promotion', judged_as: 'opaque_host_claim', classification: 'blocked_scope_red_line' },
    { signal: 'missing lane/host metadata', judged_as: 'host_metadata_missing', classification: 'blocked_missing_observability' },
  ],
}

const CHANGED: InvalidExperiment = { signal: 'comparator or report behaviour changed without T1 or T4 evidence', judged_as: 'change_without_evidence', classification: 'blocked_missing_verification' }
const BRIDGE_AS_PARITY: InvalidExperiment = { signal: 'a bridge_only downgrade taken for full host parity', judged_as: 'bridge_taken_for_parity', classification: 'blocked_scope_red_line' }

/** Further failure patterns of the contract that are no fault of the runtime either; no column of the row names them. */
export const FAILURE_PATTERNS: Readonly<Record<SurfaceFamily, readonly InvalidExperiment[]>> = {
  timer_surface: [CHANGED], virtual_transport_surface: [CHANGED], http_surface: [CHANGED], browser_surface: [CHANGED, BRIDGE_AS_PARITY],
}
