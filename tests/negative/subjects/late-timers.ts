import { live, planted } from './plant.js'

/** Timers fire far behind their time, in the right order. */
export default planted('late-timers', ({ timers }) => ({ timers: { ...timers!, set: (ms, fire) => timers!.set(live ? ms + 300 : ms, fire) } }))
