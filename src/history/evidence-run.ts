import { checkIndex, vouched } from '../audit/check-index.js'
import { openFolder } from '../audit/folder.js'
import { LanecheckError } from '../contract/errors.js'
import { LedgerSchema, type Ledger } from '../contract/verdict.js'
import { LEDGER_FILE } from '../evidence/ledger-file.js'
import { RunAboutSchema, type NewRun } from './record.js'

/**
 * Reads a run from its evidence folder, after every digest of its index was checked. `lanecheck audit` goes further.
 * Throws `evidence_invalid` when the folder holds no complete run, `evidence_unsound` when it was changed.
 */
export function runOfFolder(dir: string): NewRun {
  const folder = openFolder(dir)
  if (folder.unfinished) throw incomplete(dir, 'the run was cut off')
  const index = checkIndex(folder)
  const ledger = folder.record(LEDGER_FILE, LedgerSchema)
  if (ledger !== null && index !== null && !vouched(folder, index, LEDGER_FILE)) folder.say('digest_differs', LEDGER_FILE, null, 'the ledger that the index names', 'another one')
  const [first] = folder.findings
  if (first !== undefined || index === null || ledger === null) {
    throw new LanecheckError('evidence_unsound', `the evidence is not as it was written: ${folder.findings.length} findings, the first ${first?.code ?? 'file_missing'} in ${first?.path ?? LEDGER_FILE}`, { where: dir, hint: `lanecheck audit ${dir}` })
  }
  if (index.run_id !== ledger.run.run_id) throw new LanecheckError('evidence_unsound', 'its index and its ledger are of different runs', { where: dir, hint: `lanecheck audit ${dir}` })
  if (ledger.run.interrupted) throw incomplete(dir, 'the run was interrupted')
  return runOf(index.index_digest, ledger, dir)
}

function runOf(id: string, { run, verdicts }: Ledger, dir: string): NewRun {
  const about = RunAboutSchema.safeParse({
    id, run_id: run.run_id, subject: run.subject.name, subject_version: run.subject.version, artifact_sha256: run.artifact_sha256,
    lanecheck_version: run.lanecheck_version, seed: run.seed, engines: run.engines, started_at: run.started_at,
  })
  if (!about.success) throw new LanecheckError('evidence_invalid', about.error.issues[0]?.message ?? 'not a run', { where: `${dir}/${LEDGER_FILE}: run.${about.error.issues[0]?.path.join('.') ?? ''}` })
  const twice = verdicts.find(({ cell_id }, index) => verdicts.findIndex((other) => other.cell_id === cell_id) !== index)
  if (twice !== undefined) throw new LanecheckError('evidence_unsound', `the ledger has ${twice.cell_id} twice`, { where: `${dir}/${LEDGER_FILE}` })
  return { about: about.data, cells: verdicts.map(({ cell_id, verdict, reason_code, attempts, reason }) => ({ cell_id, outcome: { verdict, reason_code, reran: attempts > 1, reason } })) }
}

const incomplete = (dir: string, why: string): LanecheckError =>
  new LanecheckError('evidence_invalid', `${why}: a history takes complete runs only`, { where: dir, hint: 'finish it by its own options and --resume, then add it' })
