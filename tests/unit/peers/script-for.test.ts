import { describe, expect, it } from 'vitest'
import { scriptFor } from '../../../src/peers/machine.js'

describe('T0 virtual_transport_surface: the script of the n-th connection', () => {
  it('counts from 1, and the last one repeats', () => {
    expect([1, 2, 3, 9].map((nth) => scriptFor(['a', 'b', 'c'], nth))).toEqual(['a', 'b', 'c', 'c'])
  })
  it('refuses a peer without scripts by a code', () => {
    expect(() => scriptFor([], 1)).toThrowError(expect.objectContaining({ code: 'internal' }))
  })
})
