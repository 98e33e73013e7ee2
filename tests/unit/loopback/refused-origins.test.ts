import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { holdRefusedOrigins } from '../../../src/loopback/refused-origins.js'
import { dial, get } from './support.js'

describe('T0 virtual_transport_surface: origins at which nothing listens', () => {
  it('refuses HTTP and WebSocket, each at a port that browsers do not block', async () => {
    const { origins, release } = await holdRefusedOrigins(3)
    expect(new Set(origins).size).toBe(3)
    for (const origin of origins) {
      expect((await get(`${origin}/x`)).error).toContain('ECONNREFUSED')
      await expect(dial(`${origin}/x`).opened).rejects.toThrow('ECONNREFUSED')
      expect(Number(new URL(origin).port)).toBeGreaterThan(10_080)
    }
    release()
  })

  it('gives the ports back', async () => {
    const { origins: [origin = ''], release } = await holdRefusedOrigins(1)
    release()
    await new Promise((resolve) => setTimeout(resolve, 20))
    const server = createServer()
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(Number(new URL(origin).port), '127.0.0.1', resolve))
    await new Promise((resolve) => server.close(resolve))
  })
})
