import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'
import { packageRoot } from '../package-root.js'

/** Whether a module is a file that its user writes: not of an installed package, nor of the kit itself. */
export const isOwnFile = (id: string): boolean => isAbsolute(id) && !id.includes(`${sep}node_modules${sep}`) && !id.startsWith(join(packageRoot(), 'dist') + sep)

/** Tells of each such file as it is read, and of each path that is imported and found nowhere: also of a bundle that comes to nothing. */
export const filesRead = (tell: (path: string) => void): Plugin => ({
  name: 'lanecheck:files-read',
  enforce: 'pre',
  async resolveId(id, importer) {
    const [file = ''] = id.split('?')
    const [from = ''] = importer?.split('?') ?? []
    if (!isOwnFile(from) || !(file.startsWith('.') || isAbsolute(file))) return null
    if (await this.resolve(id, importer, { skipSelf: true }) === null) tell(resolve(dirname(from), file))
    return null
  },
  load(id) {
    if (isOwnFile(id)) tell(id.split('?')[0]!)
    return null
  },
})
