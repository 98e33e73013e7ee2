import type { EligibilityVerdict } from '../contract/vocabulary.js'

/** What may be wrong with an experiment or a report, and the answer each has by contract. */
export const SIGNAL_ANSWERS = {
  time_contract_incomplete: 'insufficient_observability',
  wall_clock_only: 'unsupported_time_surface',
  outside_reached: 'blocked_scope_red_line',
  capture_packet_missing: 'blocked_missing_observability',
  change_without_evidence: 'blocked_missing_verification',
  host_metadata_missing: 'blocked_missing_observability',
  bridge_taken_for_parity: 'blocked_scope_red_line',
  opaque_host_claim: 'blocked_scope_red_line',
  peer_timing_uncontrolled: 'blocked_missing_virtualization',
  order_from_wall_clock: 'blocked_missing_virtualization',
  capture_missing: 'blocked_missing_observability',
  lab_not_deterministic: 'blocked_missing_virtualization',
  field_under_observed: 'blocked_missing_observability',
  budget_ambiguous: 'insufficient_observability',
  /** Drift beyond the window in every attempt: the ticks seen are too coarse for any claim. */
  drift_beyond_window: 'insufficient_observability',
  /** The realm did not see from inside that its page is what the scenario asks for. */
  page_condition_unseen: 'blocked_missing_virtualization',
  nothing_ran: 'insufficient_observability',
} as const satisfies Record<string, EligibilityVerdict>

export type ExperimentSignal = keyof typeof SIGNAL_ANSWERS

/** The contract's answer to a signal. */
export const eligibilityOf = (signal: ExperimentSignal): EligibilityVerdict => SIGNAL_ANSWERS[signal]

/** A comparator or report whose behaviour changed stands on a golden fixture or a negative control. */
export const changeEligibility = (change: { comparator_or_report_changed: boolean; tiers_met: readonly string[] }): EligibilityVerdict =>
  (change.comparator_or_report_changed && !change.tiers_met.some((tier) => tier === 'T1' || tier === 'T4') ? eligibilityOf('change_without_evidence') : 'eligible')

/** What a document or a gate claims for a lane, beside what the lane's verdict supports. */
export interface LaneClaim {
  claims: 'full_host_parity' | 'bridge_only' | 'scheduler_behaviour' | 'service_worker_lifetime'
  host_role: string
  support_class: 'direct' | 'bridge_only' | 'unsupported'
  /** Whether the row × lane was promoted: its floor is met. */
  promoted: boolean
}

/** Whether such a claim stays inside the contract's red lines. */
export function claimEligibility(claim: LaneClaim): EligibilityVerdict {
  if (claim.claims === 'scheduler_behaviour' || claim.claims === 'service_worker_lifetime') return eligibilityOf('opaque_host_claim')
  if (claim.claims === 'bridge_only') return 'eligible'
  if (claim.support_class !== 'direct') return eligibilityOf('bridge_taken_for_parity')
  return claim.host_role === 'shared_worker' && !claim.promoted ? eligibilityOf('opaque_host_claim') : 'eligible'
}
