import type { Verdict } from '../contract/verdict.js'
import { SURFACE_FAMILIES } from '../contract/vocabulary.js'
import { breaks, finding, hard, type Finding } from './findings.js'
import type { ExperimentSignal } from './eligibility.js'

const PLACE = { law: 'noise_may_not_erase', severity: 'hard', attempt: 0 } as const
/** Verdicts that say nothing is broken, or that it is only weak. */
const SOFT = new Set<Verdict['verdict']>(['parity', 'bridge_only', 'irreproducible', 'invalid_experiment', 'not_run', 'unsupported'])

/** Where a verdict uses noise to erase what it found itself; any finding makes it a `policy_violation`. */
export function checkReport(verdict: Verdict): Finding[] {
  const findings: Finding[] = []
  const broken = breaks(verdict.findings)
  const never = hard(verdict.findings)
  const claims = verdict.verdict === 'parity' || verdict.verdict === 'bridge_only'
  const blamesNoise = verdict.suppression_reason !== 'none' || verdict.time_policy_class === 'scheduler_noise_signal'
  const [first] = broken
  const say = (field: string, expected: string, found: string): void => { findings.push(finding(PLACE, field, expected, found)) }
  if (claims && first) say('verdict', 'a mismatch', `${verdict.verdict} over ${broken.length} broken: ${first.field}`)
  if (blamesNoise && first) say('suppression_reason', 'no noise over a broken contract', `${verdict.suppression_reason}, ${verdict.time_policy_class} over ${first.field}`)
  if (claims && verdict.scheduler_noise_class === 'beyond_window') say('scheduler_noise_class', 'drift within the window', `${verdict.verdict} with drift beyond it`)
  if (never.length > 0 && SOFT.has(verdict.verdict) && verdict.rerun_decision !== 'no_rerun_hard_break') say('rerun_decision', 'no_rerun_hard_break', verdict.rerun_decision)
  return findings
}

const REPORT_FIELDS: Record<(typeof SURFACE_FAMILIES)[number], { signal: ExperimentSignal; fields: readonly string[] }> = {
  timer_surface: { signal: 'time_contract_incomplete', fields: ['scenario_clock_id'] },
  virtual_transport_surface: { signal: 'capture_packet_missing', fields: ['capture_manifest_path', 'normalized_record_path'] },
  http_surface: { signal: 'capture_packet_missing', fields: ['capture_manifest_path', 'normalized_record_path'] },
  browser_surface: { signal: 'host_metadata_missing', fields: ['host_role', 'support_class', 'reason_code', 'lane_id'] },
}
const WALL_CLOCK_FIELDS = ['wall_elapsed_ns', 'monotonic_start_ns', 'monotonic_end_ns', 'now_nanos', 'steps_delta']

/** What is wrong with a report that may be anyone's, before it is parsed as one of ours. */
export function reportSignals(report: Record<string, unknown>): ExperimentSignal[] {
  const lacks = (field: string): boolean => report[field] === undefined || report[field] === null || report[field] === ''
  const signals = new Set<ExperimentSignal>()
  const row = SURFACE_FAMILIES.find((family) => family === report['surface_family'])
  if (row && REPORT_FIELDS[row].fields.some(lacks)) signals.add(REPORT_FIELDS[row].signal)
  const comparesTimeout = !lacks('timeout_outcome_class') && report['timeout_outcome_class'] !== 'no_deadline'
  if (comparesTimeout && (lacks('scenario_clock_id') || lacks('logical_deadline_id'))) signals.add('time_contract_incomplete')
  if (WALL_CLOCK_FIELDS.some((field) => !lacks(field)) && lacks('logical_elapsed_ticks') && !comparesTimeout) signals.add('wall_clock_only')
  return [...signals]
}
