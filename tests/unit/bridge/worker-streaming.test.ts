import { Response } from 'undici'
import { describe, expect, it } from 'vitest'
import { streamingFrom } from '../../../bridge/worker-scope.js'

const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
const wasm = streamingFrom(WebAssembly)
const answer = (type: string, status = 200): never => new Response(EMPTY, { status, headers: { 'content-type': type } }) as never

describe('T0 virtual_transport_surface: WebAssembly in the bridge\'s worker', () => {
  it('streams from the responses of the worker\'s own fetch, as a browser does', async () => {
    expect((await wasm.instantiateStreaming(answer('application/wasm'))).instance).toBeInstanceOf(wasm.Instance)
    expect(await wasm.compileStreaming(Promise.resolve(answer('application/wasm')))).toBeInstanceOf(wasm.Module)
  })

  it('refuses what a browser refuses', async () => {
    await expect(wasm.instantiateStreaming(answer('text/plain'))).rejects.toThrow(/Incorrect response MIME type/)
    await expect(wasm.compileStreaming(answer('application/wasm', 404))).rejects.toThrow(/Incorrect response/)
    await expect(wasm.compileStreaming(EMPTY as never)).rejects.toThrow(TypeError)
  })

  it('is Node\'s own for all the rest, and leaves that as it was', () => {
    expect(wasm.Memory).toBe(WebAssembly.Memory)
    expect(Object.keys(wasm)).not.toContain('Memory')
    expect(wasm.instantiateStreaming).not.toBe(WebAssembly.instantiateStreaming)
  })
})
