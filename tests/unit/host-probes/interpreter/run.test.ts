import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TICK_MS, handRuntime, hostTimers, play, runtimeOf, scenarioOf } from './support.js'

const MARK = { op: 'mark', mark: 'on' } as const
const threw = { kind: 'subject.threw' }

describe('T0 timer_surface: running a scenario', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('tasks run side by side, each in its own order; the subject is shut down when all have ended', async () => {
    const shutdown = vi.fn(() => Promise.resolve())
    const playing = await play(scenarioOf({ slow: [{ op: 'wait', ticks: 3 }, { op: 'mark', mark: 'late' }], quick: [{ op: 'mark', mark: 'early' }, { op: 'wait', ticks: 1 }] }), runtimeOf({ shutdown }))
    await playing.pass(2)
    expect(shutdown).not.toHaveBeenCalled()
    await playing.pass(1)
    expect(playing.said()).toEqual(['mark early', 'task.finished quick @1', 'mark late @3', 'task.finished slow @3', 'shutdown.started subject @3', 'shutdown.finished subject @3'])
    expect(shutdown).toHaveBeenCalledOnce()
  })

  it('a microtask\'s mark comes after the steps of its turn and before any timer', async () => {
    const playing = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 0, on_fire: [{ op: 'microtask', mark: 'micro' }, MARK] }, { op: 'timer.set', timer: 'b', after_ticks: 0 }, { op: 'timer.wait', timer: 'b' }] }), runtimeOf({ timers: hostTimers() }))
    await playing.pass(1)
    expect(playing.said().slice(2, 6)).toEqual(['timer.fired a', 'mark on', 'mark micro', 'timer.fired b'])
  })

  it('the limit in ticks ends a run that hangs, and says so; nothing is left waiting', async () => {
    const { runtime } = handRuntime()
    const playing = await play(scenarioOf({ main: [{ op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'socket.wait_open', channel: 'c' }, MARK] }, { limit_ticks: 7 }), runtime)
    await playing.pass(6)
    expect(playing.ended).toBeNull()
    await playing.pass(1)
    expect(playing.ended).toEqual({ stalled: true })
    expect(playing.said()).toEqual(['channel.opening c', 'shutdown.started subject @7', 'shutdown.finished subject @7'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a run that ends in time leaves no limit behind', async () => {
    const playing = await play(scenarioOf({ main: [MARK] }), runtimeOf({}))
    expect(playing.ended).toEqual({ stalled: false })
    expect(vi.getTimerCount()).toBe(0)
  })

  describe('what the subject throws', () => {
    it('in a step: the step is named, the other tasks end, the subject is shut down', async () => {
      const { runtime } = handRuntime({ timers: { ...hostTimers(), set: () => { throw new RangeError('too many') } } })
      const playing = await play(scenarioOf({ main: [MARK, { op: 'timer.set', timer: 'a', after_ticks: 1 }, MARK], other: [{ op: 'wait', ticks: 1 }, MARK] }), runtime)
      await playing.pass(2)
      expect(playing.said()).toEqual(['mark on', 'timer.set a', 'subject.threw main[1] timer.set', 'shutdown.started subject', 'shutdown.finished subject'])
      expect(playing.events()[2]).toMatchObject({ name: 'RangeError', message: 'too many', trap: false })
      expect(playing.ended).toEqual({ stalled: false })
    })

    it('in a callback, by a step in it: the timer is named and its later steps are left out', async () => {
      const { runtime } = handRuntime({ sockets: { open: () => { throw new SyntaxError('bad address') } } })
      const playing = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 1, on_fire: [{ op: 'socket.open', channel: 'c', peer: 'p' }, MARK] }, { op: 'timer.wait', timer: 'a' }] }), runtime)
      await playing.pass(1)
      expect(playing.said().slice(1, 4)).toEqual(['timer.fired a @1', 'channel.opening c @1', 'subject.threw a @1'])
      expect(playing.said()).not.toContain('mark on @1')
    })

    it('a trap in its WebAssembly is told apart', async () => {
      const { runtime } = handRuntime({ timers: { ...hostTimers(), set: () => { throw new WebAssembly.RuntimeError('unreachable') } } })
      const playing = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }] }), runtime)
      expect(playing.events()[1]).toMatchObject({ ...threw, trap: true, message: 'unreachable' })
    })

    it('what is no error, as WASM glue throws it', async () => {
      const { runtime } = handRuntime({ timers: { ...hostTimers(), set: () => { throw 'a plain string' } } })
      const playing = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }] }), runtime)
      expect(playing.events()[1]).toMatchObject({ ...threw, name: 'NonError', message: 'a plain string' })
    })

    it.each([
      ['a number for a name', { name: 404, message: 'gone' }, { name: '404', message: 'gone' }],
      ['a symbol for a message', { name: 'Odd', message: Symbol('why') }, { name: 'Odd', message: 'Symbol(why)' }],
      ['nothing that has a text', Object.create(null), { name: 'NonError', message: 'object without a text' }],
      ['a message cut in a character', new Error(`${'x'.repeat(1_999)}👍`), { name: 'Error', message: 'x'.repeat(1_999) }],
    ])('with %s: told as text, so that the protocol takes it', async (_, thrown: unknown, told) => {
      const { runtime } = handRuntime({ timers: { ...hostTimers(), set: () => { throw thrown } } })
      const playing = await play(scenarioOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }] }), runtime)
      expect(playing.events()[1]).toMatchObject({ ...threw, ...told, trap: false })
    })

    it('and nobody caught: the realm\'s last resort counts while the scenario runs, and no longer', async () => {
      const scope = new EventTarget()
      vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope))
      vi.stubGlobal('removeEventListener', scope.removeEventListener.bind(scope))
      const playing = await play(scenarioOf({ main: [{ op: 'wait', ticks: 5 }] }), runtimeOf({}))
      scope.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: new TypeError('lost') }))
      await playing.pass(0)
      expect(playing.events()[0]).toMatchObject({ ...threw, id: 'unhandled rejection', name: 'TypeError', message: 'lost' })
      expect(playing.ended).toEqual({ stalled: false })
      scope.dispatchEvent(Object.assign(new Event('error'), { message: 'after' }))
      expect(playing.events().filter(({ kind }) => kind === threw.kind)).toHaveLength(1)
      const second = await play(scenarioOf({ main: [{ op: 'wait', ticks: 5 }] }), runtimeOf({}))
      scope.dispatchEvent(Object.assign(new Event('error'), { message: 'Script error.', error: null }))
      expect(second.events()[0]).toMatchObject({ ...threw, id: 'uncaught', message: 'Script error.' })
      await second.pass(5)
    })
  })

  describe('shutdown', () => {
    it('as a step: once, and later steps still run', async () => {
      const shutdown = vi.fn(() => Promise.resolve())
      const playing = await play(scenarioOf({ main: [{ op: 'shutdown' }, MARK] }), runtimeOf({ shutdown }))
      expect(playing.said()).toEqual(['shutdown.started subject', 'shutdown.finished subject', 'mark on', 'task.finished main'])
      expect(shutdown).toHaveBeenCalledOnce()
      expect(playing.ended).toEqual({ stalled: false })
    })

    it('that hangs is given up in bounded time and is the subject\'s error', async () => {
      const playing = await play(scenarioOf({ main: [MARK] }), runtimeOf({ shutdown: () => new Promise(() => undefined) }))
      const { SHUTDOWN_LIMIT_MS } = await import('../../../../host-probes/interpreter/run.js')
      await playing.pass(SHUTDOWN_LIMIT_MS / TICK_MS - 1)
      expect(playing.ended).toBeNull()
      await playing.pass(1)
      expect(playing.ended).toEqual({ stalled: false })
      expect(playing.events().at(-1)).toMatchObject({ ...threw, id: 'shutdown' })
      expect(vi.getTimerCount()).toBe(0)
    })

    it.each([
      ['rejects', () => Promise.reject(new Error('no'))],
      ['throws', () => { throw new Error('no') }],
    ])('that %s is the subject\'s error', async (_, shutdown) => {
      const playing = await play(scenarioOf({ main: [MARK] }), runtimeOf({ shutdown }))
      expect(playing.said().slice(-2)).toEqual(['shutdown.started subject', 'subject.threw shutdown'])
      expect(playing.ended).toEqual({ stalled: false })
    })
  })

  it('what a subject does after the end is still seen: a message that comes after shutdown', async () => {
    const { runtime, sockets } = handRuntime()
    const playing = await play(scenarioOf({ main: [{ op: 'socket.open', channel: 'c', peer: 'p' }] }), runtime)
    expect(playing.ended).toEqual({ stalled: false })
    sockets.get('ws:p/c')!.message('late')
    expect(playing.said().at(-1)).toBe('channel.message c')
  })

  it('a scenario that uses what it has not made ends as an error that names it', async () => {
    const { runtime } = handRuntime()
    const playing = await play(scenarioOf({ main: [{ op: 'timer.clear', timer: 'ghost' }] }), runtime)
    expect(playing.events()[0]).toMatchObject({ ...threw, message: 'the scenario uses "ghost" before it makes it' })
  })
})
