import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { sha256Hex } from '../evidence/digest.js'
import { tryLock, type Lock } from '../evidence/lock.js'

/** Keeps a folder for one run until what it gives is called. Throws `output_holds_another_run` while another writes there. */
export async function holdOutput(dir: string): Promise<() => void> {
  const folder = realOf(dir)
  const { path, lock } = await locked(lockOf(folder)).catch(() => locked(join(tmpdir(), `lanecheck-${sha256Hex(folder).slice(0, 16)}.lock`)))
  if (lock.held) return lock.release
  const who = lock.holder === null ? 'another process' : lock.holder === process.pid ? 'this very process' : `process ${lock.holder}`
  throw new LanecheckError('output_holds_another_run', `${dir} is being written by another run (${who})`, { where: dir, hint: `wait until it is through, or choose another folder with --out DIR; when that process is no lanecheck, remove ${path}` })
}

const locked = async (path: string): Promise<{ path: string; lock: Lock }> => ({ path, lock: await tryLock(path) })

/** Beside the folder: all that is in it is evidence, and it may be moved aside. Where nobody may write there, as beside a mounted volume, the machine's own place for such things has to do. */
export const lockOf = (dir: string): string => join(dirname(dir), `.${basename(dir)}.lock`)

/** Through links, so that two names of a folder are one. */
function realOf(dir: string): string {
  try {
    return realpathSync(dir)
  } catch {
    return resolve(dir)
  }
}
