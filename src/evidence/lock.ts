import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder, outputError } from './atomic-write.js'

/** Who made a lock writes its number at once; one without a number for so long was cut off, in ms. */
const UNSIGNED_MS = 10_000
/** Another may take what this one found left behind. */
const TRIES = 5

/** A lock that is held here, or that of another process; its number is null when it cannot be read. */
export type Lock = { held: true; release(): void } | { held: false; holder: number | null }

const own = new Set<string>()
const drop = (lock: string): void => { if (own.delete(lock)) rmSync(lock, { force: true }) }
const dropAll = (): void => own.forEach(drop)

/** Takes a lock file, unless another process, or another part of this one, holds it; takes over that of a process that is gone. It goes when this process ends. Throws `output_not_writable`, `disk_full`. */
export async function tryLock(lock: string): Promise<Lock> {
  let holder: number | null = null
  await makeFolder(dirname(lock))
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' })
      if (own.size === 0) process.once('exit', dropAll)
      own.add(lock)
      return { held: true, release: () => release(lock) }
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw outputError(lock, error)
    }
    const text = read(lock)
    if (text === null) continue
    holder = Number.parseInt(text, 10) || null
    if (own.has(lock) || !leftBehind(lock, holder)) return { held: false, holder }
    takeAway(lock, text)
  }
  return { held: false, holder }
}

function release(lock: string): void {
  drop(lock)
  if (own.size === 0) process.off('exit', dropAll)
}

function leftBehind(lock: string, holder: number | null): boolean {
  // In a container every run has the same number.
  if (holder === process.pid) return true
  if (holder === null) return Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) > UNSIGNED_MS
  try {
    process.kill(holder, 0)
    return false
  } catch (error) {
    return isCode(error, 'ESRCH')
  }
}

/** Two may find the same lock left behind: what was taken by then is put back. */
function takeAway(lock: string, text: string): void {
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    if (read(aside) !== text) linkSync(aside, lock)
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw outputError(lock, error)
  } finally {
    rmSync(aside, { force: true })
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw outputError(path, error)
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code
