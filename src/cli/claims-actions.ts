import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { ClaimsReport } from '../claims/claim.js'
import { checkDocuments, refreshTables } from '../claims/check-documents.js'
import type { ClaimGround } from '../claims/check-claim.js'
import { promotedBy } from '../claims/promotion.js'
import { readDocument, type Document } from '../claims/documents.js'
import { claimsSarif } from '../claims/sarif.js'
import { loadClaimsConfig } from '../config/claims-config.js'
import { LanecheckError } from '../contract/errors.js'
import type { GatePacket } from '../contract/gate.js'
import type { Ledger } from '../contract/verdict.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { readLedger } from '../evidence/ledger-file.js'
import { gate } from '../gate/gate.js'
import { packageVersion } from '../package-root.js'
import { paintFor, type Paint } from '../report/paint.js'
import type { ClaimsFlags } from './claims-command.js'
import { DEFAULT_OUT } from './verify-command.js'

/** Checks documents, prints the report and returns the exit code. Throws `usage`, `evidence_invalid`, `evidence_unsound`. */
export function checkClaims(documents: readonly string[], flags: ClaimsFlags): number {
  const { ground, read } = prepare(documents, flags)
  const report = checkDocuments(read, ground)
  const text = flags.sarif === true ? jsonOf(claimsSarif(report, packageVersion(), process.cwd())) : flags.json === true ? jsonOf(report) : claimsText(report, paintFor(process.stdout))
  process.stdout.write(text)
  return report.findings.some(({ severity }) => severity === 'error') ? 1 : 0
}

/** Makes the tables of documents anew and returns the exit code. Throws `usage`, `evidence_invalid`, `evidence_unsound`, `output_not_writable`, `disk_full`. */
export async function writeClaims(documents: readonly string[], flags: ClaimsFlags): Promise<number> {
  const { ground, read } = prepare(documents, flags)
  for (const document of read) {
    const text = refreshTables(document, ground.ledgers)
    if (text !== document.source) await atomicWrite(resolve(document.file), text)
    process.stdout.write(`${text === document.source ? 'unchanged' : 'written'}  ${document.file}\n`)
  }
  const malformed = checkDocuments(read, ground).findings.filter(({ code }) => code === 'table_malformed')
  for (const { file, line, says } of malformed) process.stderr.write(`${file}:${line}: ${says}\n`)
  return malformed.length > 0 ? 1 : 0
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** Reads documents and evidence; evidence that does not audit clean proves nothing. Throws `usage`, `evidence_invalid`. */
function prepare(documents: readonly string[], flags: ClaimsFlags): { ground: ClaimGround; read: Document[] } {
  const config = loadClaimsConfig(flags.config)
  const read = documents.map((file) => readDocument(relative('.', resolve(file)) || file, sourceOf(file)))
  const evidence = (flags.evidence ?? [DEFAULT_OUT]).map((folder) => audited(folder, flags.tests ?? []))
  return {
    read,
    ground: {
      config, now: new Date(),
      ledgers: evidence.map(({ ledger }) => ledger),
      promoted: promotedBy(evidence.flatMap(({ packets }) => packets)),
    },
  }
}

function sourceOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new LanecheckError('usage', 'the document cannot be read', { where: file, hint: 'name Markdown or MDX files', cause: error })
  }
}

function audited(folder: string, tests: readonly string[]): { ledger: Ledger; packets: readonly GatePacket[] } {
  const { audited: { findings }, report } = gate(folder, tests)
  if (report === null) throw new LanecheckError('evidence_unsound', `the evidence does not audit clean: ${findings.length} findings, the first ${findings[0]?.code ?? ''} in ${findings[0]?.path ?? ''}`, { where: folder, hint: `lanecheck audit ${folder}` })
  return { ledger: readLedger(folder), packets: report.packets }
}

/** What a person reads: finding by finding with its place and what to write instead, then the sum. */
export function claimsText({ documents, claims, tables, findings }: ClaimsReport, paint: Paint): string {
  const lines = findings.flatMap(({ code, severity, file, line, column, says, instead }) => [
    `${paint.bold(`${file}:${line}:${column}`)}  ${severity === 'error' ? paint.red(code) : paint.yellow(code)}`,
    `  ${says}`,
    ...(instead === null ? [] : [`  instead: ${instead}`]),
  ])
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const end = findings.length === 0 ? paint.green('nothing is claimed beyond its evidence') : `${errors} errors, ${findings.length - errors} warnings`
  return [...lines, ...(lines.length > 0 ? [''] : []), `${documents} ${documents === 1 ? 'document' : 'documents'}, ${claims} claims, ${tables} tables: ${end}`, ''].join('\n')
}
