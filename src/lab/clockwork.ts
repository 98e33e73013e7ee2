import { createScheduleHash } from './hashes.js'
import { NOW, TASK, TURN_ARGUMENT, TURN_KIND, type Delivery, type TaskKind } from './kernel-types.js'
import { createTaskQueue } from './task-queue.js'

/** The virtual clock and everything that is to happen on it. */
export interface Clockwork {
  readonly clock: Float64Array
  now(): number
  /** Adds a task of the context; gives its slot. */
  schedule(kind: number, due_ms: number, argument: number): number
  cancel(slot: number): void
  /** Adds a task of the network, `delay_ms` from now. */
  hop(kind: TaskKind, work: () => void, delay_ms?: number): void
  /** Adds a task that brings something to the context. */
  deliver(delivery: Delivery): void
  /** What the running task brings. */
  take(): Delivery
  /** Moves time to the next task and gives what runs it: the network's own work, or `inside` for the context's; null when there is none by `limit_ms`. */
  next(limit_ms: number): (() => void) | 'inside' | null
  tasksRun(): number
  /** SHA-256 of the schedule so far; ends the hash. */
  scheduleHash(): string
}

export function createClockwork(): Clockwork {
  const clock = new Float64Array(3)
  const queue = createTaskQueue()
  const hash = createScheduleHash()
  /** By slot: what a task of the network does, or what a delivery brings. */
  const works: Array<(() => void) | undefined> = []
  const deliveries: Array<Delivery | undefined> = []
  let arriving: Delivery | undefined
  let tasks = 0

  return {
    clock,
    now: () => clock[NOW]!,
    schedule: (kind, due_ms, argument) => queue.add(due_ms, kind, argument),
    cancel: (slot) => queue.remove(slot),
    hop(kind, work, delay_ms = 0) {
      works[queue.add(clock[NOW]! + delay_ms, TASK[kind], 0)] = work
    },
    deliver(delivery) {
      deliveries[queue.add(clock[NOW]!, TASK.delivery, 0)] = delivery
    },
    take: () => arriving!,
    next(limit_ms) {
      const slot = queue.first()
      if (slot < 0 || queue.due(slot) > limit_ms) return null
      queue.take()
      const due_ms = queue.due(slot)
      const kind = queue.kind(slot)
      clock[NOW] = due_ms
      hash.add(due_ms, kind)
      tasks += 1
      if (kind <= TASK.delivery) {
        clock[TURN_KIND] = kind
        clock[TURN_ARGUMENT] = queue.argument(slot)
        if (kind === TASK.delivery) {
          arriving = deliveries[slot]
          deliveries[slot] = undefined
        }
        return 'inside'
      }
      const work = works[slot]!
      works[slot] = undefined
      return work
    },
    tasksRun: () => tasks,
    scheduleHash: () => hash.digest(),
  }
}
