import { live, planted } from './plant.js'

/** Its shutdown forgets one timer. */
export default planted('timer-left-alive', ({ shutdown }) => ({
  async shutdown() {
    await shutdown()
    if (live) globalThis.setTimeout(() => undefined, 60_000)
  },
}))
