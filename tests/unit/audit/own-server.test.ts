import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkOwnServer } from '../../../src/audit/check-own-server.js'
import { openFolder } from '../../../src/audit/folder.js'
import { hasPlace } from '../../../src/audit/places.js'
import type { OwnServerRecord } from '../../../src/contract/own-downgrade.js'
import type { Plan } from '../../../src/contract/verdict.js'
import { ownServerPath, writeOwnServer } from '../../../src/evidence/own-server-file.js'

const server = { kind: 'command' as const, command: ['node', 'server.mjs'], ready: { path: '/health' }, limit_ms: 10_000 }
const record = (text: string): Omit<OwnServerRecord, 'schema'> => ({
  run_id: 'run', server, ready: true, lost: null, ended: { how: 'stopped', code: null, signal: 'SIGTERM' }, stdout: { bytes: text.length, kept: text }, stderr: { bytes: 0, kept: '' },
})
const plan = (own: boolean): Plan => ({ run_id: 'run', subject: own ? { downgrade: { server } } : {} }) as unknown as Plan
const [one, two] = [{ engine: null, index: 1, of: 2 }, { engine: null, index: 2, of: 2 }] as const

describe('T0 browser_surface: what each part of a run keeps of the subject\'s own server', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'lanecheck-own-server-'))
    put('ledger.json')
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  function put(path: string): void {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), '{}')
  }
  function said(own = true): string[] {
    const folder = openFolder(dir)
    checkOwnServer(folder, plan(own))
    return folder.findings.map(({ code, path, field }) => `${code} ${path}${field === null ? '' : ` ${field}`}`)
  }

  test('in one piece it is one file; a subject without a server has none', async () => {
    expect(said()).toEqual(['file_missing own-server.json'])
    await writeOwnServer(dir, null, record('up'))
    expect(said()).toEqual([])
    expect(said(false)).toEqual(['file_added own-server.json'])
  })

  test('two shards say different things of their servers, and both are kept; one too few and one too many are named', async () => {
    put('shards/1-of-2.json')
    put('shards/2-of-2.json')
    await writeOwnServer(dir, one, record('port 1'))
    expect(said()).toEqual(['file_missing own-servers/2-of-2.json'])
    await writeOwnServer(dir, two, record('port 2'))
    expect([said(), hasPlace(ownServerPath(one)), hasPlace('own-servers/x.json')]).toEqual([[], true, false])
    await writeOwnServer(dir, { engine: 'webkit', index: 1, of: 1 }, record('port 3'))
    await writeOwnServer(dir, null, record('port 4'))
    expect(said()).toEqual(['file_added own-server.json', 'file_added own-servers/webkit.1-of-1.json'])
  })

  test('a record of another run is named', async () => {
    await writeOwnServer(dir, null, { ...record('up'), run_id: 'another' })
    expect(said()).toEqual(['other_run own-server.json run_id'])
  })
})
