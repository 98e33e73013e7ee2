import { LanecheckError } from '../contract/errors.js'
import type { EngineSession } from '../../lanes/session.js'

/** Restarts of one engine in one run; after that its remaining cells are lost. */
const RESTART_LIMIT = 4

/** Keeps one session of an engine running: one that is lost is closed and replaced, for all who use it. */
export interface Supervisor {
  /** The running session. Throws what opening it threw, or `engine_launch_failed` when it was lost too often. */
  current(): Promise<EngineSession>
  /** Closes a session that runs and is of no use; the next who asks gets another. */
  replace(session: EngineSession, why: string): Promise<void>
  close(): Promise<void>
}

export function supervise(open: () => Promise<EngineSession>, report: (line: string) => void): Supervisor {
  let running: Promise<EngineSession> | null = null
  let restarts = 0
  let closed = false
  const drop = async (opening: Promise<EngineSession>, session: EngineSession, what: string): Promise<void> => {
    if (closed || running !== opening) return
    running = null
    restarts += 1
    report(`${session.engine} ${what}; it is started again`)
    return session.close()
  }
  const start = (): Promise<EngineSession> => {
    const opening = open()
    running = opening
    opening.then((session) => session.lost.then((why) => drop(opening, session, `was lost (${why})`))).catch(() => undefined)
    return opening
  }
  return {
    current: async () => {
      if (closed) throw new LanecheckError('interrupted', 'the run was interrupted')
      if (running === null && restarts > RESTART_LIMIT) throw new LanecheckError('engine_launch_failed', `the engine was lost ${restarts} times`)
      return running ?? start()
    },
    replace: async (session, why) => {
      const opening = running
      if (opening !== null && (await opening.catch(() => null)) === session) await drop(opening, session, `gives no verdicts (${why})`)
    },
    close: async () => {
      closed = true
      await running?.then((session) => session.close(), () => undefined)
    },
  }
}
