import { VERDICTS } from '../contract/vocabulary.js'
import type { CellChange, HistoryDiff } from '../history/diff.js'
import type { FlakeRate } from '../history/flake-rate.js'
import { shortId, type Added, type RunAbout } from '../history/record.js'
import type { CellHistory, HistoryReport } from '../history/show.js'
import { fitTable, type Column } from './fit-table.js'
import type { Paint } from './paint.js'

/** Most cells listed one by one; all are in the JSON. */
const LIST_LIMIT = 40

const right = (head: string): Column => ({ head, align: 'right' })

const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

/** A rate never stands without its interval. */
export const rateText = ({ rate, low, high }: FlakeRate): string => (rate === null || low === null || high === null ? 'not known' : `${percent(rate)} (${percent(low)} to ${percent(high)})`)

/** What a person reads when runs were added. */
export function addedText(added: readonly Added[], file: string, paint: Paint): string {
  const lines = added.map(({ how, id, run_id, started_at, cells }) => `${how === 'added' ? paint.green('added') : paint.yellow('known')}  ${shortId(id)}  run ${run_id} of ${minute(started_at)}, ${plural(cells, 'cell')}${how === 'known' ? ': this very evidence is there already, and stays as it is' : ''}`)
  return `${lines.join('\n')}\n${file}\n`
}

/** What a person reads of a history: lanes, then the cells that changed or flaked. `all`: every cell that was asked for. */
export function historyText({ subject, others, runs, lanes, cells }: HistoryReport, all: boolean, paint: Paint, width = Infinity): string {
  const [first, last] = [runs[0], runs.at(-1)]
  const used = VERDICTS.filter((verdict) => lanes.some(({ verdicts }) => verdicts[verdict] !== undefined))
  const rows = lanes.map((lane) => [lane.lane_id, String(lane.cells), ...used.map((verdict) => String(lane.verdicts[verdict] ?? '.')), lane.since === null ? '' : `${lane.since.started_at.slice(0, 10)} ${shortId(lane.since.run)}`, `${lane.flakes} of ${lane.trials}`, rateText(lane)])
  const told = all ? cells : cells.filter(({ before, flakes }) => before !== null || flakes > 0)
  const title = all ? plural(told.length, 'cell') : `${plural(told.length, 'cell')} that changed or flaked`
  return [
    `${paint.bold(subject)}: ${plural(runs.length, 'run')}, ${minute(first?.started_at ?? '')} to ${minute(last?.started_at ?? '')}; the latest is ${shortId(last?.id ?? '')}`,
    ...(others.length > 0 ? [`also in this history: ${others.join(', ')} (--subject)`] : []),
    '',
    fitTable([{ head: 'lane' }, right('cells'), ...used.map(right), { head: 'so since' }, right('flaked'), { head: 'rate (95 %)' }], rows, width),
    '',
    paint.bold(told.length === 0 ? 'No cell has changed or flaked.' : `${title}:`),
    ...told.slice(0, LIST_LIMIT).flatMap((cell) => cellLines(cell, last?.id ?? '', paint)),
    ...(told.length > LIST_LIMIT ? [`and ${told.length - LIST_LIMIT} more: see --json`] : []),
    ...(all || told.length === cells.length ? [] : [`The other ${plural(cells.length - told.length, 'cell')} came out alike in all runs.`]),
    '',
  ].join('\n')
}

function cellLines(cell: CellHistory, latest: string, paint: Paint): string[] {
  const before = cell.before === null ? 'always so' : `before: ${cell.before.verdict}, ${cell.before.reason_code}`
  const left = cell.last.run === latest ? '' : `; last planned ${minute(cell.last.started_at)} in ${shortId(cell.last.run)}`
  return [
    `${paint.bold(cell.verdict)} ${cell.cell_id} since ${minute(cell.since.started_at)} (${shortId(cell.since.run)}), ${plural(cell.runs, 'run')}; ${before}${left}`,
    `  ${cell.reason}; flaked ${cell.flakes} of ${cell.trials}${cell.trials === 0 ? '' : `, ${rateText(cell)}`}`,
  ]
}

/** What a person reads of a difference: what the runs were about, then the cells. */
export function diffText({ from, to, context, changes, unchanged }: HistoryDiff, paint: Paint): string {
  const width = Math.max(0, ...context.map(({ field }) => field.length))
  const lines = changes.slice(0, LIST_LIMIT).map((change) => changeLine(change, paint))
  return [
    `from ${runText(from)}`, `to   ${runText(to)}`, '',
    ...(context.length === 0 ? ['The same subject, artifact, kit, seed and engines.'] : [paint.bold('What differs about the runs:'), ...context.map((change) => `  ${change.field.padEnd(width)}  ${change.from ?? 'none'} → ${change.to ?? 'none'}`)]),
    '',
    ...(changes.length === 0 ? [paint.green('No cell changed.')] : [paint.bold(`${plural(changes.length, 'cell')} changed:`), ...lines]),
    ...(changes.length > LIST_LIMIT ? [`and ${changes.length - LIST_LIMIT} more: see --json`] : []),
    `${plural(unchanged, 'cell')} unchanged`,
    '',
  ].join('\n')
}

const runText = ({ id, started_at, subject, subject_version, lanecheck_version }: RunAbout): string => `${shortId(id)}  ${minute(started_at)}  ${subject} ${subject_version}, lanecheck ${lanecheck_version}`

function changeLine({ how, cell_id, from, to, unexplained }: CellChange, paint: Paint): string {
  const word = { worse: paint.red, better: paint.green, other: paint.yellow, appeared: paint.bold, vanished: paint.bold }[how](how.padEnd(8))
  const side = (one: CellChange['from']): string => (one === null ? '–' : from?.verdict === to?.verdict ? `${one.verdict} ${one.reason_code}` : one.verdict)
  return `${word}  ${cell_id}: ${side(from)} → ${side(to)}${unexplained ? '; artifact, engine and kit are the same' : ''}`
}
