import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'smol-toml'

const MANIFEST = 'Cargo.toml'

/** What is compiled into a crate from outside its folder, as its manifests say. */
export interface PathDependencies {
  /** Folders of the crates that it and its dependencies name by path, each once, without its own. */
  crates: string[]
  /** Manifests, other than its own, of the workspaces that these are in: profiles, patches and what members share stand there. */
  workspaces: string[]
}

/** Follows the path dependencies of the crate in a folder. A manifest that is not there or no TOML names none: cargo says so when it builds. */
export function pathDependencies(dir: string): PathDependencies {
  const crates = new Set([dir])
  const workspaces = new Set<string>()
  // Whatever is added on the way is walked too.
  for (const crate of crates) {
    const workspace = workspaceOf(crate)
    for (const found of namedIn({ ...manifestIn(crate), workspace: null }, crate, workspace)) crates.add(found)
    if (workspace === null || workspaces.has(workspace)) continue
    workspaces.add(workspace)
    // What it puts in the place of another crate is compiled in the same way.
    for (const found of namedIn({ patch: manifestIn(workspace).patch }, workspace, null)) crates.add(found)
  }
  crates.delete(dir)
  workspaces.delete(dir)
  return { crates: [...crates].sort(), workspaces: [...workspaces].map((folder) => join(folder, MANIFEST)).sort() }
}

type Table = Record<string, unknown>
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Folders of crates that a manifest in a folder names by path, wherever in it; by itself or through its workspace. */
function namedIn(table: Table, folder: string, workspace: string | null): string[] {
  const shared = workspace === null ? undefined : manifestIn(workspace).workspace
  const offered = isTable(shared) && isTable(shared.dependencies) ? shared.dependencies : {}
  const walk = (name: string, value: unknown): string[] => {
    // A crate's own tests are not built into its package.
    if (!isTable(value) || name === 'dev-dependencies') return []
    const own = typeof value.path === 'string' ? [resolve(folder, value.path)] : []
    const taken = value.workspace === true ? offered[name] : undefined
    const inherited = workspace !== null && isTable(taken) && typeof taken.path === 'string' ? [resolve(workspace, taken.path)] : []
    // A path may also be that of a file, as a library's has.
    const crates = [...own, ...inherited].filter((path) => existsSync(join(path, MANIFEST)))
    return [...crates, ...Object.entries(value).flatMap(([key, inner]) => walk(key, inner))]
  }
  return walk('', table)
}

/** The folder of the workspace that a crate is in: the one it names, or the nearest on the way up. */
function workspaceOf(dir: string): string | null {
  const named = manifestIn(dir).package
  if (isTable(named) && typeof named.workspace === 'string') return resolve(dir, named.workspace)
  for (let folder = dir; ; folder = dirname(folder)) {
    if (isTable(manifestIn(folder).workspace)) return folder
    if (dirname(folder) === folder) return null
  }
}

function manifestIn(folder: string): Table {
  try {
    return parse(readFileSync(join(folder, MANIFEST), 'utf8'))
  } catch {
    return {}
  }
}
