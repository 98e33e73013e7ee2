import type { Verdict } from '../../contract/verdict.js'
import type { Engine, VerdictToken } from '../../contract/vocabulary.js'
import { standings, type ReportInput } from './report-input.js'

/** Statuses that wptreport has for subtests. */
type SubtestStatus = 'PASS' | 'FAIL' | 'NOTRUN' | 'PRECONDITION_FAILED'

/** `bridge_only` and `unsupported` say that the lane lacks what the test is about, which is no pass. */
const STATUS: Record<VerdictToken, SubtestStatus> = {
  parity: 'PASS',
  bridge_only: 'PRECONDITION_FAILED', unsupported: 'PRECONDITION_FAILED',
  semantic_mismatch: 'FAIL', bridge_mismatch: 'FAIL', policy_violation: 'FAIL', irreproducible: 'FAIL',
  invalid_experiment: 'NOTRUN', infrastructure_loss: 'NOTRUN', not_run: 'NOTRUN',
}

/** What of a wptreport its readers use. */
export interface WptReport {
  run_info: Record<string, string | boolean | null>
  time_start: number
  time_end: number
  results: Array<{ test: string; status: 'OK'; message: null; subtests: Array<{ name: string; status: SubtestStatus; expected?: SubtestStatus; message: string | null }> }>
}

/**
 * One engine's cells as a wptreport: a test for each scenario, a subtest for each lane; times in ms since 1970.
 * The format is of one product, so a run of three engines makes three. Source: wptrunner, formatters/wptreport.
 */
export function wptReport(input: ReportInput, engine: Engine): WptReport {
  const { run } = input.ledger
  const standing = standings(input)
  const identity = run.engines.find((one) => one.engine === engine)
  const tests = new Map<string, Verdict[]>()
  for (const verdict of input.ledger.verdicts) if (verdict.engine === engine) tests.set(verdict.scenario_id, [...(tests.get(verdict.scenario_id) ?? []), verdict])
  return {
    run_info: {
      product: identity?.engine_product ?? engine, browser_version: identity?.engine_version ?? null, os: identity?.os ?? null, driver: identity?.driver ?? null,
      subject: `${run.subject.name} ${run.subject.version}`, lanecheck_version: run.lanecheck_version, revision: run.artifact_sha256,
    },
    time_start: Date.parse(run.started_at),
    time_end: Date.parse(run.ended_at),
    results: [...tests].map(([scenario, verdicts]) => ({
      test: `/lanecheck/${scenario}`, status: 'OK', message: null,
      subtests: verdicts.map((verdict) => subtest(verdict, standing(verdict).expected)),
    })),
  }
}

function subtest(verdict: Verdict, expected: VerdictToken): WptReport['results'][number]['subtests'][number] {
  const status = STATUS[verdict.verdict]
  const message = verdict.verdict === 'parity' ? null : `${verdict.verdict}: ${verdict.unsupported_reason ?? verdict.reason}`
  return { name: verdict.lane_id, status, ...(STATUS[expected] === status ? {} : { expected: STATUS[expected] }), message }
}
