import { CloseEvent, CustomEvent, ErrorEvent, MessageEvent, ProgressEvent, PromiseRejectionEvent } from './event-interfaces.js'
import { defineHandlers, dispatch, Event, EventTarget, onListenerError } from './events.js'
import { expose, exposed, exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'

class GlobalTarget extends EventTarget {}
defineHandlers(GlobalTarget.prototype, ['error', 'unhandledrejection', 'rejectionhandled', 'message', 'messageerror', 'online', 'offline'])

const hidden = new GlobalTarget()
const itself = globalThis as unknown as EventTarget

const describe = (error: unknown): string => {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'something without a text'
  }
}

/** Called bare they are the global object's, as any target's on that: `addEventListener.call(port, …)`. */
const meant = (self: unknown): EventTarget => (self === undefined || self === null || self === globalThis ? hidden : self as EventTarget)

let reporting = false

/** HTML's "report an exception": an `error` event at the global object, else a line of the console. */
export function report(error: unknown): void {
  if (reporting) return kernel.log(`uncaught in an error listener: ${describe(error)}`)
  reporting = true
  try {
    const event = new ErrorEvent('error', { cancelable: true, message: `Uncaught ${describe(error)}`, error })
    if (dispatch(hidden, event, itself)) kernel.log(event.message)
  } finally {
    reporting = false
  }
}

/** HTML's "notify about rejected promises", for one; the promise itself is known to the engine alone, so another with its reason stands for it. */
export function reportRejection(reason: unknown): void {
  const promise = Promise.reject(reason)
  promise.catch(() => undefined)
  const event = new PromiseRejectionEvent('unhandledrejection', { cancelable: true, promise, reason })
  if (dispatch(hidden, event, itself)) kernel.log(`Uncaught (in promise) ${describe(reason)}`)
}

export function installEvents(): void {
  onListenerError(report)
  exposeInterfaces({ Event, EventTarget, CustomEvent, MessageEvent, CloseEvent, ErrorEvent, ProgressEvent, PromiseRejectionEvent })
  const { addEventListener, removeEventListener } = EventTarget.prototype
  expose('addEventListener', function (this: unknown, ...given: Parameters<typeof addEventListener>): void { addEventListener.apply(meant(this), given) })
  expose('removeEventListener', function (this: unknown, ...given: Parameters<typeof removeEventListener>): void { removeEventListener.apply(meant(this), given) })
  expose('dispatchEvent', (event: Event) => dispatch(hidden, event, itself))
  expose('reportError', report)
  for (const name of Object.keys(GlobalTarget.prototype)) {
    const { get, set } = Object.getOwnPropertyDescriptor(GlobalTarget.prototype, name)!
    exposed.add(name)
    Object.defineProperty(globalThis, name, { get: get!.bind(hidden), set: set!.bind(hidden), configurable: true, enumerable: false })
  }
}
