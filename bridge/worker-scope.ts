import { getEventListeners } from 'node:events'

/** Names of Node's own that a browser's global does not have; a subject must not find them and take this for something else. */
export const HIDDEN: ReadonlySet<string> = new Set(['process', 'Buffer', 'require', 'module', 'exports', 'global', 'setImmediate', 'clearImmediate', '__filename', '__dirname'])

type Scope = Record<string, unknown>

/**
 * A global object for the artifact alone. The recorder changes what it finds on its global, and Node's own fetch uses
 * the real one's timers: on that, its timers would be taken for the subject's and its own would break.
 * `events` is where what nobody caught is told of.
 */
export function artifactScope(additional: Scope, events: EventTarget = new EventTarget()): Scope {
  const scope: Scope = {}
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!HIDDEN.has(name)) scope[name] = (globalThis as unknown as Scope)[name]
  }
  for (const name of HIDDEN) scope[name] = undefined
  return Object.assign(scope, htmlTimers(), lastResort(events), additional, { globalThis: scope, self: scope })
}

/** Node's WebAssembly, whose streaming functions take Node's own responses alone, with ones that take any. Source: WebAssembly Web API. */
export function streamingFrom(native: typeof WebAssembly): typeof WebAssembly {
  const bytesOf = async (source: Response | PromiseLike<Response>): Promise<ArrayBuffer> => {
    const response = await source
    const type = response.headers.get('content-type') ?? ''
    if (!response.ok || type.toLowerCase() !== 'application/wasm') throw new TypeError(`Incorrect response MIME type. Expected 'application/wasm', not '${type}'.`)
    return response.arrayBuffer()
  }
  const made = Object.create(Object.getPrototypeOf(native) as object, Object.getOwnPropertyDescriptors(native)) as typeof WebAssembly
  return Object.assign(made, {
    compileStreaming: async (source: Response | PromiseLike<Response>) => native.compile(await bytesOf(source)),
    instantiateStreaming: async (source: Response | PromiseLike<Response>, imports?: WebAssembly.Imports) => native.instantiate(await bytesOf(source), imports),
  })
}

/** Evaluates a classic script so that its global names are looked up on `scope`, at each use. */
export function evaluateIn(scope: Scope, source: string): void {
  // Only `with` makes an object a script's global scope without a realm of its own, whose ArrayBuffer would not be fetch's.
  const run = new Function('scope', `with (scope) {\n${source}\n}`) as (scope: Scope) => void
  run(scope)
}

/**
 * Timers that answer as the HTML standard has it: numeric handles, delays as signed 32-bit integers.
 * Source: HTML, timer initialization steps; Web IDL, conversion to `long`.
 */
function htmlTimers(): Scope {
  const handles = new Map<number, NodeJS.Timeout>()
  let last = 0
  const setting = (set: (run: () => void, ms: number) => NodeJS.Timeout, once: boolean) => (run: (...args: unknown[]) => void, ms: unknown = 0, ...args: unknown[]): number => {
    const id = ++last
    handles.set(id, set(() => {
      if (once) handles.delete(id)
      run(...args)
    }, Math.max(0, Number(ms) | 0)))
    return id
  }
  const clear = (id?: unknown): void => {
    clearTimeout(handles.get(Number(id)))
    handles.delete(Number(id))
  }
  return { setTimeout: setting(setTimeout, true), setInterval: setting(setInterval, false), clearTimeout: clear, clearInterval: clear }
}

/** A realm's last resort for errors. Source: HTML, report an exception; unhandled promise rejections. */
const lastResort = (events: EventTarget): Scope => ({
  addEventListener: events.addEventListener.bind(events), removeEventListener: events.removeEventListener.bind(events), dispatchEvent: events.dispatchEvent.bind(events),
})

/** Tells listeners of what nobody caught; false when nobody listens. */
export function uncaughtIn(events: EventTarget, kind: 'error' | 'unhandledrejection', thrown: unknown): boolean {
  if (getEventListeners(events, kind).length === 0) return false
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  events.dispatchEvent(Object.assign(new Event(kind, { cancelable: true }), kind === 'error' ? { error: thrown, message } : { reason: thrown }))
  return true
}
