import type { DoctorFinding, DoctorReport } from '../contract/doctor.js'
import { DOCTOR_CHECKS, DOCTOR_STATUSES } from '../contract/doctor.js'
import type { Paint } from './paint.js'
import { wrapTo } from './width.js'

const STATUS_WIDTH = Math.max(...DOCTOR_STATUSES.map(({ length }) => length))
const CHECK_WIDTH = Math.max(...DOCTOR_CHECKS.map(({ length }) => length))
const INDENT = STATUS_WIDTH + CHECK_WIDTH + 4

/** One check for a person: what was seen, and what to type. A command stands alone on its line, so that it can be copied. */
export function doctorLines({ check, status, says, mend }: DoctorFinding, paint: Paint, width: number): string {
  const colour = { ok: paint.green, note: paint.dim, warning: paint.yellow, failed: paint.red }[status]
  const narrow = width < INDENT + 30
  const indent = narrow ? 2 : INDENT
  const head = `${colour(status.padEnd(STATUS_WIDTH))}  ${check.padEnd(CHECK_WIDTH)}  `
  const lines = wrapTo(says, width - indent)
  const body = narrow ? [head.trimEnd(), ...lines.map((line) => `  ${line}`)] : lines.map((line, index) => `${index === 0 ? head : ' '.repeat(indent)}${line}`)
  return [...body, ...(mend === null ? [] : [`${' '.repeat(indent)}${paint.bold(mend)}`])].join('\n')
}

/** The sum of a report, and the next command. */
export function doctorSum({ checks, exit_code }: DoctorReport, paint: Paint): string {
  const count = (status: DoctorFinding['status']): number => checks.filter((one) => one.status === status).length
  const [failures, warnings] = [count('failed'), count('warning')]
  if (failures === 0) return `${paint.green('A run has all it needs')}${warnings === 0 ? '' : `, with ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`}: lanecheck verify`
  return `${paint.red(`${failures} of ${checks.length} checks failed`)} (exit code ${exit_code}).\nMend them by the commands above, then: lanecheck doctor`
}
