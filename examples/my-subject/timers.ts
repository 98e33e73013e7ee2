/** The package under test: timers with numbers of their own, on the host's `setTimeout`. */
export interface Timers {
  set(ms: number, fire: () => void): number
  clear(timer: number): void
  clearAll(): void
}

export function createTimers(): Timers {
  const waiting = new Map<number, ReturnType<typeof setTimeout>>()
  let last = 0
  const clear = (timer: number): void => {
    clearTimeout(waiting.get(timer))
    waiting.delete(timer)
  }
  return {
    set(ms, fire) {
      const timer = ++last
      waiting.set(timer, setTimeout(() => {
        waiting.delete(timer)
        fire()
      }, ms))
      return timer
    },
    clear,
    clearAll: () => [...waiting.keys()].forEach(clear),
  }
}
