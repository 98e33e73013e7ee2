import { describe, expect, it } from 'vitest'
import { LimitExceeded, settleWithin, within } from '../../../../lanes/engines/limit.js'

const never = new Promise<never>(() => {})

describe('T0: bounded waiting', () => {
  it('hands on what comes in time', async () => {
    expect(await within(5_000, 'this', Promise.resolve(7))).toBe(7)
    await expect(within(5_000, 'this', Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })

  it('gives up when time is up', async () => {
    await expect(within(5, 'this', never)).rejects.toThrow(LimitExceeded)
  })

  it('gives up when interrupted, also before it began', async () => {
    const controller = new AbortController()
    const waiting = within(5_000, 'this', never, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'interrupted' })
    await expect(within(5_000, 'this', never, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' })
  })

  it('ends in peace whatever the ending does', async () => {
    await settleWithin(5, never)
    await settleWithin(5_000, Promise.reject(new Error('broken')))
  })
})
