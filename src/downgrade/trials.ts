import type { BridgeCarrier } from '../contract/bridge-words.js'
import type { PageCondition } from '../contract/page-conditions.js'
import { MATRIX_HOST_ROLES, type Capability, type HostRole, type TakenGlobal } from '../contract/vocabulary.js'

/** One way of taking capabilities away. What it must lead to is told by `expected.ts`, never by the code that decides it in a run. */
export interface Trial {
  /** Names it in globs: words joined by dots. */
  id: string
  title: string
  page: PageCondition
  /** Taken from the realm before the artifact loads. */
  without: readonly TakenGlobal[]
  /** Asked of the realm beside what the subject requires, so that it is needed whatever the subject says. */
  needs: readonly Capability[]
  host_roles: readonly HostRole[]
  /** What a bridge is carried by here. A realm that keeps no carrier at all cannot be asked anything: there is no such trial. */
  carrier: BridgeCarrier
}

type Parts = Pick<Trial, 'id' | 'title'> & Partial<Trial>

const trial = (parts: Parts): Trial => ({ page: 'plain', without: [], needs: [], host_roles: MATRIX_HOST_ROLES, carrier: 'websocket', ...parts })

/** All trials, in the order in which they are told. Those whose title says "needed" ask for what is taken; the others leave that to the subject. */
export const TRIALS: readonly Trial[] = [
  trial({ id: 'control.nothing_taken', title: 'Nothing is taken away: no downgrade' }),
  trial({ id: 'control.needed_and_there', title: 'Much is needed, and all of it is there: no downgrade', needs: ['timers', 'webassembly', 'websocket', 'fetch', 'fetch_streaming', 'crypto_random', 'crypto_subtle'] }),
  trial({ id: 'control.isolated_page', title: 'A cross-origin isolated page takes nothing away', page: 'isolated' }),

  trial({ id: 'taken.webassembly', title: 'WebAssembly is gone', without: ['WebAssembly'] }),
  trial({ id: 'taken.websocket', title: 'WebSocket is gone, and with it the first carrier', without: ['WebSocket'], carrier: 'fetch_streaming' }),
  trial({ id: 'taken.fetch', title: 'fetch is gone', without: ['fetch'] }),
  trial({ id: 'taken.fetch_streaming', title: 'Streams are gone, and with them streaming bodies', without: ['ReadableStream'] }),
  trial({ id: 'taken.worker', title: 'Worker is gone', without: ['Worker'] }),
  trial({ id: 'taken.worker.needed', title: 'Worker is gone and needed', without: ['Worker'], needs: ['worker'] }),
  trial({ id: 'taken.crypto_subtle', title: 'SubtleCrypto is gone', without: ['crypto.subtle'] }),
  trial({ id: 'taken.crypto_subtle.needed', title: 'SubtleCrypto is gone and needed', without: ['crypto.subtle'], needs: ['crypto_subtle'] }),
  trial({ id: 'taken.crypto.needed', title: 'All of crypto is gone, its random numbers needed', without: ['crypto'], needs: ['crypto_random'] }),

  trial({ id: 'page.not_isolated.needed', title: 'Shared memory is needed, and the page is not isolated', needs: ['shared_array_buffer'] }),
  trial({ id: 'page.isolated.needed', title: 'Shared memory is needed on an isolated page: up to the engine', page: 'isolated', needs: ['shared_array_buffer'] }),
  trial({ id: 'page.isolated.taken', title: 'Shared memory is needed on an isolated page, and gone: the page is not to blame', page: 'isolated', without: ['SharedArrayBuffer'], needs: ['shared_array_buffer'] }),
  trial({ id: 'page.insecure', title: 'The page is no secure context', page: 'insecure' }),
  trial({ id: 'page.insecure.needed', title: 'The page is no secure context, and SubtleCrypto is needed', page: 'insecure', needs: ['crypto_subtle'] }),
  trial({ id: 'page.wasm_forbidden', title: 'The page\'s policy forbids WebAssembly', page: 'wasm_forbidden' }),
  trial({ id: 'page.wasm_forbidden.needed', title: 'The page\'s policy forbids WebAssembly, and it is needed', page: 'wasm_forbidden', needs: ['webassembly'] }),

  trial({ id: 'combined.webassembly.websocket', title: 'WebAssembly and WebSocket are gone: the second carrier', without: ['WebAssembly', 'WebSocket'], carrier: 'fetch_streaming' }),
  trial({ id: 'combined.webassembly.websocket.fetch_streaming', title: 'WebAssembly, WebSocket and streams are gone: long polling', without: ['WebAssembly', 'WebSocket', 'ReadableStream'], carrier: 'long_polling' }),
  trial({ id: 'combined.wasm_forbidden.websocket', title: 'The policy forbids WebAssembly, and WebSocket is gone', page: 'wasm_forbidden', without: ['WebSocket'], carrier: 'fetch_streaming' }),
  trial({ id: 'combined.insecure.websocket', title: 'The page is no secure context, and WebSocket is gone', page: 'insecure', without: ['WebSocket'], carrier: 'fetch_streaming' }),
  trial({ id: 'combined.worker.crypto_subtle', title: 'Worker and SubtleCrypto are gone', without: ['Worker', 'crypto.subtle'] }),

  trial({ id: 'sandbox.nothing_taken', title: 'A sandboxed iframe, nothing taken away', host_roles: ['sandboxed_iframe'] }),
  trial({ id: 'sandbox.webassembly', title: 'A sandboxed iframe without WebAssembly', host_roles: ['sandboxed_iframe'], without: ['WebAssembly'] }),
  trial({ id: 'sandbox.websocket', title: 'A sandboxed iframe without WebSocket', host_roles: ['sandboxed_iframe'], without: ['WebSocket'], carrier: 'fetch_streaming' }),
]
