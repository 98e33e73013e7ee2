import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isLanecheckError } from '../../../src/contract/errors.js'
import type { Ledger, Plan } from '../../../src/contract/verdict.js'
import { atomicWrite, outputError } from '../../../src/evidence/atomic-write.js'
import { BUNDLE_INDEX, jsonText, ndjsonText, writeBundle } from '../../../src/evidence/bundle.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { LEDGER_LINES_FILE, openLedgerLines, readLedger, readLedgerLines, readPlan, writeLedger, writePlan } from '../../../src/evidence/ledger-file.js'
import { openOutput } from '../../../src/evidence/output.js'
import { sumVerdicts } from '../../../src/judge/sums.js'
import { tokenIn } from '../judge/verdicts.js'

let dir = ''
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'evidence-')) })
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function codeOf(act: () => unknown): Promise<string> {
  try {
    await act()
  } catch (error) {
    if (isLanecheckError(error)) return error.code
    throw error
  }
  return 'none'
}

const subject = { name: 's', version: '1', requires: [], host_roles: [], bridge: false, classification: null }
const planOf = (run_id: string): Plan => ({
  schema: 'lanecheck.plan.v1', run_id, seed: 1, subject, artifact_sha256: 'a', config_hash: 'c',
  cells: [{ cell_id: 'firefox.window/timer.a.b', engine: 'firefox', host_role: 'window', scenario_id: 'timer.a.b', surface_family: 'timer_surface', seed: 1 }],
})

describe('T0 evidence: atomic writes', () => {
  test('a file is whole, its folders are made, and nothing is left beside it', async () => {
    await atomicWrite(join(dir, 'a/b/c.json'), 'one', { fsync: true })
    await atomicWrite(join(dir, 'a/b/c.json'), 'two')
    expect(readFileSync(join(dir, 'a/b/c.json'), 'utf8')).toBe('two')
    expect(readdirSync(join(dir, 'a/b'))).toEqual(['c.json'])
  })
  test('a write that fails leaves the old file and nothing beside it, and says where', async () => {
    mkdirSync(join(dir, 'taken/inside'), { recursive: true })
    expect(await codeOf(() => atomicWrite(join(dir, 'taken'), 'x'))).toBe('output_not_writable')
    expect(readdirSync(dir)).toEqual(['taken'])
    expect(await codeOf(() => atomicWrite(join(dir, 'taken', 'x'.repeat(300)), 'x'))).toBe('output_not_writable')
  })
  test('a full disk has its own code', () => {
    const full = outputError('out/x', Object.assign(new Error('no space'), { code: 'ENOSPC' }))
    expect([full.code, full.where]).toEqual(['disk_full', 'out/x'])
    expect(outputError('out/x', Object.assign(new Error('read-only'), { code: 'EROFS' })).code).toBe('output_not_writable')
  })
})

describe('T0 evidence: bundles', () => {
  const head = { cell_id: 'firefox.window/timer.a.b', lane_id: 'firefox.window.direct', run_id: 'r' } as const
  test('the index holds the digest and length of every other file', async () => {
    const index = await writeBundle(join(dir, 'x'), { 'scenario.json': { b: 1, a: ['ö'] }, 'capture.ndjson': ndjsonText([{ b: 1, a: 2 }, { c: 3 }]) }, head)
    expect(JSON.parse(readFileSync(join(dir, 'x', BUNDLE_INDEX), 'utf8'))).toEqual(index)
    expect(readdirSync(join(dir, 'x')).sort()).toEqual(['bundle.json', 'capture.ndjson', 'scenario.json'])
    for (const [name, { sha256, bytes }] of Object.entries(index.files)) {
      const kept = readFileSync(join(dir, 'x', name))
      expect([sha256, bytes]).toEqual([sha256Hex(kept), kept.length])
    }
    expect(readFileSync(join(dir, 'x/capture.ndjson'), 'utf8')).toBe('{"a":2,"b":1}\n{"c":3}\n')
  })
  test('what has no canonical form, or no name of a bundle, is refused before anything is written', async () => {
    expect(await codeOf(() => writeBundle(join(dir, 'x'), { 'a.json': { n: Number.NaN } }, head))).toBe('evidence_invalid')
    expect(await codeOf(() => writeBundle(join(dir, 'x'), { '../a.json': {} }, head))).toBe('internal')
    expect(await codeOf(() => writeBundle(join(dir, 'x'), { 'bundle.json': {} }, head))).toBe('internal')
    expect(existsSync(join(dir, 'x'))).toBe(false)
  })
  test('the same record is the same text, whatever the order of its members', () => expect(jsonText({ b: 1, a: 2 })).toBe(jsonText({ a: 2, b: 1 })))
})

