import type { LiveAttempt } from '../contract/evidence.js'
import type { NormalizedRecord } from '../contract/record.js'
import type { Law } from '../contract/verdict.js'
import type { ObservabilityStatus } from '../contract/vocabulary.js'
import type { CellEvidence } from './cell-evidence.js'
import type { ExperimentSignal } from './eligibility.js'
import { finding, type Finding } from './findings.js'
import { observabilityStatus } from './observability.js'
import { timeContractGap, timeoutBudgetClass, wallClockOnly } from './time-facts.js'

/** Why an experiment cannot carry a verdict: what the contract calls it, and what was found. */
export interface Invalid { signal: ExperimentSignal; finding: Finding }

type Check = (evidence: CellEvidence) => Invalid | null

/** The first thing that makes the experiment invalid, or null. A family that is absent is asked for before the rest: there nothing ran. */
export function invalidExperiment(evidence: CellEvidence): Invalid | null {
  for (const check of CHECKS) {
    const invalid = check(evidence)
    if (invalid) return invalid
  }
  return null
}

const invalid = (signal: ExperimentSignal, law: Law, attempt: number, field: string, expected: unknown, found: unknown): Invalid =>
  ({ signal, finding: finding({ law, severity: signal === 'outside_reached' ? 'hard' : 'break', attempt }, field, expected, found) })

/** Lab and live records with the attempt each belongs to; 0 is the lab. */
const records = ({ lab, attempts }: CellEvidence): Array<{ attempt: number; record: NormalizedRecord }> =>
  [...(lab ? [{ attempt: 0, record: lab.record }] : []), ...attempts.map(({ attempt, record }) => ({ attempt, record }))]

const CHECKS: Check[] = [
  // 1. The boundary held: nobody reached outside the captured loopback.
  (evidence) => {
    const reached = records(evidence).find(({ record }) => record.semantic.outside.length > 0)
    const first = reached?.record.semantic.outside[0]
    return reached && first ? invalid('outside_reached', 'scope_red_line', reached.attempt, 'outside', 'only the captured loopback', `${first.api} → ${first.host}`) : null
  },
  // 2. There is a lab to compare with, and it is controlled.
  ({ lab }) => {
    if (lab === null) return invalid('capture_packet_missing', 'deterministic_lab', 0, 'lab', 'a lab run', 'none')
    const [one, other] = lab.runs
    const equal = one !== undefined && other !== undefined && one.schedule_hash === other.schedule_hash && one.event_hash === other.event_hash
    if (!lab.deterministic || !equal) return invalid('lab_not_deterministic', 'deterministic_lab', 0, 'lab.runs', 'equal schedule_hash and event_hash', 'they differ')
    return lab.record.clock_source === 'virtual_clock' ? null : invalid('peer_timing_uncontrolled', 'deterministic_lab', 0, 'lab.clock_source', 'virtual_clock', lab.record.clock_source)
  },
  // 3. Time is declared where it is compared.
  ({ scenario }) => {
    const gap = timeContractGap(scenario)
    return gap === null ? null : invalid('time_contract_incomplete', 'time_contract', 0, 'logical_deadline_id', 'a declared clock and deadline', gap)
  },
  (evidence) => {
    const other = records(evidence).find(({ record }) => record.scenario_clock_id !== evidence.scenario.scenario_clock_id)
    return other ? invalid('time_contract_incomplete', 'time_contract', other.attempt, 'scenario_clock_id', evidence.scenario.scenario_clock_id, other.record.scenario_clock_id) : null
  },
  (evidence) => {
    const wall = records(evidence).find(({ record }) => wallClockOnly(evidence.scenario, record))
    return wall ? invalid('wall_clock_only', 'time_contract', wall.attempt, 'qualified', 'ticks of the scenario clock', 'only wall-clock values') : null
  },
  ({ scenario, lab }) =>
    (timeoutBudgetClass(scenario, lab) === 'ambiguous' ? invalid('budget_ambiguous', 'time_contract', 0, 'timeout_budget_class', 'a margin of two ticks or more', 'ambiguous') : null),
  // 4. The peers were the model's, and the capture is there.
  ({ peers_from_model }) => (peers_from_model ? null : invalid('peer_timing_uncontrolled', 'observability_floor', 0, 'peers', 'only what the peer models declare', 'another peer answered, or one in another protocol version')),
  ({ capture_manifest_path, normalized_record_path }) => {
    if (capture_manifest_path === null) return invalid('capture_packet_missing', 'observability_floor', 0, 'capture_manifest_path', 'a capture manifest', 'none')
    return normalized_record_path === null ? invalid('capture_packet_missing', 'observability_floor', 0, 'normalized_record_path', 'normalized records', 'none') : null
  },
  // 5. Every field that the row asks for was captured directly.
  (evidence) => {
    for (const { attempt, record } of records({ ...evidence, attempts: judgedOf(evidence.attempts) })) {
      const weak = record.observability.find((field) => field.required && field.class !== 'observed')
      if (weak) {
        const signal = weak.field === 'orders' && weak.class === 'unsupported' ? 'order_from_wall_clock' : 'field_under_observed'
        return invalid(signal, 'observability_floor', attempt, weak.field, 'observed', `${weak.class} (${weak.witnesses.join(', ') || 'no witness'})`)
      }
    }
    return null
  },
]

const floorMet = (attempts: readonly LiveAttempt[]): LiveAttempt[] => attempts.filter(({ record }) => observabilityStatus(record.observability) === 'met')

/** The attempts that a verdict rests on: those captured well enough, or all where none was. What the others show of a break stands all the same. */
export function judgedOf(attempts: readonly LiveAttempt[]): readonly LiveAttempt[] {
  const met = floorMet(attempts)
  return met.length > 0 ? met : attempts
}

/** Whether the live adapter met the row's capture floor in an attempt that the verdict can rest on. */
export function cellObservability({ attempts, capture_manifest_path }: CellEvidence): ObservabilityStatus {
  if (capture_manifest_path === null || attempts.length === 0) return 'manifest_missing'
  return floorMet(attempts).length > 0 ? 'met' : 'below_floor'
}

/** Families a step needed and the subject does not have, in any run. */
export const absentFamilies = (evidence: CellEvidence): string[] => [...new Set(records(evidence).flatMap(({ record }) => record.semantic.absent_families))].sort()
