import { live, planted } from './plant.js'

/** Loses all messages in the first attempt at a cell, and none after that. */
const firstAttempt = (url: string): boolean => live && /\.1\//.test(url)

export default planted('lost-once', ({ sockets }) => ({
  sockets: { open: (url, protocols, events) => sockets!.open(url, protocols, firstAttempt(url) ? { ...events, message: () => undefined } : events) },
}))
