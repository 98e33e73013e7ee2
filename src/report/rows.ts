import type { MatrixRow } from '../contract/matrix-rows.js'
import { INVALID_EXPERIMENTS, type InvalidExperiment } from '../judge/row-signals.js'
import { dualRunScript, type DualRunScript } from './dual-run-script.js'
import type { Paint } from './paint.js'

/** A row with its ten columns, which of its commands run in this version, and the classification of each of its signals. */
export interface RowReport {
  row: MatrixRow
  dual_run: DualRunScript[]
  invalid_experiments: readonly InvalidExperiment[]
}

export const rowReport = (row: MatrixRow, commands: readonly string[]): RowReport =>
  ({ row, dual_run: row.dual_run_scripts.map((command) => dualRunScript(command, commands)), invalid_experiments: INVALID_EXPERIMENTS[row.surface_family] })

const LABEL_WIDTH = 28
const TEXT_WIDTH = 88

/** The rows for a person: a block a row, a line or more a column. */
export const rowsText = (reports: readonly RowReport[], paint: Paint): string => reports.map((report) => block(report, paint)).join('\n')

function block({ row, dual_run, invalid_experiments }: RowReport, paint: Paint): string {
  const { tiers, rows, host_gate, text } = row.promotion_floor
  const columns: Record<keyof MatrixRow, string[]> = {
    surface_family: [paint.bold(row.surface_family)],
    phase: [row.phase],
    runtime_profile: [row.runtime_profile],
    virtualization_boundary: wrapped(row.virtualization_boundary),
    unit_checks: row.unit_checks,
    golden_fixtures: row.golden_fixtures,
    dual_run_scripts: dual_run.flatMap((script) => scriptLines(script, paint)),
    required_log_fields: wrapped(row.required_log_fields.join(', ')),
    invalid_experiment_signals: invalid_experiments.map(({ signal, classification }) => `${signal}: ${paint.yellow(classification)}`),
    promotion_floor: [...wrapped(text), `tiers ${tiers.join(', ')}${rows.map((name) => `; row ${name}`).join('')}${host_gate ? '; host gate' : ''}`],
  }
  return [...Object.entries(columns).flatMap(([column, lines]) => labelled(column, lines, paint)), ''].join('\n')
}

/** A command stands alone on its line, so that it can be copied. */
const scriptLines = ({ command, runs, note }: DualRunScript, paint: Paint): string[] => [command, `  ${runs ? paint.dim(note) : paint.yellow(note)}`]

const labelled = (column: string, lines: readonly string[], paint: Paint): string[] =>
  lines.map((line, index) => `${index === 0 ? paint.dim(column.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)}${line}`)

/** Lines of whole words. */
export function wrapped(text: string, width = TEXT_WIDTH): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
