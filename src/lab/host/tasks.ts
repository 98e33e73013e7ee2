import { TASK } from '../kernel-types.js'
import { kernel, now } from './kernel.js'

const posted = new Map<number, () => void>()
let count = 0

/** Queues a task of the host itself; gives what cancels it. */
export function post(work: () => void, delay_ms = 0): () => void {
  const id = ++count
  posted.set(id, work)
  const slot = kernel.schedule(TASK.posted, now() + delay_ms, id)
  return () => {
    if (posted.delete(id)) kernel.cancel(slot)
  }
}

export function runPosted(id: number): void {
  const work = posted.get(id)
  posted.delete(id)
  work?.()
}

/**
 * Does work that a real host does beside the event loop at once, in a task of its own, and settles a promise with it there:
 * so results come in the order they were asked for.
 */
export const settled = <Result>(work: () => Result): Promise<Result> => new Promise((resolve, reject) => {
  post(() => {
    try {
      resolve(work())
    } catch (error) {
      reject(error)
    }
  })
})
