import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RealmProbeSchema } from '../../../src/contract/host.js'

const probe = async () => {
  const { probeRealm } = await import('../../../host-probes/capabilities.js')
  return RealmProbeSchema.parse(probeRealm())
}

describe('T0 browser_surface: what a realm has', () => {
  beforeEach(() => { vi.resetModules() })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('lists what Node has and leaves out what it lacks', async () => {
    const { capabilities, wasm_blocked, proven_role } = await probe()
    expect(capabilities).toMatchObject({ timers: true, webassembly: true, fetch: true, fetch_streaming: true, abort_controller: true, text_codec: true, crypto_random: true, broadcast_channel: true })
    expect(capabilities).toMatchObject({ opfs: false, worker: false, webtransport: false, indexeddb: false })
    expect(wasm_blocked).toBe(false)
    expect(proven_role).toBeNull()
  })

  it('a name that does not work when it is used is no capability', async () => {
    vi.stubGlobal('WebSocket', class { static CLOSED = 99 })
    vi.stubGlobal('TextDecoder', class { decode(): string { return '?' } })
    vi.stubGlobal('BroadcastChannel', class { constructor() { throw new Error('denied') } })
    vi.stubGlobal('MessageChannel', class {})
    const { capabilities } = await probe()
    expect(capabilities).toMatchObject({ websocket: false, text_codec: false, broadcast_channel: false, message_channel: false })
  })

  it('nothing is stored in an opaque origin, though the calls are there', async () => {
    vi.stubGlobal('indexedDB', { open: () => { throw new DOMException('no', 'SecurityError') } })
    vi.stubGlobal('navigator', { userAgent: '', storage: { getDirectory: () => Promise.reject(new DOMException('no', 'SecurityError')) } })
    vi.stubGlobal('origin', 'http://127.0.0.1:4000')
    expect((await probe()).capabilities).toMatchObject({ indexeddb: true, opfs: true })
    vi.stubGlobal('origin', 'null')
    expect((await probe()).capabilities).toMatchObject({ indexeddb: false, opfs: false })
  })

  it('jspi is made, not only named', async () => {
    const { Module, Instance } = WebAssembly
    vi.stubGlobal('WebAssembly', { Module, Instance, Suspending: class {} })
    expect((await probe()).capabilities).toMatchObject({ webassembly: true, jspi: true })
    vi.resetModules()
    vi.stubGlobal('WebAssembly', { Module, Instance, Suspending: class { constructor() { throw new TypeError('not enabled') } } })
    expect((await probe()).capabilities).toMatchObject({ webassembly: true, jspi: false })
  })

  it('tells WebAssembly forbidden by policy from WebAssembly absent', async () => {
    vi.stubGlobal('WebAssembly', { Module: class { constructor() { throw new EvalError('script-src') } } })
    expect(await probe()).toMatchObject({ wasm_blocked: true, capabilities: { webassembly: false, jspi: false } })
    vi.stubGlobal('WebAssembly', { Module: class {}, Instance: class { constructor() { throw new EvalError('script-src') } } })
    expect(await probe()).toMatchObject({ wasm_blocked: true, capabilities: { webassembly: false } })
    vi.stubGlobal('WebAssembly', undefined)
    expect(await probe()).toMatchObject({ wasm_blocked: false, capabilities: { webassembly: false } })
  })

  it('takes the prerequisites from the realm, and only a plain true for yes', async () => {
    expect(await probe()).toMatchObject({ secure_context: false, cross_origin_isolated: false })
    vi.stubGlobal('isSecureContext', true)
    vi.stubGlobal('crossOriginIsolated', 'yes')
    vi.stubGlobal('navigator', { userAgent: 'Test/1' })
    expect(await probe()).toMatchObject({ secure_context: true, cross_origin_isolated: false, user_agent: 'Test/1' })
  })

  it('a clock that stands still does not hold the realm up', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(5)
    expect((await probe()).clock_step_ms).toBe(0)
    expect(now.mock.calls.length).toBeLessThan(50_000)
    let reading = 0
    now.mockImplementation(() => (++reading < 4 ? 5 : 5.25))
    vi.resetModules()
    expect((await probe()).clock_step_ms).toBe(0.25)
  })
})
