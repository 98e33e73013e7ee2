/** The package under test: calls back after a while, unless it is told not to. */
export interface Ticker {
  after(ms: number, tick: () => void): number
  cancel(id: number): void
  stop(): void
}

export function createTicker(): Ticker {
  const waiting = new Map<number, ReturnType<typeof setTimeout>>()
  let last = 0
  const cancel = (id: number): void => {
    clearTimeout(waiting.get(id))
    waiting.delete(id)
  }
  return {
    after(ms, tick) {
      const id = ++last
      waiting.set(id, setTimeout(() => {
        waiting.delete(id)
        tick()
      }, ms))
      return id
    },
    cancel,
    stop: () => [...waiting.keys()].forEach(cancel),
  }
}
