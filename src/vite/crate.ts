import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { sha256Hex } from '../evidence/digest.js'
import { pathDependencies } from './path-dependencies.js'

/** A Rust crate and the package that wasm-pack makes of it. */
export interface Crate {
  /** Folder of `Cargo.toml`. */
  dir: string
  /** Folder that wasm-pack writes, `pkg/` as a rule. */
  pkg: string
}

/** Files whose change calls for another build: the manifest, the lock where it is kept, and all that is compiled, of the crates that it names by path too. */
export function sourcesOf(crate: Pick<Crate, 'dir'>): string[] {
  const files = sourcePlaces(crate).flatMap((place) => (statSync(place, { throwIfNoEntry: false })?.isFile() === true ? [place] : filesUnder(place)))
  return [...new Set(files)].sort()
}

/** Files and folders that hold a crate's sources, there or not yet. */
export function sourcePlaces({ dir }: Pick<Crate, 'dir'>): string[] {
  const { crates, workspaces } = pathDependencies(dir)
  const compiled = [dir, ...crates].flatMap((folder) => ['Cargo.toml', 'build.rs', 'src'].map((name) => join(folder, name)))
  return [...compiled, join(dir, 'Cargo.lock'), join(dir, '.cargo/config.toml'), ...workspaces]
}

/** Files of the built package. */
export const outputsOf = ({ pkg }: Pick<Crate, 'pkg'>): string[] => filesUnder(pkg)

/** SHA-256 of files, by their path from a folder, with slashes. */
export const digestsOf = (from: string, paths: readonly string[]): Record<string, string> =>
  Object.fromEntries(paths.map((path) => [relative(from, path).split(sep).join('/'), sha256Hex(readFileSync(path))]))

/** The crate that made the package in a folder, as wasm-pack lays them out: the folder above, or `crate/` beside it. Null where neither has a `Cargo.toml`. */
export function crateOf(pkg: string): Crate | null {
  const above = dirname(pkg)
  const dir = [above, join(above, 'crate')].find((folder) => existsSync(join(folder, 'Cargo.toml')))
  return dir === undefined || !isPackage(pkg) ? null : { dir, pkg }
}

/** Whether a folder is what wasm-pack writes: a module, and beside it the wasm that it is the glue of. */
export const isPackage = (folder: string): boolean => gluedIn(folder).length > 0

/** The wasm of a package and its glue; empty where either is missing. */
export function gluedIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const glueOf = (wasm: string): string => wasm.replace(/_bg\.wasm$/, '.js')
  return names.filter((name) => name.endsWith('_bg.wasm') && names.includes(glueOf(name))).flatMap((wasm) => [wasm, glueOf(wasm)]).map((name) => join(folder, name))
}

/** What a built package says of itself; null when it has no `package.json` that can be read. */
export function packageIn(pkg: string): { name: string; entry: string } | null {
  try {
    const { name, module, main } = JSON.parse(readFileSync(join(pkg, 'package.json'), 'utf8')) as Record<string, unknown>
    const entry = [module, main].find((path) => typeof path === 'string')
    return typeof name === 'string' && typeof entry === 'string' ? { name, entry: join(pkg, entry) } : null
  } catch {
    return null
  }
}

/** For messages: short where it can be. */
export const shown = (path: string): string => {
  const short = relative(process.cwd(), path)
  return short === '' ? basename(path) : short.startsWith('..') ? path : short
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
}
