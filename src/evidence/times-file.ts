import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { LiveRunMetadataSchema } from '../contract/evidence.js'
import { TimesSchema, type Times } from '../contract/shard.js'
import type { Verdict } from '../contract/verdict.js'
import { atomicWrite } from './atomic-write.js'
import { jsonText } from './bundle.js'
import { readRecord } from './ledger-file.js'

const NS_A_MS = 1e6

/** Reads a file of times; null when there is none yet. Throws `usage`. */
export function readTimes(path: string): Times | null {
  if (!existsSync(path)) return null
  try {
    return TimesSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new LanecheckError('usage', 'this is no file of times', { where: path, hint: 'take it away, and have one written by lanecheck merge --write-times FILE', cause: error })
  }
}

/** How long each cell's last realm lived, by the bundles of an evidence folder; cells that never ran are left out. Throws `evidence_invalid`. */
export function timesOf(folder: string, verdicts: ReadonlyArray<Pick<Verdict, 'cell_id' | 'artifact_bundle'>>): Times {
  const ms = verdicts.flatMap(({ cell_id, artifact_bundle }): Array<[string, number]> => {
    if (artifact_bundle === null) return []
    const { wall_elapsed_ns, results } = readRecord(join(folder, artifact_bundle, 'live-run.json'), LiveRunMetadataSchema)
    // Each result has a realm of its own, and only the last one's time is kept.
    return results.length === 0 ? [] : [[cell_id, Math.round((wall_elapsed_ns / NS_A_MS) * results.length)]]
  })
  return TimesSchema.parse({ schema: 'lanecheck.times.v1', ms: Object.fromEntries(ms) })
}

/** Writes a file of times: those of before, and over them those that are new. Throws `output_not_writable`, `disk_full`, `usage`. */
export async function writeTimes(path: string, times: Times): Promise<void> {
  const before = readTimes(path)
  await atomicWrite(path, jsonText({ ...times, ms: { ...before?.ms, ...times.ms } }))
}
