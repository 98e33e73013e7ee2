import { live, planted } from '../../../subjects/planted/plant.js'
import { late } from './late.js'

/** Behind its time and broken too, live alone: a cancelled timer fires, timers of one delay fire in reverse. Its drift is no excuse. */
export default planted('late-and-broken', ({ timers }) => {
  if (!live) return {}
  const stacks = new Map<number, Array<() => void>>()
  const slow = late(timers!)
  return {
    timers: {
      ...slow,
      clear: () => undefined,
      set(ms, fire) {
        const stack = stacks.get(ms) ?? []
        stacks.set(ms, stack)
        stack.push(fire)
        return slow.set(ms, () => stack.pop()?.())
      },
    },
  }
})
