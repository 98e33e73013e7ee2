import { alive, made } from './alive.js'
import { replace } from './timers.js'

type Ask = (callback: (...given: unknown[]) => unknown, ...more: unknown[]) => number

const ASKED = [['requestAnimationFrame', 'cancelAnimationFrame'], ['requestIdleCallback', 'cancelIdleCallback']] as const

/** Watches what is asked for the next frame or an idle moment: it keeps a subject going as a timer does. */
export function recordCallbacks(realm: typeof globalThis): void {
  let count = 0
  for (const [ask, cancel] of ASKED) {
    // Own, as in a window: asking for one that is not there would be seen in the lab.
    if (!Object.hasOwn(realm, ask) || !Object.hasOwn(realm, cancel)) continue
    const asked = realm[ask].bind(realm) as Ask
    const cancelled = realm[cancel].bind(realm)
    const waiting = new Map<number, object>()
    const forget = (handle: number): void => {
      alive.callbacks.delete(waiting.get(handle) ?? {})
      waiting.delete(handle)
    }
    replace(realm, ask, (callback: unknown, ...more: unknown[]): number => {
      // The engine's own error for what is no callback.
      if (typeof callback !== 'function') return asked(callback as () => void, ...more)
      const handle = asked((...given) => {
        forget(handle)
        return Reflect.apply(callback, undefined, given) as unknown
      }, ...more)
      const one = made(`${ask}.${++count}`, ask)
      waiting.set(handle, one)
      alive.callbacks.set(one, one)
      return handle
    })
    replace(realm, cancel, (handle: number): void => {
      forget(Number(handle))
      cancelled(handle)
    })
  }
}
