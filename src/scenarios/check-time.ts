import type { Scenario } from '../contract/scenario.js'
import type { Problem } from './problem.js'
import { createdNames, type PlacedStep } from './walk.js'

/** A claim of under two ticks is no semantic claim: its budget class would be ambiguous. */
const LEAST_MARGIN = 2

/** Deadlines are declared, started and reported on, and leave a margin that stands above a tick. */
export function timeProblems(scenario: Scenario, steps: readonly PlacedStep[]): Problem[] {
  return [...undeclared(scenario, steps), ...idle(scenario, steps), ...reported(scenario), ...ambiguous(scenario)]
}

function undeclared({ deadlines }: Scenario, steps: readonly PlacedStep[]): Problem[] {
  return steps.flatMap(({ step, path }) => (step.op === 'deadline.start' || step.op === 'call.start') && step.deadline !== undefined && !Object.hasOwn(deadlines, step.deadline)
    ? [{ path: `${path}.deadline`, message: `the deadline '${step.deadline}' is not declared`, hint: `declare deadlines.${step.deadline} with its budget_ticks` }]
    : [])
}

function idle({ deadlines }: Scenario, steps: readonly PlacedStep[]): Problem[] {
  const started = createdNames(steps, 'deadline')
  return Object.keys(deadlines).filter((name) => !started.has(name))
    .map((name) => ({ path: `deadlines.${name}`, message: `no step starts the deadline '${name}'`, hint: 'add deadline.start, or give it to a call.start, or take the deadline out' }))
}

function reported({ deadlines, logical_deadline_id }: Scenario): Problem[] {
  const names = Object.keys(deadlines)
  if (logical_deadline_id === null) {
    return names.length === 0 ? [] : [{ path: 'logical_deadline_id', message: 'a scenario with deadlines says which one its verdict reports on', hint: `set it to one of ${names.join(', ')}` }]
  }
  if (Object.hasOwn(deadlines, logical_deadline_id)) return []
  return [{ path: 'logical_deadline_id', message: `the deadline '${logical_deadline_id}' is not declared`, hint: names.length === 0 ? 'set it to null' : `set it to one of ${names.join(', ')}` }]
}

/** Only where the scenario itself fixes both ticks can its margin be told beforehand. */
function ambiguous({ deadlines, expect }: Scenario): Problem[] {
  return Object.entries(deadlines).flatMap(([name, { budget_ticks }]) => {
    const finished = expect.at_ticks?.[`deadline.${name}.completed`] ?? expect.at_ticks?.[`deadline.${name}.cancelled`]
    const started = expect.at_ticks?.[`deadline.${name}.started`] ?? 0
    const margin = finished === undefined ? budget_ticks || LEAST_MARGIN : started + budget_ticks - finished
    if (margin >= LEAST_MARGIN) return []
    return [{ path: `deadlines.${name}.budget_ticks`, message: `a margin of ${margin} is too small to claim a time-out by`, hint: `leave at least ${LEAST_MARGIN} ticks between the deadline and what it races` }]
  })
}
