import { describe, expect, test } from 'vitest'
import { quietPhase } from '../../../src/run/quiet.js'

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

describe('T0 the quiet phase', () => {
  test('begins when every engine has arrived, and not before', async () => {
    const quiet = quietPhase(['chromium', 'firefox'])
    let begun = false
    void quiet.arrive('chromium').then(() => { begun = true })
    void quiet.arrive('chromium')
    await turn()
    expect(begun).toBe(false)
    void quiet.arrive('firefox')
    await turn()
    expect(begun).toBe(true)
  })
  test('runs one thing at a time, also after one that failed', async () => {
    const quiet = quietPhase([])
    const order: string[] = []
    const work = (name: string, fails = false) => async (): Promise<void> => {
      order.push(`${name} begins`)
      await turn()
      order.push(`${name} ends`)
      if (fails) throw new Error(name)
    }
    const results = await Promise.allSettled([quiet.alone(work('a', true)), quiet.alone(work('b'))])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })
})
