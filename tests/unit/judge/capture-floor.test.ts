import { describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { judge } from '../../../src/judge/judge.js'
import { rerunDecision } from '../../../src/judge/rerun.js'
import { deadlineScenario, deadlineTrace, evidenceOf, type Tracer } from './traces.js'

const scenario = deadlineScenario()
const without = (tracer: Tracer, gone: (event: TraceEvent) => boolean): Tracer => ({ ...tracer, events: tracer.events.filter((event) => !gone(event)) })
/** The page witness of the timers is missing: their outcomes are known from the subject alone. */
const underObserved = (): Tracer => without(deadlineTrace(), ({ kind }) => kind.startsWith('host.timer.'))

describe('T0 timer_surface: an attempt below the capture floor', () => {
  test('calls for another one, as long as there may be', () => {
    const evidence = evidenceOf(scenario, deadlineTrace(), [underObserved()])
    expect(rerunDecision(evidence, 3)).toBe('rerun_for_noise')
    expect(rerunDecision(evidence, 1)).toBe('not_needed')
  })
  test('carries no verdict when it is all there is', () => {
    expect(judge(evidenceOf(scenario, deadlineTrace(), [underObserved(), underObserved()]))).toMatchObject({
      verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', observability_status: 'below_floor',
    })
  })
  test('does not stand in the way of one that meets the floor', () => {
    expect(judge(evidenceOf(scenario, deadlineTrace(), [underObserved(), deadlineTrace()]))).toMatchObject({ verdict: 'parity', observability_status: 'met' })
  })
  test('keeps the break it shows: reruns only add', () => {
    const brokenToo = without(underObserved(), ({ kind }) => kind === 'deadline.completed')
    expect(judge(evidenceOf(scenario, deadlineTrace(), [brokenToo, deadlineTrace()])).verdict).toBe('irreproducible')
  })
  test('is no clean attempt: beside one that drifted beyond the window it calls for another, and makes no parity', () => {
    const drifted = (): Tracer => deadlineTrace({ fires: 6 })
    for (const live of [[drifted(), underObserved()], [underObserved(), drifted()]]) {
      const evidence = evidenceOf(scenario, deadlineTrace(), live)
      expect(rerunDecision(evidence, 3)).toBe('rerun_for_noise')
      expect(judge(evidence)).toMatchObject({
        verdict: 'invalid_experiment', eligibility_verdict: 'insufficient_observability', scheduler_noise_class: 'beyond_window', observability_status: 'met',
        reason: expect.stringMatching(/^drift beyond the window in every attempt that met the capture floor: live: /) as string,
      })
    }
    expect(judge(evidenceOf(scenario, deadlineTrace(), [drifted(), drifted()])).reason).toMatch(/^drift beyond the window in every attempt: live: /)
    const settled = evidenceOf(scenario, deadlineTrace(), [drifted(), underObserved(), deadlineTrace()])
    expect(rerunDecision(settled, 4)).toBe('not_needed')
    expect(judge(settled)).toMatchObject({ verdict: 'parity', scheduler_noise_class: 'within_window', suppression_reason: 'noise_within_window' })
  })
  test('tells of its own drift, though another attempt carries the verdict', () => {
    const drifted = without(deadlineTrace({ fires: 6 }), ({ kind }) => kind.startsWith('host.timer.'))
    expect(judge(evidenceOf(scenario, deadlineTrace(), [drifted, deadlineTrace()]))).toMatchObject({ verdict: 'parity', scheduler_noise_class: 'within_window', suppression_reason: 'noise_within_window' })
    expect(judge(evidenceOf(scenario, deadlineTrace(), [drifted, drifted]))).toMatchObject({ verdict: 'invalid_experiment', scheduler_noise_class: 'beyond_window' })
  })
  test('in the lab is final: the lab repeats itself', () => {
    const evidence = evidenceOf(scenario, underObserved(), [deadlineTrace()])
    expect(rerunDecision(evidence, 3)).toBe('not_needed')
    expect(judge(evidence).verdict).toBe('invalid_experiment')
  })
})
