import { ShardRecordSchema, type ShardRecord } from '../contract/shard.js'
import type { Plan } from '../contract/verdict.js'
import { PLAN_FILE } from '../evidence/ledger-file.js'
import { shardPath, shardPlace } from '../evidence/shard-file.js'
import { missingShards, planDigest } from '../run/shards.js'
import type { Folder } from './folder.js'

/** The shards that are here: of this plan, cut in one way, no cell in two. Null for a run in one piece, or when their records cannot be read; `due` is what they are to have run. */
export function checkShards(folder: Folder, plan: Plan | null): { due: ReadonlySet<string> } | null {
  const paths = [...folder.paths].filter((path) => shardPlace(path) !== null).sort()
  const shards = paths.flatMap((path) => {
    const shard = folder.record(path, ShardRecordSchema)
    return shard === null ? [] : [{ path, shard }]
  })
  if (plan === null || shards.length < paths.length || shards.length === 0) return null
  const first = shards[0]!.shard
  const inShard = new Map<string, string>()
  for (const { path, shard } of shards) {
    if (shardPath(shard) !== path) folder.say('misplaced', path, null, shardPath(shard), path)
    const { run_id, plan_sha256, kit_sha256 } = shard
    folder.compare('other_run', path, { run_id: plan.run_id, plan_sha256: planDigest(plan), kit_sha256: plan.kit_sha256 ?? first.kit_sha256 }, { run_id, plan_sha256, kit_sha256 })
    checkCut(folder, path, shard, shards.find((one) => one.shard.engine === shard.engine)!.shard)
    checkCells(folder, path, shard, plan, inShard)
  }
  for (const name of missingShards(plan, shards.map(({ shard }) => shard))) folder.say('shard_missing', PLAN_FILE, name, 'all shards of the plan, merged', 'a part of it')
  return { due: new Set(inShard.keys()) }
}

/** All shards of a cut tell of the same one; by which times it came out so is nobody's matter. */
function checkCut(folder: Folder, path: string, { of, cut_sha256 }: ShardRecord, first: ShardRecord): void {
  folder.compare('copies_differ', path, { of: first.of, cut_sha256: first.cut_sha256 }, { of, cut_sha256 })
}

function checkCells(folder: Folder, path: string, { engine, cells }: ShardRecord, plan: Plan, inShard: Map<string, string>): void {
  const planned = new Map<string, string>(plan.cells.map((cell) => [cell.cell_id, cell.engine]))
  cells.forEach((cell, at) => {
    const other = inShard.get(cell)
    const of = planned.get(cell)
    if (of === undefined || (engine !== null && of !== engine)) folder.say('cell_unplanned', path, `cells[${at}]`, `a cell of the plan${engine === null ? '' : ` in ${engine}`}`, cell)
    if (other !== undefined) folder.say('cell_duplicated', path, `cells[${at}]`, 'a cell of no other shard', `${cell}, which ${other} has`)
    inShard.set(cell, path)
  })
}
