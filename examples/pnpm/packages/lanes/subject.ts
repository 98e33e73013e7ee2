import { defineSubject } from 'lanecheck'
import { createTicker } from 'ticker'

/** What `ticker`, another package of this workspace, does with timers, told to lanecheck. */
export default defineSubject({
  name: 'ticker',
  version: '1.0.0',
  requires: ['timers'],
  host_roles: ['window', 'dedicated_worker'],
  bridge: false,
  start: async () => {
    const ticker = createTicker()
    return {
      timers: { set: ticker.after, clear: (id) => ticker.cancel(id as number) },
      shutdown: async () => ticker.stop(),
    }
  },
})
