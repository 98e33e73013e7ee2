import { beforeEach, describe, expect, it, vi } from 'vitest'
import { freshRealm, realmWith, type FreshRealm } from '../support.js'

/** A host's timers, fired by hand: handles are numbers, as in browsers. */
function handTimers() {
  const set = new Map<number, { run: (...args: unknown[]) => void; args: unknown[]; ms: unknown; repeat: boolean }>()
  const cleared: unknown[] = []
  let last = 0
  const setting = (repeat: boolean) => (run: (...args: unknown[]) => void, ms?: unknown, ...args: unknown[]): number => {
    set.set(++last, { run, args, ms, repeat })
    return last
  }
  const clear = (handle: unknown): void => {
    cleared.push(handle)
    set.delete(Number(handle))
  }
  const fire = (handle: unknown): void => {
    const timer = set.get(Number(handle))!
    if (!timer.repeat) set.delete(Number(handle))
    timer.run(...timer.args)
  }
  return { realm: realmWith({ setTimeout: setting(false), setInterval: setting(true), clearTimeout: clear, clearInterval: clear }), set, cleared, fire }
}

describe('T0 timer_surface: the page witness of timers', () => {
  let fresh: FreshRealm
  let host: ReturnType<typeof handTimers>
  let realm: typeof globalThis
  beforeEach(async () => {
    fresh = await freshRealm()
    host = handTimers()
    realm = host.realm
    const { recordTimers } = await import('../../../../host-probes/recorder/timers.js')
    recordTimers(realm)
  })

  it('records set and fired, with ids of its own, and hands on arguments and handle', () => {
    const fired = vi.fn()
    expect(realm.setTimeout(fired, 20, 'x', 2)).toBe(1)
    realm.setTimeout(() => undefined, 30)
    expect(fresh.alive().timers).toEqual(['1', '2'])
    host.fire(1)
    expect(fired).toHaveBeenCalledExactlyOnceWith('x', 2)
    expect(fired.mock.contexts[0]).toBe(realm)
    expect(fresh.said()).toEqual(['host.timer.set 1', 'host.timer.set 2', 'host.timer.fired 1'])
    expect(fresh.events()[0]).toMatchObject({ delay_ms: 20, repeat: false })
    expect(fresh.alive().timers).toEqual(['2'])
  })

  it('records firing before the callback, also when that throws', () => {
    realm.setTimeout(() => { throw new Error('the subject\'s') }, 0)
    expect(() => host.fire(1)).toThrow('the subject\'s')
    expect(fresh.kinds()).toEqual(['host.timer.set', 'host.timer.fired'])
    expect(fresh.alive().timers).toEqual([])
  })

  it.each([[undefined, 0], [Number.NaN, 0], [Number.POSITIVE_INFINITY, 0], ['15', 15], [-5, -5], [null, 0], [2 ** 33, 2 ** 33]])('a delay of %s is recorded as %s and handed on as it is', (ms, delay_ms) => {
    realm.setTimeout(() => undefined, ms as number)
    expect(fresh.events()[0]).toMatchObject({ delay_ms })
    expect(host.set.get(1)!.ms).toBe(ms)
  })

  it('an interval stays alive over its ticks until it is cleared, also from inside its own tick', () => {
    let ticks = 0
    const handle = realm.setInterval(() => { if (++ticks === 2) realm.clearInterval(handle) }, 10)
    host.fire(handle)
    expect(fresh.alive().timers).toEqual(['1'])
    host.fire(handle)
    expect(fresh.alive().timers).toEqual([])
    expect(fresh.said()).toEqual(['host.timer.set 1', 'host.timer.fired 1', 'host.timer.fired 1', 'host.timer.cleared 1'])
    expect(fresh.events()[0]).toMatchObject({ repeat: true })
  })

  it('a timer is cleared once; a second time, after firing, and no handle at all clear nothing', () => {
    const one = realm.setTimeout(() => undefined, 10)
    const two = realm.setTimeout(() => undefined, 10)
    realm.clearTimeout(one)
    realm.clearTimeout(one)
    host.fire(two)
    realm.clearTimeout(two)
    realm.clearTimeout(undefined)
    realm.clearTimeout(99)
    expect(fresh.kinds().filter((kind) => kind === 'host.timer.cleared')).toHaveLength(1)
    expect(host.cleared).toEqual([one, one, two, undefined, 99])
  })

  it('clearTimeout clears an interval, and a handle may be given as a numeric string', () => {
    const handle = realm.setInterval(() => undefined, 10)
    realm.clearTimeout(String(handle) as unknown as number)
    expect(fresh.said()).toEqual(['host.timer.set 1', 'host.timer.cleared 1'])
    expect(host.set.size).toBe(0)
  })

  it('knows Node\'s Timeout by the number it converts to', async () => {
    vi.resetModules()
    fresh = await freshRealm()
    const { recordTimers } = await import('../../../../host-probes/recorder/timers.js')
    const node = realmWith({ setTimeout, setInterval, clearTimeout, clearInterval })
    recordTimers(node)
    const handle = node.setTimeout(() => undefined, 60_000)
    expect(fresh.alive().timers).toHaveLength(1)
    node.clearTimeout(Number(handle))
    expect(fresh.alive().timers).toEqual([])
    expect(fresh.kinds()).toEqual(['host.timer.set', 'host.timer.cleared'])
  })

  it('a handler given as text is run in the global scope', () => {
    realm.setTimeout('globalThis.__ranAsText = 1', 0)
    host.fire(1)
    expect((globalThis as Record<string, unknown>).__ranAsText).toBe(1)
    delete (globalThis as Record<string, unknown>).__ranAsText
  })
})
