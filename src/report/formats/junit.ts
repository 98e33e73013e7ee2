import { create } from 'xmlbuilder2'
import type { Verdict } from '../../contract/verdict.js'
import { standings, type ReportInput, type Standing } from './report-input.js'

/** What JUnit readers can tell apart; `passed` is `parity` alone. */
type Outcome = 'passed' | 'failed' | 'error' | 'skipped'

/** Verdicts that say that the subject did wrong; other surprises are errors of the experiment. */
const FAILURES: ReadonlySet<Verdict['verdict']> = new Set(['semantic_mismatch', 'bridge_mismatch', 'policy_violation', 'parity', 'bridge_only', 'unsupported'])

/**
 * The run as JUnit XML: a suite for each lane and surface, a test case for each cell.
 * Only `parity` passes; `bridge_only`, `unsupported` and expected differences are `skipped` with their verdict, so that no reader counts them as parity.
 */
export function junitReport(input: ReportInput): string {
  const standing = standings(input)
  const { run } = input.ledger
  const cases = input.ledger.verdicts.map((verdict) => outcomeOf(verdict, standing(verdict)))
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', { name: clean(`lanecheck ${run.subject.name} ${run.subject.version}`), ...counts(cases, false) })
  for (const [name, verdicts] of groupBy(input.ledger.verdicts)) {
    const suite = root.ele('testsuite', { name, ...counts(verdicts.map((verdict) => outcomeOf(verdict, standing(verdict))), true), timestamp: run.started_at.replace(/\.\d+Z$|Z$/, '') })
    for (const verdict of verdicts) addCase(suite, verdict, standing(verdict))
  }
  return `${root.end({ prettyPrint: true })}\n`
}

function outcomeOf({ verdict }: Verdict, { surprise }: Standing): Outcome {
  if (surprise === null) return verdict === 'parity' ? 'passed' : 'skipped'
  return FAILURES.has(verdict) ? 'failed' : 'error'
}

type Element = ReturnType<ReturnType<typeof create>['ele']>

function addCase(suite: Element, verdict: Verdict, standing: Standing): void {
  const outcome = outcomeOf(verdict, standing)
  const element = suite.ele('testcase', { name: verdict.scenario_id, classname: verdict.lane_id })
  if (outcome === 'skipped') element.ele('skipped', { message: clean(`${verdict.verdict}: ${standing.reason ?? verdict.unsupported_reason ?? verdict.reason}`) })
  else if (outcome !== 'passed') {
    element.ele(outcome === 'failed' ? 'failure' : 'error', { type: verdict.verdict, message: clean(`${verdict.verdict}, expected ${standing.expected}: ${verdict.reason}`) }).txt(clean(story(verdict)))
  }
}

/** The findings, one a line, and the command that runs the cell again. */
function story(verdict: Verdict): string {
  const findings = verdict.findings.map(({ law, field, expected, found }) => `${law} ${field}: expected ${expected}, found ${found}`)
  return [verdict.reason, ...findings, `evidence: ${verdict.artifact_bundle ?? 'none'}`, `again: ${verdict.repro_command}`].join('\n')
}

function counts(outcomes: readonly Outcome[], withSkipped: boolean): Record<string, string> {
  const of = (wanted: Outcome): string => String(outcomes.filter((outcome) => outcome === wanted).length)
  return { tests: String(outcomes.length), failures: of('failed'), errors: of('error'), ...(withSkipped ? { skipped: of('skipped') } : {}) }
}

function groupBy(verdicts: readonly Verdict[]): Map<string, Verdict[]> {
  const groups = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const name = `${verdict.lane_id} ${verdict.surface_family}`
    groups.set(name, [...(groups.get(name) ?? []), verdict])
  }
  return groups
}

/** Without the characters that XML 1.0 cannot hold, written as escapes instead. Source: XML 1.0, section 2.2. */
const clean = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
