import { planted } from '../../../subjects/planted/plant.js'

/** Hands the signal of its call on, as packages do, and listens to nothing itself. Shared workers are left to the bridge. */
export default planted('passes-on', ({ tasks }) => ({
  tasks: {
    ...tasks,
    async echo(input, { signal }) {
      new EventTarget().addEventListener('never', () => undefined, { signal })
      await (await fetch('data:text/plain,told', { signal })).text()
      // A server has no address.
      if (typeof location === 'object') await (await fetch(new URL('/nothing', location.origin), { signal })).text()
      return input
    },
  },
}), { host_roles: ['window', 'dedicated_worker', 'service_worker'] })
