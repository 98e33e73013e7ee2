import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SubjectTimers } from '../../../../src/contract/subject.js'
import { TICK_MS, handRuntime, hostTimers, play, runtimeOf, scenarioOf } from './support.js'

const withTimers = (timers: SubjectTimers = hostTimers()) => runtimeOf({ timers })

describe('T0 timer_surface: timers and deadlines of a scenario', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('set, fired, in ticks of the scenario clock; steps of a callback run in its turn', async () => {
    const playing = await play(scenarioOf({ main: [
      { op: 'timer.set', timer: 'a', after_ticks: 2, on_fire: [{ op: 'mark', mark: 'inside' }, { op: 'timer.set', timer: 'b', after_ticks: 1 }] },
      { op: 'timer.wait', timer: 'a' },
      { op: 'mark', mark: 'after' },
      { op: 'timer.wait', timer: 'b' },
    ] }), withTimers())
    await playing.pass(5)
    expect(playing.ended).toEqual({ stalled: false })
    expect(playing.said()).toEqual([
      'timer.set a', 'timer.fired a @2', 'mark inside @2', 'timer.set b @2', 'mark after @2', 'timer.fired b @3', 'task.finished main @3', 'shutdown.started subject @3', 'shutdown.finished subject @3',
    ])
    expect(playing.events()[0]).toMatchObject({ delay_ms: 2 * TICK_MS })
  })

  it('a delay in ms is handed on as it is', async () => {
    const set = vi.fn(() => 1)
    const playing = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ms: 2 ** 32 + 5 }] }), withTimers({ set, clear: () => undefined }))
    expect(set).toHaveBeenCalledExactlyOnceWith(2 ** 32 + 5, expect.any(Function))
    expect(playing.events()[0]).toMatchObject({ kind: 'timer.set', delay_ms: 2 ** 32 + 5 })
  })

  it('a subject that fires a cleared timer is caught at it', async () => {
    const playing = await play(scenarioOf({ main: [
      { op: 'timer.set', timer: 'doomed', after_ticks: 2 }, { op: 'timer.clear', timer: 'doomed' }, { op: 'timer.wait', timer: 'doomed' }, { op: 'wait', ticks: 3 },
    ] }), withTimers({ ...hostTimers(), clear: () => undefined }))
    await playing.pass(4)
    expect(playing.said().slice(0, 4)).toEqual(['timer.set doomed', 'timer.cleared doomed', 'timer.fired doomed @2', 'task.finished main @3'])
  })

  it('set_many: delays in turn, an index each, and a wait for all of them', async () => {
    const playing = await play(scenarioOf({ main: [{ op: 'timer.set_many', timer: 'm', count: 3, after_ticks: [2, 1] }, { op: 'timer.wait', timer: 'm' }] }), withTimers())
    await playing.pass(1)
    expect(playing.ended).toBeNull()
    await playing.pass(1)
    const fired = playing.events().flatMap((event) => (event.kind === 'timer.fired' ? [[event.index, event.ticks]] : []))
    expect(fired).toEqual([[1, 1], [0, 2], [2, 2]])
    expect(playing.ended).toEqual({ stalled: false })
  })

  it('clearing a set_many clears each of them', async () => {
    const clear = vi.fn()
    await play(scenarioOf({ main: [{ op: 'timer.set_many', timer: 'm', count: 3, after_ticks: [5] }, { op: 'timer.clear', timer: 'm' }] }), withTimers({ ...hostTimers(), clear }))
    expect(clear).toHaveBeenCalledTimes(3)
  })

  it('an interval: counted by a wait, cleared inside its own n-th tick', async () => {
    const playing = await play(scenarioOf({ main: [
      { op: 'timer.interval', timer: 'i', every_ticks: 2, clear_after: 3, on_fire: [{ op: 'mark', mark: 'tick' }] },
      { op: 'timer.wait', timer: 'i', fired: 2 }, { op: 'mark', mark: 'two' }, { op: 'timer.wait', timer: 'i', fired: 9 },
    ] }), withTimers())
    await playing.pass(10)
    expect(playing.said().slice(1, 9)).toEqual(['timer.fired i @2', 'mark tick @2', 'timer.fired i @4', 'mark tick @4', 'mark two @4', 'timer.fired i @6', 'mark tick @6', 'timer.cleared i @6'])
    expect(playing.ended).toEqual({ stalled: false })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('without intervals, or without timers at all, the family is absent and the run ends', async () => {
    const { set, clear } = hostTimers()
    const no_interval = await play(scenarioOf({ main: [{ op: 'timer.interval', timer: 'i', every_ticks: 1 }, { op: 'mark', mark: 'never' }], other: [{ op: 'wait', ticks: 9 }, { op: 'mark', mark: 'never' }] }), withTimers({ set, clear }))
    expect(no_interval.said()).toEqual(['family.absent step', 'shutdown.started subject', 'shutdown.finished subject'])
    expect(no_interval.events()[0]).toMatchObject({ family: 'timers.interval' })
    expect(no_interval.ended).toEqual({ stalled: false })
    const none = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }] }), runtimeOf({}))
    expect(none.events()[0]).toMatchObject({ kind: 'family.absent', family: 'timers' })
  })

  describe('deadlines', () => {
    const deadlines = { budget: { budget_ticks: 3 } }
    const race = (work_ticks: number) => scenarioOf({ main: [
      { op: 'deadline.start', deadline: 'budget', on_exceed: [{ op: 'timer.clear', timer: 'work' }] },
      { op: 'timer.set', timer: 'work', after_ticks: work_ticks, on_fire: [{ op: 'deadline.finish', deadline: 'budget', how: 'completed' }] },
      { op: 'deadline.wait', deadline: 'budget' },
      { op: 'wait', ticks: 5 },
    ] }, { deadlines })

    it('met: completed, and it is never exceeded afterwards', async () => {
      const playing = await play(race(2), withTimers())
      await playing.pass(10)
      expect(playing.said().slice(0, 4)).toEqual(['deadline.started budget', 'timer.set work', 'timer.fired work @2', 'deadline.completed budget @2'])
      expect(playing.said().join()).not.toContain('exceeded')
      expect(playing.events()[0]).toMatchObject({ budget_ticks: 3 })
    })

    it('exceeded: its steps run, and finishing it later changes nothing', async () => {
      const playing = await play(race(4), withTimers())
      await playing.pass(10)
      expect(playing.said().slice(2, 4)).toEqual(['deadline.exceeded budget @3', 'timer.cleared work @3'])
      const late = await play(scenarioOf({ main: [{ op: 'deadline.start', deadline: 'budget' }, { op: 'wait', ticks: 4 }, { op: 'deadline.finish', deadline: 'budget', how: 'cancelled' }] }, { deadlines }), withTimers())
      await late.pass(5)
      expect(late.said().slice(0, 3)).toEqual(['deadline.started budget', 'deadline.exceeded budget @3', 'task.finished main @4'])
    })

    it('at the same tick, who was set first comes first', async () => {
      const playing = await play(race(3), withTimers())
      await playing.pass(10)
      expect(playing.said().slice(2, 4)).toEqual(['deadline.exceeded budget @3', 'timer.cleared work @3'])
    })

    it('cancelled', async () => {
      const playing = await play(scenarioOf({ main: [{ op: 'deadline.start', deadline: 'budget' }, { op: 'deadline.finish', deadline: 'budget', how: 'cancelled' }, { op: 'deadline.wait', deadline: 'budget' }] }, { deadlines }), withTimers())
      expect(playing.said().slice(0, 2)).toEqual(['deadline.started budget', 'deadline.cancelled budget'])
      expect(vi.getTimerCount()).toBe(0)
    })

    it('go by the subject\'s own deadlines where it has them', async () => {
      const deadline = vi.fn((_ms: number, _expire: () => void) => 'own')
      const clear = vi.fn()
      const { runtime } = handRuntime({ timers: { ...hostTimers(), deadline, clear } })
      await play(scenarioOf({ main: [{ op: 'deadline.start', deadline: 'budget' }, { op: 'deadline.finish', deadline: 'budget', how: 'completed' }] }, { deadlines }), runtime)
      expect(deadline).toHaveBeenCalledExactlyOnceWith(3 * TICK_MS, expect.any(Function))
      expect(clear).toHaveBeenCalledExactlyOnceWith('own')
    })
  })
})
