import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LanecheckError } from '../contract/errors.js'

export interface AtomicWriteOptions {
  /** Also waits until the bytes are on the disk; off by default, for a cell's bundle can be made again. */
  fsync?: boolean
}

/**
 * Writes a file whole or not at all: beside its place, then renamed into it. Makes the folders it needs.
 * Throws `output_not_writable`, `disk_full`.
 */
export async function atomicWrite(path: string, data: string | Uint8Array, { fsync = false }: AtomicWriteOptions = {}): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.part`
  try {
    await foldersTo(dirname(path))
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(data)
      if (fsync) await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw outputError(path, error)
  }
}

/** Makes a folder, with those above it, unless it is there. Throws `output_not_writable`, `disk_full`. */
export async function makeFolder(path: string): Promise<void> {
  await foldersTo(path).catch((error: unknown) => { throw outputError(path, error) })
}

/** Not Node's recursive `mkdir`: that one tries for ever where a parent is there and takes no children, as in /proc. */
async function foldersTo(path: string): Promise<void> {
  const unlessThere = (error: unknown): void => { if (codeOf(error) !== 'EEXIST') throw error }
  try {
    await mkdir(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) return unlessThere(error)
    await foldersTo(dirname(path))
    await mkdir(path).catch(unlessThere)
  }
}

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error')

const FULL = new Set(['ENOSPC', 'EDQUOT'])

/** What an error of the file system means for who chose the output folder. */
export function outputError(path: string, error: unknown): LanecheckError {
  const code = codeOf(error)
  if (FULL.has(code)) {
    const hint = 'free some space, or choose another folder with --out DIR, then go on with --resume'
    return new LanecheckError('disk_full', `no space left to write ${path}`, { where: path, hint, cause: error })
  }
  return new LanecheckError('output_not_writable', `cannot write ${path} (${code})`, { where: path, hint: 'choose a folder that you may write to with --out DIR', cause: error })
}
