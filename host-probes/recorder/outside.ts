import { native } from '../natives.js'
import { alive, made } from './alive.js'
import { locate, type Address } from './boundary.js'
import { replace } from './timers.js'

type Constructor = new (...args: never[]) => object
type Callable = (...args: unknown[]) => unknown

/** Other ways out of a realm: only whether they point outside is recorded; the wall around the engine refuses them. */
const CONSTRUCTORS = ['Worker', 'SharedWorker', 'WebTransport', 'WebSocketStream'] as const

export function recordWaysOut(realm: typeof globalThis): void {
  const globals = realm as unknown as Record<string, unknown>
  for (const name of CONSTRUCTORS) {
    if (typeof globals[name] !== 'function') continue
    replace(realm, name, locating(globals[name] as Constructor, name))
  }
  if (typeof globals.importScripts === 'function') {
    const load = (globals.importScripts as Callable).bind(realm)
    replace(realm, 'importScripts', (...urls: unknown[]) => {
      for (const url of urls) locate(String(url), 'importScripts')
      return load(...urls)
    })
  }
  if (typeof XMLHttpRequest === 'function') recordXmlHttpRequests(XMLHttpRequest.prototype)
  const beacon = typeof navigator === 'undefined' ? undefined : navigator.sendBeacon
  if (typeof beacon === 'function') {
    replace(navigator, 'sendBeacon', (url: string, data?: BodyInit) => {
      locate(url, 'sendBeacon')
      return beacon.call(navigator, url, data)
    })
  }
}

/** Alive from `send` until its `loadend`; what crosses it is not recorded. */
function recordXmlHttpRequests(prototype: XMLHttpRequest): void {
  const open = prototype.open as Callable
  const { send } = prototype
  const opened = new WeakMap<XMLHttpRequest, Address>()
  replace(prototype, 'open', function (this: XMLHttpRequest, ...args: unknown[]) {
    const address = locate(String(args[1]), 'XMLHttpRequest')
    const done = open.apply(this, args)
    // What was under way is broken off, and nobody is told.
    alive.requests.delete(this)
    opened.set(this, address)
    return done
  })
  replace(prototype, 'send', function (this: XMLHttpRequest, ...args: Parameters<XMLHttpRequest['send']>) {
    const address = opened.get(this)
    // A second `send` throws, and leaves the first under way.
    if (address === undefined || address.where === 'inline' || alive.requests.has(this)) return send.apply(this, args)
    const gone = (): void => { alive.requests.delete(this) }
    native.listenTo(this, 'loadend', gone)
    alive.requests.set(this, made(address.id, 'XMLHttpRequest.send'))
    try {
      send.apply(this, args)
    } catch (error) {
      gone()
      throw error
    }
  })
}

/** A proxy, so that statics, `prototype` and `instanceof` stay the engine's own. */
const locating = (Native: Constructor, api: string): Constructor => new Proxy(Native, {
  construct(target, args: unknown[], newTarget) {
    locate(String(args[0]), api)
    return Reflect.construct(target, args, newTarget) as object
  },
})
