import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'
import { packageRoot } from '../package-root.js'

/** Whether a module is a file that its user writes: not of an installed package, nor of the kit itself. */
export const isOwnFile = (id: string): boolean => isAbsolute(id) && !id.includes(`${sep}node_modules${sep}`) && !id.startsWith(join(packageRoot(), 'dist') + sep)

/** Told of what a bundle is made of while it is made: of one that comes to nothing, too. */
export interface Reading {
  /** Each file that is looked at, there or not. */
  onFile?(path: string): void
  /** Each path that is imported and found nowhere; the file may have an ending that the import leaves out. */
  onMissing?(path: string): void
}

/** Tells of the files that the user writes, as they are read. */
export const filesRead = ({ onFile, onMissing }: Reading): Plugin => ({
  name: 'lanecheck:files-read',
  enforce: 'pre',
  async resolveId(id, importer) {
    const [file = ''] = id.split('?')
    const [from = ''] = importer?.split('?') ?? []
    if (!isOwnFile(from) || !(file.startsWith('.') || isAbsolute(file))) return null
    if (await this.resolve(id, importer, { skipSelf: true }) === null) onMissing?.(resolve(dirname(from), file))
    return null
  },
  load(id) {
    if (isOwnFile(id)) onFile?.(id.split('?')[0]!)
    return null
  },
})
