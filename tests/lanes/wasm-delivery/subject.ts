import { defineSubject } from '../../../src/index.js'
import init, { Alarms } from '../../../examples/wasm-pack-crate/pkg/alarms.js'

/** The example's crate as its users load it, in every role: the glue finds its wasm by itself. */
export default defineSubject({
  name: 'alarms-everywhere',
  version: '0.1.0',
  requires: ['webassembly', 'timers'],
  host_roles: ['window', 'dedicated_worker', 'shared_worker', 'service_worker'],
  bridge: true,
  start: async () => {
    await init()
    const alarms = new Alarms()
    return {
      timers: { set: (ms, ring) => alarms.set(ms, ring), clear: (id) => alarms.stop(id as number) },
      shutdown: async () => alarms.stop_all(),
    }
  },
})
