import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SubjectRuntime, SubjectTimers } from '../../../src/contract/subject.js'
import { RUNTIMES, within } from './runtimes.js'

/** Order only, on Node's own timers. */
describe.each(RUNTIMES)('T0 timer_surface: $subject', ({ start }) => {
  let runtime: SubjectRuntime
  let timers: SubjectTimers
  let seen: string[]
  const mark = (name: string) => (): void => { seen.push(name) }
  /** Waits by the subject's own timers, so that all that is due before has fired, however slow the machine is. */
  const after = (ms: number): Promise<void> => within(new Promise((resolve) => { timers.set(ms, resolve) }))

  beforeEach(async () => {
    runtime = await start()
    timers = runtime.timers!
    seen = []
  })
  afterEach(() => within(runtime.shutdown()))

  it('fires distinct deadlines in order, whatever the order of setting', async () => {
    timers.set(60, mark('late'))
    timers.set(20, mark('early'))
    timers.set(40, mark('middle'))
    await after(120)
    expect(seen).toEqual(['early', 'middle', 'late'])
  })

  it('fires equal deadlines first in, first out', async () => {
    for (let index = 0; index < 20; index++) timers.set(20, mark(String(index)))
    await after(100)
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => String(index)))
  })

  it('lets all microtasks of a callback run before the next callback', async () => {
    timers.set(10, () => {
      seen.push('first')
      void Promise.resolve().then(mark('microtask')).then(mark('its own')).then(mark('and its'))
    })
    timers.set(10, mark('second'))
    await after(60)
    expect(seen).toEqual(['first', 'microtask', 'its own', 'and its', 'second'])
  })

  it('fires a zero delay after the turn and its microtasks', async () => {
    timers.set(0, mark('zero'))
    void Promise.resolve().then(mark('microtask'))
    seen.push('turn')
    await after(20)
    expect(seen).toEqual(['turn', 'microtask', 'zero'])
  })

  it('does not fire what was cleared; clearing twice or after firing does nothing', async () => {
    const cleared = timers.set(10, mark('cleared'))
    const fired = timers.set(10, mark('fired'))
    timers.clear(cleared)
    timers.clear(cleared)
    await after(60)
    timers.clear(fired)
    expect(seen).toEqual(['fired'])
  })

  it('clears itself and a later one of the same due inside a callback', async () => {
    const self = timers.set(10, () => {
      seen.push('self')
      timers.clear(self)
      timers.clear(later)
    })
    const later = timers.set(10, mark('later'))
    timers.set(10, mark('last'))
    await after(60)
    expect(seen).toEqual(['self', 'last'])
  })

  it('repeats an interval until it is cleared inside its own tick', async () => {
    let ticks = 0
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => { end = resolve })
    const interval = timers.interval!(5, () => {
      seen.push('tick')
      if (++ticks === 3) {
        timers.clear(interval)
        end()
      }
    })
    await within(ended)
    await after(30)
    expect(seen).toEqual(['tick', 'tick', 'tick'])
  })

  it('fires a timer set in a callback after it', async () => {
    await within(new Promise<void>((resolve) => {
      timers.set(5, () => {
        timers.set(5, () => {
          seen.push('inner')
          resolve()
        })
        seen.push('outer')
      })
    }))
    expect(seen).toEqual(['outer', 'inner'])
  })

  it('expires a deadline unless it is cleared', async () => {
    const arm = timers.deadline ?? timers.set
    timers.clear(arm(10, mark('cleared')))
    arm(0, mark('on arrival'))
    arm(10, mark('exceeded'))
    await after(60)
    expect(seen).toEqual(['on arrival', 'exceeded'])
  })

  it('fires a thousand in order', async () => {
    const order: number[] = []
    await within(new Promise<void>((resolve) => {
      for (let index = 0; index < 1000; index++) {
        timers.set(10, () => { if (order.push(index) === 1000) resolve() })
      }
    }))
    expect(order).toEqual(Array.from({ length: 1000 }, (_, index) => index))
  })

  it('leaves none after shutdown, and takes none', async () => {
    timers.set(10, mark('timer'))
    timers.interval!(10, mark('interval'))
    await within(runtime.shutdown())
    expect(() => timers.set(0, mark('afterwards'))).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(seen).toEqual([])
  })
})
