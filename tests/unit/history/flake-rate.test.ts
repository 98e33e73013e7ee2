import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flakeRate } from '../../../src/history/flake-rate.js'

describe('T0 browser_surface: a flake rate and its interval', () => {
  test('is that of Wilson: textbook values', () => {
    // Agresti and Coull 1998; Newcombe 1998, table I, method 3 (without continuity correction): 81/263, 15/148, 0/20, 1/29.
    for (const [flakes, trials, low, high] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]] as const) {
      const interval = flakeRate(flakes, trials)
      expect([flakes, trials, interval.low?.toFixed(4), interval.high?.toFixed(4)]).toEqual([flakes, trials, low.toFixed(4), high.toFixed(4)])
    }
  })

  test('is not known where nothing was tried', () => {
    expect(flakeRate(0, 0)).toEqual({ trials: 0, flakes: 0, rate: null, low: null, high: null })
  })

  test('contains the rate, lies within 0 and 1, and narrows as trials are added', () => {
    fc.assert(fc.property(fc.nat(5_000), fc.integer({ min: 1, max: 5_000 }), (some, trials) => {
      const flakes = some % (trials + 1)
      const { rate, low, high } = flakeRate(flakes, trials)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(rate!)
      expect(high).toBeGreaterThanOrEqual(rate!)
      const more = flakeRate(flakes * 4, trials * 4)
      expect(more.high! - more.low!).toBeLessThan(high! - low!)
    }))
  })
})
