import { defineSubject } from 'lanecheck'
import { Alarms, initSync } from './pkg/alarms.js'
// The bytes come within the script: no realm has to fetch them, which a service worker's script could not.
import wasm from './pkg/alarms_bg.wasm?url&inline'

const bytes = (): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(wasm.slice(wasm.indexOf(',') + 1)), (sign) => sign.charCodeAt(0))

/** What the crate does with timers, told to lanecheck. */
export default defineSubject({
  name: 'alarms',
  version: '0.1.0',
  requires: ['webassembly', 'timers'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: true,
  start: async () => {
    // Compiled off the thread, as a window wants it.
    initSync({ module: await WebAssembly.compile(bytes()) })
    const alarms = new Alarms()
    return {
      timers: { set: (ms, ring) => alarms.set(ms, ring), clear: (id) => alarms.stop(id as number) },
      shutdown: async () => alarms.stop_all(),
    }
  },
})
