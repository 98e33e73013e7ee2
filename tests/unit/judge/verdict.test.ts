import { describe, expect, test } from 'vitest'
import { isLanecheckError } from '../../../src/contract/errors.js'
import { VerdictSchema, type Verdict } from '../../../src/contract/verdict.js'
import { REALM_UNAVAILABLE, toVerdict } from '../../../src/judge/verdict.js'
import { judge } from '../../../src/judge/judge.js'
import { BRIDGED, REFUSED, deadlineScenario, deadlineTrace, evidenceOf } from './traces.js'
import { PATHS, verdictFrom, verdictOf } from './verdicts.js'

const scenario = deadlineScenario()

describe('T0 verdict record', () => {
  test('carries its row, its admission and its paths', () => {
    expect(verdictFrom(evidenceOf(scenario, deadlineTrace(), [deadlineTrace()]))).toMatchObject({
      verdict: 'parity', lane_id: 'firefox.window.direct', cell_id: 'firefox.window/timer.deadline.met', surface_family: 'timer_surface', phase: 'Phase 2', runtime_profile: 'phase2.timer_virtualized',
      virtualization_boundary: 'scenario-declared clock and deadline boundary only; no ambient wall-clock claim', logical_deadline_id: 'budget', clock_source: 'performance_now', attempts: 1, ...PATHS,
    })
  })
  test('a bridge, a refusal and a realm that could not be had', () => {
    expect(verdictFrom(evidenceOf(scenario, deadlineTrace(), [deadlineTrace()], { admission: BRIDGED }))).toMatchObject({ verdict: 'bridge_only', lane_id: 'firefox.window.bridge', support_class: 'bridge_only' })
    expect(verdictFrom(evidenceOf(scenario, deadlineTrace(), [], { admission: REFUSED }))).toMatchObject({ verdict: 'unsupported', lane_id: 'firefox.window.none', unsupported_reason: 'unsupported_runtime_context: missing_capability webassembly' })
    expect(verdictFrom(evidenceOf(scenario, deadlineTrace(), [], { admission: REALM_UNAVAILABLE }))).toMatchObject({ verdict: 'unsupported', unsupported_reason: 'realm_unavailable', cause: null, eligibility_verdict: 'insufficient_observability' })
  })
  test.each<[string, Partial<Verdict>]>([
    ['parity over the bridge', { lane_id: 'firefox.window.bridge', support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge' }],
    ['bridge_only by the route direct', { verdict: 'bridge_only' }],
    ['bridge_only with unsupported_runtime_context', { verdict: 'bridge_only', lane_id: 'firefox.window.bridge', support_class: 'bridge_only', reason_code: 'unsupported_runtime_context' }],
    ['direct in a bridge lane', { lane_id: 'firefox.window.bridge' }],
    ['parity of an experiment that is not eligible', { eligibility_verdict: 'insufficient_observability' }],
    ['unsupported without a reason', { verdict: 'unsupported', lane_id: 'firefox.window.none', support_class: 'unsupported', reason_code: 'unsupported_runtime_context' }],
    ['a budget without its deadline', { logical_deadline_id: null }],
    ['parity without kept evidence', { artifact_bundle: null }],
    ['an unknown token', { verdict: 'flaky' as never }],
    ['a field of another record', { score: 1 } as never],
  ])('the schema refuses %s', (_, change) => expect(VerdictSchema.safeParse(verdictOf(change)).success).toBe(false))
  test.each(Object.keys(verdictOf({})))('a verdict without %s does not parse', (field) => {
    expect(VerdictSchema.safeParse(Object.fromEntries(Object.entries(verdictOf({})).filter(([key]) => key !== field))).success).toBe(false)
  })
  test('a contradiction of our own is our fault, with the cell named', () => {
    const evidence = evidenceOf(scenario, deadlineTrace(), [deadlineTrace()])
    const cell = { cell_id: 'firefox.window/timer.deadline.met' as const, engine: 'firefox' as const, host_role: 'window' as const, scenario }
    try {
      toVerdict({ cell, admission: REFUSED, judgement: judge(evidence), attempts: 1, paths: PATHS, repro_command: 'x' })
      expect.unreachable()
    } catch (error) {
      expect(isLanecheckError(error) && [error.code, error.where]).toEqual(['internal', cell.cell_id])
    }
  })
})
