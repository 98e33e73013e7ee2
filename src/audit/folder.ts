import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { LanecheckError } from '../contract/errors.js'
import { jsonText } from '../evidence/bundle.js'
import { canonicalJson } from '../evidence/canonical-json.js'
import { sha256Hex } from '../evidence/digest.js'
import { EVIDENCE_INDEX, entriesIn } from '../evidence/evidence-index.js'
import { LEDGER_FILE, PLAN_FILE } from '../evidence/ledger-file.js'
import type { AuditCode, AuditFinding } from './findings.js'
import { differences, shown } from './differences.js'

/** An evidence folder as an audit reads it: each file at most once, everything wrong with it said. */
export interface Folder {
  /** Paths of all files. */
  paths: ReadonlySet<string>
  /** Neither ledger nor index: the run was cut off, and what it left half-written is no fault. */
  unfinished: boolean
  findings: AuditFinding[]
  say(code: AuditCode, path: string, field: string | null, expected: unknown, found: unknown): void
  /** Says each place where a record differs from what it should be. */
  compare(code: AuditCode, path: string, expected: unknown, found: unknown, field?: string): void
  /** Null when the file is not there, or is none: a link, a pipe. */
  stamp(path: string): { sha256: string; bytes: number } | null
  /** A file as it is; null when it is not there or no UTF-8, which is then said. */
  text(path: string): string | null
  /** A record in its kept form and by its schema; null when it is missing, or is not, which is then said. */
  record<Record>(path: string, schema: z.ZodType<Record>): Record | null
  /** Records one a line, likewise; a line that is none is null. `cut_short`: lines that a cut-off write left short are no fault. */
  lines<Record>(path: string, schema: z.ZodType<Record>, cut_short?: boolean): Array<Record | null> | null
  /** True when something was said of a file under a path. */
  blamed(prefix: string): boolean
}

/** Opens an evidence folder. Throws `evidence_invalid` when it is none. */
export function openFolder(dir: string): Folder {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) throw none(dir, 'there is no such folder')
  const entries = entriesIn(dir)
  const paths = new Set(entries.map(({ path }) => path))
  if (![PLAN_FILE, LEDGER_FILE, EVIDENCE_INDEX].some((name) => paths.has(name))) throw none(dir, `it holds neither ${PLAN_FILE} nor ${LEDGER_FILE}`)
  const findings: AuditFinding[] = []
  const say: Folder['say'] = (code, path, field, expected, found) => { findings.push({ code, path, field, expected: shown(expected), found: shown(found) }) }
  for (const { path, plain } of entries) if (!plain) say('file_added', path, null, 'a plain file', 'a link or device')
  // What a link leads to is not the folder's, and a pipe is read for ever.
  const files = new Set(entries.filter(({ plain }) => plain).map(({ path }) => path))
  const bytes = (path: string): Buffer | null => (files.has(path) ? readFileSync(join(dir, path)) : null)
  const text = (path: string): string | null => {
    const data = bytes(path)
    if (data === null) return null
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)
    } catch {
      say('not_json', path, null, 'UTF-8', 'other bytes')
      return null
    }
  }
  return {
    paths, findings, say, text,
    unfinished: !paths.has(LEDGER_FILE) && !paths.has(EVIDENCE_INDEX),
    compare: (code, path, expected, found, field = '') => {
      for (const difference of differences(expected, found, field)) findings.push({ code, path, ...difference })
    },
    stamp: (path) => {
      const data = bytes(path)
      return data === null ? null : { sha256: sha256Hex(data), bytes: data.length }
    },
    record: (path, schema) => {
      const read = text(path)
      return read === null ? null : parsed(say, path, read, schema, jsonText)
    },
    lines: (path, schema, cut_short = false) => {
      const read = text(path)
      if (read === null) return null
      if (!cut_short && read !== '' && !read.endsWith('\n')) say('form_changed', path, null, 'whole lines', 'a line without an end')
      const lines = read.split('\n')
      if (lines.at(-1) === '') lines.pop()
      return lines.map((line, index) => (cut_short && !isJson(line) ? null : parsed(say, `${path}:${index + 1}`, line, schema, canonicalJson)))
    },
    blamed: (prefix) => findings.some(({ path }) => path.startsWith(prefix)),
  }
}

function parsed<Record>(say: Folder['say'], path: string, text: string, schema: z.ZodType<Record>, form: (value: unknown) => string): Record | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    say('not_json', path, null, 'JSON', error instanceof Error ? error.message : 'no JSON')
    return null
  }
  const result = schema.safeParse(value)
  if (!result.success) {
    for (const { path: field, message } of result.error.issues.slice(0, 3)) say('schema_broken', path, field.join('.'), 'what its schema asks for', message)
    return null
  }
  if (!wellFormed(value, text, form)) say('form_changed', path, null, 'the text that this record has when it is kept', 'other white space, order or spelling')
  return result.data
}

function wellFormed(value: unknown, text: string, form: (value: unknown) => string): boolean {
  try {
    return form(value) === text
  } catch {
    return false
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const none = (dir: string, why: string): LanecheckError =>
  new LanecheckError('evidence_invalid', `not an evidence folder: ${why}`, { where: dir, hint: 'name the folder that `lanecheck verify --out` wrote' })
