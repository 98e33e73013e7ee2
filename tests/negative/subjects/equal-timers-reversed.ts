import { live, planted } from './plant.js'

/** Timers of one delay fire last-in first-out. */
export default planted('equal-timers-reversed', ({ timers }) => {
  const stacks = new Map<number, Array<() => void>>()
  return {
    timers: {
      ...timers!,
      set(ms, fire) {
        if (!live) return timers!.set(ms, fire)
        const stack = stacks.get(ms) ?? []
        stacks.set(ms, stack)
        stack.push(fire)
        return timers!.set(ms, () => stack.pop()?.())
      },
    },
  }
})
