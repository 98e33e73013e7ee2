import { EventTarget } from './events.js'
import { kernel } from './kernel.js'

/** Platform names that the lab has no virtual form of; asking for one is noted, and finds nothing. */
const ABSENT_GLOBALS = new Set([
  'window', 'document', 'parent', 'top', 'frames', 'history', 'screen', 'localStorage', 'sessionStorage', 'cookieStore', 'indexedDB', 'IDBFactory',
  'caches', 'CacheStorage', 'XMLHttpRequest', 'Worker', 'SharedWorker', 'ServiceWorker', 'importScripts', 'postMessage', 'clients', 'registration',
  'skipWaiting', 'WebTransport', 'WebSocketStream', 'RTCPeerConnection', 'SharedArrayBuffer', 'scheduler', 'requestAnimationFrame',
  'cancelAnimationFrame', 'requestIdleCallback', 'cancelIdleCallback', 'OffscreenCanvas', 'createImageBitmap', 'Image', 'Audio', 'AudioContext',
  'MutationObserver', 'ResizeObserver', 'IntersectionObserver', 'PerformanceObserver', 'FormData', 'File', 'FileReader', 'FileReaderSync',
  'CompressionStream', 'DecompressionStream', 'TextEncoderStream', 'TextDecoderStream', 'Notification', 'URLPattern', 'trustedTypes',
  'getComputedStyle', 'matchMedia', 'alert', 'confirm', 'prompt', 'open', 'process', 'require', 'module', 'exports', 'Buffer', 'global',
  '__dirname', '__filename', 'setImmediate', 'clearImmediate', 'Deno', 'Bun',
])
/** What an artifact asks of Node's modules goes by names such as `node:fs.readFileSync`. */
const OF_NODE = 'node:'
const ABSENT_MEMBERS: Record<string, ReadonlySet<string>> = {
  navigator: new Set([
    'serviceWorker', 'storage', 'locks', 'gpu', 'sendBeacon', 'geolocation', 'permissions', 'clipboard', 'connection', 'mediaDevices',
    'credentials', 'usb', 'hid', 'serial', 'bluetooth', 'wakeLock', 'share', 'userActivation', 'userAgentData', 'deviceMemory', 'getBattery',
    'scheduling',
  ]),
  performance: new Set([
    'mark', 'measure', 'getEntries', 'getEntriesByName', 'getEntriesByType', 'clearMarks', 'clearMeasures', 'memory', 'timing', 'navigation',
    'eventCounts',
  ]),
  'crypto.subtle': new Set([
    'encrypt', 'decrypt', 'sign', 'verify', 'generateKey', 'deriveKey', 'deriveBits', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey',
  ]),
}

/** Notes what is asked of an object under known names that it does not have. */
export function recordingAbsences<Target extends object>(target: Target, owner: string): Target {
  const absent = ABSENT_MEMBERS[owner] ?? new Set()
  const note = (name: string | symbol, read: boolean): void => {
    if (typeof name === 'string' && absent.has(name)) kernel.reach(`${owner}.${name}`, read)
  }
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

/** Puts a prototype under the global object that notes which absent platform globals are asked for. */
export function recordAbsentGlobals(): void {
  const note = (name: string | symbol, read: boolean): void => {
    if (typeof name === 'string' && (ABSENT_GLOBALS.has(name) || name.startsWith(OF_NODE))) kernel.reach(name, read)
  }
  Object.setPrototypeOf(globalThis, new Proxy(Object.create(EventTarget.prototype) as object, {
    get(target, name, receiver) {
      note(name, true)
      return Reflect.get(target, name, receiver) as unknown
    },
    has(target, name) {
      note(name, false)
      return Reflect.has(target, name)
    },
  }))
}
