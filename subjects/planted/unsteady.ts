import { live, planted } from './plant.js'

const LATE_MS = 300

/** Where a peer is met says which attempt at a cell this is. */
const firstAttempt = (url: string): boolean => live && /\.1\//.test(url)

/** What noise may look like: timers far behind their time, though in order; messages lost in the first attempt and not again. */
export default planted('unsteady', ({ timers, sockets }) => ({
  timers: { ...timers!, set: (ms, fire) => timers!.set(live ? ms + LATE_MS : ms, fire) },
  sockets: { open: (url, protocols, events) => sockets!.open(url, protocols, firstAttempt(url) ? { ...events, message: () => undefined } : events) },
}))
