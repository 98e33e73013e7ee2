import { live, planted } from './plant.js'

/** Longer than any limit; not for ever, so that nothing of it can stay. */
const BUSY_MS = 120_000

/** An interval's first tick never ends. */
export default planted('hangs', ({ timers }) => ({
  timers: {
    ...timers!,
    interval: (ms, fire) => timers!.interval!(ms, () => {
      if (live) for (const end = performance.now() + BUSY_MS; performance.now() < end;);
      fire()
    }),
  },
}))
