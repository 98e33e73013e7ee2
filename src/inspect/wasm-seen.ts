import { gzipSync } from 'node:zlib'
import { LanecheckError } from '../contract/errors.js'
import { sha256Hex } from '../evidence/digest.js'
import type { WasmSeen } from './inspection.js'
import { memoryOf, producers, targetFeatures } from './wasm-binary.js'

/** wasm-bindgen ends the names of imports in a digest of sixteen digits or a little less, anew with each version. */
const HASH = /_[0-9a-f]{14,16}$/

/** An import's name as it stays from version to version. */
export const withoutHash = (name: string): string => name.replace(HASH, '')

/** `__wbg_setTimeout_e7017dccd5cae6ef` is `setTimeout`; other names stay. */
export const hostName = (name: string): string => withoutHash(name).replace(/^__wbg_/, '')

/** Reads a module without running it; the names of its imports as they are, too. Throws `wasm_invalid` with the file. */
export async function seeWasm(path: string, held: WasmSeen['held'], bytes: Uint8Array<ArrayBuffer>): Promise<{ seen: WasmSeen; import_names: string[] }> {
  const module = await compiled(path, bytes)
  const import_names = WebAssembly.Module.imports(module).map(({ name }) => name)
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => ({ module: from, name: withoutHash(name), kind: kind as WasmSeen['imports'][number]['kind'] }))
  const features = WebAssembly.Module.customSections(module, 'target_features').flatMap(targetFeatures)
  const processed_by = WebAssembly.Module.customSections(module, 'producers').flatMap(producers)
  const rust = processed_by.some((tool) => tool.startsWith('rustc') || tool.startsWith('Rust')) || imports.some(({ name }) => name.startsWith('__wbindgen_') || name.startsWith('__wbg_'))
  const seen: WasmSeen = {
    path, held, bytes: bytes.length, gzip_bytes: gzipSync(bytes).length, sha256: sha256Hex(bytes), imports,
    exports: WebAssembly.Module.exports(module).map(({ name, kind }) => ({ name, kind: kind as WasmSeen['exports'][number]['kind'] })),
    memory: memoryOf(bytes), features, processed_by,
    panics: { by: features.includes('+exception-handling') ? 'exception' : rust ? 'trap' : 'unknown', told: ['error', 'stack'].every((name) => imports.some((one) => hostName(one.name) === name)) },
  }
  return { seen, import_names }
}

async function compiled(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes)
  } catch (error) {
    throw new LanecheckError('wasm_invalid', `this is no WASM module that can be compiled: ${error instanceof Error ? error.message : String(error)}`, { where: path, hint: 'build the package again', cause: error })
  }
}
