import type { SubjectSocketEvents, SubjectTimers } from '../../src/contract/subject.js'
import { live, planted } from './plant.js'

/** Sound in the lab and broken in every real host: each fault shows in scenarios of its own. */
export default planted('broken-live', (sound) => {
  if (!live) return {}
  const timers = lastInFirstOut(sound.timers!)
  return {
    // An interval ticks four times too fast.
    timers: { ...timers, interval: (ms, fire) => sound.timers!.interval!(ms / 4, fire) },
    sockets: { open: (url, protocols, events) => sound.sockets!.open(url, protocols, withoutTheLast(events)) },
    // A timer is left alive.
    async shutdown() {
      await sound.shutdown()
      if (timers.pending() > 0) globalThis.setTimeout(() => undefined, 60_000)
    },
  }
})

/** Timers of one delay fire in the reverse of their order. */
function lastInFirstOut(sound: SubjectTimers): SubjectTimers & { pending(): number } {
  const stacks = new Map<number, Array<() => void>>()
  return {
    ...sound,
    set(ms, fire) {
      const stack = stacks.get(ms) ?? []
      stacks.set(ms, stack)
      stack.push(fire)
      return sound.set(ms, () => stack.pop()?.())
    },
    pending: () => [...stacks.values()].reduce((count, stack) => count + stack.length, 0),
  }
}

/** Hands a message on only when the next one comes, so the last before the close is lost. */
function withoutTheLast(events: SubjectSocketEvents): SubjectSocketEvents {
  let held: string | Uint8Array | null = null
  return {
    ...events,
    message(data) {
      if (held !== null) events.message(held)
      held = data
    },
  }
}
