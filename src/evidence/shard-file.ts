import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ShardChoiceSchema, ShardRecordSchema, type ShardChoice, type ShardRecord } from '../contract/shard.js'
import { atomicWrite } from './atomic-write.js'
import { jsonText } from './bundle.js'
import { readRecord } from './ledger-file.js'

/** Where a shard's record is kept, relative to the evidence folder. */
export const shardPath = ({ engine, index, of }: ShardChoice): string => `shards/${engine === null ? '' : `${engine}.`}${index}-of-${of}.json`

/** The shard that a path is for; null when it is none of a shard. */
export function shardPlace(path: string): ShardChoice | null {
  const [, engine, index, of] = /^shards\/(?:([a-z]+)\.)?([1-9][0-9]{0,2})-of-([1-9][0-9]{0,2})\.json$/.exec(path) ?? []
  const parsed = ShardChoiceSchema.safeParse({ engine: engine ?? null, index: Number(index), of: Number(of) })
  return parsed.success ? parsed.data : null
}

/** The shards that an evidence folder holds, by path; none for a run in one piece. Throws `evidence_invalid`. */
export function readShards(dir: string): ShardRecord[] {
  let names: string[]
  try {
    names = readdirSync(join(dir, 'shards')).map((name) => `shards/${name}`)
  } catch {
    return []
  }
  return names.filter((path) => shardPlace(path) !== null).sort().map((path) => readRecord(join(dir, path), ShardRecordSchema))
}

/** Writes a shard's record. Throws `output_not_writable`, `disk_full`. */
export const writeShard = (dir: string, shard: ShardRecord): Promise<void> => atomicWrite(join(dir, shardPath(shard)), jsonText(ShardRecordSchema.parse(shard)), { fsync: true })
