import './dom-exception.js'
import {
  IDBCursor, IDBCursorWithValue, IDBDatabase, IDBFactory, IDBIndex, IDBKeyRange, IDBObjectStore, IDBOpenDBRequest, IDBRecord, IDBRequest, IDBTransaction, IDBVersionChangeEvent,
} from 'fake-indexeddb'
import { onAbort } from './abort-algorithms.js'
import { Event, EventTarget } from './events.js'
import { expose, exposeInterfaces } from './expose.js'
import { report } from './global-events.js'

type Callback = ((event: FakeEvent) => unknown) | { handleEvent(event: FakeEvent): unknown }
interface Listener { type: string; callback: Callback; capture: boolean; once: boolean; removed: boolean }
interface FakeEvent {
  type: string; bubbles: boolean; canceled: boolean; propagationStopped: boolean; immediatePropagationStopped: boolean; dispatched: boolean
  target: FakeTarget | null; currentTarget: FakeTarget | null; eventPhase: number; eventPath: FakeTarget[]
}
interface FakeTarget { listeners: Listener[] }
interface Options { capture?: boolean; once?: boolean; signal?: AbortSignal }

const [CAPTURING, AT_TARGET, BUBBLING] = [1, 2, 3]
const optionsOf = (given: boolean | Options | undefined): Options => (typeof given === 'object' && given !== null ? given : { capture: Boolean(given) })
const find = (target: FakeTarget, type: string, callback: Callback, capture: boolean): number =>
  target.listeners.findIndex((own) => own.type === type && own.callback === callback && own.capture === capture)

/**
 * In place of the fake's own events: what a listener throws is the subject's and is reported as such, where the fake keeps it to itself.
 * It is thrown on as well, for it aborts the transaction. Source: DOM, dispatching events; Indexed Database API 3.0, fire a success event.
 */
const target = {
  addEventListener(this: FakeTarget, type: string, callback: Callback | null, given?: boolean | Options): void {
    const { capture = false, once = false, signal } = optionsOf(given)
    if (callback === null || callback === undefined || signal?.aborted === true || find(this, type, callback, capture) >= 0) return
    if (signal !== undefined) onAbort(signal, () => target.removeEventListener.call(this, type, callback, { capture }))
    this.listeners.push({ type, callback, capture, once, removed: false })
  },
  removeEventListener(this: FakeTarget, type: string, callback: Callback, given?: boolean | Options): void {
    const at = find(this, type, callback, optionsOf(given).capture ?? false)
    if (at >= 0) this.listeners.splice(at, 1)[0]!.removed = true
  },
  dispatchEvent(this: FakeTarget, event: FakeEvent): boolean {
    event.dispatched = true
    event.target = this
    const path = [...event.eventPath]
    const thrown: unknown[] = []
    const visit = (at: FakeTarget, phase: number): void => {
      event.eventPhase = phase
      if (!event.propagationStopped) invoke(at, event, thrown)
    }
    for (const at of path) visit(at, CAPTURING)
    visit(this, AT_TARGET)
    if (event.bubbles) for (const at of path.reverse()) visit(at, BUBBLING)
    Object.assign(event, { dispatched: false, eventPhase: 0, currentTarget: null })
    if (thrown.length > 0) throw new AggregateError(thrown)
    return !event.canceled
  },
}

function invoke(at: FakeTarget, event: FakeEvent, thrown: unknown[]): void {
  event.currentTarget = at
  const call = (callback: Callback): void => {
    try {
      if (typeof callback === 'function') callback.call(at, event)
      else callback.handleEvent(event)
    } catch (error) {
      thrown.push(error)
      report(error)
    }
  }
  for (const listener of [...at.listeners]) {
    if (event.immediatePropagationStopped) return
    if (listener.removed || listener.type !== event.type || (event.eventPhase === CAPTURING && !listener.capture) || (event.eventPhase === BUBBLING && listener.capture)) continue
    if (listener.once) target.removeEventListener.call(at, listener.type, listener.callback, listener)
    call(listener.callback)
  }
  const handler = (at as unknown as Record<string, unknown>)[`on${event.type}`]
  if (event.eventPhase !== CAPTURING && !event.immediatePropagationStopped && typeof handler === 'function') call(handler as Callback)
}

export function installIndexedDb(): void {
  const parentOf = (made: object): { prototype: object } => Object.getPrototypeOf(made) as { prototype: object }
  const [fakeTarget, fakeEvent] = [parentOf(IDBRequest), parentOf(IDBVersionChangeEvent)]
  Object.assign(fakeTarget.prototype, target)
  Object.setPrototypeOf(fakeTarget.prototype, EventTarget.prototype)
  Object.setPrototypeOf(fakeEvent.prototype, Event.prototype)
  exposeInterfaces({
    IDBCursor, IDBCursorWithValue, IDBDatabase, IDBFactory, IDBIndex, IDBKeyRange, IDBObjectStore, IDBOpenDBRequest, IDBRecord, IDBRequest, IDBTransaction, IDBVersionChangeEvent,
  })
  expose('indexedDB', new IDBFactory())
}
