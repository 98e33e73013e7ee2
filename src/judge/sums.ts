import type { Ledger, Verdict, VerdictCounts } from '../contract/verdict.js'
import { VERDICTS } from '../contract/vocabulary.js'

export type Sums = Ledger['sums']

/** A count of nothing: every verdict stands by itself. */
export const noCounts = (): VerdictCounts => Object.fromEntries(VERDICTS.map((token) => [token, 0])) as VerdictCounts

export function countVerdicts(verdicts: ReadonlyArray<Pick<Verdict, 'verdict'>>): VerdictCounts {
  const counts = noCounts()
  for (const { verdict } of verdicts) counts[verdict] += 1
  return counts
}

export const mergeCounts = (one: VerdictCounts, other: VerdictCounts): VerdictCounts =>
  Object.fromEntries(VERDICTS.map((token) => [token, one[token] + other[token]])) as VerdictCounts

/** Only lanes that have a cell are in; the schema's type has no word for that. */
const noSums = (all: VerdictCounts): Sums => ({ all, by_lane: {}, by_lane_and_surface: {} }) as Sums

/** Counts of all cells, per lane, and per lane and surface. */
export function sumVerdicts(verdicts: ReadonlyArray<Pick<Verdict, 'verdict' | 'lane_id' | 'surface_family'>>): Sums {
  const sums = noSums(countVerdicts(verdicts))
  for (const { verdict, lane_id, surface_family } of verdicts) {
    const lane = (sums.by_lane[lane_id] ??= noCounts())
    lane[verdict] += 1
    const surfaces = (sums.by_lane_and_surface[lane_id] ??= {})
    const surface = (surfaces[surface_family] ??= noCounts())
    surface[verdict] += 1
  }
  return sums
}

/** The sums of two disjoint sets of cells, as of shards. */
export function mergeSums(one: Sums, other: Sums): Sums {
  const merged = noSums(mergeCounts(one.all, other.all))
  merged.by_lane = mergeRecords(one.by_lane, other.by_lane)
  for (const lane of keysOf(one.by_lane_and_surface, other.by_lane_and_surface)) {
    merged.by_lane_and_surface[lane] = mergeRecords(one.by_lane_and_surface[lane] ?? {}, other.by_lane_and_surface[lane] ?? {})
  }
  return merged
}

function mergeRecords<Key extends string>(one: Partial<Record<Key, VerdictCounts>>, other: Partial<Record<Key, VerdictCounts>>): Record<Key, VerdictCounts> {
  return Object.fromEntries(keysOf(one, other).map((key) => [key, mergeCounts(one[key] ?? noCounts(), other[key] ?? noCounts())])) as Record<Key, VerdictCounts>
}

const keysOf = <Key extends string>(one: Partial<Record<Key, unknown>>, other: Partial<Record<Key, unknown>>): Key[] =>
  [...new Set([...Object.keys(one), ...Object.keys(other)])] as Key[]
