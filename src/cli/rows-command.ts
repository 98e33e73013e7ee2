import type { Command } from 'commander'
import { LanecheckError } from '../contract/errors.js'
import { MATRIX_ROWS, type MatrixRow } from '../contract/matrix-rows.js'
import { SURFACE_FAMILIES } from '../contract/vocabulary.js'
import { paintFor } from '../report/paint.js'
import { rowReport, rowsText } from '../report/rows.js'
import { checklistText, wideningChecklist } from '../report/widening-checklist.js'

interface Flags { json?: boolean; checklist?: MatrixRow }

export function addRows(program: Command): void {
  program.command('rows')
    .description('print the rows of the matrix, with all ten columns')
    .option('--checklist <row>', `the widening checklist of a row, filled in: ${SURFACE_FAMILIES.join(', ')}`, rowOption)
    .option('--json', 'for a machine')
    .addHelpText('after', '\nExample:\n  lanecheck rows --checklist timer_surface')
    .action((flags: Flags) => print(flags, program.commands.map((command) => command.name())))
}

function rowOption(name: string): MatrixRow {
  const row = MATRIX_ROWS.find(({ surface_family }) => surface_family === name)
  if (row === undefined) throw new LanecheckError('usage', `there is no row "${name}"`, { where: '--checklist', hint: `one of: ${SURFACE_FAMILIES.join(', ')}` })
  return row
}

function print({ json, checklist }: Flags, commands: readonly string[]): void {
  const paint = paintFor(process.stdout)
  if (checklist !== undefined) {
    const filled = wideningChecklist(rowReport(checklist, commands))
    process.stdout.write(json === true ? jsonOf(filled) : checklistText(filled, paint))
    return
  }
  const reports = MATRIX_ROWS.map((row) => rowReport(row, commands))
  process.stdout.write(json === true ? jsonOf({ rows: reports.map(({ row, dual_run, invalid_experiments }) => ({ ...row, dual_run, invalid_experiments })) }) : rowsText(reports, paint))
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
