import type { SubjectTimers, TimerHandle } from '../../src/contract/subject.js'
import type { Lifetime } from './lifetime.js'

/** The host's own timers. Delays are ms. */
export function nativeTimers(lifetime: Lifetime): SubjectTimers & { clearAll(): void } {
  const live = new Set<TimerHandle>()
  const clear = (timer: TimerHandle): void => {
    live.delete(timer)
    // One list of ids serves both kinds of timer, by the HTML standard.
    globalThis.clearTimeout(timer as ReturnType<typeof setTimeout>)
  }
  return {
    set(ms, fire) {
      lifetime.check()
      const timer = globalThis.setTimeout(() => {
        live.delete(timer)
        fire()
      }, ms)
      live.add(timer)
      return timer
    },
    interval(ms, fire) {
      lifetime.check()
      const timer = globalThis.setInterval(fire, ms)
      live.add(timer)
      return timer
    },
    clear,
    clearAll: () => live.forEach(clear),
  }
}
