import { alarm } from '../alarm.js'

/** Longest to wait for bytes that are still being read once a scenario is over, in ms. */
const CATCH_UP_LIMIT_MS = 1_000

/** What is still waited for, in this realm. */
const waiting = new Set<Promise<void>>()

/** Tells of things in the order in which they happened, at once where nothing is waited for; what is still to come holds up what is told after it, and is left out when it never comes. */
export type InTurn = <What>(what: What | Promise<What>, tell: (what: What) => void) => void

export function inTurn(): InTurn {
  let last: Promise<void> | null = null
  return (what, tell) => {
    if (last === null && !(what instanceof Promise)) return tell(what)
    const before = last ?? Promise.resolve()
    const turn: Promise<void> = before.then(() => what).then(tell, () => undefined).then(() => {
      waiting.delete(turn)
      if (last === turn) last = null
    })
    last = turn
    waiting.add(turn)
  }
}

/** Resolves once all that has happened has been told, or its time is over. */
export async function allTold(): Promise<void> {
  if (waiting.size === 0) return
  const limit = alarm(CATCH_UP_LIMIT_MS)
  await Promise.race([Promise.all(waiting), limit.rang])
  limit.cancel()
}
