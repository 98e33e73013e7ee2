import { bytesOf } from './bytes.js'
import { settled } from './tasks.js'

type Imports = WebAssembly.Imports | undefined
const { Module, Instance } = WebAssembly

/** Bytes as they are at the call: what is written to them later does not count. */
const copied = (source: unknown): Uint8Array<ArrayBuffer> => bytesOf(source).slice() as Uint8Array<ArrayBuffer>

const compile = async (source: unknown): Promise<WebAssembly.Module> => {
  const bytes = copied(source)
  return settled(() => new Module(bytes))
}

const instantiate = async (source: unknown, imports?: Imports): Promise<unknown> => {
  if (source instanceof Module) return settled(() => new Instance(source, imports))
  const bytes = copied(source)
  return settled(() => {
    const module = new Module(bytes)
    return { module, instance: new Instance(module, imports) }
  })
}

async function streamed(source: unknown): Promise<ArrayBuffer> {
  const response = await (source as Response | Promise<Response>)
  const type = response.headers.get('content-type') ?? ''
  if (!response.ok) throw new TypeError('the response to compile is not ok')
  if (type.toLowerCase() !== 'application/wasm') throw new TypeError(`Incorrect response MIME type. Expected 'application/wasm', not '${type}'.`)
  return response.arrayBuffer()
}

/** Replaces what compiles beside the event loop by what compiles in a task, in the order asked. */
export function installWebAssembly(): void {
  const replaced: Record<string, unknown> = {
    compile,
    instantiate,
    compileStreaming: async (source: unknown) => compile(await streamed(source)),
    instantiateStreaming: async (source: unknown, imports?: Imports) => instantiate(await streamed(source), imports),
  }
  for (const [name, value] of Object.entries(replaced)) {
    Object.defineProperty(WebAssembly, name, { value, writable: true, configurable: true, enumerable: true })
  }
}
