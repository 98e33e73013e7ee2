import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { audit } from '../audit/audit.js'
import { AUDIT_CODES } from '../audit/findings.js'
import { LanecheckError } from '../contract/errors.js'
import { EvidenceIndexSchema } from '../contract/evidence.js'
import type { ShardRecord } from '../contract/shard.js'
import type { Ledger, Plan } from '../contract/verdict.js'
import { EVIDENCE_INDEX } from '../evidence/evidence-index.js'
import { LEDGER_LINES_FILE, readLedger, readPlan, readRecord } from '../evidence/ledger-file.js'
import { readShards } from '../evidence/shard-file.js'
import { shardName } from '../run/shards.js'

/** A folder to merge: audited, and clean but for the shards that it has not. */
export interface Part {
  dir: string
  plan: Plan
  shards: ShardRecord[]
  ledger: Ledger
  /** Of `ledger.ndjson`, each with its cell; as they are, without their ends. */
  lines: Array<{ cell_id: string; text: string }>
  /** SHA-256 of each file that `evidence.json` names, a bundle's files through its `bundle.json`. */
  files: Record<string, string>
}

/** Reads a folder to merge. Throws `evidence_invalid` for one that is none, or of no shard; `evidence_unsound` for one that was changed; `shard_missing` for one that was cut off. */
export function readPart(dir: string): Part {
  const { findings } = audit(dir)
  const other = findings.filter(({ code }) => code !== 'shard_missing')
  const [worst] = [...other].sort((one, two) => AUDIT_CODES[one.code].exit - AUDIT_CODES[two.code].exit)
  if (worst !== undefined && AUDIT_CODES[worst.code].exit === 1) {
    throw new LanecheckError('evidence_unsound', `${dir} does not audit clean: ${worst.code}, ${worst.path}`, { where: dir, hint: `lanecheck audit ${dir}` })
  }
  const shards = readShards(dir)
  if (shards.length === 0) throw new LanecheckError('evidence_invalid', `${dir} holds a run in one piece`, { where: dir, hint: 'what is merged are runs of one plan with lanecheck verify --shard; a run in one piece needs no merging' })
  if (worst !== undefined) {
    throw new LanecheckError('shard_missing', `shard ${shards.map(shardName).join(', ')} is not complete: ${worst.code}`, { where: dir, hint: 'go on with it: lanecheck verify with its own options and --resume' })
  }
  const { files } = readRecord(join(dir, EVIDENCE_INDEX), EvidenceIndexSchema)
  return { dir, plan: readPlan(dir), shards, ledger: readLedger(dir), lines: linesOf(dir), files: Object.fromEntries(Object.entries(files).map(([path, { sha256 }]) => [path, sha256])) }
}

/** A line that a cut-off write left short names no cell, and is not taken along. */
function linesOf(dir: string): Part['lines'] {
  return readFileSync(join(dir, LEDGER_LINES_FILE), 'utf8').split('\n').flatMap((text) => {
    try {
      return [{ cell_id: (JSON.parse(text) as { cell_id: string }).cell_id, text }]
    } catch {
      return []
    }
  })
}
