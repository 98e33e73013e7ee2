import { dirname, resolve } from 'node:path'
import { WASM_DELIVERIES, type WasmDelivery } from './wasm-delivery.js'

/** Modules of ours that stand for a wasm file: their default export is its URL. */
const PREFIX = '\0lanecheck:wasm:'

/** The id of the module whose default export is the URL of a wasm file, delivered so. It ends as a script's does, or Vite takes it for the wasm itself. */
export const urlModule = (delivery: WasmDelivery, path: string): string => `${PREFIX}${delivery}:${path}.js`

/** What such an id stands for; null for any other. */
export function readUrlModule(id: string): { delivery: WasmDelivery; path: string } | null {
  const delivery = WASM_DELIVERIES.find((one) => id.startsWith(`${PREFIX}${one}:`))
  return delivery === undefined ? null : { delivery, path: id.slice(`${PREFIX}${delivery}:`.length, -'.js'.length) }
}

/** An import of a wasm file's URL, and what it says of its delivery; null for any other import. `undecided`: the option says. */
export function wasmUrlImport(id: string): { file: string; says: WasmDelivery | 'undecided' } | null {
  const [file = '', query] = id.split('?')
  if (!file.endsWith('.wasm') || query === undefined) return null
  const words = new Set(query.split('&'))
  if (words.has('no-inline')) return { file, says: 'url' }
  if (words.has('inline')) return { file, says: 'inline' }
  return words.has('url') ? { file, says: 'undecided' } : null
}

const OWN_WASM = /new URL\(\s*(['"`])([^'"`$\n]+\.wasm)\1\s*,\s*import\.meta\.url\s*\)/g

/**
 * wasm-bindgen's glue finds its wasm beside its own module, which a script made of many has no such place for: each
 * `new URL('x_bg.wasm', import.meta.url)` becomes the URL of the module that stands for it. Null when there is none in it.
 */
export function withoutOwnPlace(code: string, id: string, wanted: (path: string) => boolean, delivery: WasmDelivery): string | null {
  const paths: string[] = []
  const changed = code.replace(OWN_WASM, (whole, _quote: string, file: string) => {
    const path = resolve(dirname(id), file)
    if (!wanted(path)) return whole
    if (!paths.includes(path)) paths.push(path)
    return `new URL(${nameOf(paths.indexOf(path))})`
  })
  if (paths.length === 0) return null
  // At the end, so that no line of the glue moves: imports are hoisted.
  return `${changed}\n${paths.map((path, at) => `import ${nameOf(at)} from ${JSON.stringify(urlModule(delivery, path))}`).join('\n')}\n`
}

const nameOf = (at: number): string => `__lanecheck_wasm_${at}`
