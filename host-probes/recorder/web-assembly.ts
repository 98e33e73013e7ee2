import { replace } from './timers.js'

type Wasm = typeof WebAssembly
type Imports = WebAssembly.Imports | undefined
interface Instantiated { module: WebAssembly.Module; instance: WebAssembly.Instance }

/** What the subject made of WebAssembly in this realm, by the recorder's own count from 1. */
export interface WasmSeen {
  /** Modules by their imports and exports, and how many instances each has had: from the second on it was started again. */
  modules: Array<{ id: string; instances: number }>
  /** Memories, with their pages of 64 KiB when they were first seen and now. */
  memories: Array<{ id: string; pages_before: number; pages_after: number }>
}

const PAGE_BYTES = 65_536
const instances = new Map<string, number>()
const memories = new Map<WebAssembly.Memory, number>()

const pagesOf = (memory: WebAssembly.Memory): number => memory.buffer.byteLength / PAGE_BYTES

export const wasmSeen = (): WasmSeen => ({
  modules: [...instances.values()].map((count, at) => ({ id: String(at + 1), instances: count })),
  memories: [...memories].map(([memory, pages], at) => ({ id: String(at + 1), pages_before: pages, pages_after: pagesOf(memory) })),
})

/** Puts a form of `WebAssembly` in the realm that counts instances and memories; the interfaces stay the engine's own, and no promise takes longer. */
export function recordWebAssembly(realm: typeof globalThis): void {
  const native = realm.WebAssembly as Wasm | undefined
  if (native === undefined) return
  const noteMemory = (value: unknown): void => {
    if (value instanceof native.Memory && !memories.has(value)) memories.set(value, pagesOf(value))
  }
  const note = (module: WebAssembly.Module, instance: WebAssembly.Instance, imports: Imports): void => {
    const shape = JSON.stringify([native.Module.imports(module), native.Module.exports(module)])
    instances.set(shape, (instances.get(shape) ?? 0) + 1)
    for (const value of [...Object.values(instance.exports), ...Object.values(imports ?? {}).flatMap((given) => Object.values(given ?? {}))]) noteMemory(value)
  }
  /** Heard of before the subject is, as it asks later. */
  const heard = (made: Promise<Instantiated | WebAssembly.Instance>, source: unknown, imports: Imports): Promise<unknown> => {
    made.then((result) => {
      if ('instance' in result) note(result.module, result.instance, imports)
      else note(source as WebAssembly.Module, result, imports)
    }, () => undefined)
    return made
  }
  const recorded = Object.create(Object.getPrototypeOf(native) as object, Object.getOwnPropertyDescriptors(native)) as Record<string, unknown>
  replace(recorded, 'Instance', new Proxy(native.Instance, {
    construct(target, [module, imports]: [WebAssembly.Module, Imports], newTarget) {
      const instance = Reflect.construct(target, [module, imports], newTarget) as WebAssembly.Instance
      note(module, instance, imports)
      return instance
    },
  }))
  replace(recorded, 'Memory', new Proxy(native.Memory, {
    construct(target, given: unknown[], newTarget) {
      const memory = Reflect.construct(target, given, newTarget) as WebAssembly.Memory
      noteMemory(memory)
      return memory
    },
  }))
  for (const name of ['instantiate', 'instantiateStreaming'] as const) {
    const instantiate = native[name] as ((source: unknown, ...more: unknown[]) => Promise<Instantiated>) | undefined
    if (typeof instantiate === 'function') replace(recorded, name, (source: unknown, ...more: unknown[]) => heard(instantiate.call(native, source, ...more), source, more[0] as Imports))
  }
  replace(realm, 'WebAssembly', recorded)
}
