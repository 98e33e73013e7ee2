import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { LanecheckError } from '../contract/errors.js'

/** A file more in an evidence folder is what an audit is there to find: nothing else is written into one. Throws `usage`. */
export function refuseInside(path: string, folder: string, option: string): void {
  const way = relative(realPlace(resolve(folder)), realPlace(resolve(path)))
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return
  throw new LanecheckError('usage', `${path} is inside the evidence folder ${folder}, where audit would find it as an added file`, { where: option, hint: 'choose a place beside that folder' })
}

/** Where a place is behind all links, also one that is not there yet. */
function realPlace(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPlace(dirname(path)), basename(path))
  }
}
