import { readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { LanecheckError } from '../../contract/errors.js'

/** Folders that hold no scenarios of a maintainer's, however a glob is written. */
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'target'])

/** The files that globs name from a folder, in order of name, relative to it. Throws `scenario_file_not_found` for a glob that matches none. */
export function scenarioFiles(globs: readonly string[], folder: string): string[] {
  const found = globs.flatMap((glob) => {
    // As the files are: `./lanes/*.ts` and the whole path of it are the same.
    const here = relative(folder, resolve(folder, glob)).split(sep).join('/')
    const { base, glob: rest } = picomatch.scan(here)
    const matches = picomatch(here)
    const files = filesUnder(folder, rest === '' ? here : base)
    const matching = files.filter((file) => matches(file))
    if (matching.length === 0) {
      throw new LanecheckError('scenario_file_not_found', `no file matches '${glob}'`, { where: `scenarios: ${glob}`, hint: `looked in ${resolve(folder, rest === '' ? '.' : base)}; correct the glob, or take it out` })
    }
    return matching
  })
  return [...new Set(found)].sort()
}

/** All files at or under a place, as paths with `/` relative to the folder. */
function filesUnder(folder: string, place: string): string[] {
  const files: string[] = []
  const queue = [resolve(folder, place)]
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const entries = entriesOf(path)
    if (entries === 'file') files.push(relative(folder, path).split(sep).join('/'))
    else for (const { name } of entries) if (!LEFT_OUT.has(name) && !name.startsWith('.')) queue.push(join(path, name))
  }
  return files
}

function entriesOf(path: string): 'file' | Array<{ name: string }> {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOTDIR') return 'file'
    return []
  }
}
