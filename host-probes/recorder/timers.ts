import { record } from '../trace.js'
import { alive, made } from './alive.js'

type Handler = string | ((...args: unknown[]) => void)
type SetTimer = (handler: Handler, ms?: number, ...args: unknown[]) => unknown

/** Replaces the realm's timers by ones that record being set, fired and cleared. */
export function recordTimers(realm: typeof globalThis): void {
  let count = 0
  const recorded = (set: SetTimer, repeat: boolean): SetTimer => (handler, ms, ...args) => {
    const id = String(++count)
    record({ witness: 'page', kind: 'host.timer.set', id, delay_ms: Number.isFinite(Number(ms)) ? Number(ms ?? 0) : 0, repeat })
    const run = typeof handler === 'function' ? handler : (): void => { (0, eval)(handler) }
    const handle = set((...given: unknown[]) => {
      if (!repeat) alive.timers.delete(key)
      record({ witness: 'page', kind: 'host.timer.fired', id })
      run.apply(realm, given)
    }, ms, ...args)
    const key = keyOf(handle)
    alive.timers.set(key, made(id, repeat ? 'setInterval' : 'setTimeout'))
    return handle
  }
  const clearing = (clear: (handle: unknown) => void) => (handle?: unknown): void => {
    const id = alive.timers.get(keyOf(handle))?.id
    if (id !== undefined) {
      alive.timers.delete(keyOf(handle))
      record({ witness: 'page', kind: 'host.timer.cleared', id })
    }
    clear(handle)
  }
  replace(realm, 'setTimeout', recorded(realm.setTimeout.bind(realm) as unknown as SetTimer, false))
  replace(realm, 'setInterval', recorded(realm.setInterval.bind(realm) as unknown as SetTimer, true))
  replace(realm, 'clearTimeout', clearing(realm.clearTimeout.bind(realm) as (handle: unknown) => void))
  replace(realm, 'clearInterval', clearing(realm.clearInterval.bind(realm) as (handle: unknown) => void))
}

/** WebIDL converts a handle to a number; so a number, a numeric string and Node's Timeout name the same timer. */
const keyOf = (handle: unknown): number => Number(handle)

/** Puts a recording form in a global's place, as configurable as the original. */
export function replace(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true })
}
