import { planted } from '../../../subjects/planted/plant.js'
import { leaveAll } from './leave.js'

/** Leaves things alive wherever timers are used; its task `after` takes no notice of its signal. Shared workers are left to the bridge. */
export default planted('leaks', ({ timers, tasks }) => {
  let left = false
  return {
    timers: {
      ...timers!,
      set(ms, fire) {
        if (!left) leaveAll()
        left = true
        return timers!.set(ms, fire)
      },
    },
    tasks: { ...tasks, after: (ms) => new Promise((done) => { setTimeout(() => done(ms), Number(ms)) }) },
  }
}, { host_roles: ['window', 'dedicated_worker', 'service_worker'] })
