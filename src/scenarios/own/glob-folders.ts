import { readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import picomatch from 'picomatch'
import { LEFT_OUT } from './find-files.js'

/** The folders in which a file may come that globs name from a folder: where each begins, there or not, and those below that it reaches. */
export function globFolders(globs: readonly string[], folder: string): string[] {
  return [...new Set(globs.flatMap((glob) => {
    const here = relative(folder, resolve(folder, glob)).split(sep).join('/')
    const { base, glob: rest } = picomatch.scan(here)
    const depth = /\*\*|\(/.test(rest) ? Infinity : rest.split('/').length - 1
    return rest === '' ? [resolve(folder, here, '..')] : [resolve(folder, base), ...foldersUnder(resolve(folder, base), depth)]
  }))]
}

function foldersUnder(place: string, depth: number): string[] {
  if (depth <= 0) return []
  return foldersIn(place).flatMap((folder) => [folder, ...foldersUnder(folder, depth - 1)])
}

function foldersIn(place: string): string[] {
  try {
    return readdirSync(place, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !LEFT_OUT.has(entry.name) && !entry.name.startsWith('.')).map(({ name }) => join(place, name))
  } catch {
    // What cannot be looked into is told of by whoever reads the files.
    return []
  }
}
