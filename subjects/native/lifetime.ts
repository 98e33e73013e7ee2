/** What is alive, and whether anything may still start. */
export interface Lifetime {
  /** Throws `InvalidStateError` once the shutdown has begun. */
  check(): void
  beginShutdown(): void
  /** Counts one more alive; the returned function counts it off, once. */
  enter(): () => void
  /** Resolves when nothing is alive. It has no limit of its own: that would be one more timer. */
  ended(): Promise<void>
}

/** An error named as the platform names what is done in the wrong state. */
export const invalidState = (message: string): Error => Object.assign(new Error(message), { name: 'InvalidStateError' })

/** Makes the count of what is alive besides timers, so that a shutdown can wait until nothing is. */
export function makeLifetime(): Lifetime {
  const alive = new Set<object>()
  const waiting: Array<() => void> = []
  let closing = false
  const settle = (): void => {
    if (alive.size === 0) for (const resolve of waiting.splice(0)) resolve()
  }
  return {
    check: () => {
      if (closing) throw invalidState('the subject is shut down')
    },
    beginShutdown: () => { closing = true },
    enter: () => {
      const member = {}
      alive.add(member)
      return () => {
        alive.delete(member)
        settle()
      }
    },
    ended: () => new Promise((resolve) => {
      waiting.push(resolve)
      settle()
    }),
  }
}
