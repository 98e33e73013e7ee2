import { native } from '../natives.js'
import { alive, made } from './alive.js'
import { replace } from './timers.js'

type Options = boolean | AddEventListenerOptions | null | undefined
interface Listening { type: string; callback: unknown; capture: boolean; forget: () => void }
type Change = (type: string, callback: unknown, options?: Options) => void

/** Watches listeners on what outlives the subject: its global object and the document. Handler attributes, of which there is one each, are not counted. */
export function recordListeners(realm: typeof globalThis): void {
  watchListeners(realm, 'self')
  // Own, as in a window: asking for one that is not there would be seen in the lab.
  if (Object.hasOwn(realm, 'document')) watchListeners((realm as unknown as { document: object }).document, 'document')
}

let count = 0

/** Counts the listeners that are added to a target and taken away again; those on a signal that has aborted are spent. */
export function watchListeners(target: object, name: string): void {
  const { addEventListener: add, removeEventListener: remove } = target as { addEventListener?: Change; removeEventListener?: Change }
  if (typeof add !== 'function' || typeof remove !== 'function') return
  const listening = new Set<Listening>()
  const find = (type: string, callback: unknown, options: Options): Listening | undefined =>
    [...listening].find((one) => one.type === String(type) && one.callback === callback && one.capture === captures(options))
  const drop = (one: Listening | undefined): void => {
    if (one === undefined) return
    listening.delete(one)
    alive.listeners.delete(one)
    one.forget()
  }
  const listen: Change = (type, callback, options) => {
    const { once, signal } = dictionary(options)
    if (callback === null || callback === undefined || signal?.aborted === true || (target as AbortSignal).aborted === true || find(type, callback, options) !== undefined) return add.call(target, type, callback, options)
    const capture = captures(options)
    const gone = (): void => drop(one)
    const forget = (): void => {
      if (Boolean(once)) remove.call(target, type, gone, { capture })
      if (signal) native.unlistenTo(signal, 'abort', gone)
    }
    const one = { type: String(type), callback, capture, forget }
    // Before the callback, which may listen anew or keep the event from all that come after it.
    if (Boolean(once)) add.call(target, type, gone, { once: true, capture })
    try {
      add.call(target, type, callback, options)
    } catch (error) {
      if (Boolean(once)) remove.call(target, type, gone, { capture })
      throw error
    }
    listening.add(one)
    alive.listeners.set(one, made(String(++count), `addEventListener("${one.type}") on ${name}`))
    if (signal) native.listenTo(signal, 'abort', gone)
  }
  const unlisten: Change = (type, callback, options) => {
    drop(find(type, callback, options))
    remove.call(target, type, callback, options)
  }
  // Called bare, or on the target, they are the target's; on anything else the engine's own, as in `addEventListener.call(button, …)`.
  const standingIn = (ours: Change, own: Change) => function (this: unknown, ...given: Parameters<Change>): void {
    if (this === undefined || this === null || this === target) ours(...given)
    else own.apply(this, given)
  }
  replace(target, 'addEventListener', standingIn(listen, add))
  replace(target, 'removeEventListener', standingIn(unlisten, remove))
  if ((target as AbortSignal).aborted === false) add.call(target, 'abort', () => { for (const one of listening) drop(one) })
}

/** WebIDL: a dictionary or a boolean; what is neither stands for the boolean that it converts to. */
const isDictionary = (options: unknown): options is AddEventListenerOptions | null | undefined => options === null || options === undefined || typeof options === 'object' || typeof options === 'function'
const dictionary = (options: Options): AddEventListenerOptions => (isDictionary(options) ? options ?? {} : {})
const captures = (options: Options): boolean => Boolean(isDictionary(options) ? options?.capture : options)
