import type { z } from 'zod'
import { fieldPath, type Problem } from './problem.js'

type Issue = z.core.$ZodIssue

/** The schema's issues, each at the field that is wrong and not at the union that holds it. */
export function schemaProblems(issues: readonly Issue[]): Problem[] {
  return issues.flatMap((issue) => innermost(issue, [])).map(({ issue, path }) => ({
    path: fieldPath(path) || 'scenario',
    message: issue.message,
    hint: `correct ${fieldPath(path) || 'the scenario'}; the shapes are those of ScenarioSchema`,
  }))
}

interface Placed { issue: Issue; path: PropertyKey[] }

function innermost(issue: Issue, above: readonly PropertyKey[]): Placed[] {
  const path = [...above, ...issue.path]
  // An unknown field is named where it stands.
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ issue: { ...issue, message: 'there is no such field' }, path: [...path, key] }))
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue: named(issue), path }]
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => innermost(inner, path)))
  const chosen = branches.find((branch) => !branch.some((placed) => isTagAt(placed, path.length)))
  return chosen ?? [{ issue: { ...issue, message: 'no step or shape of this name is known here' }, path: [...path, ...tagOf(branches, path.length)] }]
}

/** A branch whose own tag does not match is not the one that was meant. */
const isTagAt = ({ path }: Placed, depth: number): boolean => path.length === depth + 1 && TAGS.has(String(path[depth]))
const TAGS = new Set(['op', 'do', 'kind', 'answer'])

const tagOf = (branches: Placed[][], depth: number): PropertyKey[] => branches.flat().filter((placed) => isTagAt(placed, depth)).slice(0, 1).map(({ path }) => path[depth] as PropertyKey)

/** A discriminated union says only 'Invalid input' for an unknown tag. */
const named = (issue: Issue): Issue => (issue.code === 'invalid_union' ? { ...issue, message: 'no step or shape of this name is known here' } : issue)
