import { readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { LanecheckError } from '../../contract/errors.js'

/** Folders that hold no scenarios of a maintainer's, however a glob is written. */
export const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'target'])

/** The files that globs name from a folder, in order of name, relative to it. Throws `scenario_file_not_found` for a glob that matches none, `scenario_invalid` for a folder that cannot be read. */
export function scenarioFiles(globs: readonly string[], folder: string): string[] {
  const found = globs.flatMap((glob) => {
    // As the files are: `./lanes/*.ts` and the whole path of it are the same.
    const here = relative(folder, resolve(folder, glob)).split(sep).join('/')
    const { base, glob: rest } = picomatch.scan(here)
    const matches = picomatch(here)
    const files = filesUnder(folder, rest === '' ? here : base, depthOf(rest))
    const matching = files.filter((file) => matches(file))
    if (matching.length === 0) {
      throw new LanecheckError('scenario_file_not_found', `no file matches '${glob}'`, { where: `scenarios: ${glob}`, hint: `looked in ${resolve(folder, rest === '' ? '.' : base)}; correct the glob, or take it out` })
    }
    return matching
  })
  return [...new Set(found)].sort()
}

/** All files at or under a place, no more than so many folders down, as paths with `/` relative to the folder. */
function filesUnder(folder: string, place: string, depth: number): string[] {
  const files: string[] = []
  const queue = [{ path: resolve(folder, place), left: depth, named: true }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { path, left } = next
    const entries = entriesOf(next)
    if (entries === 'file') files.push(relative(folder, path).split(sep).join('/'))
    else if (left > 0) for (const { name } of entries) if (!LEFT_OUT.has(name) && !name.startsWith('.')) queue.push({ path: join(path, name), left: left - 1, named: false })
  }
  return files
}

/** How many folders below its base a glob can reach. */
const depthOf = (rest: string): number => (/\*\*|\(/.test(rest) ? Infinity : rest.split('/').length)

function entriesOf({ path, left, named }: { path: string; left: number; named: boolean }): 'file' | Array<{ name: string }> {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    if (code === 'ENOTDIR') return 'file'
    // A link that leads nowhere, or round: where the glob means it, reading it says so.
    if (code === 'ENOENT' || code === 'ELOOP') return named ? [] : 'file'
    if (left === 0) return []
    throw new LanecheckError('scenario_invalid', `${path} cannot be looked into for scenarios (${code})`, { where: path, hint: 'make it a folder that you may read, or write the glob so that it goes round it' })
  }
}
