import { beforeEach, describe, expect, it, vi } from 'vitest'
import { freshRealm, realmWith, type FreshRealm } from '../support.js'

type Callback = (...given: unknown[]) => void

/** A host that runs what it was asked for when told to, by its handle. */
const host = () => {
  const waiting = new Map<number, Callback>()
  let handles = 0
  const ask = vi.fn((callback: Callback) => {
    if (typeof callback !== 'function') throw new TypeError('no callback')
    waiting.set(++handles, callback)
    return handles
  })
  return { ask, cancel: vi.fn((handle: number) => { waiting.delete(handle) }), run: (handle: number, given: unknown) => waiting.get(handle)!(given) }
}

describe('T0 timer_surface: what is asked for the next frame or an idle moment', () => {
  let fresh: FreshRealm
  let recordCallbacks: (realm: typeof globalThis) => void
  beforeEach(async () => {
    fresh = await freshRealm()
    ;({ recordCallbacks } = await import('../../../../host-probes/recorder/callbacks.js'))
  })

  it.each([['requestAnimationFrame', 'cancelAnimationFrame'], ['requestIdleCallback', 'cancelIdleCallback']] as const)('%s: alive until it has come or was cancelled', (ask, cancel) => {
    const own = host()
    const realm = realmWith({ [ask]: own.ask, [cancel]: own.cancel })
    recordCallbacks(realm)
    const heard = vi.fn()
    const [one, other] = [realm[ask](heard), realm[ask](heard)]
    expect(fresh.left()).toEqual([`timer: ${ask}`, `timer: ${ask}`])
    expect(fresh.alive().timers).toEqual([`${ask}.1`, `${ask}.2`])
    own.run(one, 16)
    expect(heard).toHaveBeenCalledExactlyOnceWith(16)
    expect(fresh.alive().timers).toEqual([`${ask}.2`])
    realm[cancel](one)
    realm[cancel](String(other) as unknown as number)
    expect(own.cancel.mock.calls).toEqual([[one], [String(other)]])
    expect(fresh.left()).toEqual([])
  })

  it('one that asks again in its callback is alive again, and the host refuses what is no callback', () => {
    const own = host()
    const realm = realmWith({ requestAnimationFrame: own.ask, cancelAnimationFrame: own.cancel })
    recordCallbacks(realm)
    const again = (): void => { realm.requestAnimationFrame(again) }
    own.run(realm.requestAnimationFrame(again), 16)
    expect(fresh.alive().timers).toEqual(['requestAnimationFrame.2'])
    expect(() => realm.requestAnimationFrame(null as unknown as FrameRequestCallback)).toThrow('no callback')
    expect(fresh.left()).toHaveLength(1)
  })

  it('what a realm does not have is neither made nor asked for', () => {
    const asked = vi.fn()
    const realm = realmWith(Object.create({ get requestAnimationFrame() { asked(); return undefined } }) as Record<string, unknown>)
    recordCallbacks(realm)
    expect([Object.keys(realm), asked.mock.calls]).toEqual([[], []])
  })
})
