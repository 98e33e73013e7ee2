import { EvidenceIndexSchema, type EvidenceIndex } from '../contract/evidence.js'
import { CUT_OFF, EVIDENCE_INDEX, indexDigest, indexed } from '../evidence/evidence-index.js'
import type { Folder } from './folder.js'
import { hasPlace } from './places.js'

/** Every file has its place, and is the one that `evidence.json` names; a bundle's files are left to its own index. */
export function checkIndex(folder: Folder): EvidenceIndex | null {
  for (const path of folder.paths) {
    if (!hasPlace(path) && !(folder.unfinished && CUT_OFF.test(path))) folder.say('file_added', path, null, 'a file of the evidence', 'a file of something else')
  }
  if (folder.unfinished) return null
  if (!folder.paths.has(EVIDENCE_INDEX)) folder.say('file_missing', EVIDENCE_INDEX, null, 'digests of all files', 'no such file')
  const index = folder.record(EVIDENCE_INDEX, EvidenceIndexSchema)
  if (index === null) return null
  if (indexDigest(index) !== index.index_digest) folder.say('digest_differs', EVIDENCE_INDEX, 'index_digest', index.index_digest, indexDigest(index))
  for (const [path, stamp] of Object.entries(index.files)) {
    const kept = folder.stamp(path)
    if (kept === null) folder.say('file_missing', path, null, `a file of ${stamp.bytes} bytes`, 'no such file')
    else if (kept.sha256 !== stamp.sha256) folder.say('digest_differs', path, null, stamp.sha256, kept.sha256)
    else if (kept.bytes !== stamp.bytes) folder.say('digest_differs', EVIDENCE_INDEX, `files.${path}.bytes`, kept.bytes, stamp.bytes)
  }
  for (const path of folder.paths) {
    if (indexed(path) && hasPlace(path) && !Object.hasOwn(index.files, path)) folder.say('file_added', path, null, `a file that ${EVIDENCE_INDEX} names`, 'one that it does not name')
  }
  return index
}

/** Whether the bytes of a file are those that the index vouches for. */
export const vouched = (folder: Folder, index: EvidenceIndex | null, path: string): boolean => index?.files[path]?.sha256 === folder.stamp(path)?.sha256 && folder.paths.has(path)
