import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { artifactScope, evaluateIn } from '../../../bridge/worker-scope.js'

type Scope = Record<string, unknown>

function evaluated(source: string, additional: Scope = {}): Scope {
  const scope = artifactScope(additional)
  evaluateIn(scope, source)
  return scope
}
const answerOf = (expression: string, additional?: Scope): unknown => evaluated(`globalThis.answer = ${expression}`, additional).answer

describe('T0 browser_surface: the global scope of an artifact in the bridge\'s worker', () => {
  it.each(['process', 'Buffer', 'require', 'module', 'exports', 'global', 'setImmediate', 'clearImmediate', '__filename', '__dirname'])('%s of Node is not to be found', (name) => {
    expect(answerOf(`[typeof ${name}, typeof globalThis.${name}, typeof self.${name}]`)).toEqual(['undefined', 'undefined', 'undefined'])
  })

  it('globalThis and self are the scope itself', () => {
    const scope = evaluated('globalThis.mine = 1; globalThis.seen = [globalThis === self, mine, self.mine]')
    expect(scope.seen).toEqual([true, 1, 1])
    expect('mine' in globalThis).toBe(false)
  })

  it('what a script changes there, Node keeps: its own timers and fetch stay as they are', () => {
    const { setTimeout, fetch } = globalThis
    const scope = evaluated('globalThis.fetch = () => 1; setTimeout = () => 2; globalThis.answer = [fetch(), setTimeout()]')
    expect(scope.answer).toEqual([1, 2])
    expect([globalThis.setTimeout, globalThis.fetch]).toEqual([setTimeout, fetch])
  })

  it('names are looked up at each use, so that a recorder\'s replacement counts', () => {
    expect(answerOf('(() => { const late = () => queueMicrotask(); globalThis.queueMicrotask = () => \'recorded\'; return late() })()')).toBe('recorded')
  })

  it('has what browsers have too, and what it is given in addition', () => {
    expect(answerOf('[typeof TextEncoder, typeof AbortController, typeof performance.now, new URL(\'http://a/b\').pathname, fetch()]', { fetch: () => 'given' })).toEqual(['function', 'function', 'function', '/b', 'given'])
    expect(answerOf('new Uint8Array(1) instanceof Uint8Array && [] instanceof Array')).toBe(true)
  })

  it('two scopes know nothing of each other', () => {
    evaluated('globalThis.mine = 1')
    expect(answerOf('typeof mine')).toBe('undefined')
  })
})

describe('T0 timer_surface: timers of an artifact in the bridge\'s worker', () => {
  let scope: typeof globalThis
  beforeEach(() => {
    vi.useFakeTimers()
    scope = artifactScope({}) as unknown as typeof globalThis
  })
  afterEach(() => { vi.useRealTimers() })

  it('handles are numbers, counted up and shared by both kinds', () => {
    expect([scope.setTimeout(() => undefined, 1), scope.setInterval(() => undefined, 1), scope.setTimeout(() => undefined)]).toEqual([1, 2, 3])
  })

  it.each([[2 ** 32 + 5, 5], [2 ** 31, 0], [-1, 0], [Number.NaN, 0], ['7', 7], [7.9, 7], [undefined, 0], [Number.POSITIVE_INFINITY, 0]])('a delay of %s is one of %s, as a signed 32-bit integer', (given, ms) => {
    const fired = vi.fn()
    scope.setTimeout(fired, given as number)
    if (ms > 0) {
      vi.advanceTimersByTime(ms - 1)
      expect(fired).not.toHaveBeenCalled()
    }
    // Node itself makes 1 ms of 0.
    vi.advanceTimersByTime(1 + Number(ms === 0))
    expect(fired).toHaveBeenCalledOnce()
  })

  it('arguments are handed on; an interval repeats until cleared', () => {
    const fired = vi.fn()
    const handle = scope.setInterval(fired, 10, 'x', 2)
    vi.advanceTimersByTime(35)
    expect(fired.mock.calls).toEqual([['x', 2], ['x', 2], ['x', 2]])
    scope.clearInterval(handle)
    vi.advanceTimersByTime(100)
    expect(fired).toHaveBeenCalledTimes(3)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('either clear takes either kind, by number or numeric text; what is no handle clears nothing', () => {
    const fired = vi.fn()
    const handles = [scope.setInterval(fired, 10), scope.setTimeout(fired, 10), scope.setTimeout(fired, 10)]
    scope.clearTimeout(handles[0])
    scope.clearInterval(handles[1])
    scope.clearTimeout(String(handles[2]) as unknown as number)
    for (const nothing of [undefined, null, Number.NaN, 99, {}]) scope.clearTimeout(nothing as unknown as number)
    vi.advanceTimersByTime(50)
    expect(fired).not.toHaveBeenCalled()
  })
})
