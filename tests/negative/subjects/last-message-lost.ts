import { live, planted } from './plant.js'

/** Hands a message on only when the next one comes, so the last before the close is lost. */
export default planted('last-message-lost', ({ sockets }) => ({
  sockets: {
    open(url, protocols, events) {
      let held: string | Uint8Array | null = null
      const message = (data: string | Uint8Array): void => {
        if (held !== null) events.message(held)
        held = data
      }
      return sockets!.open(url, protocols, live ? { ...events, message } : events)
    },
  },
}))
