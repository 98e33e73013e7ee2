/**
 * The realm's own functions, taken before the recorder or a subject can change them.
 * The harness uses these, so that what the recorder sees is the subject's doing alone.
 */
const realm = globalThis as typeof globalThis & { EventSource?: typeof EventSource; WebSocket?: typeof WebSocket }
const { addEventListener: listen, removeEventListener: unlisten } = realm.EventTarget.prototype

export const native = {
  setTimeout: realm.setTimeout.bind(realm) as (fire: () => void, ms: number) => number,
  clearTimeout: realm.clearTimeout.bind(realm) as (handle: number) => void,
  setInterval: realm.setInterval.bind(realm) as (fire: () => void, ms: number) => number,
  clearInterval: realm.clearInterval.bind(realm) as (handle: number) => void,
  addEventListener: typeof realm.addEventListener === 'function' ? realm.addEventListener.bind(realm) as typeof realm.addEventListener : undefined,
  removeEventListener: typeof realm.removeEventListener === 'function' ? realm.removeEventListener.bind(realm) as typeof realm.removeEventListener : undefined,
  /** As every target has it, whatever stands in for it on one of them. */
  listenTo: (target: EventTarget, type: string, hear: () => void): void => listen.call(target, type, hear),
  unlistenTo: (target: EventTarget, type: string, hear: () => void): void => unlisten.call(target, type, hear),
  queueMicrotask: realm.queueMicrotask.bind(realm),
  now: realm.performance.now.bind(realm.performance),
  WebAssembly: realm.WebAssembly as typeof WebAssembly | undefined,
  WebSocket: realm.WebSocket,
  EventSource: realm.EventSource,
  fetch: typeof realm.fetch === 'function' ? realm.fetch.bind(realm) : undefined,
  /** Whether a response's body can be read as it comes in. */
  streams: typeof realm.ReadableStream === 'function' && typeof realm.Response === 'function' && 'body' in realm.Response.prototype,
}
