import type { Ledger, Verdict, VerdictCounts } from '../contract/verdict.js'
import { SURFACE_FAMILIES, VERDICTS, type VerdictToken } from '../contract/vocabulary.js'
import { fitTable } from './fit-table.js'
import type { Paint } from './paint.js'

/** Shown even when nothing has them, so that a reader sees that they are apart. */
const ALWAYS: readonly VerdictToken[] = ['parity', 'bridge_only', 'unsupported']
const GOOD: ReadonlySet<VerdictToken> = new Set(['parity', 'bridge_only', 'unsupported'])

/** Lanes × surfaces with a column for each verdict: `bridge_only` never stands in another's. Where `width` has no room for a table, a block of lines a lane and surface. */
export function summaryTable({ sums, verdicts }: Pick<Ledger, 'sums' | 'verdicts'>, paint: Paint, width = Infinity): string {
  const shown = VERDICTS.filter((token) => ALWAYS.includes(token) || sums.all[token] > 0)
  const row = (lane: string, surface: string, counts: VerdictCounts): string[] => [lane, surface, String(total(counts)), ...shown.map((token) => cell(counts[token], token, paint))]
  const rows = lanesInOrder(verdicts).flatMap((lane) => SURFACE_FAMILIES.flatMap((surface) => {
    const counts = sums.by_lane_and_surface[lane]?.[surface]
    return counts === undefined ? [] : [row(lane, surface, counts)]
  }))
  const columns = [{ head: 'lane' }, { head: 'surface' }, { head: 'cells', align: 'right' as const }, ...shown.map((head) => ({ head, align: 'right' as const }))]
  return fitTable(columns, [...rows, row('all', '', sums.all)], width)
}

function cell(count: number, token: VerdictToken, paint: Paint): string {
  if (count === 0) return paint.dim('.')
  return GOOD.has(token) ? (token === 'parity' ? paint.green(String(count)) : paint.yellow(String(count))) : paint.red(String(count))
}

const total = (counts: VerdictCounts): number => VERDICTS.reduce((sum, token) => sum + counts[token], 0)
const lanesInOrder = (verdicts: readonly Verdict[]): Verdict['lane_id'][] => [...new Set(verdicts.map(({ lane_id }) => lane_id))]
