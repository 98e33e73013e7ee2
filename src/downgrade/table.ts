import Table from 'cli-table3'
import type { DowngradeOutcome, DowngradeReport } from '../contract/downgrade-report.js'
import type { Paint } from '../report/paint.js'
import { PLAIN } from '../report/summary-table.js'
import { lanesText, sumText, takenText, toldOf } from './words.js'

/** Longest lines of the columns that wrap, in characters. */
const [LANES, ANSWER] = [44, 50]
const MOST_DIFFERENCES = 20

/** What is shown of an outcome: what is not ok is shouted, for a log without colours. */
const shown = (outcome: DowngradeOutcome, paint: Paint): string =>
  (outcome === 'ok' ? paint.green('ok') : outcome === 'different' ? paint.red('DIFFERENT') : paint.yellow(outcome.toUpperCase()))

/** Trial by trial, what was expected and what was given; then what differs, what no bridge carries, and the sum. */
export function downgradeTable(report: DowngradeReport, paint: Paint): string {
  const table = new Table({ head: ['', 'trial', 'lanes', 'expected', 'given'], style: { head: [], border: [], compact: true }, chars: PLAIN, wordWrap: true, colWidths: [11, null, LANES, ANSWER, ANSWER] })
  for (const { id } of report.trials) {
    for (const { outcome, rows, expected, given } of toldOf(report, id)) table.push([shown(outcome, paint), id, lanesText(rows), expected, given === expected ? paint.dim('the same') : given])
  }
  const text = table.toString().split('\n').map((line) => line.trimEnd()).join('\n')
  return [text, ...differencesText(report, paint), ...notCarriedText(report), `${sumText(report)}${report.interrupted ? ' (cut off: what was gathered is here)' : ''}`].join('\n\n')
}

function differencesText({ rows, trials }: DowngradeReport, paint: Paint): string[] {
  const odd = rows.filter(({ outcome }) => outcome !== 'ok')
  if (odd.length === 0) return []
  const lines = odd.slice(0, MOST_DIFFERENCES).flatMap(({ trial, engine, host_role, outcome, differences, cells }) => [
    `  ${shown(outcome, paint)} ${trial} in ${engine}.${host_role} (${takenText(trials.find(({ id }) => id === trial)!)} taken or asked)`,
    ...differences.map(({ field, expected, given, file }) => `    ${field}: expected ${expected}, given ${given}${file === null ? '' : paint.dim(`  ${file}`)}`),
    ...cells.filter(({ verdict }) => verdict !== 'parity' && verdict !== 'bridge_only').map(({ scenario_id, verdict, reason }) => `    ${scenario_id}: ${verdict}, ${reason}`),
    ...(cells[0] === undefined ? [] : [`    again: ${cells[0].repro_command}`]),
  ])
  const rest = odd.length > MOST_DIFFERENCES ? [`  and ${odd.length - MOST_DIFFERENCES} more; all of them: --json or --html`] : []
  return [['Not as expected:', ...lines, ...rest].join('\n')]
}

/** Said only where something went over a bridge. */
function notCarriedText({ rows, not_carried }: DowngradeReport): string[] {
  if (!rows.some(({ given }) => given?.support_class === 'bridge_only')) return []
  return [['What no bridged answer above says anything of:', ...not_carried.map(({ id, what }) => `  ${id}: ${what}`)].join('\n')]
}
