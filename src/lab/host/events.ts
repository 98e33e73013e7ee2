import { onAbort } from './abort-algorithms.js'
import { now } from './kernel.js'

type Callback = ((event: Event) => unknown) | { handleEvent(event: Event): unknown }
interface Listener { type: string; callback: Callback; capture: boolean; once: boolean; handler: boolean; removed: boolean }
interface ListenerOptions { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal }

let begin: (event: Event, target: EventTarget) => void
let end: (event: Event) => void
let stopped: (event: Event) => boolean
let listenersOf: (target: EventTarget) => Listener[]

export class Event {
  static readonly NONE = 0
  static readonly CAPTURING_PHASE = 1
  static readonly AT_TARGET = 2
  static readonly BUBBLING_PHASE = 3
  readonly type: string
  readonly bubbles: boolean
  readonly cancelable: boolean
  readonly composed: boolean
  readonly timeStamp = now()
  readonly isTrusted = false
  #target: EventTarget | null = null
  #current: EventTarget | null = null
  #prevented = false
  #stopped = false

  constructor(type: string, init: EventInit = {}) {
    this.type = String(type)
    this.bubbles = Boolean(init.bubbles)
    this.cancelable = Boolean(init.cancelable)
    this.composed = Boolean(init.composed)
  }
  static {
    begin = (event, target) => {
      event.#target = target
      event.#current = target
    }
    end = (event) => {
      event.#current = null
      event.#stopped = false
    }
    stopped = (event) => event.#stopped
  }
  get target(): EventTarget | null { return this.#target }
  get srcElement(): EventTarget | null { return this.#target }
  get currentTarget(): EventTarget | null { return this.#current }
  get eventPhase(): number { return this.#current === null ? 0 : 2 }
  get defaultPrevented(): boolean { return this.#prevented }
  get returnValue(): boolean { return !this.#prevented }
  preventDefault(): void { if (this.cancelable) this.#prevented = true }
  stopPropagation(): void { /* A target of the lab has no ancestors. */ }
  stopImmediatePropagation(): void { this.#stopped = true }
  composedPath(): EventTarget[] { return this.#current === null ? [] : [this.#current] }
}

export class EventTarget {
  readonly #listeners: Listener[] = []
  static {
    listenersOf = (target) => target.#listeners
  }
  #find(type: string, callback: Callback | null, capture: boolean): number {
    return this.#listeners.findIndex((own) => !own.handler && own.type === String(type) && own.callback === callback && own.capture === capture)
  }
  addEventListener(type: string, callback: Callback | null, options?: boolean | ListenerOptions): void {
    if (callback === null || callback === undefined) return
    const { capture = false, once = false, signal } = typeof options === 'object' && options !== null ? options : { capture: Boolean(options) }
    if (signal?.aborted === true) return
    if (this.#find(type, callback, Boolean(capture)) >= 0) return
    if (signal !== undefined) onAbort(signal, () => this.removeEventListener(type, callback, { capture }))
    this.#listeners.push({ type: String(type), callback, capture: Boolean(capture), once: Boolean(once), handler: false, removed: false })
  }
  removeEventListener(type: string, callback: Callback | null, options?: boolean | ListenerOptions): void {
    const capture = typeof options === 'object' && options !== null ? Boolean(options.capture) : Boolean(options)
    const index = this.#find(type, callback, capture)
    if (index >= 0) this.#listeners.splice(index, 1)[0]!.removed = true
  }
  dispatchEvent(event: Event): boolean {
    return dispatch(this, event)
  }
}

/** Told of what a listener threw; set once the global object can have listeners itself. */
let reportException: (error: unknown) => void = () => undefined
export function onListenerError(report: (error: unknown) => void): void {
  reportException = report
}

/** Fires an event at a target; `as` stands for it where the target is hidden behind the global object. False when it was prevented. */
export function dispatch(target: EventTarget, event: Event, as: EventTarget = target): boolean {
  begin(event, as)
  for (const listener of [...listenersOf(target)]) {
    if (listener.removed || listener.type !== event.type) continue
    if (listener.once) target.removeEventListener(listener.type, listener.callback, listener.capture)
    try {
      const { callback } = listener
      if (typeof callback === 'function') callback.call(as, event)
      else callback.handleEvent(event)
    } catch (error) {
      reportException(error)
    }
    if (stopped(event)) break
  }
  end(event)
  return !event.defaultPrevented
}

/** Gives a prototype event handler attributes: `onopen` for `open`. */
export function defineHandlers(prototype: object, types: string[]): void {
  for (const type of types) {
    const own = (target: EventTarget): Listener | undefined => listenersOf(target).find((listener) => listener.handler && listener.type === type)
    Object.defineProperty(prototype, `on${type}`, {
      configurable: true,
      enumerable: true,
      get(this: EventTarget) {
        return own(this)?.callback ?? null
      },
      set(this: EventTarget, callback: unknown) {
        const listener = own(this)
        if (typeof callback === 'function') {
          if (listener !== undefined) listener.callback = callback as Callback
          else listenersOf(this).push({ type, callback: callback as Callback, capture: false, once: false, handler: true, removed: false })
        } else if (listener !== undefined) {
          listener.removed = true
          listenersOf(this).splice(listenersOf(this).indexOf(listener), 1)
        }
      },
    })
  }
}
