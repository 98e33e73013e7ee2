import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { BundleIndexSchema, type BundleIndex } from '../contract/evidence.js'
import { outputError } from './atomic-write.js'
import { canonicalJson } from './canonical-json.js'
import { sha256Hex } from './digest.js'

/** The name of the index, which lists all the rest. */
export const BUNDLE_INDEX = 'bundle.json'

/** The contents of a bundle by file name: text and bytes as they are, anything else as JSON. */
export type BundleFiles = Record<string, unknown>

/** `bundle.json` but for its digests. */
export type BundleHead = Pick<BundleIndex, 'cell_id' | 'lane_id' | 'run_id'>

/**
 * Writes a bundle whole or not at all: all files in a folder beside its place, which is then renamed into it.
 * Throws `evidence_invalid`, `output_not_writable`, `disk_full`.
 */
export async function writeBundle(dir: string, files: BundleFiles, head: BundleHead): Promise<BundleIndex> {
  const contents = Object.entries(files).map(([name, value]) => [name, contentOf(name, value)] as const)
  const index = BundleIndexSchema.parse({ schema: 'lanecheck.bundle.v1', ...head, files: Object.fromEntries(contents.map(([name, data]) => [name, stamp(data)])) })
  const beside = `${dir}.${randomBytes(6).toString('hex')}.part`
  try {
    await mkdir(beside, { recursive: true })
    // All are waited for, also when one fails: what still writes would make the folder anew after it was removed.
    const written = await Promise.allSettled([...contents, [BUNDLE_INDEX, jsonText(index)] as const].map(([name, data]) => writeFile(join(beside, name), data, { flag: 'wx' })))
    for (const one of written) if (one.status === 'rejected') throw one.reason
    await rm(dir, { recursive: true, force: true })
    await rename(beside, dir)
  } catch (error) {
    await rm(beside, { recursive: true, force: true }).catch(() => undefined)
    throw outputError(dir, error)
  }
  return index
}

/** A record as kept on disk: indented for people, its content checked for a canonical form. Throws `evidence_invalid`. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`
}

/** Records one a line, each in canonical form. Throws `evidence_invalid`. */
export const ndjsonText = (values: readonly unknown[]): string => values.map((value) => `${canonicalJson(value)}\n`).join('')

function contentOf(name: string, value: unknown): string | Uint8Array {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name) || name === BUNDLE_INDEX) throw new LanecheckError('internal', `not a name for a file of a bundle: ${name}`, { where: name })
  return typeof value === 'string' || value instanceof Uint8Array ? value : jsonText(value)
}

const stamp = (data: string | Uint8Array): BundleIndex['files'][string] => ({ sha256: sha256Hex(data), bytes: Buffer.byteLength(data) })
