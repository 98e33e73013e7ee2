import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sumVerdicts } from '../judge/sums.js'
import type { Ledger, Verdict } from '../contract/verdict.js'
import { BUNDLE_INDEX, jsonText, ndjsonText } from '../evidence/bundle.js'
import { sha256Hex } from '../evidence/digest.js'
import { entriesIn, writeEvidenceIndex } from '../evidence/evidence-index.js'
import { LEDGER_FILE, LEDGER_LINES_FILE, PLAN_FILE } from '../evidence/ledger-file.js'

/** An evidence folder in the hands of a forger who knows the kit. */
export interface ForgedFolder {
  /** Changes a record and writes it in its kept form. */
  edit<Record>(path: string, change: (record: Record) => void): void
  /** Changes the records of a file that has one a line. */
  editLines<Record>(path: string, change: (records: Record[]) => Record[]): void
  /** Changes a cell's verdict in all three places, sums too. */
  editVerdict(cell_id: string, change: (verdict: Verdict) => Verdict): void
  remove(path: string): void
  write(path: string, text: string): void
  copy(from: string, to: string): void
  /** Makes all digests over files anew. */
  redigest(): Promise<void>
}

export function forgedFolder(dir: string): ForgedFolder {
  const at = (path: string): string => join(dir, path)
  const edit: ForgedFolder['edit'] = (path, change) => {
    const record = JSON.parse(readFileSync(at(path), 'utf8')) as Parameters<typeof change>[0]
    change(record)
    writeFileSync(at(path), jsonText(record))
  }
  const editLines: ForgedFolder['editLines'] = (path, change) => {
    const records = readFileSync(at(path), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Parameters<typeof change>[0][number])
    writeFileSync(at(path), ndjsonText(change(records)))
  }
  return {
    edit, editLines,
    editVerdict: (cell_id, change) => {
      const changed = (verdict: Verdict): Verdict => (verdict.cell_id === cell_id ? change(verdict) : verdict)
      edit<Ledger>(LEDGER_FILE, (ledger) => {
        const { artifact_bundle } = ledger.verdicts.find((verdict) => verdict.cell_id === cell_id)!
        edit<Verdict>(`${artifact_bundle}/verdict.json`, (verdict) => void Object.assign(verdict, change(verdict)))
        ledger.verdicts = ledger.verdicts.map(changed)
        ledger.sums = sumVerdicts(ledger.verdicts)
      })
      editLines<Verdict>(LEDGER_LINES_FILE, (lines) => lines.map(changed))
    },
    remove: (path) => rmSync(at(path), { recursive: true }),
    write: (path, text) => writeFileSync(at(path), text),
    copy: (from, to) => cpSync(at(from), at(to), { recursive: true }),
    redigest: async () => {
      for (const { path } of entriesIn(dir)) {
        if (!path.endsWith(`/${BUNDLE_INDEX}`)) continue
        const bundle = dirname(at(path))
        const stamps = readdirSync(bundle).filter((name) => name !== BUNDLE_INDEX).sort().map((name) => [name, stampOf(join(bundle, name))])
        edit<{ files: unknown }>(path, (index) => { index.files = Object.fromEntries(stamps) })
      }
      const { run_id } = JSON.parse(readFileSync(at(PLAN_FILE), 'utf8')) as { run_id: string }
      await writeEvidenceIndex(dir, run_id)
    },
  }
}

function stampOf(path: string): { sha256: string; bytes: number } {
  const data = readFileSync(path)
  return { sha256: sha256Hex(data), bytes: data.length }
}
