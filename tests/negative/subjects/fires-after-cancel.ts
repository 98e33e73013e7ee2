import { planted } from './plant.js'

/** Clearing a timer does nothing, in the lab as well. */
export default planted('fires-after-cancel', ({ timers }) => ({ timers: { ...timers!, clear: () => undefined } }))
