import { describe, expect, test } from 'vitest'
import type { Finding, Verdict } from '../../../src/contract/verdict.js'
import { changeEligibility } from '../../../src/judge/eligibility.js'
import { checkReport, reportSignals } from '../../../src/judge/report-check.js'
import { underPolicy } from '../../../src/judge/verdict.js'
import { verdictOf } from './verdicts.js'

const found = (severity: Finding['severity'], field = 'orders'): Finding => ({ law: 'order', severity, attempt: 1, field, expected: 'a', found: 'b' })
const told = (change: Partial<Verdict>): string[] => checkReport(verdictOf(change)).map(({ law, severity, attempt, field, expected, found: got }) => `${severity} ${law} ${attempt} ${field}: ${expected} | ${got}`)
const held = { rerun_decision: 'no_rerun_hard_break' } as const

describe('T4 every row: a report that erases what it found', () => {
  test.each<[string, Partial<Verdict>, string[]]>([
    ['parity over a break', { findings: [found('break'), found('break', 'x')] }, ['hard noise_may_not_erase 0 verdict: a mismatch | parity over 2 broken: orders']],
    ['bridge_only over a break', { verdict: 'bridge_only', findings: [found('break')] }, ['hard noise_may_not_erase 0 verdict: a mismatch | bridge_only over 1 broken: orders']],
    ['irreproducible over a break', { verdict: 'irreproducible', findings: [found('break')] }, []],
    ['a mismatch blamed on noise', { verdict: 'semantic_mismatch', suppression_reason: 'noise_within_window', findings: [found('break')] },
      ['hard noise_may_not_erase 0 suppression_reason: no noise over a broken contract | noise_within_window, semantic_time over orders']],
    ['a mismatch called a signal of noise', { verdict: 'semantic_mismatch', time_policy_class: 'scheduler_noise_signal', findings: [found('break')] },
      ['hard noise_may_not_erase 0 suppression_reason: no noise over a broken contract | none, scheduler_noise_signal over orders']],
    ['noise blamed where nothing is broken', { verdict: 'invalid_experiment', time_policy_class: 'scheduler_noise_signal', findings: [found('noise'), found('note')] }, []],
    ['parity beyond the window', { scheduler_noise_class: 'beyond_window' }, ['hard noise_may_not_erase 0 scheduler_noise_class: drift within the window | parity with drift beyond it']],
    ['bridge_only beyond the window', { verdict: 'bridge_only', scheduler_noise_class: 'beyond_window' }, ['hard noise_may_not_erase 0 scheduler_noise_class: drift within the window | bridge_only with drift beyond it']],
    ['invalid beyond the window', { verdict: 'invalid_experiment', scheduler_noise_class: 'beyond_window' }, []],
    ['parity within the window', { scheduler_noise_class: 'within_window' }, []],
    ...(['irreproducible', 'invalid_experiment', 'not_run', 'unsupported'] as const).flatMap((verdict): Array<[string, Partial<Verdict>, string[]]> => [
      [`${verdict} over a hard break that was rerun away`, { verdict, rerun_decision: 'rerun_for_mismatch', findings: [found('hard')] }, ['hard noise_may_not_erase 0 rerun_decision: no_rerun_hard_break | rerun_for_mismatch']],
      [`${verdict} over a hard break that was kept`, { verdict, ...held, findings: [found('hard')] }, []],
    ]),
    ['a mismatch over a hard break, run again', { verdict: 'semantic_mismatch', rerun_decision: 'rerun_for_mismatch', findings: [found('hard')] }, []],
    ['parity over a hard break that was kept', { ...held, findings: [found('hard')] }, ['hard noise_may_not_erase 0 verdict: a mismatch | parity over 1 broken: orders']],
  ])('%s', (_, change, lines) => expect(told(change)).toEqual(lines))
  test('is a violation, with what it was found by first', () => {
    const verdict = verdictOf({ findings: [found('break')], unsupported_reason: 'x' })
    expect(underPolicy(verdict)).toEqual({ ...verdict, verdict: 'policy_violation', reason: 'verdict: parity over 1 broken: orders', unsupported_reason: null, findings: [...checkReport(verdict), found('break')] })
    expect(underPolicy(verdictOf({}))).toEqual(verdictOf({}))
  })
})

