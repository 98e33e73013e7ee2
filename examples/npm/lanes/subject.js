import { defineSubject } from 'lanecheck'
import { Later } from '../src/later.js'

/** What `later` does with timers, told to lanecheck. */
export default defineSubject({
  name: 'later',
  version: '1.0.0',
  requires: ['timers'],
  host_roles: ['window', 'dedicated_worker', 'shared_worker'],
  bridge: true,
  start: async () => {
    const later = new Later()
    return {
      timers: { set: (ms, fire) => later.after(ms, fire), clear: (takeBack) => takeBack() },
      shutdown: async () => later.close(),
    }
  },
})
