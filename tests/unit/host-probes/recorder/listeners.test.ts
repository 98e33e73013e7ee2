import { beforeEach, describe, expect, it, vi } from 'vitest'
import { SOURCES } from '../../../../src/contract/artifact-sources.js'
import { freshRealm, realmWith, type FreshRealm } from '../support.js'

/** An object that hands on to an EventTarget, which takes no other `this`. */
function realm() {
  const events = new EventTarget()
  const added = vi.fn(events.addEventListener.bind(events))
  const removed = vi.fn(events.removeEventListener.bind(events))
  return { events, added, removed, global: realmWith({ addEventListener: added, removeEventListener: removed }) }
}
const hear = (): void => undefined

describe('T0 timer_surface: listeners on what outlives the subject', () => {
  let fresh: FreshRealm
  let recorder: typeof import('../../../../host-probes/recorder/listeners.js')
  beforeEach(async () => {
    fresh = await freshRealm()
    recorder = await import('../../../../host-probes/recorder/listeners.js')
  })

  it('one that is added is alive until it is removed, and the host is asked for both as it was', () => {
    const { global, added, removed, events } = realm()
    recorder.recordListeners(global)
    const options = { capture: true, passive: true }
    const called = vi.fn()
    global.addEventListener('online', called, options)
    expect(fresh.left()).toEqual(['listener: addEventListener("online") on self'])
    expect(added).toHaveBeenCalledExactlyOnceWith('online', called, options)
    events.dispatchEvent(new Event('online'))
    expect(called).toHaveBeenCalledOnce()
    global.removeEventListener('online', called, true)
    expect(removed).toHaveBeenCalledExactlyOnceWith('online', called, true)
    expect(fresh.alive()).toEqual({ timers: [], sockets: [], requests: [], streams: [] })
  })

  it('the same one twice is one; type, callback and phase tell them apart', () => {
    const { global } = realm()
    recorder.recordListeners(global)
    for (const [type, options] of [['a', undefined], ['a', false], ['a', { capture: false }], ['b', undefined], ['a', true]] as const) global.addEventListener(type, hear, options)
    expect(fresh.left()).toHaveLength(3)
    global.addEventListener('a', () => undefined)
    expect(fresh.left()).toHaveLength(4)
    global.removeEventListener('a', hear)
    global.removeEventListener('c', hear)
    expect(fresh.left()).toHaveLength(3)
    global.removeEventListener('a', hear, { capture: true })
    global.removeEventListener('b', hear)
    expect(fresh.left()).toHaveLength(1)
  })

  it('what comes from no script of the artifact, as a driver\'s own, is nobody\'s leak', () => {
    const { global } = realm()
    recorder.recordListeners(global)
    const key = Symbol.for(SOURCES)
    Object.assign(globalThis, { [key]: { at: 'Error\n    at http://127.0.0.1:1/x/artifact.js:500:60', line: 500, files: { 'a.ts': [[1, 400, 1]] } } })
    try {
      global.addEventListener('mousemove', hear)
      expect(fresh.left()).toEqual([])
    } finally {
      Reflect.deleteProperty(globalThis, key)
    }
    expect(fresh.left()).toEqual(['listener: addEventListener("mousemove") on self'])
  })

  it('no callback is no listener', () => {
    const { global } = realm()
    recorder.recordListeners(global)
    global.addEventListener('a', null as unknown as EventListener)
    global.addEventListener('a', undefined as unknown as EventListener)
    expect(fresh.left()).toEqual([])
  })

  it('one that is to hear once is gone when it has; one with a signal when that aborts', () => {
    const { global, events } = realm()
    recorder.recordListeners(global)
    const stop = new AbortController()
    const spent = new AbortController()
    spent.abort()
    global.addEventListener('a', hear, { once: true })
    global.addEventListener('b', hear, { signal: stop.signal })
    global.addEventListener('c', hear, { signal: spent.signal })
    expect(fresh.left()).toEqual(['listener: addEventListener("a") on self', 'listener: addEventListener("b") on self'])
    events.dispatchEvent(new Event('a'))
    expect(fresh.left()).toEqual(['listener: addEventListener("b") on self'])
    stop.abort()
    expect(fresh.left()).toEqual([])
  })

  it('one that listens once and anew in its callback is alive again', () => {
    const { global, events } = realm()
    recorder.recordListeners(global)
    let heard = 0
    const again = (): void => { if (++heard === 1) global.addEventListener('a', again, { once: true }) }
    global.addEventListener('a', again, { once: true })
    events.dispatchEvent(new Event('a'))
    expect(fresh.left()).toEqual(['listener: addEventListener("a") on self'])
    events.dispatchEvent(new Event('a'))
    expect([heard, fresh.left()]).toEqual([2, []])
  })

  it('one that listens once and keeps the event from all after it is spent; one removed leaves nothing behind', () => {
    const { global, events, added, removed } = realm()
    recorder.recordListeners(global)
    const stop = (event: Event): void => event.stopImmediatePropagation()
    global.addEventListener('a', stop, { once: 1 } as unknown as AddEventListenerOptions)
    events.dispatchEvent(new Event('a'))
    expect(fresh.left()).toEqual([])
    added.mockClear()
    removed.mockClear()
    global.addEventListener('a', hear, { once: true })
    global.removeEventListener('a', hear)
    expect(fresh.left()).toEqual([])
    expect(removed.mock.calls.map(([, callback]) => callback)).toEqual(added.mock.calls.map(([, callback]) => callback))
    expect(() => global.addEventListener('a', hear, { once: true, signal: 1 as unknown as AbortSignal })).toThrow(TypeError)
    expect(removed).toHaveBeenCalledTimes(3)
    expect(fresh.left()).toEqual([])
  })

  it('options are converted as the host does', () => {
    // Node's own is stricter than a browser's.
    const global = realmWith({ addEventListener: vi.fn(), removeEventListener: vi.fn() })
    recorder.recordListeners(global)
    global.addEventListener('a', hear, { capture: 1 } as unknown as AddEventListenerOptions)
    global.addEventListener('a', hear, 'capture' as unknown as boolean)
    global.addEventListener('a', hear, null as unknown as boolean)
    expect(fresh.left()).toHaveLength(2)
    global.removeEventListener('a', hear, 1 as unknown as boolean)
    expect(fresh.left()).toHaveLength(1)
    global.removeEventListener('a', hear, 0 as unknown as boolean)
    expect(fresh.left()).toEqual([])
  })

  it('called on another target it is that target\'s; called bare it is the realm\'s', () => {
    const { global, added } = realm()
    recorder.recordListeners(global)
    const { addEventListener: add, removeEventListener: remove } = global
    const other = {}
    add.call(other as Window, 'click', hear)
    expect(added.mock.contexts).toEqual([other])
    remove.call(other as Window, 'click', hear)
    expect(fresh.left()).toEqual([])
    add('online', hear)
    expect(fresh.left()).toEqual(['listener: addEventListener("online") on self'])
    remove.call(null as unknown as Window, 'online', hear)
    expect(fresh.left()).toEqual([])
  })

  it('a caller\'s signal that ends a listener elsewhere has none of the subject\'s', () => {
    // Node's own target listens to the signal in JavaScript.
    const global = realmWith({ addEventListener: vi.fn(), removeEventListener: vi.fn() })
    const calls = new AbortController()
    recorder.watchListeners(calls.signal, 'a')
    recorder.recordListeners(global)
    global.addEventListener('online', hear, { signal: calls.signal })
    expect(fresh.left()).toEqual(['listener: addEventListener("online") on self'])
    calls.abort()
    expect(fresh.left()).toEqual([])
  })

  it('a document of a window is watched too, and nothing is asked of a realm that has none', () => {
    const document = new EventTarget()
    const window = realm()
    recorder.recordListeners(Object.assign(window.global, { document }))
    document.addEventListener('visibilitychange', hear)
    expect(fresh.left()).toEqual(['listener: addEventListener("visibilitychange") on document'])
    const asked = vi.fn()
    recorder.recordListeners(realmWith(Object.create({ get document() { asked(); return undefined } }) as Record<string, unknown>))
    expect(asked).not.toHaveBeenCalled()
    recorder.recordListeners(realmWith({}))
  })

  it('on a caller\'s signal: alive while that may still abort, and spent when it has', () => {
    const kept = new AbortController()
    const ended = new AbortController()
    recorder.watchListeners(kept.signal, 'a')
    recorder.watchListeners(ended.signal, 'b')
    const heard = vi.fn()
    kept.signal.addEventListener('abort', hear)
    ended.signal.addEventListener('abort', heard)
    expect(fresh.left()).toEqual(['listener: addEventListener("abort") on a', 'listener: addEventListener("abort") on b'])
    ended.abort()
    ended.signal.addEventListener('abort', hear)
    expect(heard).toHaveBeenCalledOnce()
    expect(fresh.left()).toEqual(['listener: addEventListener("abort") on a'])
    kept.signal.removeEventListener('abort', hear)
    expect(fresh.left()).toEqual([])
  })
})
