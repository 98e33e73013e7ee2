import { planted } from './plant.js'

/** Reports every clean close as 1000, in the lab as well. It leaves shared workers to the bridge. */
export default planted('wrong-close-code', ({ sockets }) => ({
  sockets: {
    open: (url, protocols, events) =>
      sockets!.open(url, protocols, { ...events, close: (code, reason, clean) => events.close(clean ? 1000 : code, reason, clean) }),
  },
}), { host_roles: ['window', 'dedicated_worker', 'service_worker'] })
