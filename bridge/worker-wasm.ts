type Streamed = typeof WebAssembly.instantiateStreaming
interface Answer { ok: boolean; headers: { get(name: string): string | null }; arrayBuffer(): Promise<ArrayBuffer> }

/**
 * WebAssembly whose streaming functions take the `Response` of the worker's own fetch; Node's take none but Node's.
 * Source: WebAssembly Web API, compile a potential WebAssembly response.
 */
export function webAssemblyFor(Response: new () => object): typeof WebAssembly {
  const bytesOf = async (source: unknown): Promise<ArrayBuffer> => {
    const response = await (source as Promise<unknown>)
    if (!(response instanceof Response)) throw new TypeError('the source to compile is no Response')
    const { ok, headers } = response as unknown as Answer
    const type = headers.get('content-type') ?? ''
    if (!ok) throw new TypeError('the response to compile is not ok')
    if (type.toLowerCase() !== 'application/wasm') throw new TypeError(`Incorrect response MIME type. Expected 'application/wasm', not '${type}'.`)
    return (response as unknown as Answer).arrayBuffer()
  }
  const own = Object.create(Object.getPrototypeOf(WebAssembly) as object, Object.getOwnPropertyDescriptors(WebAssembly)) as typeof WebAssembly
  const compileStreaming: typeof WebAssembly.compileStreaming = async (source) => WebAssembly.compile(await bytesOf(source))
  const instantiateStreaming: Streamed = async (source, imports) => WebAssembly.instantiate(await bytesOf(source), imports)
  return Object.assign(own, { compileStreaming, instantiateStreaming })
}
