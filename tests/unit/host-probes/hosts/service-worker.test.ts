import { afterEach, describe, expect, it, vi } from 'vitest'
import { holdServiceWorker } from '../../../../host-probes/hosts/service-worker.js'

/** A service worker's scope as far as its life goes. */
function scope() {
  const listeners = new Map<string, (event: unknown) => void>()
  const skipWaiting = vi.fn(() => Promise.resolve())
  vi.stubGlobal('skipWaiting', skipWaiting)
  vi.stubGlobal('addEventListener', (type: string, listener: (event: unknown) => void) => listeners.set(type, listener))
  return { listeners, skipWaiting }
}

const settled = async (promise: Promise<unknown>): Promise<boolean> => Promise.race([promise.then(() => true), new Promise<boolean>((go) => setImmediate(() => go(false)))])

describe('T0 browser_surface: a service worker while a cell runs in it', () => {
  afterEach(() => { vi.unstubAllGlobals() })

  it('takes over at once and is held until it is released', async () => {
    const { listeners, skipWaiting } = scope()
    const hold = holdServiceWorker(() => 0)
    listeners.get('install')!({})
    expect(skipWaiting).toHaveBeenCalledOnce()
    let held: Promise<unknown> = Promise.resolve()
    listeners.get('activate')!({ waitUntil: (until: Promise<unknown>) => { held = until } })
    expect(await settled(held)).toBe(false)
    hold.release()
    expect(await settled(held)).toBe(true)
  })

  it('is held for a limited time only', async () => {
    const { listeners } = scope()
    const limits: Array<{ fire: () => void; ms: number }> = []
    holdServiceWorker((fire, ms) => limits.push({ fire, ms }))
    let held: Promise<unknown> = Promise.resolve()
    listeners.get('activate')!({ waitUntil: (until: Promise<unknown>) => { held = until } })
    expect(limits).toHaveLength(1)
    limits[0]!.fire()
    expect(await settled(held)).toBe(true)
  })

  it('any other realm is left as it is', () => {
    const listen = vi.fn()
    vi.stubGlobal('addEventListener', listen)
    holdServiceWorker(() => 0).release()
    expect(listen).not.toHaveBeenCalled()
  })
})
