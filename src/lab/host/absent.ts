import { EventTarget } from './events.js'
import { kernel } from './kernel.js'
import { ABSENT_INTERFACES } from './platform-names.js'
import { ECMASCRIPT, REVIEWED_MEMBERS } from './reviewed.js'

/** Platform names that the lab has no virtual form of; asking for one is noted, and finds nothing. */
const ABSENT_GLOBALS = new Set([
  ...ABSENT_INTERFACES,
  'window', 'document', 'parent', 'top', 'frames', 'history', 'screen', 'localStorage', 'sessionStorage', 'cookieStore', 'customElements', 'fonts', 'opener',
  'frameElement', 'speechSynthesis', 'visualViewport', 'external', 'clientInformation', 'webkitURL', 'originAgentCluster', 'caches', 'importScripts', 'postMessage',
  'close', 'clients', 'registration', 'skipWaiting', 'SharedArrayBuffer', 'WebSocketStream', 'scheduler', 'requestAnimationFrame', 'cancelAnimationFrame',
  'requestIdleCallback', 'cancelIdleCallback', 'createImageBitmap', 'trustedTypes', 'getComputedStyle', 'getSelection', 'matchMedia', 'alert', 'confirm', 'prompt',
  'open', 'print', 'stop', 'focus', 'blur', 'process', 'require', 'module', 'exports', 'Buffer', 'global', '__dirname', '__filename', 'setImmediate',
  'clearImmediate', 'Deno', 'Bun',
])
/** What an artifact asks of Node's modules goes by names such as `node:fs.readFileSync`. */
const OF_NODE = 'node:'
const ABSENT_MEMBERS: Record<string, Set<string>> = {
  navigator: new Set([
    'serviceWorker', 'storage', 'locks', 'gpu', 'sendBeacon', 'geolocation', 'permissions', 'clipboard', 'connection', 'mediaDevices',
    'credentials', 'usb', 'hid', 'serial', 'bluetooth', 'wakeLock', 'share', 'userActivation', 'userAgentData', 'deviceMemory', 'getBattery',
    'scheduling',
  ]),
  performance: new Set(['memory', 'timing', 'navigation', 'eventCounts', 'measureUserAgentSpecificMemory', 'setResourceTimingBufferSize']),
  'crypto.subtle': new Set([
    'encrypt', 'decrypt', 'sign', 'verify', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey',
  ]),
  WebAssembly: new Set(['Suspending', 'promising', 'SuspendError']),
  Atomics: new Set(['waitAsync']),
  Intl: new Set(),
}

const noting = (absent: ReadonlySet<string>, prefix: string) => (name: string | symbol, read: boolean): void => {
  if (typeof name === 'string' && absent.has(name)) kernel.reach(`${prefix}${name}`, read)
}

/** Notes what is asked of an object under known names that it does not have. */
export function recordingAbsences<Target extends object>(target: Target, owner: string): Target {
  const note = noting(ABSENT_MEMBERS[owner] ?? new Set(), `${owner}.`)
  return new Proxy(target, {
    get(object, name) {
      note(name, true)
      const value: unknown = Reflect.get(object, name, object)
      return typeof value === 'function' ? value.bind(object) as unknown : value
    },
    has(object, name) {
      note(name, false)
      return Reflect.has(object, name)
    },
  })
}

/** An empty object that notes what is asked for where `target` has nothing; to stand under it as its prototype. */
function noteUnder(target: object, above: object, note: (name: string | symbol, read: boolean) => void): void {
  Object.setPrototypeOf(target, new Proxy(Object.create(above) as object, {
    get(own, name, receiver) {
      note(name, true)
      return Reflect.get(own, name, receiver) as unknown
    },
    has(own, name) {
      note(name, false)
      return Reflect.has(own, name)
    },
  }))
}

/** Puts a prototype under the global object that notes which absent platform globals are asked for. */
function recordAbsentGlobals(): void {
  const note = noting(ABSENT_GLOBALS, '')
  noteUnder(globalThis, EventTarget.prototype, (name, read) => {
    if (typeof name === 'string' && name.startsWith(OF_NODE)) kernel.reach(name, read)
    else note(name, read)
  })
}

/**
 * Takes away what the context was made with and nobody has looked at: a clock or a queue that a later engine brings would be real.
 * Asking for it is noted. `virtual`: names that the lab put there itself.
 */
export function takeAwayUnreviewed(virtual: ReadonlySet<string>): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (ECMASCRIPT.has(name) || virtual.has(name)) continue
    ABSENT_GLOBALS.add(name)
    delete (globalThis as unknown as Record<string, unknown>)[name]
  }
  for (const [owner, reviewed] of Object.entries(REVIEWED_MEMBERS)) {
    const namespace = (globalThis as unknown as Record<string, object>)[owner]!
    const absent = ABSENT_MEMBERS[owner]!
    for (const name of Object.getOwnPropertyNames(namespace)) {
      if (reviewed.has(name)) continue
      absent.add(name)
      delete (namespace as Record<string, unknown>)[name]
    }
    noteUnder(namespace, Object.prototype, noting(absent, `${owner}.`))
  }
  recordAbsentGlobals()
}
