import { defineSubject } from 'lanecheck'
import { createTimers } from './timers.js'

/** What `my-package` does with timers, told to lanecheck. Families that are left out are `unsupported`, not failed. */
export default defineSubject({
  name: 'my-package',
  version: '1.0.0',
  requires: ['timers'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: false,
  start: async () => {
    const timers = createTimers()
    return {
      timers: { set: timers.set, clear: (timer) => timers.clear(timer as number) },
      shutdown: async () => timers.clearAll(),
    }
  },
})
