import type { InfrastructureLoss, LabRun, LiveAttempt } from '../contract/evidence.js'
import type { Admission, RealmProbe } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import type { Finding } from '../contract/verdict.js'
import type { WorkerEnd } from '../contract/worker-end.js'
import type { Admitted } from './expected-admission.js'
import type {
  EligibilityVerdict, HostRole, ObservabilityStatus, RerunDecision, SchedulerNoiseClass, SuppressionReason, TimeoutBudgetClass, TimeoutOutcomeClass, TimePolicyClass, VerdictToken,
} from '../contract/vocabulary.js'

/** All that a verdict is derived from; everything here can be read back from a kept bundle. */
export interface CellEvidence {
  scenario: Scenario
  admission: Admission
  /** Whom the host packet admitted where; asked for where the scenario says how realms are to be admitted. */
  admitted?: Admitted | undefined
  /** Probes of the realms that ran. */
  probes?: ReadonlyArray<RealmProbe | null>
  /** The role that the cell asks for, and the probe of each attempt's own realm, in order; a role is judged where this is given. */
  ran_in?: { host_role: HostRole; probes: ReadonlyArray<RealmProbe | null> }
  /** Null when the lab did not run. */
  lab: LabRun | null
  attempts: readonly LiveAttempt[]
  infrastructure: InfrastructureLoss | null
  engine_available: boolean
  /** Whether the downgrade record is complete: realm and server logged the same completed sessions; null when there is none. See `downgradeOf`. */
  bridge_logs_agree: boolean | null
  /** In what they do not agree, as one line. */
  bridge_disagreement?: string | null
  /** How the service workers of the attempts were ended, by the number of the attempt; left out or empty when none was. See `workerEndOf`. */
  worker_ends?: readonly WorkerEnd[]
  /** False when live peers did anything that the scenario's peer models do not declare. See `peersFromModel`. */
  peers_from_model: boolean
  /** Relative to the evidence folder; null when there is none. */
  capture_manifest_path: string | null
  normalized_record_path: string | null
  /** What a report on this cell claims to have suppressed; left out when nobody claims anything. */
  claimed_suppression?: SuppressionReason
}

/** A verdict's findings and everything derived with it, before it is put on paper. `reason` is one line for a person. */
export interface Judgement {
  verdict: VerdictToken
  eligibility_verdict: EligibilityVerdict
  reason: string
  findings: Finding[]
  time_policy_class: TimePolicyClass
  scheduler_noise_class: SchedulerNoiseClass
  suppression_reason: SuppressionReason
  rerun_decision: RerunDecision
  timeout_budget_class: TimeoutBudgetClass
  timeout_outcome_class: TimeoutOutcomeClass
  /** Of the last attempt, in ticks; null when nothing ran. */
  logical_elapsed_ticks: number | null
  observability_status: ObservabilityStatus
  unsupported_reason: string | null
}
