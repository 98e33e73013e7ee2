import { LanecheckError } from '../contract/errors.js'
import { SESSIONS_A_SHARD, type ShardChoice, type ShardRecord, type Times } from '../contract/shard.js'
import type { Plan, PlannedCell } from '../contract/verdict.js'
import type { Engine } from '../contract/vocabulary.js'
import { canonicalDigest } from '../evidence/digest.js'

/** As it is named on the command line: `2/3`, or `firefox:2/3`. */
export const shardName = ({ engine, index, of }: ShardChoice): string => `${engine === null ? '' : `${engine}:`}${index}/${of}`

/** The number of a shard's first session in an engine; sessions of other shards have other numbers. */
export const firstSession = ({ index }: ShardChoice): number => (index - 1) * SESSIONS_A_SHARD + 1

export const planDigest = (plan: Plan): string => canonicalDigest(plan)

/**
 * Shares cells out: the longest first, each to the shard that has least to do yet; every cell is in exactly one shard, in the order given.
 * The same cells and times come out the same, wherever. A cell without a time counts as the mean of those with one.
 */
export function shareOut<Cell extends Pick<PlannedCell, 'cell_id'>>(cells: readonly Cell[], of: number, times: Times | null): Cell[][] {
  const known = cells.flatMap(({ cell_id }) => times?.ms[cell_id] ?? [])
  const usual = known.length === 0 ? 1 : Math.max(1, Math.round(known.reduce((sum, ms) => sum + ms, 0) / known.length))
  // A cell takes some time whatever was measured: without that, many cells of no time would all fall to one shard.
  const weighed = cells.map((cell) => ({ cell, ms: Math.max(1, times?.ms[cell.cell_id] ?? usual) }))
  const loads = Array.from({ length: of }, () => 0)
  const place = new Map<string, number>()
  for (const { cell, ms } of weighed.sort((one, other) => other.ms - one.ms || (one.cell.cell_id < other.cell.cell_id ? -1 : 1))) {
    const least = loads.indexOf(Math.min(...loads))
    loads[least]! += ms
    place.set(cell.cell_id, least)
  }
  return loads.map((_, index) => cells.filter(({ cell_id }) => place.get(cell_id) === index))
}

/** What a shard keeps of itself. Throws `usage` for an engine that the plan has no cells of. */
export function cutShard(plan: Plan, choice: ShardChoice, times: Times | null, kit_sha256: string): ShardRecord {
  const cells = choice.engine === null ? plan.cells : plan.cells.filter(({ engine }) => engine === choice.engine)
  if (cells.length === 0) throw new LanecheckError('usage', `the plan has no cells of ${choice.engine ?? 'any engine'}`, { where: '--shard', hint: '--engine, --role and --scenario name the whole plan, the same for every shard; leave the engine of this shard among them' })
  const shares = shareOut(cells, choice.of, times).map((share) => share.map(({ cell_id }) => cell_id))
  return {
    schema: 'lanecheck.shard.v1', run_id: plan.run_id, ...choice, plan_sha256: planDigest(plan), kit_sha256,
    times_sha256: times === null ? null : canonicalDigest(times), cut_sha256: canonicalDigest(shares), cells: shares[choice.index - 1] ?? [],
  }
}

/** The shards of a plan that are not among these, by name; `firefox:?/?` for an engine that none of them is of. */
export function missingShards(plan: Plan, shards: ReadonlyArray<ShardChoice & Pick<ShardRecord, 'cells'>>): string[] {
  const cuts = new Map(shards.map(({ engine, of }) => [engine, of]))
  const absent = [...cuts].flatMap(([engine, of]) => Array.from({ length: of }, (_, at) => ({ engine, index: at + 1, of })))
    .filter((wanted) => !shards.some((shard) => shardName(shard) === shardName(wanted)))
  const here = new Set<string>(shards.flatMap(({ cells }) => cells))
  const blank = [...new Set(plan.cells.filter(({ cell_id }) => !here.has(cell_id)).map(({ engine }) => engine))].filter((engine: Engine) => !cuts.has(engine) && !cuts.has(null))
  return [...absent.map(shardName), ...blank.map((engine) => `${engine}:?/?`)]
}
