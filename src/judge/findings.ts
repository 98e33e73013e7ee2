import type { Finding, Law } from '../contract/verdict.js'
import { ordered } from './ordered.js'

/** More findings than this of one law in one attempt say nothing new. */
const FINDINGS_PER_LAW = 12

type Place = Pick<Finding, 'law' | 'severity' | 'attempt'>

/** A finding with both values as a reader would write them. */
export const finding = (place: Place, field: string, expected: unknown, found: unknown): Finding => ({ ...place, field, expected: shown(expected), found: shown(found) })

/** One finding when two values differ, none when they do not. */
export const differs = (place: Place, field: string, expected: unknown, found: unknown): Finding[] =>
  (shown(expected) === shown(found) ? [] : [finding(place, field, expected, found)])

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value, sorted) ?? 'nothing'))

const sorted = (_: string, value: unknown): unknown =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(ordered(value as Record<string, unknown>)) : value)

const RANK: Record<Finding['severity'], number> = { hard: 0, break: 1, noise: 2, note: 3 }

/** The worst first; of a crowd of one law and severity in one attempt the first few stay, and a note counts the rest. */
export function ranked(findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = []
  const crowds = new Map<string, { first: Finding; count: number }>()
  for (const one of [...findings].sort((left, right) => RANK[left.severity] - RANK[right.severity])) {
    const key = `${one.law} ${one.severity} ${one.attempt}`
    const crowd = crowds.get(key) ?? { first: one, count: 0 }
    crowd.count += 1
    crowds.set(key, crowd)
    if (crowd.count <= FINDINGS_PER_LAW) kept.push(one)
  }
  const rest = [...crowds.values()].filter(({ count }) => count > FINDINGS_PER_LAW)
    .map(({ first, count }) => finding({ law: first.law, severity: 'note', attempt: first.attempt }, first.field, 'no more of these', `${count - FINDINGS_PER_LAW} more`))
  return [...kept, ...rest]
}

export const breaks = (findings: readonly Finding[]): Finding[] => findings.filter(({ severity }) => severity === 'hard' || severity === 'break')
export const hard = (findings: readonly Finding[]): Finding[] => findings.filter(({ severity }) => severity === 'hard')
export const noisy = (findings: readonly Finding[]): Finding[] => findings.filter(({ severity }) => severity === 'noise')

/** A finding as one line for a person. */
export const oneLine = ({ attempt, field, expected, found }: Finding): string => `${attempt === 0 ? 'lab' : 'live'}: ${field} expected ${expected}, found ${found}`

export type { Finding, Law, Place }
