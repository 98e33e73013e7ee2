import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import { z } from 'zod'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { CellIdSchema } from '../contract/lane.js'
import { outputError } from '../evidence/atomic-write.js'
import { byTime, OutcomeSchema, RunAboutSchema, type History, type KeptRun } from './record.js'

/** In the file's header (SQLite file format, 1.3): which program's it is, at 68, and which of its schemas, at 60; big-endian. */
export const APPLICATION_ID = 0x6c6e6863
export const SCHEMA_VERSION = 1
const MAGIC = 'SQLite format 3\0'

/** Cells and outcomes are named once. A run is one row, its outcomes a list of 32-bit numbers: 500,000 rows of their own took ten times as long to read. */
export const SCHEMA = `
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
CREATE TABLE cell (id INTEGER PRIMARY KEY, cell_id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE outcome (id INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE cell_list (id INTEGER PRIMARY KEY, cells BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE run (id TEXT PRIMARY KEY, about TEXT NOT NULL, cell_list INTEGER NOT NULL REFERENCES cell_list (id), outcomes BLOB NOT NULL) STRICT;
CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), sha256 TEXT NOT NULL) STRICT;
`

const named = <Column extends string>(column: Column) => z.strictObject({ id: z.number().int().min(1), [column]: z.string() } as Record<'id', z.ZodNumber> & Record<Column, z.ZodString>)
const RowsSchema = z.strictObject({
  cell: z.array(named('cell_id')),
  outcome: z.array(named('record')),
  cell_list: z.array(z.strictObject({ id: z.number().int().min(1), cells: z.instanceof(Uint8Array) })),
  run: z.array(z.strictObject({ id: z.string(), about: z.string(), cell_list: z.number().int().min(1), outcomes: z.instanceof(Uint8Array) })),
})
/** All rows of a database, by table. */
export type Rows = z.infer<typeof RowsSchema>

const TABLES = { cell: 'id', outcome: 'id', cell_list: 'id', run: 'id' } as const satisfies Record<keyof Rows, string>

/** Reads all rows of an open database. Throws `evidence_unsound`. */
export function readRows(db: sqlite.Database, path: string): Rows {
  const rows = RowsSchema.safeParse(Object.fromEntries(Object.entries(TABLES).map(([table, key]) => [table, db.all(`SELECT * FROM ${table} ORDER BY ${key}`)])))
  if (!rows.success) throw corrupt(path, `table ${rows.error.issues[0]?.path.join('.') ?? ''}: ${rows.error.issues[0]?.message ?? ''}`)
  return rows.data
}

/** SHA-256 over all rows: what a disk or a hand has changed is seen before it is believed. */
export function sealOf({ cell, outcome, cell_list, run }: Rows): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([cell.map(({ id, cell_id }) => [id, cell_id]), outcome.map(({ id, record }) => [id, record]), cell_list.map(({ id, cells }) => [id, cells.length]), run.map(({ id, about, cell_list: list, outcomes }) => [id, about, list, outcomes.length])]))
  for (const { cells } of cell_list) hash.update(cells)
  for (const { outcomes } of run) hash.update(outcomes)
  return hash.digest('hex')
}

/** Refuses a file that is no history of this schema, before SQLite opens it. Throws `evidence_invalid`. */
export function checkHeader(path: string): void {
  const refused = (why: string, hint: string): LanecheckError => new LanecheckError('evidence_invalid', `not a history of lanecheck: ${why}`, { where: path, hint })
  let head: Buffer
  try {
    head = readFileSync(path)
  } catch (error) {
    throw refused('it cannot be read', 'make one: lanecheck history add lanecheck-evidence')
  }
  if (head.length < 100 || head.toString('latin1', 0, MAGIC.length) !== MAGIC) throw refused('it is no SQLite database', 'name another file with --db')
  if (head.readUInt32BE(68) !== APPLICATION_ID) throw refused('it is another program\'s database', 'name another file with --db')
  const version = head.readUInt32BE(60)
  if (version !== SCHEMA_VERSION) throw refused(`it has schema ${version}, and this lanecheck reads ${SCHEMA_VERSION}`, 'use the lanecheck that wrote it, or add the evidence again to a new file with --db')
}

