import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseCaller } from '../../../src/loopback/guard.js'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { dial, get, join, openLoopback, peerUrl, rawExchange } from './support.js'

const ECHO = { echo: { kind: 'websocket' as const, connections: [{ handshake: { answer: 'accept' as const } }] } }

describe('T0 virtual_transport_surface: who is let in', () => {
  it('wants a loopback host of the very port and an origin of the run', () => {
    const own = new Set(['http://127.0.0.1:5'])
    expect(refuseCaller({ host: '127.0.0.1:5' }, 5, own)).toBeNull()
    expect(refuseCaller({ host: '127.0.0.1:5', origin: 'http://127.0.0.1:5' }, 5, own)).toBeNull()
    expect(refuseCaller({ host: 'localhost:5' }, 5, own)?.status).toBe(421)
    expect(refuseCaller({ host: '127.0.0.1' }, 5, own)?.status).toBe(421)
    expect(refuseCaller({}, 5, own)?.status).toBe(421)
    expect(refuseCaller({ host: '127.0.0.1:5', origin: 'http://127.0.0.1:6' }, 5, own)?.status).toBe(403)
    expect(refuseCaller({ host: '127.0.0.1:5', origin: 'null' }, 5, own)?.status).toBe(403)
  })
})

describe('T0 virtual_transport_surface: the loopback turns strangers away', () => {
  let loopback: Loopback
  const strangers: string[] = []
  beforeAll(async () => { loopback = await openLoopback({ slots: 2, onStranger: (what) => strangers.push(what) }) })
  afterAll(() => loopback.close())

  it('answers 404 without the token, also to handshakes', async () => {
    expect((await get(`${loopback.origin(0)}/`)).status).toBe(404)
    expect((await get(`${loopback.origin(0)}/${'0'.repeat(32)}/agent.js`)).status).toBe(404)
    await expect(dial(`${loopback.origin(0)}/${'0'.repeat(32)}/agent/0/control`).opened).rejects.toThrow('status 404')
    expect(strangers.length).toBeGreaterThanOrEqual(3)
  })

  it('answers 421 to another host, and the attempt hears of it', async () => {
    const attempt = join(loopback, ECHO)
    expect((await get(attempt.urls.script, { headers: { host: 'evil.example' } })).status).toBe(421)
    expect((await get(attempt.urls.script, { headers: { host: new URL(loopback.origin(1)).host } })).status).toBe(421)
    await expect(dial(peerUrl(loopback, attempt, 'echo/c'), [], { headers: { host: 'evil.example' } }).opened).rejects.toThrow('status 421')
    expect(attempt.refusals).toEqual(['wrong host: evil.example', `wrong host: ${new URL(loopback.origin(1)).host}`, 'wrong host: evil.example'])
    expect(attempt.events).toEqual([])
  })

  it('answers 403 to a foreign origin and lets the origins of all slots in', async () => {
    const attempt = join(loopback, ECHO)
    expect((await get(attempt.urls.script, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect((await get(attempt.urls.script, { headers: { origin: 'null' } })).status).toBe(403)
    expect((await get(attempt.urls.script, { headers: { origin: loopback.origin(1) } })).status).toBe(200)
    await expect(dial(peerUrl(loopback, attempt, 'echo/c'), [], { origin: 'https://evil.example' }).opened).rejects.toThrow('status 403')
    const own = dial(peerUrl(loopback, attempt, 'echo/c'), [], { origin: loopback.origin(1) })
    expect(await own.opened).toBe('')
    own.socket.close()
    await own.closed
    expect(attempt.refusals).toEqual(['foreign origin: https://evil.example', 'foreign origin: null', 'foreign origin: https://evil.example'])
  })

  it('answers 204 to a favicon, 400 to an upgrade that is no WebSocket, 405 to writing', async () => {
    expect((await get(`${loopback.origin(0)}/favicon.ico`)).status).toBe(204)
    const attempt = join(loopback, ECHO)
    const { pathname } = new URL(peerUrl(loopback, attempt, 'echo/c'))
    const { host } = new URL(loopback.origin(0))
    expect(await rawExchange(loopback.origin(0), `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /)
    expect(await attempt.settled(1000)).toBe(true)
    expect((await get(attempt.urls.script, { method: 'POST', body: 'x' })).status).toBe(405)
  })

  it('tells its own and its refused addresses from all others', () => {
    const attempt = join(loopback, { gone: { kind: 'refused' } })
    expect(loopback.allows(`${loopback.origin(1)}/x`)).toBe(true)
    expect(loopback.allows(`ws://${new URL(loopback.origin(0)).host}/x`)).toBe(true)
    expect(loopback.allows(attempt.refused_origins['gone'] ?? '')).toBe(true)
    for (const url of ['https://example.org/', 'http://127.0.0.1/', 'http://127.0.0.1:1/', loopback.origin(0).replace('http', 'https'), loopback.origin(0).replace('127.0.0.1', 'localhost'), 'nonsense']) expect(loopback.allows(url)).toBe(false)
  })
})

describe('T0 browser_surface: who is let in under changed page conditions', () => {
  let loopback: Loopback
  beforeAll(async () => { loopback = await openLoopback({ slots: 1 }) })
  afterAll(() => loopback.close())
  const hear = { scenario: null, slot: 0, onMessage: () => undefined, onClosed: () => undefined, onPeerEvent: () => undefined, onRefused: () => undefined }
  const direct = (url: string): string => url.replace('insecure.lanecheck.invalid', '127.0.0.1')

  it('the insecure name leads to an attempt on an insecure page, and to no other', async () => {
    const insecure = loopback.attempt({ ...hear, attempt: 'insecure-1', page: 'insecure' })
    const plain = loopback.attempt({ ...hear, attempt: 'plain-1' })
    const { host } = new URL(insecure.urls.script)
    expect(host).toMatch(/^insecure\.lanecheck\.invalid:\d+$/)
    expect((await get(direct(insecure.urls.script), { headers: { host, origin: `http://${host}` } })).status).toBe(200)
    expect((await get(direct(plain.urls.script), { headers: { host } })).status).toBe(421)
    expect((await get(plain.urls.script, { headers: { origin: `http://${host}` } })).status).toBe(403)
    expect(loopback.leadsHere('insecure.lanecheck.invalid', Number(new URL(insecure.urls.script).port))).toBe(true)
    expect(loopback.leadsHere('insecure.lanecheck.invalid', 1)).toBe(false)
    expect(loopback.leadsHere('example.org', Number(new URL(insecure.urls.script).port))).toBe(false)
  })

  it('an opaque origin is let in to the attempt of a sandboxed realm alone', async () => {
    const sandboxed = loopback.attempt({ ...hear, attempt: 'sandboxed-1', role: 'sandboxed_iframe' })
    const plain = loopback.attempt({ ...hear, attempt: 'plain-2' })
    expect((await get(sandboxed.urls.script, { headers: { origin: 'null' } })).status).toBe(200)
    expect((await get(plain.urls.script, { headers: { origin: 'null' } })).status).toBe(403)
  })

  it('page and worker scripts carry the headers of their condition', async () => {
    const isolated = loopback.attempt({ ...hear, attempt: 'isolated-1', page: 'isolated', role: 'dedicated_worker' })
    for (const url of [isolated.urls.own_agent, isolated.urls.script, isolated.urls.own_agent.replace('.html', '.js')]) {
      const { status, headers } = await get(url)
      expect([status, headers['cross-origin-opener-policy'], headers['cross-origin-embedder-policy']]).toEqual([200, 'same-origin', 'require-corp'])
    }
    const forbidding = loopback.attempt({ ...hear, attempt: 'forbidding-1', page: 'wasm_forbidden' })
    for (const url of [forbidding.urls.window, forbidding.urls.script]) expect((await get(url)).headers['content-security-policy']).toBe("script-src 'self' 'unsafe-inline'")
    expect((await get(loopback.attempt({ ...hear, attempt: 'plain-3' }).urls.window)).headers).not.toHaveProperty('content-security-policy')
  })
})
