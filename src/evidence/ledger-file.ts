import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { LedgerSchema, PlanSchema, VerdictSchema, type Ledger, type Plan, type Verdict } from '../contract/verdict.js'
import { atomicWrite, outputError } from './atomic-write.js'
import { jsonText, ndjsonText } from './bundle.js'

export const PLAN_FILE = 'plan.json'
export const LEDGER_FILE = 'ledger.json'
export const LEDGER_LINES_FILE = 'ledger.ndjson'
export const TIERS_FILE = 'tiers.json'

/** Writes `plan.json`, before anything starts. Throws `output_not_writable`, `disk_full`. */
export const writePlan = (dir: string, plan: Plan): Promise<void> => atomicWrite(join(dir, PLAN_FILE), jsonText(PlanSchema.parse(plan)), { fsync: true })

/** Writes `ledger.json`, when all cells have their verdict. Throws `output_not_writable`, `disk_full`. */
export const writeLedger = (dir: string, ledger: Ledger): Promise<void> => atomicWrite(join(dir, LEDGER_FILE), jsonText(LedgerSchema.parse(ledger)), { fsync: true })

/** `ledger.ndjson`, open for appending; one write a line, so that a run cut off leaves at most its last line short. */
export interface LedgerLines {
  append(verdict: Verdict): void
  close(): void
}

/** Opens `ledger.ndjson`. Throws `output_not_writable`, `disk_full`; so does `append`. */
export function openLedgerLines(dir: string): LedgerLines {
  const path = join(dir, LEDGER_LINES_FILE)
  const descriptor = within(path, () => {
    mkdirSync(dir, { recursive: true })
    const opened = openSync(path, 'a+')
    // A line that a cut-off run left short must not swallow the next one.
    const before = readFileSync(path)
    if (before.length > 0 && before.at(-1) !== 0x0a) writeSync(opened, '\n')
    return opened
  })
  return {
    append(verdict) {
      const line = Buffer.from(ndjsonText([VerdictSchema.parse(verdict)]))
      within(path, () => {
        let written = 0
        while (written < line.length) written += writeSync(descriptor, line, written)
      })
    },
    close: () => closeSync(descriptor),
  }
}

function within<Result>(path: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    throw outputError(path, error)
  }
}

/** Reads `plan.json`. Throws `evidence_invalid`. */
export const readPlan = (dir: string): Plan => readRecord(join(dir, PLAN_FILE), PlanSchema)

/** Reads `ledger.json`. Throws `evidence_invalid`. */
export const readLedger = (dir: string): Ledger => readRecord(join(dir, LEDGER_FILE), LedgerSchema)

/** Reads `ledger.ndjson`, empty when there is none; the last verdict of a cell stands. A last line cut short is left out. Throws `evidence_invalid`. */
export function readLedgerLines(dir: string): Verdict[] {
  const path = join(dir, LEDGER_LINES_FILE)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return []
    throw unreadable(path, error)
  }
  const lines = text.split('\n')
  const cells = new Map<string, Verdict>()
  lines.forEach((line, index) => {
    if (line === '') return
    const verdict = parsedOrNull(line, VerdictSchema)
    if (verdict) cells.set(verdict.cell_id, verdict)
    // Short lines are what a run leaves that was cut off; a whole line that does not parse is not ours.
    else if (isWhole(line)) throw new LanecheckError('evidence_invalid', 'not a verdict', { where: `${path}:${index + 1}` })
  })
  return [...cells.values()]
}

function parsedOrNull<Record>(line: string, schema: z.ZodType<Record>): Record | null {
  try {
    const parsed = schema.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

/** Reads a kept record and checks it against its schema; the mistake is named by file and field. Throws `evidence_invalid`. */
export function readRecord<Record>(path: string, schema: z.ZodType<Record>): Record {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw unreadable(path, error)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LanecheckError('evidence_invalid', issue?.message ?? 'does not match its schema', { where: `${path}: ${issue?.path.join('.') ?? ''}` })
}

const isMissing = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'

function unreadable(path: string, error: unknown): LanecheckError {
  const why = isMissing(error) ? 'there is no such file' : error instanceof SyntaxError ? 'not JSON' : 'cannot be read'
  return new LanecheckError('evidence_invalid', why, { where: path, cause: error })
}
