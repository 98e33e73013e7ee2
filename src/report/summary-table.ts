import Table from 'cli-table3'
import type { Ledger, Verdict, VerdictCounts } from '../contract/verdict.js'
import { SURFACE_FAMILIES, VERDICTS, type VerdictToken } from '../contract/vocabulary.js'
import type { Paint } from './paint.js'

/** Shown even when nothing has them, so that a reader sees that they are apart. */
const ALWAYS: readonly VerdictToken[] = ['parity', 'bridge_only', 'unsupported']
const GOOD: ReadonlySet<VerdictToken> = new Set(['parity', 'bridge_only', 'unsupported'])

/** Lanes × surfaces with a column for each verdict: `bridge_only` never stands in another's. */
export function summaryTable({ sums, verdicts }: Pick<Ledger, 'sums' | 'verdicts'>, paint: Paint): string {
  const shown = VERDICTS.filter((token) => ALWAYS.includes(token) || sums.all[token] > 0)
  const table = new Table({ head: ['lane', 'surface', 'cells', ...shown], style: { head: [], border: [], compact: true }, chars: PLAIN, colAligns: ['left', 'left', ...shown.map(() => 'right' as const), 'right'] })
  for (const lane of lanesInOrder(verdicts)) {
    const bySurface = sums.by_lane_and_surface[lane] ?? {}
    for (const surface of SURFACE_FAMILIES) {
      const counts = bySurface[surface]
      if (counts !== undefined) table.push([lane, surface, String(total(counts)), ...shown.map((token) => cell(counts[token], token, paint))])
    }
  }
  table.push(['all', '', String(total(sums.all)), ...shown.map((token) => cell(sums.all[token], token, paint))])
  return table.toString().split('\n').map((line) => line.trimEnd()).join('\n')
}

function cell(count: number, token: VerdictToken, paint: Paint): string {
  if (count === 0) return paint.dim('.')
  return GOOD.has(token) ? (token === 'parity' ? paint.green(String(count)) : paint.yellow(String(count))) : paint.red(String(count))
}

const total = (counts: VerdictCounts): number => VERDICTS.reduce((sum, token) => sum + counts[token], 0)
const lanesInOrder = (verdicts: readonly Verdict[]): Verdict['lane_id'][] => [...new Set(verdicts.map(({ lane_id }) => lane_id))]

/** Columns apart by two spaces, no rules: it reads the same in a log as on a terminal. */
export const PLAIN = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' ',
}
