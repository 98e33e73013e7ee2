import { availableParallelism } from 'node:os'
import type { Kit, Started } from '../lanes/support.js'

/** Ends by itself, also when nobody is left to end it. */
const BUSY = 'const parent = process.ppid; for (const end = Date.now() + 90000; Date.now() < end && process.ppid === parent;) for (let n = 0; n < 5e7; n++);'

/** Does work while every core has a busy loop of its own beside it; the loops are ended by their ids whatever happens. */
export async function underLoad<Result>(kit: Kit, work: () => Promise<Result>): Promise<Result> {
  const loops: Started[] = []
  try {
    for (let core = 0; core < availableParallelism(); core += 1) loops.push(kit.start(process.execPath, ['-e', BUSY]))
    const result = await work()
    if (!loops.every((loop) => loop.running())) throw new Error('the load ended before the work did')
    return result
  } finally {
    for (const loop of loops) if (loop.running()) loop.signal('SIGKILL')
    await Promise.all(loops.map(({ ended }) => ended))
  }
}
