import { describe, expect, test } from 'vitest'
import type { Finding, Verdict } from '../../../src/contract/verdict.js'
import { changeEligibility, claimEligibility, eligibilityOf } from '../../../src/judge/eligibility.js'
import { checkReport, reportSignals } from '../../../src/judge/report-check.js'
import { underPolicy } from '../../../src/judge/verdict.js'
import { verdictOf } from './verdicts.js'

const finding = (severity: Finding['severity']): Finding => ({ law: 'cancellation', severity, attempt: 1, field: 'timers.a.fired_after_clear', expected: 'false', found: 'true' })

describe('T4 a report that erases a hard mismatch by noise', () => {
  test.each<[string, Partial<Verdict>]>([
    ['parity over a hard finding', { findings: [finding('hard')] }],
    ['parity over a break', { findings: [finding('break')] }],
    ['a suppression over a break', { verdict: 'semantic_mismatch', findings: [finding('break')], suppression_reason: 'noise_within_window' }],
    ['a break called noise', { verdict: 'invalid_experiment', findings: [finding('hard')], time_policy_class: 'scheduler_noise_signal', rerun_decision: 'no_rerun_hard_break' }],
    ['a hard break rerun away', { verdict: 'irreproducible', findings: [finding('hard')], rerun_decision: 'rerun_for_mismatch' }],
    ['parity beyond the window', { scheduler_noise_class: 'beyond_window' }],
  ])('%s is a policy_violation', (_, change) => {
    const verdict = verdictOf(change)
    expect(checkReport(verdict)[0]).toMatchObject({ law: 'noise_may_not_erase', severity: 'hard' })
    expect(underPolicy(verdict).verdict).toBe('policy_violation')
  })
  test('honest verdicts stand', () => {
    const honest = [verdictOf({}), verdictOf({ suppression_reason: 'noise_within_window', findings: [finding('noise')] }), verdictOf({ verdict: 'semantic_mismatch', findings: [finding('hard')], rerun_decision: 'no_rerun_hard_break' })]
    for (const verdict of honest) expect(underPolicy(verdict)).toBe(verdict)
  })
})

describe('T4 what happened, and the answer', () => {
  const answers = (report: Record<string, unknown>): string[] => reportSignals(report).map(eligibilityOf)
  test.each<[string, Record<string, unknown>, string]>([
    ['a timer report without scenario_clock_id', { surface_family: 'timer_surface', timeout_outcome_class: 'deadline_exceeded', logical_deadline_id: 'd' }, 'insufficient_observability'],
    ['a timer report without logical_deadline_id', { surface_family: 'timer_surface', timeout_outcome_class: 'deadline_exceeded', scenario_clock_id: 'c' }, 'insufficient_observability'],
    ['only wall-clock values', { surface_family: 'timer_surface', scenario_clock_id: 'c', wall_elapsed_ns: 12 }, 'unsupported_time_surface'],
    ['a transport bundle without capture_manifest_path', { surface_family: 'virtual_transport_surface', normalized_record_path: 'live.json' }, 'blocked_missing_observability'],
    ['a transport bundle without normalized records', { surface_family: 'http_surface', capture_manifest_path: 'm.json' }, 'blocked_missing_observability'],
    ['a browser row without host_role', { surface_family: 'browser_surface', support_class: 'direct', reason_code: 'admitted_direct', lane_id: 'firefox.window.direct' }, 'blocked_missing_observability'],
    ['a browser row without lane_id', { surface_family: 'browser_surface', support_class: 'direct', reason_code: 'admitted_direct', host_role: 'window' }, 'blocked_missing_observability'],
  ])('%s', (_, report, answer) => expect(answers(report)).toEqual([answer]))
  test('our own verdicts raise no signal', () => expect(reportSignals(verdictOf({}))).toEqual([]))
  test('a comparator changed without T1 or T4', () => {
    expect(changeEligibility({ comparator_or_report_changed: true, tiers_met: ['T0', 'T2'] })).toBe('blocked_missing_verification')
    expect(changeEligibility({ comparator_or_report_changed: true, tiers_met: ['T4'] })).toBe('eligible')
    expect(changeEligibility({ comparator_or_report_changed: false, tiers_met: [] })).toBe('eligible')
  })
  test('claims over the red lines', () => {
    const claim = { claims: 'full_host_parity' as const, host_role: 'window', support_class: 'direct' as const, promoted: false }
    expect(claimEligibility(claim)).toBe('eligible')
    expect(claimEligibility({ ...claim, support_class: 'bridge_only' })).toBe('blocked_scope_red_line')
    expect(claimEligibility({ ...claim, support_class: 'bridge_only', claims: 'bridge_only' })).toBe('eligible')
    expect(claimEligibility({ ...claim, claims: 'scheduler_behaviour' })).toBe('blocked_scope_red_line')
    expect(claimEligibility({ ...claim, claims: 'service_worker_lifetime' })).toBe('blocked_scope_red_line')
    expect(claimEligibility({ ...claim, host_role: 'shared_worker' })).toBe('blocked_scope_red_line')
    expect(claimEligibility({ ...claim, host_role: 'shared_worker', promoted: true })).toBe('eligible')
  })
})
