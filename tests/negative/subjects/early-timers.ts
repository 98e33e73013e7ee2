import { live, planted } from './plant.js'

/** Timers fire after half their delay. */
export default planted('early-timers', ({ timers }) => ({ timers: { ...timers!, set: (ms, fire) => timers!.set(live ? ms / 2 : ms, fire) } }))
