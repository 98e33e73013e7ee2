import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { EvidenceIndexSchema, type EvidenceIndex } from '../contract/evidence.js'
import { atomicWrite, outputError } from './atomic-write.js'
import { BUNDLE_INDEX, jsonText } from './bundle.js'
import { canonicalDigest, sha256Hex } from './digest.js'
import { LEDGER_FILE, TIERS_FILE } from './ledger-file.js'

/** The name of the index of a whole evidence folder. */
export const EVIDENCE_INDEX = 'evidence.json'

/** What a write that was cut off leaves beside the place it was meant for. */
export const CUT_OFF = /\.[0-9a-f]{12}\.part(?:\/|$)/

export interface FolderEntry {
  /** Relative to the folder, with slashes. */
  path: string
  /** False for links and other things that are no plain file. */
  plain: boolean
}

/** Everything in a folder but the folders themselves, by path. */
export function entriesIn(dir: string): FolderEntry[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'), plain: entry.isFile() }))
    .sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** Whether the index names a file itself; it names a bundle's files through their own index. */
export const indexed = (path: string): boolean => path !== EVIDENCE_INDEX && (!path.startsWith('bundles/') || path.endsWith(`/${BUNDLE_INDEX}`))

/** The digest by which an index vouches for itself. */
export function indexDigest({ index_digest: _, ...rest }: EvidenceIndex): string {
  return canonicalDigest(rest)
}

/**
 * Writes `evidence.json`, the last file of a complete run, and clears away what earlier, cut-off writes left.
 * Throws `output_not_writable`, `disk_full`.
 */
export async function writeEvidenceIndex(dir: string, run_id: string): Promise<EvidenceIndex> {
  const paths = entriesIn(dir).map(({ path }) => path)
  for (const path of paths) {
    const left = CUT_OFF.exec(path)
    if (left) await rm(join(dir, path.slice(0, left.index + left[0].length)), { recursive: true, force: true }).catch((error: unknown) => { throw outputError(join(dir, path), error) })
  }
  const files = Object.fromEntries(paths.filter((path) => indexed(path) && !CUT_OFF.test(path)).map((path) => [path, stampOf(join(dir, path))]))
  const unsigned = { schema: 'lanecheck.evidence-index.v1' as const, run_id, files, index_digest: '' }
  const index = EvidenceIndexSchema.parse({ ...unsigned, index_digest: indexDigest(unsigned) })
  await atomicWrite(join(dir, EVIDENCE_INDEX), jsonText(index), { fsync: true })
  return index
}

/** Takes away what says that a run is complete, before it goes on. Throws `output_not_writable`. */
export async function dropEvidenceIndex(dir: string): Promise<void> {
  for (const name of [EVIDENCE_INDEX, LEDGER_FILE, TIERS_FILE, 'own-server.json', 'own-servers']) {
    await rm(join(dir, name), { recursive: true, force: true }).catch((error: unknown) => { throw outputError(join(dir, name), error) })
  }
}

function stampOf(path: string): EvidenceIndex['files'][string] {
  const data = readFileSync(path)
  return { sha256: sha256Hex(data), bytes: data.length }
}
