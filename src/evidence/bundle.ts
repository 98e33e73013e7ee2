import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { BundleIndexSchema, type BundleIndex } from '../contract/evidence.js'
import { atomicWrite, outputError } from './atomic-write.js'
import { canonicalJson } from './canonical-json.js'
import { sha256Hex } from './digest.js'

/** The name of the index, which lists all the rest. */
export const BUNDLE_INDEX = 'bundle.json'

/** The contents of a bundle by file name: text and bytes as they are, anything else as JSON. */
export type BundleFiles = Record<string, unknown>

/** `bundle.json` but for its digests. */
export type BundleHead = Pick<BundleIndex, 'cell_id' | 'lane_id' | 'run_id'>

/**
 * Writes a bundle's files and then its index, so that a bundle with an index is whole. An index of an older try goes first.
 * Throws `evidence_invalid`, `output_not_writable`, `disk_full`.
 */
export async function writeBundle(dir: string, files: BundleFiles, head: BundleHead): Promise<BundleIndex> {
  const contents = Object.entries(files).map(([name, value]) => [name, contentOf(name, value)] as const)
  const index = BundleIndexSchema.parse({ schema: 'lanecheck.bundle.v1', ...head, files: Object.fromEntries(contents.map(([name, data]) => [name, stamp(data)])) })
  try {
    await rm(join(dir, BUNDLE_INDEX), { force: true })
  } catch (error) {
    throw outputError(join(dir, BUNDLE_INDEX), error)
  }
  await Promise.all(contents.map(([name, data]) => atomicWrite(join(dir, name), data)))
  await atomicWrite(join(dir, BUNDLE_INDEX), jsonText(index))
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
