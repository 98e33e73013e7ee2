import { join } from 'node:path'
import { OwnServerRecordSchema, type OwnServerRecord } from '../contract/own-downgrade.js'
import type { ShardChoice } from '../contract/shard.js'
import { atomicWrite } from './atomic-write.js'
import { jsonText } from './bundle.js'
import { shardPath, shardPlace } from './shard-file.js'

/** Where it is kept what a subject's own server did, relative to the evidence folder; each shard of a run has a server of its own. */
export const ownServerPath = (shard: ShardChoice | null): string => (shard === null ? 'own-server.json' : shardPath(shard).replace(/^shards\//, 'own-servers/'))

/** The shard, or null for a run in one piece, whose server a path is for; undefined when it is none of a server. */
export function ownServerPlace(path: string): ShardChoice | null | undefined {
  if (path === ownServerPath(null)) return null
  return path.startsWith('own-servers/') ? shardPlace(path.replace(/^own-servers\//, 'shards/')) ?? undefined : undefined
}

/** Throws `output_not_writable`, `disk_full`. */
export const writeOwnServer = (dir: string, shard: ShardChoice | null, record: Omit<OwnServerRecord, 'schema'>): Promise<void> =>
  atomicWrite(join(dir, ownServerPath(shard)), jsonText(OwnServerRecordSchema.parse({ schema: 'lanecheck.own-server.v1', ...record })))
