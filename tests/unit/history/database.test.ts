import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import { describe, expect, test } from 'vitest'
import { addRuns } from '../../../src/history/add.js'
import { APPLICATION_ID, readHistory } from '../../../src/history/database.js'
import { historyOf, runOn, somewhere } from './support.js'

const told = (run: () => unknown): { code: string; message: string } => {
  try {
    run()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('nothing was thrown')
}

const sql = (path: string, text: string): void => {
  const db = new sqlite.Database(path)
  db.exec(text)
  db.close()
}

describe('T0 browser_surface: the database of a history', () => {
  test('gives back what was added, and leaves nothing beside it', async () => {
    const path = somewhere()
    const runs = [runOn(3, { a: 'parity', b: 'bridge_only' }), runOn(1, { b: 'unsupported', c: 'irreproducible' }), runOn(2, { c: 'parity' }), runOn(0, { a: 'parity' })]
    expect((await addRuns(path, runs)).map(({ how, cells }) => [how, cells])).toEqual([['added', 2], ['added', 2], ['added', 1], ['added', 1]])
    const plain = (history: ReturnType<typeof readHistory>): unknown => history.runs.map(({ about, cells, outcomes }) => ({ about, cells: Array.from(cells, (at, index) => [history.cells[at], history.outcomes[outcomes[index]!]]) }))
    expect(plain(readHistory(path))).toEqual(plain(historyOf(runs)))
    expect(readHistory(path).runs.map(({ about }) => about.started_at.slice(9, 10))).toEqual(['1', '2', '3', '4'])
    expect(readdirSync(dirname(path))).toEqual(['history.db'])
  })

  test('the same run twice changes no byte', async () => {
    const path = somewhere()
    await addRuns(path, [runOn(1, { a: 'parity' })])
    const before = readFileSync(path)
    expect((await addRuns(path, [runOn(1, { a: 'parity' })]))[0]?.how).toBe('known')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('the same run with other evidence is refused, and with it all that came along', async () => {
    const path = somewhere()
    await addRuns(path, [runOn(1, { a: 'parity' })])
    const before = readFileSync(path)
    await expect(addRuns(path, [runOn(2, { a: 'parity' }), runOn(1, { a: 'parity' }, { id: 'c'.repeat(64) })])).rejects.toMatchObject({ code: 'evidence_unsound' })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(['history.db'])
  })

  test('a file of something else is refused and left as it is', async () => {
    const [text, foreign, newer] = [somewhere(), somewhere(), somewhere()]
    writeFileSync(text, 'not a database '.repeat(20))
    sql(foreign, 'CREATE TABLE cell (id INTEGER PRIMARY KEY)')
    sql(newer, `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 2; CREATE TABLE cell (id INTEGER PRIMARY KEY)`)
    for (const [path, why] of [[text, 'it is no SQLite database'], [foreign, 'another program\'s'], [newer, 'it has schema 2']] as const) {
      const before = readFileSync(path)
      expect(told(() => readHistory(path))).toMatchObject({ code: 'evidence_invalid', message: expect.stringContaining(why) as string })
      await expect(addRuns(path, [runOn(1, { a: 'parity' })])).rejects.toMatchObject({ code: 'evidence_invalid' })
      expect(readFileSync(path).equals(before)).toBe(true)
    }
    expect(told(() => readHistory(somewhere()))).toMatchObject({ code: 'evidence_invalid' })
  })

  test.each([
    ['an outcome', 'UPDATE outcome SET record = replace(record, \'unsupported\', \'parity\')'],
    ['a run taken out', 'DELETE FROM run WHERE rowid = 1'],
    ['a date', 'UPDATE run SET about = replace(about, \'2026-01-02\', \'2025-01-02\')'],
    ['which cell came out how', 'UPDATE run SET outcomes = x\'0200000002000000\''],
    ['no seal', 'DELETE FROM seal'],
  ])('a hand that changed %s is seen', async (_, change) => {
    const path = somewhere()
    await addRuns(path, [runOn(1, { a: 'parity', b: 'unsupported' })])
    sql(path, change)
    expect(told(() => readHistory(path))).toMatchObject({ code: 'evidence_unsound' })
    await expect(addRuns(path, [runOn(2, { a: 'parity' })])).rejects.toMatchObject({ code: 'evidence_unsound' })
  })

  test('a disk that lost a part is seen', async () => {
    const path = somewhere()
    await addRuns(path, [runOn(1, Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`c${index}`, 'parity'] as const)))])
    const whole = readFileSync(path)
    writeFileSync(path, whole.subarray(0, whole.length - 4096))
    expect(told(() => readHistory(path))).toMatchObject({ code: 'evidence_unsound' })
    writeFileSync(path, Buffer.concat([whole.subarray(0, 4096), Buffer.alloc(4096, 7), whole.subarray(8192)]))
    expect(told(() => readHistory(path))).toMatchObject({ code: 'evidence_unsound' })
  })

  test('a lock that is held is waited for, and named when it stays', async () => {
    const path = somewhere()
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.lock`, `${process.ppid}\n`)
    await expect(addRuns(path, [runOn(1, { a: 'parity' })], 100)).rejects.toMatchObject({ code: 'output_not_writable', message: expect.stringContaining(`process ${process.ppid}`) as string })
    expect(existsSync(path)).toBe(false)
  })

  test('a folder that the library\'s own lock left behind stands in nobody\'s way', async () => {
    const path = somewhere()
    await addRuns(path, [runOn(1, { a: 'parity' })])
    mkdirSync(`${path}.lock.lock`)
    mkdirSync(`${path}-journal.lock`)
    await addRuns(path, [runOn(2, { a: 'parity' })])
    expect(readHistory(path).runs).toHaveLength(2)
  })

  test('writers at once lose nothing', async () => {
    const path = somewhere()
    const writer = `
      const { addRuns } = await import(${JSON.stringify(builtModule())})
      const runs = JSON.parse(process.argv[1])
      for (const run of runs) await addRuns(${JSON.stringify(path)}, [run])`
    const codes = await Promise.all([0, 1, 2].map((one) => new Promise<number | null>((done, fail) => {
      const runs = [0, 1, 2, 3].map((two) => runOn(one * 10 + two, { a: 'parity', b: 'bridge_only' }))
      const child = spawn(process.execPath, ['--input-type=module', '--eval', writer, JSON.stringify(runs)], { stdio: ['ignore', 'inherit', 'inherit'], timeout: 60_000 })
      child.once('error', fail).once('close', done)
    })))
    expect(codes).toEqual([0, 0, 0])
    expect(readHistory(path).runs).toHaveLength(12)
    expect(readdirSync(dirname(path))).toEqual(['history.db'])
  })
})

/** Other processes run what is built. */
const builtModule = (): string => createRequire(import.meta.url).resolve('../../../dist/src/history/add.js')
