import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTaskQueue } from '../../../src/lab/task-queue.js'

describe('T0 timer_surface: the task queue', () => {
  it('gives tasks by due time, then by order of asking, whatever is added, removed and taken between', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), due: fc.integer({ min: 0, max: 5 }) }),
      fc.record({ do: fc.constant('remove' as const), which: fc.nat() }),
      fc.record({ do: fc.constant('take' as const) }),
    )
    fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = createTaskQueue()
      let model: Array<{ due: number; id: number; slot: number }> = []
      for (const [id, one] of steps.entries()) {
        if (one.do === 'add') model.push({ due: one.due, id, slot: queue.add(one.due, 1, id) })
        else if (one.do === 'remove') {
          const [gone] = model.length === 0 ? [] : model.splice(one.which % model.length, 1)
          if (gone !== undefined) queue.remove(gone.slot)
        } else {
          model = model.sort((a, b) => a.due - b.due || a.id - b.id)
          const first = model.shift()
          const slot = queue.take()
          expect(slot === -1 ? undefined : queue.argument(slot)).toBe(first?.id)
        }
        expect(queue.size()).toBe(model.length)
      }
    }))
  })

  it('grows beyond its first capacity and keeps the order', () => {
    const queue = createTaskQueue()
    for (let id = 0; id < 5000; id++) queue.add(id % 7, 2, id)
    const taken = Array.from({ length: 5000 }, () => queue.argument(queue.take()))
    expect(taken).toEqual(Array.from({ length: 5000 }, (_, id) => id).sort((a, b) => (a % 7) - (b % 7) || a - b))
    expect(queue.take()).toBe(-1)
  })

  it('removing what was taken, or removed already, removes nothing else', () => {
    const queue = createTaskQueue()
    const [a] = [queue.add(1, 0, 1), queue.add(2, 0, 2)]
    queue.take()
    queue.remove(a)
    queue.remove(-1)
    expect(queue.size()).toBe(1)
  })
})
