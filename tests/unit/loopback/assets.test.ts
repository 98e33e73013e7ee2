import { afterEach, describe, expect, it } from 'vitest'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { get, join, openLoopback } from './support.js'

let loopback: Loopback | null = null
afterEach(async () => { await loopback?.close() })

const BYTES = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0xff, 0xfe)
const NAME = `${sha256Hex(BYTES)}.wasm`

describe('T0 browser_surface: the loopback serves an artifact\'s assets beside its script', () => {
  it('to an attempt that goes on, byte for byte, as what instantiateStreaming takes', async () => {
    loopback = await openLoopback({ assets: new Map([[NAME, BYTES]]) })
    const attempt = join(loopback, {})
    const url = attempt.urls.script.replace('realm.js', `assets/${NAME}`)
    const answer = await get(url)
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/wasm', 'cache-control': 'no-store' } })
    expect(Buffer.from(answer.body, 'latin1').equals(BYTES)).toBe(true)
    expect((await get(url, { headers: { origin: loopback.origin(0) } })).headers['access-control-allow-origin']).toBe(loopback.origin(0))
    expect((await get(url, { method: 'POST' })).status).toBe(405)
    attempt.dispose()
    expect((await get(url)).status).toBe(404)
  })

  it('to nobody else: another token, another origin, another host, another name', async () => {
    loopback = await openLoopback({ assets: new Map([[NAME, BYTES]]) })
    const attempt = join(loopback, {})
    const url = attempt.urls.script.replace('realm.js', `assets/${NAME}`)
    const statuses = await Promise.all([
      get(url.replace(loopback.token, 'f'.repeat(32))), get(url, { headers: { origin: 'http://example.invalid' } }), get(url, { headers: { host: 'example.invalid' } }),
      get(url.replace(NAME, `${'0'.repeat(64)}.wasm`)), get(url.replace(NAME, '..%2frealm.js')), get(url.replace(NAME, 'x.wasm')),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([404, 403, 421, 404, 404, 404])
  })

  it('on an isolated page with the headers that let it in', async () => {
    loopback = await openLoopback({ assets: new Map([[NAME, BYTES]]) })
    const attempt = loopback.attempt({ attempt: 'isolated', slot: 0, page: 'isolated', scenario: null, onMessage: () => undefined, onClosed: () => undefined, onPeerEvent: () => undefined, onRefused: () => undefined })
    expect((await get(attempt.urls.script.replace('realm.js', `assets/${NAME}`))).headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin' })
  })
})