describe('T4 every row: a report of anyone\'s', () => {
  const timer = { surface_family: 'timer_surface', scenario_clock_id: 'c', logical_deadline_id: 'd', timeout_outcome_class: 'deadline_exceeded', logical_elapsed_ticks: 3 }
  const transport = { surface_family: 'virtual_transport_surface', capture_manifest_path: 'm', normalized_record_path: 'n' }
  const http = { ...transport, surface_family: 'http_surface' }
  const browser = { surface_family: 'browser_surface', host_role: 'window', support_class: 'direct', reason_code: 'admitted_direct', lane_id: 'firefox.window.direct' }
  const missing = [undefined, null, '']
  test('whole ones have nothing wrong', () => expect([timer, transport, http, browser].map(reportSignals)).toEqual([[], [], [], []]))
  test.each<[Record<string, unknown>, string, string]>([
    [timer, 'scenario_clock_id', 'time_contract_incomplete'], [timer, 'logical_deadline_id', 'time_contract_incomplete'],
    [transport, 'capture_manifest_path', 'capture_packet_missing'], [transport, 'normalized_record_path', 'capture_packet_missing'], [http, 'capture_manifest_path', 'capture_packet_missing'], [http, 'normalized_record_path', 'capture_packet_missing'],
    [browser, 'host_role', 'host_metadata_missing'], [browser, 'support_class', 'host_metadata_missing'], [browser, 'reason_code', 'host_metadata_missing'], [browser, 'lane_id', 'host_metadata_missing'],
  ])('%o without %s', (report, field, signal) => expect(missing.map((value) => reportSignals({ ...report, [field]: value }))).toEqual(missing.map(() => [signal])))
  test('a timer report that compares no time-out needs its clock all the same, and no deadline', () => {
    expect(reportSignals({ ...timer, timeout_outcome_class: 'no_deadline', logical_deadline_id: null })).toEqual([])
    expect(reportSignals({ ...timer, timeout_outcome_class: 'no_deadline', scenario_clock_id: '' })).toEqual(['time_contract_incomplete'])
    expect(reportSignals({ ...timer, timeout_outcome_class: null, logical_deadline_id: null })).toEqual([])
  })
  test('a time-out compared in any row needs both', () => {
    expect(reportSignals({ ...transport, timeout_outcome_class: 'deadline_exceeded' })).toEqual(['time_contract_incomplete'])
    expect(reportSignals({ ...transport, timeout_outcome_class: 'deadline_exceeded', scenario_clock_id: 'c', logical_deadline_id: 'd' })).toEqual([])
  })
  test.each(['wall_elapsed_ns', 'monotonic_start_ns', 'monotonic_end_ns', 'now_nanos', 'steps_delta'])('%s alone is wall-clock time alone', (field) => {
    expect(reportSignals({ [field]: 1 })).toEqual(['wall_clock_only'])
    expect(reportSignals({ [field]: null })).toEqual([])
    expect(reportSignals({ [field]: 1, logical_elapsed_ticks: 2 })).toEqual([])
    expect(reportSignals({ ...timer, [field]: 1, logical_elapsed_ticks: null })).toEqual([])
    expect(reportSignals({ [field]: 1, timeout_outcome_class: 'no_deadline' })).toEqual(['wall_clock_only'])
  })
  test('a row nobody knows has no fields of its own', () => expect(reportSignals({ surface_family: 'other' })).toEqual([]))
})

test('T4 every row: a comparator that changed stands on T1 or T4, whatever else was met', () => {
  const after = (...tiers_met: string[]) => changeEligibility({ comparator_or_report_changed: true, tiers_met })
  expect([after('T0', 'T1'), after('T1'), after('T4', 'T5'), after('T0', 'T2', 'T3', 'T5'), after()]).toEqual(['eligible', 'eligible', 'eligible', 'blocked_missing_verification', 'blocked_missing_verification'])
})
