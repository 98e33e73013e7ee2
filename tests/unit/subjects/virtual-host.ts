import { vi } from 'vitest'

interface HostTimer { due: number; order: number; level: number; run: () => void }

/** A host whose clock moves only when told to, with the HTML standard's hold on nested timers: 4 ms from the sixth level on. */
export interface VirtualHost {
  now(): number
  /** Host timers alive now. */
  alive(): number
  /** Host timers set since the start. */
  set(): number
  /** What host callbacks threw. */
  thrown: unknown[]
  /** Runs every host timer up to `until` ms, with all microtasks between any two. */
  run(until: number): Promise<void>
}

/** Puts a virtual host's timers and clock on the global until `vi.unstubAllGlobals()`. */
export function stubVirtualHost(): VirtualHost {
  const realTurn = globalThis.setImmediate
  const timers = new Map<number, HostTimer>()
  const thrown: unknown[] = []
  let [now, order, level] = [0, 0, 0]
  vi.stubGlobal('performance', { now: () => now })
  vi.stubGlobal('setTimeout', (run: () => void, ms: number) => {
    const delay = level >= 5 ? Math.max(ms, 4) : ms
    timers.set(++order, { due: now + delay, order, level: level + 1, run })
    return order
  })
  vi.stubGlobal('clearTimeout', (id: number) => timers.delete(id))
  const step = async (timer: HostTimer): Promise<void> => {
    timers.delete(timer.order)
    now = Math.max(now, timer.due)
    level = timer.level
    try {
      timer.run()
    } catch (error) {
      thrown.push(error)
    }
    await new Promise((resolve) => realTurn(resolve))
    level = 0
  }
  return {
    now: () => now,
    alive: () => timers.size,
    set: () => order,
    thrown,
    async run(until) {
      for (;;) {
        const next = [...timers.values()].sort((a, b) => a.due - b.due || a.order - b.order)[0]
        if (next === undefined || next.due > until) break
        await step(next)
      }
      now = Math.max(now, until)
    },
  }
}
