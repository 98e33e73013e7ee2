import { setTimeout as sleep } from 'node:timers/promises'
import { LanecheckError } from '../contract/errors.js'
import { tryLock } from '../evidence/lock.js'

/** An add takes well under a second. */
const LIMIT_MS = 10_000
const STEP_MS = 25
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does something while no other lanecheck does it to the same file; waits for the other, up to a limit.
 * `act` is short and synchronous: a signal that comes meanwhile is heard afterwards, so that no lock is left.
 * Throws `output_not_writable` when the other does not end.
 */
export async function withLock<Result>(path: string, act: () => Result, limit_ms = LIMIT_MS): Promise<Result> {
  const lock = `${path}.lock`
  const release = await take(lock, limit_ms)
  const heard: NodeJS.Signals[] = []
  const hear = (signal: NodeJS.Signals): void => { heard.push(signal) }
  for (const signal of SIGNALS) process.on(signal, hear)
  try {
    return act()
  } finally {
    release()
    // What came while `act` held the loop is told now.
    await new Promise(setImmediate)
    for (const signal of SIGNALS) process.off(signal, hear)
    if (heard[0] !== undefined) process.kill(process.pid, heard[0])
  }
}

async function take(lock: string, limit_ms: number): Promise<() => void> {
  const until = performance.now() + limit_ms
  for (;;) {
    const taken = await tryLock(lock)
    if (taken.held) return taken.release
    if (performance.now() >= until) throw held(lock, taken.holder, limit_ms)
    await sleep(STEP_MS)
  }
}

function held(lock: string, holder: number | null, limit_ms: number): LanecheckError {
  return new LanecheckError('output_not_writable', `another lanecheck${holder === null ? '' : ` (process ${holder})`} has held the history for ${limit_ms} ms`, { where: lock, hint: 'try again; when that process is no lanecheck, remove that file' })
}
