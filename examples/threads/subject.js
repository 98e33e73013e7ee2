import { defineSubject } from 'lanecheck'
import { start } from './alarms.js'

/** What the package does with timers, told to lanecheck. It wants a page that may share memory, for all its scenarios. */
export default defineSubject({
  name: 'threaded-alarms',
  version: '0.1.0',
  requires: ['shared_array_buffer', 'worker', 'webassembly', 'timers'],
  host_roles: ['window', 'dedicated_worker', 'shared_worker', 'service_worker'],
  bridge: true,
  page: 'isolated',
  start: async (host) => {
    const alarms = await start()
    host.log(`threads: ${alarms.threads}`)
    return {
      timers: { set: (ms, fire) => alarms.set(ms, fire), clear: (slot) => alarms.stop(slot) },
      shutdown: async () => alarms.end(),
    }
  },
})
