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

/**
 * Parses a scenario and checks that its parts agree with each other.
 * Throws `scenario_invalid` that names the place given, the first bad field and what to do about it.
 */
export function checkScenario(scenario: unknown, where: string): Scenario {
  const parsed = ScenarioSchema.safeParse(scenario)
  if (!parsed.success) throw refusal(where, schemaProblems(parsed.error.issues))
  const steps = placedSteps(parsed.data)
  const problems = [peerProblems, stepProblems, expectationProblems, labelProblems, timeProblems, admissionProblems].flatMap((check) => check(parsed.data, steps))
  if (problems.length > 0) throw refusal(where, problems)
  return parsed.data
}

function refusal(where: string, problems: Problem[]): LanecheckError {
  const [first = { path: '', message: 'not a scenario', hint: '' }] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new LanecheckError('scenario_invalid', `${where}: ${first.path}: ${first.message}${more}`, { where: `${where}: ${first.path}`, hint: first.hint })
}
