import { relative } from 'node:path'
import { DEFAULT_EXPECTATIONS, expectedOf, loadExpectations, todayIs, type ExpectedOf } from '../config/expectations.js'
import { standsAt } from '../config/read-text.js'
import { reviewExpectations, type ExpectationProblem, type Reviewing } from '../config/review-expectations.js'
import { updateOf, updateText, writeUpdate } from '../config/update-expectations.js'
import type { Scenario } from '../contract/scenario.js'
import type { Ledger } from '../contract/verdict.js'
import { TRIAL_SCENARIOS } from '../downgrade/trial-scenarios.js'
import { readPlan } from '../evidence/ledger-file.js'
import { readShards } from '../evidence/shard-file.js'
import { exitCode, withoutVerdict, type ExitCode } from '../judge/exit-code.js'
import { CATALOGUE } from '../scenarios/catalogue.js'
import { TASK_SCENARIOS } from '../scenarios/task/calls.js'

/** A maintainer's own scenarios, as far as they were loaded. */
export interface OwnLoaded {
  own: readonly Scenario[]
  /** The config names others. */
  own_left_out: boolean
}

/** A run, held against the expectations file. */
export interface HeldAgainst {
  expected: ExpectedOf
  problems: ExpectationProblem[]
  /** Planned cells without a verdict. */
  missing: string[]
  /** Of the run, the file's own faults counted as weak. */
  exit: ExitCode
}

/** Holds a run against the expectations file, bringing that up to date first when it is to be; what is to be said of the file goes to standard error. Throws `usage`, `evidence_invalid`, `output_not_writable`, `disk_full`. */
export async function holdAgainst(ledger: Ledger, folder: string, named: string | undefined, { update = false, ...loaded }: { update?: boolean } & OwnLoaded): Promise<HeldAgainst> {
  const file = named ?? DEFAULT_EXPECTATIONS
  const reviewing = reviewingOf(ledger, folder, loaded)
  if (update) await bringUpToDate(file, named, reviewing)
  const entries = loadExpectations(named)
  const problems = reviewExpectations(entries, reviewing)
  for (const { at, entry, problem, detail } of problems) process.stderr.write(`${problem} ${file}: expectations.${at} (${entry.lane} ${entry.scenario} ${entry.verdict}): ${detail}\n`)
  if (problems.length > 0) process.stderr.write('  bring the file up to date: lanecheck verify --update-expectations, then write the reasons\n')
  const expected = expectedOf(entries, reviewing.productOf, reviewing.today)
  const { planned } = reviewing
  const missing = withoutVerdict(planned, ledger.verdicts)
  return { expected, problems, missing, exit: exitCode(ledger.verdicts, (verdict) => expected(verdict)?.verdict ?? null, { planned, errors: problems.length > 0 ? [2] : [] }) }
}

function reviewingOf({ run, verdicts }: Ledger, folder: string, { own, own_left_out }: OwnLoaded): Reviewing {
  const shards = readShards(folder)
  const planned = shards.length > 0 ? shards.flatMap(({ cells }) => cells) : readPlan(folder).cells.map(({ cell_id }) => cell_id)
  return { verdicts, planned, productOf: (engine) => run.engines.find((identity) => identity.engine === engine)?.engine_product, catalogue: [...CATALOGUE, ...own], apart: [...TASK_SCENARIOS, ...TRIAL_SCENARIOS], some_unknown: own_left_out, today: todayIs() }
}

async function bringUpToDate(file: string, named: string | undefined, reviewing: Reviewing): Promise<void> {
  // A named file need not be there yet.
  const entries = standsAt(file) ? loadExpectations(named) : []
  const update = updateOf(entries, reviewing)
  process.stderr.write(updateText(relative('.', file), entries, update) || `${file} fits this run\n`)
  await writeUpdate(file, update)
}
