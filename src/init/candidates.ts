import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package that a folder seems to be about, as `inspectPackage` takes it; and what tells so. */
export interface Candidate { wanted: string; because: string }

/** Folders of a package where its WASM lies. */
const WASM_FOLDERS = ['.', 'pkg', 'dist', 'lib', 'build', 'wasm'] as const

/** The packages that a folder may have to put under test, the likeliest first: what wasm-pack built, the folder itself when it has WASM inside, installed packages with WASM, the folder as plain JavaScript. */
export function candidatesIn(folder: string): Candidate[] {
  const built = [...new Set(['pkg', ...foldersOf(folder), ...foldersOf(folder).map((name) => join(name, 'pkg'))])]
    .filter((name) => existsSync(join(folder, name, 'package.json')) && hasWasm(join(folder, name)))
    .map((name) => ({ wanted: `./${name}`, because: 'a package with WASM in a folder of its own, as wasm-pack builds it' }))
  const manifest = manifestAt(folder)
  if (manifest === null) return built
  const own = hasEntry(folder, manifest)
  const inside = built.length === 0 && WASM_FOLDERS.some((name) => hasWasm(join(folder, name)))
  const installed = namesOf(manifest).filter((name) => name !== 'lanecheck' && WASM_FOLDERS.some((inner) => hasWasm(join(folder, 'node_modules', name, inner))))
    .map((name) => ({ wanted: name, because: 'an installed package with WASM' }))
  return [
    ...built,
    ...(own && inside ? [{ wanted: '.', because: 'this package has WASM inside' }] : []),
    ...installed,
    ...(own && !inside ? [{ wanted: '.', because: 'this package' }] : []),
  ]
}

type Manifest = Record<string, unknown>

function manifestAt(folder: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  } catch {
    return null
  }
}

/** A project that only uses packages names no entry of its own. */
const hasEntry = (folder: string, { exports, module, main, browser }: Manifest): boolean => [exports, module, main, browser].some((field) => field !== undefined) || existsSync(join(folder, 'index.js'))

const namesOf = ({ dependencies, devDependencies }: Manifest): string[] => [dependencies, devDependencies].flatMap((list) => (typeof list === 'object' && list !== null ? Object.keys(list) : []))

const foldersOf = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules' && entry.name !== 'target').map(({ name }) => name).sort()

/** A file may have such a folder's name, as a script called `build`. */
const hasWasm = (folder: string): boolean => {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.wasm'))
  } catch {
    return false
  }
}
