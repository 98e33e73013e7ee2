import { live, planted } from './plant.js'

/** Longer than Node waits for a sign of life; not for ever, so that nothing of it can stay. */
const BUSY_MS = 20_000

/** Realms that are lost in the middle of a scenario: an interval's first tick hangs, a channel's opening ends the realm. */
export default planted('loses-realms', ({ timers, sockets }) => ({
  timers: {
    ...timers!,
    interval: (ms, fire) => timers!.interval!(ms, () => {
      if (live) for (const end = performance.now() + BUSY_MS; performance.now() < end;);
      fire()
    }),
  },
  sockets: {
    open(...given) {
      if (live) (globalThis as unknown as { close(): void }).close()
      return sockets!.open(...given)
    },
  },
}), { host_roles: ['dedicated_worker'] })