describe('T0 evidence: the ledger', () => {
  const [one, other] = [tokenIn('parity'), tokenIn('semantic_mismatch', 'webkit')]
  test('lines are appended and read back, also by a run that goes on', () => {
    const lines = openLedgerLines(join(dir, 'new'))
    lines.append(one)
    lines.close()
    const again = openLedgerLines(join(dir, 'new'))
    again.append(other)
    again.close()
    expect(readLedgerLines(join(dir, 'new'))).toEqual([one, other])
  })
  test('a line cut short is left out and does not swallow the next; the last verdict of a cell stands', () => {
    writeFileSync(join(dir, LEDGER_LINES_FILE), `${ndjsonText([tokenIn('not_run')])}{"schema":"lanecheck.ver`)
    const lines = openLedgerLines(dir)
    lines.append(one)
    lines.append(other)
    lines.close()
    expect(readLedgerLines(dir)).toEqual([one, other])
  })
  test('a whole line that is no verdict is named by its place; no file is no line', async () => {
    expect(readLedgerLines(dir)).toEqual([])
    writeFileSync(join(dir, LEDGER_LINES_FILE), '{"verdict":"parity"}\n')
    expect(await codeOf(() => readLedgerLines(dir))).toBe('evidence_invalid')
  })
  test('plan and ledger come back as they were; what is not one is named', async () => {
    const run = { run_id: 'r', lanecheck_version: '0', seed: 1, subject, artifact_sha256: 'a', artifact_path: 'p', config_hash: 'c', engines: [], started_at: 's', ended_at: 'e', node_version: 'v', interrupted: false }
    const ledger: Ledger = { schema: 'lanecheck.ledger.v1', run, verdicts: [one, other], sums: sumVerdicts([one, other]) }
    await writePlan(dir, planOf('r'))
    await writeLedger(dir, ledger)
    expect([readPlan(dir), readLedger(dir)]).toEqual([planOf('r'), ledger])
    writeFileSync(join(dir, 'ledger.json'), '{"schema":"lanecheck.ledger.v1"}')
    expect(await codeOf(() => readLedger(dir))).toBe('evidence_invalid')
    writeFileSync(join(dir, 'plan.json'), 'nonsense')
    expect(await codeOf(() => readPlan(dir))).toBe('evidence_invalid')
    expect(await codeOf(() => readPlan(join(dir, 'nowhere')))).toBe('evidence_invalid')
  })
})

describe('T0 evidence: the output folder', () => {
  test('absent and empty folders are taken, and nothing is left in them', async () => {
    expect(await openOutput(join(dir, 'new'), 'r')).toBe('empty')
    expect(await openOutput(dir, 'r').catch((error: { code: string }) => error.code)).toBe('output_holds_another_run')
    expect(readdirSync(join(dir, 'new'))).toEqual([])
  })
  test('its own run is taken again, another one is not', async () => {
    await writePlan(dir, planOf('r'))
    expect(await openOutput(dir, 'r')).toBe('same_run')
    expect(await codeOf(() => openOutput(dir, 'q'))).toBe('output_holds_another_run')
    writeFileSync(join(dir, 'plan.json'), '{}')
    expect(await codeOf(() => openOutput(dir, 'r'))).toBe('output_holds_another_run')
  })
  test('a folder that cannot be written, or is a file, is said to be so', async () => {
    writeFileSync(join(dir, 'file'), '')
    expect(await codeOf(() => openOutput(join(dir, 'file'), 'r'))).toBe('output_not_writable')
    if (process.getuid?.() === 0) return
    mkdirSync(join(dir, 'locked'))
    chmodSync(join(dir, 'locked'), 0o500)
    expect(await codeOf(() => openOutput(join(dir, 'locked'), 'r'))).toBe('output_not_writable')
  })
})
