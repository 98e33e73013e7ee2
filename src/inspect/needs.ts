import type { Capability, HostRole } from '../contract/vocabulary.js'

type Family = 'timers' | 'sockets' | 'requests' | 'events'
/** What the use of a global, a module or a piece of syntax tells. */
export interface Need { capability: Capability | null; family?: Family; not_in?: readonly HostRole[]; perhaps_not_in?: readonly HostRole[]; why?: string }

const WORKERS = ['dedicated_worker', 'shared_worker', 'service_worker'] as const
const REALMS = ['window', ...WORKERS] as const
const ONLY_IN_WINDOWS: Need = { capability: null, not_in: WORKERS, why: 'is had in windows only' }

/** Globals of the platform that tell what a package needs. Sources: HTML (timers, workers, storage), Fetch, WebSockets, Web Crypto, IndexedDB, File System; `Exposed` of each interface. */
export const GLOBAL_NEEDS: ReadonlyMap<string, Need> = new Map<string, Need>([
  ['setTimeout', { capability: 'timers', family: 'timers' }],
  ['setInterval', { capability: 'timers', family: 'timers' }],
  ['clearTimeout', { capability: 'timers' }],
  ['clearInterval', { capability: 'timers' }],
  ['requestAnimationFrame', { capability: null, not_in: ['shared_worker', 'service_worker'], why: 'is had in windows and dedicated workers only' }],
  ['WebAssembly', { capability: 'webassembly' }],
  ['WebSocket', { capability: 'websocket', family: 'sockets' }],
  ['WebSocketStream', { capability: 'websocket_stream', family: 'sockets' }],
  ['WebTransport', { capability: 'webtransport' }],
  ['EventSource', { capability: 'eventsource', family: 'events', not_in: ['service_worker'], why: 'is not had in service workers' }],
  ['fetch', { capability: 'fetch', family: 'requests' }],
  ['ReadableStream', { capability: 'fetch_streaming' }],
  ['XMLHttpRequest', { capability: null, family: 'requests', not_in: ['service_worker'], why: 'is not had in service workers' }],
  ['AbortController', { capability: 'abort_controller' }],
  ['AbortSignal', { capability: 'abort_controller' }],
  ['MessageChannel', { capability: 'message_channel' }],
  ['BroadcastChannel', { capability: 'broadcast_channel' }],
  ['getRandomValues', { capability: 'crypto_random' }],
  ['subtle', { capability: 'crypto_subtle' }],
  ['TextEncoder', { capability: 'text_codec' }],
  ['TextDecoder', { capability: 'text_codec' }],
  ['indexedDB', { capability: 'indexeddb' }],
  ['createSyncAccessHandle', { capability: 'opfs', not_in: ['window', 'shared_worker', 'service_worker'], why: 'is had in dedicated workers only' }],
  ['Worker', { capability: 'worker', not_in: ['service_worker'], perhaps_not_in: ['shared_worker'], why: 'cannot be made there in every engine' }],
  ['SharedWorker', { capability: null, not_in: WORKERS, why: 'can be made in windows only' }],
  ['SharedArrayBuffer', { capability: 'shared_array_buffer' }],
  ['Atomics', { capability: null }],
  ['scheduler', { capability: 'scheduler' }],
  ['document', ONLY_IN_WINDOWS],
  ['localStorage', ONLY_IN_WINDOWS],
  ['sessionStorage', ONLY_IN_WINDOWS],
  ['alert', ONLY_IN_WINDOWS],
  ['importScripts', { capability: null, not_in: ['window'], perhaps_not_in: WORKERS, why: 'is had in classic workers only' }],
  ['__dirname', { capability: null, not_in: REALMS, why: 'is had in Node only' }],
])

/** What needs no global: syntax and modules. */
export const SYNTAX_NEEDS: ReadonlyMap<string, Need> = new Map<string, Need>([
  ['import()', { capability: null, not_in: ['service_worker'], why: 'is refused in service workers' }],
  ['top-level await', { capability: null, not_in: ['service_worker'], why: 'is refused in service workers' }],
])

/** A module of Node's own. */
export const NODE_MODULE: Need = { capability: null, not_in: REALMS, why: 'is Node\'s own' }

/** What a package of Node's own module, a global or a piece of syntax asks for; null when it tells nothing. */
export const needOf = (what: string): Need | null => (what.startsWith('node:') ? NODE_MODULE : GLOBAL_NEEDS.get(what) ?? SYNTAX_NEEDS.get(what) ?? null)
