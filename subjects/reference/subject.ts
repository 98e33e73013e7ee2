import type { Subject } from '../../src/contract/subject.js'
import { classifyHost } from '../classify.js'
import { familiesOf } from './families.js'
import { initSync, Runtime } from './pkg/lanecheck_reference.js'
import wasmUrl from './pkg/lanecheck_reference_bg.wasm?url&inline'
import { bytesOf } from './wasm-bytes.js'

/** A timer wheel, WebSocket and streaming fetch of its own, in Rust. It has no event streams. */
const subject: Subject = {
  name: 'reference',
  version: '0.1.0',
  requires: ['webassembly', 'timers', 'websocket', 'fetch', 'fetch_streaming', 'abort_controller'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: true,
  classify: () => classifyHost(subject),
  async start() {
    // Compiled off the thread, as a window wants it. `initSync` then does not compile again, and leaves the glue's
    // own loader unused: bundlers drop it, and the second copy of the wasm that it names.
    initSync({ module: await WebAssembly.compile(bytesOf(wasmUrl)) })
    return familiesOf(new Runtime())
  },
}

export default subject
