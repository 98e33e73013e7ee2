import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const SUBJECT = 'subjects/reference'
interface Provenance {
  tools: Record<string, string>
  crates: Record<string, string>
  sources: Record<string, string>
  outputs: Record<string, string>
  imports: string[]
  exports: string[]
}
const provenance = JSON.parse(readFileSync(join(SUBJECT, 'provenance.json'), 'utf8')) as Provenance

function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(files.map((entry) => {
    const path = join(entry.parentPath, entry.name)
    return [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]
  }))
}

const module = new WebAssembly.Module(readFileSync(join(SUBJECT, 'pkg/lanecheck_reference_bg.wasm')))
const withoutHash = (name: string): string => name.replace(/_[0-9a-f]{16}(?![0-9a-f])/g, '')

describe('T0 timer_surface: provenance of the reference subject', () => {
  it('has the digest of every source: a change of the crate needs `npm run subject:build`', () => {
    expect(digests(join(SUBJECT, 'crate'))).toEqual(provenance.sources)
  })

  it('has the digest of every file of the package, and no other file lies there', () => {
    expect(digests(join(SUBJECT, 'pkg'))).toEqual(provenance.outputs)
    expect(existsSync(join(SUBJECT, 'pkg/.gitignore'))).toBe(false)
    expect(Object.keys(provenance.outputs)).toContain('package.json')
  })

  it('lists what the module imports and exports', () => {
    const imports = WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => `${kind} ${from} ${withoutHash(name)}`)
    const exports = WebAssembly.Module.exports(module).map(({ name, kind }) => `${kind} ${withoutHash(name)}`)
    expect(imports.sort()).toEqual(provenance.imports)
    expect(exports.sort()).toEqual(provenance.exports)
  })

  it('imports the host’s timers, sockets, fetch and abort, and no event streams', () => {
    const names = provenance.imports.map((entry) => entry.split('__wbg_')[1] ?? '')
    for (const name of ['setTimeout', 'clearTimeout', 'now', 'new_with_str_sequence', 'fetch', 'getReader', 'abort']) expect(names).toContain(name)
    expect(names.filter((name) => /interval|eventsource/i.test(name))).toEqual([])
  })

  it('says which tools and crates made it', () => {
    expect(Object.keys(provenance.tools)).toEqual(['rustc', 'wasm_bindgen', 'wasm_pack', 'wasm_opt'])
    expect(provenance.crates).toMatchObject({ 'wasm-bindgen': '0.2.108', 'js-sys': '0.3.85', 'web-sys': '0.3.85', 'wasm-bindgen-futures': '0.4.58' })
  })
})
