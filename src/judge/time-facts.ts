import type { LabRun, LiveAttempt } from '../contract/evidence.js'
import type { NormalizedRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { TimeoutBudgetClass, TimeoutOutcomeClass, TimePolicyClass } from '../contract/vocabulary.js'
import { scenarioFacts } from './scenario-facts.js'

/** Under this many ticks between an end and its deadline, one tick of rounding on either side decides the outcome. */
const LEAST_MARGIN = 2

/** The class of the scenario's own budget: `ambiguous` when the budget, or what the lab left of it, is under two ticks. */
export function timeoutBudgetClass(scenario: Scenario, lab: LabRun | null): TimeoutBudgetClass {
  const id = scenario.logical_deadline_id
  if (id === null) return 'none'
  const budget = scenario.deadlines[id]?.budget_ticks
  if (budget === undefined) return 'ambiguous'
  if (budget === 0) return 'immediate'
  return Math.min(budget, marginOf(id, budget, lab?.record ?? null)) < LEAST_MARGIN ? 'ambiguous' : 'bounded'
}

/** Ticks left of the budget when the deadline was met or cancelled in the lab. */
function marginOf(id: string, budget: number, record: NormalizedRecord | null): number {
  const at = record?.qualified.at_ticks ?? {}
  const started = at[`deadline.${id}.started`]
  const ended = at[`deadline.${id}.completed`] ?? at[`deadline.${id}.cancelled`]
  return started === undefined || ended === undefined ? Infinity : started + budget - ended
}

export function timeoutOutcomeClass(scenario: Scenario, attempts: readonly LiveAttempt[]): TimeoutOutcomeClass {
  const id = scenario.logical_deadline_id
  return id === null ? 'no_deadline' : (attempts.at(-1)?.record.semantic.deadlines[id] ?? 'no_deadline')
}

/** Which class the scenario's time facts are in: a declared deadline is semantic, ticks are qualified, the rest is provenance. */
export function timePolicyClass(scenario: Scenario): TimePolicyClass {
  const facts = scenarioFacts(scenario)
  if (scenario.logical_deadline_id !== null && facts.deadlines.has(scenario.logical_deadline_id)) return 'semantic_time'
  return facts.timers.size > 0 || facts.deadlines.size > 0 ? 'qualified_time' : 'provenance_only_time'
}

/** Time-outs are compared, and the clock or the deadline they belong to is not declared. */
export function timeContractGap(scenario: Scenario): string | null {
  const facts = scenarioFacts(scenario)
  const compared = facts.deadlines.size > 0 || Object.keys(scenario.expect.deadlines).length > 0
  if (scenario.scenario_clock_id.trim() === '' && (compared || facts.timers.size > 0)) return 'no scenario_clock_id'
  if (!compared) return null
  if (scenario.logical_deadline_id === null) return 'time-outs are compared and there is no logical_deadline_id'
  return scenario.logical_deadline_id in scenario.deadlines ? null : `logical_deadline_id ${scenario.logical_deadline_id} names no declared deadline`
}

/** A timed scenario whose record has milliseconds and no tick. */
export function wallClockOnly(scenario: Scenario, record: NormalizedRecord): boolean {
  const facts = scenarioFacts(scenario)
  const timed = facts.timers.size > 0 || facts.deadlines.size > 0
  const { qualified, provenance } = record
  return timed && qualified.logical_elapsed_ticks === null && Object.keys(qualified.at_ticks).length === 0 && provenance.wall_elapsed_ns !== null
}
