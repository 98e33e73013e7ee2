import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

describe('T0: a limit on a wait', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.resetModules()
  })
  afterEach(() => { vi.useRealTimers() })

  it('rings when its time has gone by, not before', async () => {
    const { alarm } = await import('../../../host-probes/alarm.js')
    const ring = vi.fn()
    void alarm(100).rang.then(ring)
    await vi.advanceTimersByTimeAsync(99)
    expect(ring).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(ring).toHaveBeenCalledOnce()
  })

  it('leaves no timer when it is cancelled', async () => {
    const { alarm } = await import('../../../host-probes/alarm.js')
    const ring = vi.fn()
    const limit = alarm(100)
    void limit.rang.then(ring)
    limit.cancel()
    expect(vi.getTimerCount()).toBe(0)
    await vi.advanceTimersByTimeAsync(200)
    expect(ring).not.toHaveBeenCalled()
  })

  it('goes by the host\'s own timers, whatever the realm\'s have become', async () => {
    const { alarm } = await import('../../../host-probes/alarm.js')
    vi.stubGlobal('setTimeout', () => { throw new Error('the recorder\'s') })
    try {
      const limit = alarm(5)
      await vi.advanceTimersByTimeAsync(5)
      await limit.rang
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
