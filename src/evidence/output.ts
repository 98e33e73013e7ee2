import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { atomicWrite, outputError } from './atomic-write.js'
import { PLAN_FILE, readPlan } from './ledger-file.js'

/** Whether the folder was new, or holds this very run already. */
export type OutputState = 'empty' | 'same_run'

/**
 * Makes sure that a folder can take this run's evidence: absent, empty, or of the same run; and that it can be written.
 * Throws `output_holds_another_run`, `output_not_writable`, `disk_full`.
 */
export async function openOutput(dir: string, run_id: string): Promise<OutputState> {
  const state = stateOf(dir, await entriesOf(dir), run_id)
  const probe = join(dir, '.lanecheck-probe')
  await atomicWrite(probe, '')
  await rm(probe, { force: true }).catch((error: unknown) => { throw outputError(probe, error) })
  return state
}

async function entriesOf(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return []
    throw outputError(dir, error)
  }
}

/** Makes sure that all a folder holds, if it is there at all, is a run of lanecheck. Throws `output_holds_another_run`, `output_not_writable`. */
export async function holdsOnlyARun(dir: string): Promise<void> {
  const entries = await entriesOf(dir)
  if (entries.length > 0) runAmong(dir, entries)
}

function stateOf(dir: string, entries: readonly string[], run_id: string): OutputState {
  if (entries.length === 0) return 'empty'
  const found = runAmong(dir, entries)
  if (found === run_id) return 'same_run'
  throw new LanecheckError('output_holds_another_run', `${dir} holds another run, ${found}`, { where: dir, hint: 'choose an empty folder with --out DIR, or go on with that run by its own options and --resume' })
}

function runAmong(dir: string, entries: readonly string[]): string {
  const found = entries.includes(PLAN_FILE) ? runOf(dir) : null
  if (found === null) throw new LanecheckError('output_holds_another_run', `${dir} holds files that are not of a run of lanecheck`, { where: dir, hint: 'choose an empty folder with --out DIR' })
  return found
}

/** Null when the plan cannot be read as one. */
function runOf(dir: string): string | null {
  try {
    return readPlan(dir).run_id
  } catch (error) {
    if (isLanecheckError(error)) return null
    throw error
  }
}
