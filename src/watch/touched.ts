import type { Scenario } from '../contract/scenario.js'
import { canonicalDigest } from '../evidence/digest.js'

/** What verdicts rest on, apart from engine, role and seed. */
export interface Inputs { artifact_sha256: string; scenarios: ReadonlyMap<string, string> }

export const inputsOf = (artifact_sha256: string, scenarios: readonly Scenario[]): Inputs =>
  ({ artifact_sha256, scenarios: new Map(scenarios.map((scenario) => [scenario.id, canonicalDigest(JSON.parse(JSON.stringify(scenario)) as unknown)])) })

/** Ids of the scenarios whose verdicts a change touches: all of them by another artifact, else those that are new or say something else. */
export const touchedBy = (before: Inputs | null, now: Inputs): string[] =>
  [...now.scenarios].filter(([id, digest]) => before === null || before.artifact_sha256 !== now.artifact_sha256 || before.scenarios.get(id) !== digest).map(([id]) => id)
