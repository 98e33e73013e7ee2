import type { RealmProbe } from '../src/contract/host.js'
import type { Capability } from '../src/contract/vocabulary.js'
import { native } from './natives.js'
import { proveRole } from './role.js'

/** The smallest module: magic number and version. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

type Globals = Record<string, unknown>
const globals = globalThis as unknown as Globals
const isFunction = (name: string): boolean => typeof globals[name] === 'function'

/** An opaque origin, as a sandboxed frame has, has nowhere to keep anything: the calls are there, and each is refused. */
const canStore = (): boolean => globals.origin !== 'null'

/**
 * Each capability by a use of it, as small as there is at once and leaves nothing behind; a name alone proves little.
 * What can be used only later, or only with another end, is looked for by its call: crypto_subtle, indexeddb, opfs, worker, webtransport, websocket_stream, scheduler.
 */
const PROBES: Record<Capability, () => boolean> = {
  timers: () => isFunction('setTimeout') && isFunction('clearTimeout'),
  // WebKit lets a module be compiled where the page's policy forbids WebAssembly, and refuses the instance.
  // The realm's own: an instance of the harness is none of the subject's.
  webassembly: () => new native.WebAssembly!.Instance(new native.WebAssembly!.Module(EMPTY_MODULE)) instanceof native.WebAssembly!.Instance,
  websocket: () => isFunction('WebSocket') && WebSocket.CLOSED === 3,
  fetch: () => isFunction('fetch') && new Request(here()).method === 'GET',
  fetch_streaming: () => new Response('x').body instanceof ReadableStream,
  abort_controller: () => new AbortController().signal.aborted === false,
  eventsource: () => isFunction('EventSource') && EventSource.CLOSED === 2,
  message_channel: () => new MessageChannel().port1 instanceof MessagePort,
  broadcast_channel: () => {
    const channel = new BroadcastChannel('lanecheck-probe')
    channel.close()
    return channel.name === 'lanecheck-probe'
  },
  crypto_random: () => crypto.getRandomValues(new Uint8Array(4)).length === 4,
  crypto_subtle: () => typeof crypto.subtle.digest === 'function',
  text_codec: () => new TextDecoder().decode(new TextEncoder().encode('é')) === 'é',
  indexeddb: () => typeof (globals.indexedDB as IDBFactory).open === 'function' && canStore(),
  opfs: () => typeof navigator.storage.getDirectory === 'function' && canStore(),
  worker: () => isFunction('Worker'),
  shared_array_buffer: () => new SharedArrayBuffer(8).byteLength === 8,
  webtransport: () => isFunction('WebTransport'),
  websocket_stream: () => isFunction('WebSocketStream'),
  scheduler: () => typeof (globals.scheduler as { postTask?: unknown }).postTask === 'function',
  jspi: () => new (native.WebAssembly as unknown as { Suspending: new (call: () => void) => object }).Suspending(() => undefined) instanceof Object,
}

const here = (): string => (typeof location === 'undefined' ? 'http://127.0.0.1/' : location.href)

function holds(probe: () => boolean): boolean {
  try {
    return probe()
  } catch {
    return false
  }
}

/** Proves the role and lists what the realm has; `clock_step_ms` in ms, 0 when no step was seen. */
export function probeRealm(): RealmProbe {
  const capabilities = Object.fromEntries(Object.entries(PROBES).map(([name, probe]) => [name, holds(probe)])) as RealmProbe['capabilities']
  return {
    ...proveRole(),
    secure_context: globals.isSecureContext === true,
    cross_origin_isolated: globals.crossOriginIsolated === true,
    user_agent: typeof navigator === 'undefined' ? '' : (navigator.userAgent ?? ''),
    capabilities,
    wasm_blocked: typeof WebAssembly === 'object' && !capabilities.webassembly,
    clock_step_ms: clockStep(),
  }
}

/** Looks for one step of the clock, at most so many readings long: the probe must not hold a realm up. */
function clockStep(): number {
  const start = native.now()
  for (let reading = 0; reading < 20_000; reading++) {
    const step = native.now() - start
    if (step > 0) return step
  }
  return 0
}
