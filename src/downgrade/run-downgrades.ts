import picomatch from 'picomatch'
import { DOWNGRADE_OUTCOMES, DowngradeReportSchema, type DowngradeOutcome, type DowngradeReport, type DowngradeRow } from '../contract/downgrade-report.js'
import { LanecheckError } from '../contract/errors.js'
import { NOT_CARRIED, NOT_CARRIED_STATEMENTS } from '../contract/not-carried.js'
import type { Ledger } from '../contract/verdict.js'
import { HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { worstExit, type ExitCode } from '../judge/exit-code.js'
import type { VerifyOptions } from '../run/verify.js'
import { compareTrial } from './compare.js'
import { readGiven } from './read-given.js'
import { scenarioIdsOf } from './trial-scenarios.js'
import { TRIALS, type Trial } from './trials.js'

export interface DowngradeOptions extends Pick<VerifyOptions, 'subject' | 'out' | 'out_is_default' | 'frames' | 'signal' | 'progress'> {
  engines: readonly Engine[]
  /** All when empty. */
  roles: readonly HostRole[]
  trials: readonly Trial[]
  /** For tests and controls alone. */
  planted?: Pick<VerifyOptions, 'trial'>
}

/** The trials whose id matches any of the globs; all when there is none. Throws `usage` when none matches. */
export function chosenTrials(only: readonly string[], trials: readonly Trial[] = TRIALS): Trial[] {
  if (only.length === 0) return [...trials]
  const matches = picomatch([...only])
  const chosen = trials.filter(({ id }) => matches(id))
  if (chosen.length === 0) throw new LanecheckError('usage', `no trial matches ${only.join(', ')}`, { where: '--only', hint: 'lanecheck downgrade --list names them all' })
  return chosen
}

/** Runs the trials, all in one run whose evidence is kept, and holds what happened to what the contract asks for. Throws what `verify` throws, and `usage`. */
export async function runDowngrades(options: DowngradeOptions): Promise<DowngradeReport> {
  const { trials, engines, roles, out, planted = {} } = options
  if (realmsOf(options).length === 0) throw new LanecheckError('usage', `none of these trials is made in ${roles.join(', ')}`, { where: '--role', hint: 'lanecheck downgrade --list says where each is made' })
  const { verify } = await import('../run/verify.js')
  const ledger = await verify({
    subject: options.subject, out, out_is_default: options.out_is_default, frames: options.frames, signal: options.signal, progress: options.progress, ...planted,
    engines: [...engines], roles: roles.length === 0 ? [...HOST_ROLES] : [...roles], scenarios: trials.flatMap(scenarioIdsOf), cell: null, seed: 1, resume: false, max_attempts: MOST_ATTEMPTS,
  })
  return downgradeReport(options, ledger)
}

/** As `verify` does it by default. */
const MOST_ATTEMPTS = 3

/** What the evidence of a run says of the trials that were made in it. Throws `evidence_invalid`. */
export function downgradeReport(options: Pick<DowngradeOptions, 'trials' | 'engines' | 'roles' | 'out'>, { run, verdicts }: Ledger): DowngradeReport {
  const rows = realmsOf(options).map(({ trial, engine, role }) => compareTrial(trial, engine, role, run.subject, readGiven(options.out, verdicts, trial, engine, role)))
  return DowngradeReportSchema.parse({
    schema: 'lanecheck.downgrade-report.v1', run_id: run.run_id, subject: run.subject, engines: run.engines, interrupted: run.interrupted,
    trials: options.trials.map(({ id, title, page, without, needs }) => ({ id, title, page, without: [...without], needs: [...needs] })),
    rows, sums: sumsOf(rows),
    not_carried: NOT_CARRIED.map((id) => ({ id, ...NOT_CARRIED_STATEMENTS[id] })),
    exit_code: downgradeExit(rows),
  })
}

/** Trial by trial, in each engine and role that it is made in. */
const realmsOf = ({ trials, engines, roles }: Pick<DowngradeOptions, 'trials' | 'engines' | 'roles'>): Array<{ trial: Trial; engine: Engine; role: HostRole }> =>
  trials.flatMap((trial) => engines.flatMap((engine) => trial.host_roles.filter((role) => roles.length === 0 || roles.includes(role)).map((role) => ({ trial, engine, role }))))

function sumsOf(rows: readonly DowngradeRow[]): DowngradeReport['sums'] {
  return Object.fromEntries(DOWNGRADE_OUTCOMES.map((outcome) => [outcome, rows.filter((row) => row.outcome === outcome).length])) as DowngradeReport['sums']
}

const CODES: Readonly<Record<DowngradeOutcome, ExitCode>> = { ok: 0, different: 1, weak: 2, lost: 3 }

/** 0 all as the contract asks · 1 another answer · 2 a weak experiment · 3 lost or cut off. */
export const downgradeExit = (rows: ReadonlyArray<Pick<DowngradeRow, 'outcome'>>): DowngradeReport['exit_code'] =>
  worstExit(rows.map(({ outcome }) => CODES[outcome])) as DowngradeReport['exit_code']
