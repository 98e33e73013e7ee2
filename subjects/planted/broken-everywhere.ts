import { planted } from './plant.js'

/** Broken in the lab as it is live. It leaves shared workers to the bridge. */
export default planted('broken-everywhere', ({ timers, sockets }) => ({
  timers: {
    ...timers!,
    // A timer fires after its cancel.
    clear: () => undefined,
  },
  sockets: {
    // Every clean close is reported as 1000.
    open: (url, protocols, events) =>
      sockets!.open(url, protocols, { ...events, close: (code, reason, clean) => events.close(clean ? 1000 : code, reason, clean) }),
  },
}), { host_roles: ['window', 'dedicated_worker', 'service_worker'] })
