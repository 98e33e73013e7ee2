import type { Verdict } from '../../contract/verdict.js'
import { changeEligibility, claimEligibility, eligibilityOf, type LaneClaim } from '../../judge/eligibility.js'
import { reportSignals } from '../../judge/report-check.js'
import { toVerdict, underPolicy } from '../../judge/verdict.js'
import { findScenarios } from '../../scenarios/catalogue.js'
import { offline, verdictAnswer, type OfflineControl } from '../control.js'
import { DIRECT } from '../made-evidence.js'
import { altered } from '../trace-faults.js'

const answered = (report: Record<string, unknown>): string => reportSignals(report).map(eligibilityOf)[0] ?? 'eligible'
const claimed = (claim: Partial<LaneClaim>): string => claimEligibility({ claims: 'full_host_parity', host_role: 'window', support_class: 'direct', promoted: true, ...claim })

const TIMER = { surface_family: 'timer_surface', scenario_clock_id: 'scenario.monotonic', logical_deadline_id: 'budget', timeout_outcome_class: 'deadline_exceeded', logical_elapsed_ticks: 12 }
const TRANSPORT = { surface_family: 'virtual_transport_surface', capture_manifest_path: 'capture-manifest.json', normalized_record_path: 'live.json' }
const BROWSER = { surface_family: 'browser_surface', host_role: 'window', support_class: 'direct', reason_code: 'admitted_direct', lane_id: 'firefox.window.direct' }
const CLAIM = 'blocked_scope_red_line'

/** A verdict as somebody else may report it: parity over what was found broken. */
function reportedParity(broken: boolean): Verdict {
  const [scenario] = findScenarios('timer.order.distinct')
  return underPolicy(toVerdict({
    cell: { cell_id: 'chromium.window/timer.order.distinct', engine: 'chromium', host_role: 'window', scenario: scenario! }, admission: DIRECT, attempts: 1, repro_command: 'none',
    paths: { artifact_bundle: 'bundle', capture_manifest_path: 'manifest', normalized_record_path: 'record' },
    judgement: {
      verdict: 'parity', eligibility_verdict: 'eligible', reason: 'lab and live agree', findings: broken ? [{ law: 'order', severity: 'hard', attempt: 1, field: 'orders', expected: 'a → b', found: 'broken' }] : [],
      time_policy_class: 'qualified_time', scheduler_noise_class: 'none', suppression_reason: 'none', rerun_decision: 'not_needed', timeout_budget_class: 'none', timeout_outcome_class: 'no_deadline',
      logical_elapsed_ticks: 1, observability_status: 'met', unsupported_reason: null,
    },
  }))
}

/** Faults of what is said of a cell, by us or by anyone. */
export const REPORT: OfflineControl[] = [
  offline({
    id: 'report.no_clock_id', law: 'time_contract', place: 'report', row: 'timer_surface', table: 'timer_report_incomplete', fault: 'a timer report compares a time-out and names no scenario_clock_id', required: 'insufficient_observability',
    given: (bench) => answered({ ...TIMER, scenario_clock_id: bench.pick('', TIMER.scenario_clock_id) }),
  }),
  offline({
    id: 'report.wall_clock_only', law: 'time_contract', place: 'report', row: 'timer_surface', table: 'wall_clock_only', fault: 'a report has wall-clock values and nothing else to reason from', required: 'unsupported_time_surface',
    given: (bench) => answered(bench.pick<Record<string, unknown>>({ surface_family: 'timer_surface', scenario_clock_id: 'scenario.monotonic', wall_elapsed_ns: 12e6 }, TIMER)),
  }),
  offline({
    id: 'report.no_manifest', law: 'observability_floor', place: 'report', row: 'virtual_transport_surface', table: 'transport_bundle_incomplete', fault: 'a transport report without its capture manifest', required: 'blocked_missing_observability',
    given: (bench) => answered({ ...TRANSPORT, capture_manifest_path: bench.pick(null, TRANSPORT.capture_manifest_path) }),
  }),
  offline({
    id: 'report.no_lane', law: 'admission', place: 'report', row: 'browser_surface', table: 'browser_row_incomplete', fault: 'a browser report without its lane_id', required: 'blocked_missing_observability',
    given: (bench) => answered({ ...BROWSER, lane_id: bench.pick(null, BROWSER.lane_id) }),
  }),
  offline({
    id: 'report.changed_comparator', law: 'reproducibility', place: 'report', row: 'http_surface', table: 'changed_without_evidence', fault: 'the comparator was changed, and neither T1 nor T4 was met since', required: 'blocked_missing_verification',
    given: (bench) => changeEligibility({ comparator_or_report_changed: true, tiers_met: bench.pick(['T0', 'T2', 'T3'], ['T0', 'T4']) }),
  }),
  offline({
    id: 'report.bridge_as_parity', law: 'scope_red_line', place: 'report', row: 'browser_surface', table: 'bridge_taken_for_parity', fault: 'a bridged lane is claimed as full host parity', required: CLAIM,
    given: (bench) => claimed({ support_class: bench.pick('bridge_only', 'direct') }),
  }),
  offline({
    id: 'report.opaque_scheduler', law: 'scope_red_line', place: 'report', row: 'browser_surface', table: 'opaque_host_claim', fault: 'a claim about how a browser schedules', required: CLAIM,
    given: (bench) => claimed({ claims: bench.pick('scheduler_behaviour', 'full_host_parity') }),
  }),
  offline({
    id: 'report.service_worker_lifetime', law: 'scope_red_line', place: 'report', row: 'browser_surface', table: 'opaque_host_claim', fault: 'a claim about how long a service worker lives', required: CLAIM,
    given: (bench) => claimed({ host_role: 'service_worker', claims: bench.pick('service_worker_lifetime', 'full_host_parity') }),
  }),
  offline({
    id: 'report.shared_worker_unpromoted', law: 'scope_red_line', place: 'report', row: 'browser_surface', table: 'opaque_host_claim', fault: 'parity is claimed for a shared worker that was not promoted', required: CLAIM,
    given: (bench) => claimed({ host_role: 'shared_worker', promoted: bench.pick(false, true) }),
  }),
  offline({
    id: 'report.noise_erases', law: 'noise_may_not_erase', place: 'report', row: 'timer_surface', table: 'noise_erases_mismatch', fault: 'a timer left alive is put down to noise', required: 'policy_violation, eligible, by noise_may_not_erase',
    given: (bench) => bench.judged('timer.order.distinct', {
      live: altered({ kind: 'host.alive' }, { timers: ['7'] }), evidence: (evidence) => ({ ...evidence, claimed_suppression: 'noise_within_window' }),
    }),
  }),
  offline({
    id: 'report.parity_over_broken', law: 'noise_may_not_erase', place: 'report', row: 'timer_surface', table: 'noise_erases_mismatch', fault: 'a verdict says parity over its own finding of a broken order', required: 'policy_violation, eligible, by noise_may_not_erase',
    given: (bench) => verdictAnswer(reportedParity(bench.pick(true, false))),
  }),
]
