import { LanecheckError } from '../contract/errors.js'
import { ScenarioSchema, type Scenario } from '../contract/scenario.js'
import { admissionProblems } from './check-admission.js'
import { expectationProblems } from './check-expectation.js'
import { labelProblems } from './check-labels.js'
import { peerProblems } from './check-peers.js'
import { stepProblems } from './check-steps.js'
import { timeProblems } from './check-time.js'
import type { Problem } from './problem.js'
import { schemaProblems } from './schema-problems.js'
import { placedSteps } from './walk.js'

export type Examined = { ok: true; scenario: Scenario } | { ok: false; problems: Problem[] }

/** Parses a scenario and checks that its parts agree with each other; all that is wrong with it, where something is. */
export function examineScenario(scenario: unknown): Examined {
  const parsed = ScenarioSchema.safeParse(scenario)
  if (!parsed.success) return { ok: false, problems: schemaProblems(parsed.error.issues) }
  const steps = placedSteps(parsed.data)
  const problems = [peerProblems, stepProblems, expectationProblems, labelProblems, timeProblems, admissionProblems].flatMap((check) => check(parsed.data, steps))
  return problems.length > 0 ? { ok: false, problems } : { ok: true, scenario: parsed.data }
}

/**
 * Parses a scenario and checks that its parts agree with each other. `where`: its place, or what tells the place of a field.
 * Throws `scenario_invalid` that names the place, the first bad field and what to do about it.
 */
export function checkScenario(scenario: unknown, where: string | ((path: string) => string)): Scenario {
  const examined = examineScenario(scenario)
  if (examined.ok) return examined.scenario
  const [first = { path: '', message: 'not a scenario', hint: '' }] = examined.problems
  const more = examined.problems.length > 1 ? ` (and ${examined.problems.length - 1} more)` : ''
  const place = `${typeof where === 'string' ? where : where(first.path)}: ${first.path}`
  throw new LanecheckError('scenario_invalid', `${place}: ${first.message}${more}`, { where: place, hint: first.hint })
}
