import type { Command } from 'commander'
import { audit } from '../audit/audit.js'
import { AUDIT_CODES, type AuditFinding, type AuditReport } from '../audit/findings.js'
import { paintFor, type Paint } from '../report/paint.js'

interface Flags { json?: boolean }

/** Most findings listed one by one; all are in the JSON. */
const LIST_LIMIT = 40

export function addAudit(program: Command): void {
  program.command('audit')
    .description('check an evidence folder offline: bytes, schemas, order, and every verdict derived again from its bundle')
    .argument('<folder>', 'the evidence folder of a run')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', `
Example:
  lanecheck audit lanecheck-evidence

Exit codes: 0 clean, 1 changed or contradictory, 3 cells missing, 64 not an evidence folder. docs/evidence.md tells what is checked.`)
    .action((folder: string, flags: Flags) => {
      const report = audit(folder)
      process.stdout.write(flags.json === true ? `${JSON.stringify(report, null, 2)}\n` : auditText(report, paintFor(process.stdout)))
      process.exitCode = report.exit_code
    })
}

/** What a person reads: the findings, file by file, then the sum. */
export function auditText({ cells, files, findings, run_id }: AuditReport, paint: Paint): string {
  const width = Math.max(0, ...findings.map(({ code }) => code.length))
  const lines = findings.slice(0, LIST_LIMIT).flatMap((finding) => [
    `${paint.red(finding.code.padEnd(width))}  ${paint.bold(placeOf(finding))}`,
    `${' '.repeat(width)}  ${AUDIT_CODES[finding.code].says}: expected ${finding.expected}, found ${finding.found}`,
  ])
  if (findings.length > LIST_LIMIT) lines.push(`and ${findings.length - LIST_LIMIT} more: see --json`)
  const sum = `run ${run_id ?? 'unknown'}: ${files} files, ${cells.planned} cells planned, ${cells.judged} judged, ${cells.derived} verdicts derived again`
  const end = findings.length === 0 ? paint.green('clean') : paint.red(`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`)
  return [...lines, ...(lines.length > 0 ? [''] : []), `${sum}: ${end}`, ''].join('\n')
}

const placeOf = ({ path, field }: AuditFinding): string => (field === null || field === '' ? path : `${path}  ${field}`)
