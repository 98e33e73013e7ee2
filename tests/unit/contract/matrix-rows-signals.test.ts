import { describe, expect, test } from 'vitest'
import { MATRIX_ROWS } from '../../../src/contract/matrix-rows.js'
import { SURFACE_FAMILIES, type EligibilityVerdict, type SurfaceFamily } from '../../../src/contract/vocabulary.js'
import type { CellEvidence } from '../../../src/judge/cell-evidence.js'
import { changeEligibility, claimEligibility, eligibilityOf, SIGNAL_ANSWERS, type LaneClaim } from '../../../src/judge/eligibility.js'
import { judge } from '../../../src/judge/judge.js'
import { reportSignals } from '../../../src/judge/report-check.js'
import { FAILURE_PATTERNS, INVALID_EXPERIMENTS } from '../../../src/judge/row-signals.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, evidenceOf, scenarioOf, trace } from '../judge/traces.js'

const ALL = SURFACE_FAMILIES.flatMap((family) => [...INVALID_EXPERIMENTS[family], ...FAILURE_PATTERNS[family]].map((one) => ({ family, ...one })))

describe('T0 invalid-experiment signals of the rows', () => {
  test('every signal of a row is bound, in the row\'s order, and nothing else is', () => {
    for (const row of MATRIX_ROWS) expect(INVALID_EXPERIMENTS[row.surface_family].map(({ signal }) => signal)).toEqual(row.invalid_experiment_signals)
  })
  test.each(ALL)('$family: $signal: the judge answers $classification to $judged_as', ({ judged_as, classification }) => {
    expect(SIGNAL_ANSWERS[judged_as]).toBe(classification)
    expect(classification).not.toBe('eligible')
  })
})

// ── One example of each, through the judge itself. ──

const judged = (evidence: CellEvidence): EligibilityVerdict => {
  const { verdict, eligibility_verdict } = judge(evidence)
  return verdict === 'invalid_experiment' ? eligibility_verdict : 'eligible'
}
const reported = (report: Record<string, unknown>): EligibilityVerdict => reportSignals(report).map(eligibilityOf)[0] ?? 'eligible'
const claimed = (claim: Partial<LaneClaim>): EligibilityVerdict => claimEligibility({ claims: 'full_host_parity', host_role: 'window', support_class: 'direct', promoted: false, ...claim })

const timer = (change: Partial<CellEvidence> = {}): CellEvidence => evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()], change)
const channel = (family: SurfaceFamily, change: Partial<CellEvidence> = {}): CellEvidence => evidenceOf(channelScenario({ surface_family: family }), channelTrace(), [channelTrace()], change)
const withRecord = (evidence: CellEvidence, change: object): CellEvidence => ({ ...evidence, attempts: evidence.attempts.map((attempt) => ({ ...attempt, record: { ...attempt.record, ...change } })) })
const outside = (family: SurfaceFamily): CellEvidence =>
  evidenceOf(channelScenario({ surface_family: family }), channelTrace(), [channelTrace().page('host.outside', 'fetch', { url: 'https://example.test/' })])
const nobodySawTheOrder = (): CellEvidence => {
  const ordered = scenarioOf({ surface_family: 'virtual_transport_surface', expect: { orders: [['mark.a', 'mark.b']] } })
  const evidence = evidenceOf(ordered, trace().subject('mark', 'a').subject('mark', 'b').end(), [trace().subject('mark', 'a').subject('mark', 'b').end()])
  return withRecord(evidence, { observability: evidence.attempts[0]!.record.observability.map((field) => (field.field === 'orders' ? { ...field, class: 'unsupported', witnesses: [] } : field)) })
}
const unsupportedTimer = (): CellEvidence => {
  const evidence = timer()
  return withRecord(evidence, { observability: evidence.attempts[0]!.record.observability.map((field) => (field.field === 'timeout_outcome_class' ? { ...field, class: 'unsupported', witnesses: [] } : field)) })
}

const EXAMPLES: Record<SurfaceFamily, Record<string, () => EligibilityVerdict>> = {
  timer_surface: {
    'missing scenario_clock_id': () => reported({ surface_family: 'timer_surface', timeout_outcome_class: 'deadline_exceeded', logical_deadline_id: 'd' }),
    'missing logical_deadline_id': () => judged(evidenceOf(deadlineScenario({ logical_deadline_id: null }), deadlineTrace(), [deadlineTrace()])),
    'wall-clock-only reasoning': () => judged(withRecord(timer(), { qualified: { logical_elapsed_ticks: null, at_ticks: {} } })),
    'unsupported timer fields marked as semantic': () => judged(unsupportedTimer()),
  },
  virtual_transport_surface: {
    'uncontrolled peer timing': () => judged(channel('virtual_transport_surface', { peers_from_model: false })),
    'real network dependency': () => judged(outside('virtual_transport_surface')),
    'missing capture packet': () => judged(channel('virtual_transport_surface', { capture_manifest_path: null })),
    'transport evidence only inferred from wall-clock logs': () => judged(nobodySawTheOrder()),
  },
  http_surface: {
    'real-internet RTT': () => judged(outside('http_surface')),
    'uncontrolled TLS/DNS timing': () => judged(channel('http_surface', { peers_from_model: false })),
    'opaque upstream behavior': () => judged(channel('http_surface', { peers_from_model: false })),
    'missing normalized peer evidence': () => judged(channel('http_surface', { normalized_record_path: null })),
  },
  browser_surface: {
    'opaque browser scheduler claims': () => claimed({ claims: 'scheduler_behaviour' }),
    'service-worker lifetime parity claims': () => claimed({ claims: 'service_worker_lifetime', host_role: 'service_worker' }),
    'shared-worker parity without promotion': () => claimed({ host_role: 'shared_worker' }),
    'missing lane/host metadata': () => reported({ surface_family: 'browser_surface', support_class: 'direct', reason_code: 'admitted_direct', host_role: 'window' }),
    'a bridge_only downgrade taken for full host parity': () => claimed({ support_class: 'bridge_only' }),
  },
}
const changedComparator = (): EligibilityVerdict => changeEligibility({ comparator_or_report_changed: true, tiers_met: ['T0', 'T2', 'T3'] })

describe('T4 an example of every signal gets the answer it is bound to', () => {
  test('what is in order is eligible', () => expect([judged(timer()), judged(channel('virtual_transport_surface')), judged(channel('http_surface')), claimed({})]).toEqual(Array(4).fill('eligible')))
  test.each(ALL)('$family: $signal: $classification', ({ family, signal, judged_as, classification }) => {
    const example = judged_as === 'change_without_evidence' ? changedComparator : EXAMPLES[family][signal]
    expect(example?.()).toBe(classification)
  })
})