/** Opens a file that nobody else has open, does something with it, and closes it. What SQLite says becomes ours. */
export function withDatabase<Result>(file: string, path: string, readOnly: boolean, act: (db: sqlite.Database) => Result): Result {
  let db: sqlite.Database | null = null
  try {
    db = new sqlite.Database(file, { readOnly })
    return act(db)
  } catch (error) {
    if (isLanecheckError(error) || !(error instanceof sqlite.SQLite3Error)) throw error
    throw /disk is full/.test(error.message) ? outputError(path, { code: 'ENOSPC' }) : corrupt(path, error.message)
  } finally {
    if (db?.isOpen === true) db.close()
  }
}

/** All rows, when they are those that were sealed. Throws `evidence_unsound`. */
export function soundRows(db: sqlite.Database, path: string): Rows {
  const rows = readRows(db, path)
  if (db.get('SELECT sha256 FROM seal')?.sha256 !== sealOf(rows)) throw corrupt(path, 'its rows are not those that were sealed')
  return rows
}

/** Also what no row shows: indices, by which the next write finds its way. Throws `evidence_unsound`. */
export function checkIntegrity(db: sqlite.Database, path: string): void {
  const health = db.get('PRAGMA integrity_check(1)')
  if (health?.integrity_check !== 'ok') throw corrupt(path, String(health?.integrity_check))
}

/**
 * Reads a whole history, from a copy: the library's lock is a folder beside the file, which a killed reader would leave.
 * Throws `evidence_invalid` for a foreign file or another schema, `evidence_unsound` for one that was changed.
 */
export function readHistory(path: string): History {
  checkHeader(path)
  const own = mkdtempSync(join(tmpdir(), 'lanecheck-history-'))
  try {
    const copy = join(own, 'history.db')
    copyFileSync(path, copy)
    return historyOf(withDatabase(copy, path, true, (db) => soundRows(db, path)), path)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

function historyOf({ cell, outcome, cell_list, run }: Rows, path: string): History {
  const places = (ids: ReadonlyArray<{ id: number }>): Map<number, number> => new Map(ids.map(({ id }, index) => [id, index]))
  const [cellAt, outcomeAt] = [places(cell), places(outcome)]
  const lists = new Map(cell_list.map(({ id, cells }) => [id, indices(cells, cellAt, path)]))
  const runs = run.map(({ id, about, cell_list: list, outcomes }): KeptRun => {
    const kept = { about: parsed(RunAboutSchema, about, path), cells: lists.get(list), outcomes: indices(outcomes, outcomeAt, path) }
    if (kept.cells === undefined || kept.cells.length !== kept.outcomes.length || kept.about.id !== id) throw corrupt(path, `run ${id} does not fit its cells`)
    return { ...kept, cells: kept.cells }
  })
  return {
    cells: cell.map(({ cell_id }) => {
      const id = CellIdSchema.safeParse(cell_id)
      if (!id.success) throw corrupt(path, `"${cell_id}" is no cell`)
      return id.data
    }),
    outcomes: outcome.map(({ record }) => parsed(OutcomeSchema, record, path)),
    runs: runs.sort(byTime),
  }
}

function parsed<Record>(schema: z.ZodType<Record>, text: string, path: string): Record {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw corrupt(path, 'a record does not match its schema')
  }
}

/** 32-bit ids, little-endian, as places in a list. */
function indices(bytes: Uint8Array, places: ReadonlyMap<number, number>, path: string): Uint32Array {
  if (bytes.length % 4 !== 0) throw corrupt(path, 'a list of ids ends within one')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => {
    const place = places.get(view.getUint32(index * 4, true))
    if (place === undefined) throw corrupt(path, 'a list of ids names none')
    return place
  })
}

const corrupt = (path: string, why: string): LanecheckError =>
  new LanecheckError('evidence_unsound', `the history was changed, or is damaged: ${why}`, { where: path, hint: 'take it from a backup, or add the evidence again to a new file with --db' })
