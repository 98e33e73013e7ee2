import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SubjectRuntime, SubjectTimers } from '../../../../src/contract/subject.js'
import { RUNTIMES } from '../runtimes.js'
import { stubVirtualHost, type VirtualHost } from '../virtual-host.js'

const LONGEST = 2 ** 31 - 1

describe('T0 timer_surface: the reference subject’s wheel on a virtual host', () => {
  let host: VirtualHost
  let runtime: SubjectRuntime
  let timers: SubjectTimers
  let seen: string[]
  const mark = (name: string) => (): void => { seen.push(`${name}@${host.now()}`) }

  beforeEach(async () => {
    runtime = await RUNTIMES.find(({ subject }) => subject === 'reference')!.start()
    timers = runtime.timers!
    seen = []
    host = stubVirtualHost()
  })
  afterEach(() => vi.unstubAllGlobals())

  it('arms one host timer, for the earliest due', async () => {
    for (const ms of [50, 30, 40, 20, 60]) timers.set(ms, mark(String(ms)))
    expect(host.alive()).toBe(1)
    await host.run(100)
    expect(seen).toEqual(['20@20', '30@30', '40@40', '50@50', '60@60'])
    expect(host.alive()).toBe(0)
  })

  it('fires what is due at the very same time first in, first out', async () => {
    for (const name of ['a', 'b', 'c']) timers.set(10, mark(name))
    timers.deadline!(10, mark('deadline'))
    await host.run(20)
    expect(seen).toEqual(['a@10', 'b@10', 'c@10', 'deadline@10'])
  })

  it('holds no host timer when everything was cleared', () => {
    for (const timer of [timers.set(10, mark('a')), timers.set(20, mark('b'))]) timers.clear(timer)
    expect(host.alive()).toBe(0)
  })

  it('fires a thousand equal deadlines with one engine hold at most', async () => {
    const nest = (depth: number): void => {
      if (depth > 0) timers.set(1, () => nest(depth - 1))
      else for (let index = 0; index < 1000; index++) timers.set(10, mark('many'))
    }
    nest(8)
    await host.run(1000)
    expect(seen).toHaveLength(1000)
    const times = seen.map((entry) => Number(entry.split('@')[1]))
    expect(times.at(-1)! - times[0]!).toBeLessThanOrEqual(4)
  })

  it.each([
    ['2^31 wraps to a negative delay, so 0', 2 ** 31, 0],
    ['2^32 + 7 wraps to 7', 2 ** 32 + 7, 7],
    ['a negative delay is 0', -5, 0],
    ['a fraction is cut off', 3.9, 3],
    ['NaN is 0', Number.NaN, 0],
  ])('takes delays as HTML does: %s', async (_, delay, due) => {
    timers.set(delay, mark('fired'))
    await host.run(50)
    expect(seen).toEqual([`fired@${due}`])
  })

  it('waits for the longest delay, and for a deadline beyond it', async () => {
    timers.set(LONGEST, mark('longest'))
    timers.deadline!(LONGEST + 10, mark('deadline'))
    await host.run(LONGEST - 1)
    expect(seen).toEqual([])
    await host.run(LONGEST + 100)
    expect(seen).toEqual([`longest@${LONGEST}`, `deadline@${LONGEST + 10}`])
  })

  it('takes the host’s waiting for enough when the host’s clock is coarser than its timers', async () => {
    timers.set(10, mark('first'))
    timers.set(10, mark('second'))
    timers.set(12, mark('third'))
    const { now } = performance
    vi.stubGlobal('performance', { now: () => now() - 3 })
    await host.run(50)
    expect(seen).toEqual(['first@10', 'second@10', 'third@15'])
  })

  it('fires the rest when one throws, and lets the host see what it threw', async () => {
    const error = new Error('from a callback')
    timers.set(10, () => { throw error })
    timers.set(10, mark('next'))
    timers.interval!(10, mark('interval'))
    await host.run(20)
    expect(host.thrown).toEqual([error])
    expect(seen).toEqual(['next@10', 'interval@10', 'interval@20'])
  })

  it('clears the turns of the same due at shutdown inside a callback', async () => {
    timers.set(10, () => {
      seen.push('first')
      void runtime.shutdown()
    })
    timers.set(10, mark('second'))
    timers.set(99, mark('third'))
    await host.run(200)
    expect(seen).toEqual(['first'])
    expect(host.alive()).toBe(0)
  })
})
