import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import wabt from 'wabt'

type Recorder = typeof import('../../../../host-probes/recorder/web-assembly.js')

async function wasmOf(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const module = (await wabt()).parseWat('t.wat', text)
  const bytes = new Uint8Array(module.toBinary({}).buffer)
  module.destroy()
  return bytes
}
const GROWS = '(module (memory (export "memory") 1) (func (export "grow") (param i32) (result i32) local.get 0 memory.grow))'
const IMPORTS = '(module (import "env" "memory" (memory 2)))'

describe('T0 browser_surface: WebAssembly at the realm’s boundary', () => {
  let recorder: Recorder
  let wasm: typeof WebAssembly
  beforeEach(async () => {
    vi.resetModules()
    recorder = await import('../../../../host-probes/recorder/web-assembly.js')
    const realm = { WebAssembly } as unknown as typeof globalThis
    recorder.recordWebAssembly(realm)
    wasm = realm.WebAssembly
  })
  afterEach(() => vi.resetModules())

  it('counts instances by module, whichever way they are made', async () => {
    const bytes = await wasmOf(GROWS)
    const module = new wasm.Module(bytes)
    new wasm.Instance(module)
    await wasm.instantiate(module)
    await wasm.instantiate(bytes)
    await wasm.instantiateStreaming(Promise.resolve(new Response(bytes, { headers: { 'content-type': 'application/wasm' } })))
    new wasm.Instance(new wasm.Module(await wasmOf(IMPORTS)), { env: { memory: new wasm.Memory({ initial: 2 }) } })
    expect(recorder.wasmSeen().modules).toEqual([{ id: '1', instances: 4 }, { id: '2', instances: 1 }])
  })

  it('knows each memory once, made, exported or imported, and how it grew from inside and outside', async () => {
    const memory = new wasm.Memory({ initial: 2 })
    new wasm.Instance(new wasm.Module(await wasmOf(IMPORTS)), { env: { memory } })
    const { instance } = await wasm.instantiate(await wasmOf(GROWS))
    ;(instance.exports.grow as (pages: number) => number)(3)
    memory.grow(1)
    expect(recorder.wasmSeen().memories).toEqual([{ id: '1', pages_before: 2, pages_after: 3 }, { id: '2', pages_before: 1, pages_after: 4 }])
  })

  it('leaves the engine’s own interfaces and errors as they are, and what fails uncounted', async () => {
    const bytes = await wasmOf(GROWS)
    expect(new wasm.Instance(new wasm.Module(bytes))).toBeInstanceOf(WebAssembly.Instance)
    expect(new wasm.Memory({ initial: 1 })).toBeInstanceOf(WebAssembly.Memory)
    expect([Object.prototype.toString.call(wasm), wasm.RuntimeError, wasm.compile]).toEqual(['[object WebAssembly]', WebAssembly.RuntimeError, WebAssembly.compile])
    await expect(wasm.instantiate(await wasmOf(IMPORTS))).rejects.toThrow(TypeError)
    expect(() => new wasm.Instance(new wasm.Module(new Uint8Array()))).toThrow(WebAssembly.CompileError)
    expect(recorder.wasmSeen().modules).toEqual([{ id: '1', instances: 1 }])
  })

  it('hears of an instance before who asked for it does', async () => {
    const bytes = await wasmOf(GROWS)
    const seen = await wasm.instantiate(bytes).then(() => recorder.wasmSeen().modules.length)
    expect(seen).toBe(1)
  })

  it('a realm without it stays without', () => {
    const realm = {} as typeof globalThis
    recorder.recordWebAssembly(realm)
    expect('WebAssembly' in realm).toBe(false)
  })
})

describe('T0 browser_surface: panics told to the console', () => {
  it('are taken once, without the stack that some hooks add, and told on', async () => {
    const { recordPanics, takePanic } = await import('../../../../host-probes/recorder/panics.js')
    const told: unknown[][] = []
    const own = { error: (...given: unknown[]) => void told.push(given), log: () => 'log' }
    const realm = { console: own } as unknown as typeof globalThis
    recordPanics(realm)
    realm.console.error('no panic')
    expect(takePanic()).toBeNull()
    realm.console.error('panicked at src/lib.rs:1:2:\nno more\n\nStack:\n\nError\n at x\n')
    expect([takePanic(), takePanic(), told.length]).toEqual(['panicked at src/lib.rs:1:2:\nno more', null, 2])
    expect((realm.console.log as () => unknown)()).toBe('log')
    expect(Object.keys(own)).toEqual(['error', 'log'])
  })

  it('are heard through what a subject puts in the place of console.error, which is found there as it was put', async () => {
    const { recordPanics, takePanic } = await import('../../../../host-probes/recorder/panics.js')
    const told: unknown[][] = []
    const own = { error(...given: unknown[]): void { told.push([this === own, ...given]) } }
    const { error } = own
    const realm = { console: own } as unknown as typeof globalThis
    recordPanics(realm)
    const before = realm.console.error
    const hooked: unknown[] = []
    const hook = (...given: unknown[]): void => { hooked.push(...given); before(...given) }
    realm.console.error = hook
    expect(realm.console.error).toBe(hook)
    realm.console.error('panicked at x')
    expect([takePanic(), hooked, told]).toEqual(['panicked at x', ['panicked at x'], [[true, 'panicked at x']]])
    expect(own.error).toBe(error)
    realm.console.error = before
    realm.console.error('again')
    expect([hooked.length, told.length]).toEqual([1, 2])
  })
})
