import { randomBytes } from 'node:crypto'
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type sqlite from 'node-sqlite3-wasm'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { canonicalJson } from '../evidence/canonical-json.js'
import { outputError } from '../evidence/atomic-write.js'
import { checkHeader, checkIntegrity, readRows, SCHEMA, sealOf, soundRows, withDatabase } from './database.js'
import { withLock } from './lock.js'
import type { Added, NewRun } from './record.js'

/**
 * Adds runs to a history, all of them or none: in one transaction, on a copy that then takes the file's place.
 * Throws `evidence_invalid`, `evidence_unsound`, `output_not_writable`, `disk_full`.
 */
export async function addRuns(file: string, runs: readonly NewRun[], lock_limit_ms?: number): Promise<Added[]> {
  const path = resolve(file)
  return withLock(path, () => onCopy(path, (db) => {
    const added = runs.map((run) => addRun(db, run))
    db.run('INSERT OR REPLACE INTO seal (id, sha256) VALUES (1, ?)', [sealOf(readRows(db, path))])
    return { result: added, changed: added.some(({ how }) => how === 'added') }
  }), lock_limit_ms)
}

/** Does something to a copy in one transaction, and puts it in the file's place when something has changed. */
function onCopy<Result>(path: string, change: (db: sqlite.Database) => { result: Result; changed: boolean }): Result {
  const beside = join(dirname(path), `.${randomBytes(6).toString('hex')}.part`)
  try {
    mkdirSync(beside)
    const copy = join(beside, 'history.db')
    const isNew = !existsSync(path)
    if (!isNew) {
      checkHeader(path)
      copyFileSync(path, copy)
    }
    const { result, changed } = withDatabase(copy, path, false, (db) => {
      if (isNew) db.exec(SCHEMA)
      else checkSound(db, path)
      db.exec('BEGIN IMMEDIATE')
      const done = change(db)
      db.exec('COMMIT')
      return done
    })
    if (changed) {
      flush(copy)
      renameSync(copy, path)
    }
    return result
  } catch (error) {
    throw isLanecheckError(error) ? error : outputError(path, error)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

function checkSound(db: sqlite.Database, path: string): void {
  checkIntegrity(db, path)
  soundRows(db, path)
}

function addRun(db: sqlite.Database, { about, cells }: NewRun): Added {
  const added = { id: about.id, run_id: about.run_id, started_at: about.started_at, cells: cells.length }
  if (db.get('SELECT 1 FROM run WHERE id = ?', [about.id]) !== null) return { ...added, how: 'known' }
  const twin = db.get('SELECT id FROM run WHERE json_extract(about, \'$.run_id\') = ? AND json_extract(about, \'$.started_at\') = ?', [about.run_id, about.started_at])
  if (twin !== null) throw new LanecheckError('evidence_unsound', `run ${about.run_id} of ${about.started_at} is in the history with other evidence, as ${String(twin.id)}`, { hint: 'one of the two was changed: lanecheck audit tells which' })
  const list = bytesOf(cells.map(({ cell_id }) => interned(db, 'cell', 'cell_id', cell_id)))
  const outcomes = bytesOf(cells.map(({ outcome }) => interned(db, 'outcome', 'record', canonicalJson(outcome))))
  db.run('INSERT INTO run (id, about, cell_list, outcomes) VALUES (?, ?, ?, ?)', [about.id, canonicalJson(about), interned(db, 'cell_list', 'cells', list), outcomes])
  return { ...added, how: 'added' }
}

/** The id of a value that is kept once. */
function interned(db: sqlite.Database, table: string, column: string, value: string | Uint8Array): number {
  const known = db.get(`SELECT id FROM ${table} WHERE ${column} = ?`, [value])
  return Number(known === null ? db.run(`INSERT INTO ${table} (${column}) VALUES (?)`, [value]).lastInsertRowid : known.id)
}

/** 32-bit ids, little-endian. */
function bytesOf(ids: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(ids.length * 4))
  ids.forEach((id, index) => view.setUint32(index * 4, id, true))
  return new Uint8Array(view.buffer)
}

function flush(file: string): void {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
