import { describe, expect, it } from 'vitest'
import { loadReference } from '../runtimes.js'

describe('T0 timer_surface: the reference subject’s panics', () => {
  it('arrive as a RuntimeError with their message', async () => {
    const { Runtime } = await loadReference()
    const caught = ((): unknown => {
      try {
        return new Runtime().panic('the wheel came off')
      } catch (error) {
        return error
      }
    })()
    expect(caught).toBeInstanceOf(WebAssembly.RuntimeError)
    expect((caught as Error).message).toMatch(/^panicked at src\/lib\.rs:\d+:\d+:\nthe wheel came off$/)
  })
})
