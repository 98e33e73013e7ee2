import { locate } from './boundary.js'
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
  if (typeof XMLHttpRequest === 'function') {
    const open = XMLHttpRequest.prototype.open as Callable
    replace(XMLHttpRequest.prototype, 'open', function (this: XMLHttpRequest, ...args: unknown[]) {
      locate(String(args[1]), 'XMLHttpRequest')
      return open.apply(this, args)
    })
  }
  const beacon = typeof navigator === 'undefined' ? undefined : navigator.sendBeacon
  if (typeof beacon === 'function') {
    replace(navigator, 'sendBeacon', (url: string, data?: BodyInit) => {
      locate(url, 'sendBeacon')
      return beacon.call(navigator, url, data)
    })
  }
}

/** A proxy, so that statics, `prototype` and `instanceof` stay the engine's own. */
const locating = (Native: Constructor, api: string): Constructor => new Proxy(Native, {
  construct(target, args: unknown[], newTarget) {
    locate(String(args[0]), api)
    return Reflect.construct(target, args, newTarget) as object
  },
})
