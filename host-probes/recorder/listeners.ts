import { alive, made } from './alive.js'
import { replace } from './timers.js'

type Options = boolean | AddEventListenerOptions | undefined
interface Listening { type: string; callback: unknown; capture: boolean }
type Add = (type: string, callback: unknown, options?: Options) => void

/** Watches listeners on what outlives the subject: its global object and the document. Handler attributes, of which there is one each, are not counted. */
export function recordListeners(realm: typeof globalThis): void {
  watchListeners(realm, 'self')
  // Own, as in a window: asking for one that is not there would be seen in the lab.
  if (Object.hasOwn(realm, 'document')) watchListeners((realm as unknown as { document: object }).document, 'document')
}

let count = 0

/** Counts the listeners that are added to a target and taken away again; those on a signal that has aborted are spent. */
export function watchListeners(target: object, name: string): void {
  const { addEventListener: add, removeEventListener: remove } = target as { addEventListener?: Add; removeEventListener?: Add }
  if (typeof add !== 'function' || typeof remove !== 'function') return
  const listening = new Set<Listening>()
  const find = (type: string, callback: unknown, options: Options): Listening | undefined =>
    [...listening].find((one) => one.type === String(type) && one.callback === callback && one.capture === captures(options))
  const drop = (one: Listening | undefined): void => {
    if (one === undefined) return
    listening.delete(one)
    alive.listeners.delete(one)
  }
  replace(target, 'addEventListener', (type: string, callback: unknown, options?: Options): void => {
    add.call(target, type, callback, options)
    const { once, signal } = typeof options === 'object' && options !== null ? options : {}
    if (callback === null || callback === undefined || signal?.aborted === true || (target as AbortSignal).aborted === true || find(type, callback, options) !== undefined) return
    const one = { type: String(type), callback, capture: captures(options) }
    listening.add(one)
    alive.listeners.set(one, made(String(++count), `addEventListener("${one.type}") on ${name}`))
    const gone = (): void => drop(one)
    if (once === true) add.call(target, type, gone, { once: true, capture: one.capture })
    signal?.addEventListener('abort', gone, { once: true })
  })
  replace(target, 'removeEventListener', (type: string, callback: unknown, options?: Options): void => {
    drop(find(type, callback, options))
    remove.call(target, type, callback, options)
  })
  if ((target as AbortSignal).aborted === false) add.call(target, 'abort', () => { for (const one of listening) drop(one) })
}

const captures = (options: Options): boolean => (typeof options === 'object' && options !== null ? options.capture === true : options === true)
