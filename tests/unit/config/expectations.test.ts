import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadClaimsConfig } from '../../../src/config/claims-config.js'
import { expectedOf, loadExpectations, type ExpectationEntry } from '../../../src/config/expectations.js'

const entry = (parts: Partial<ExpectationEntry>): ExpectationEntry => ({ lane: '*', scenario: '*', verdict: 'semantic_mismatch', reason: 'it is so', ...parts })
const cell = { lane_id: 'webkit.window.direct', scenario_id: 'fetch.truncated.chunked', engine: 'webkit' } as const
const ask = (...entries: ExpectationEntry[]) => expectedOf(entries, () => 'webkitgtk')(cell)

describe('T0 expectations', () => {
  let folder: string
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-test-')) })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const file = (content: unknown): string => {
    const path = join(folder, 'expected.json')
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  test('speak of cells by lane, scenario and product', () => {
    expect(ask(entry({ lane: 'webkit.*' }))).not.toBeNull()
    expect(ask(entry({ lane: 'webkit.*.bridge' }))).toBeNull()
    expect(ask(entry({ scenario: 'fetch.truncated.*' }))).not.toBeNull()
    expect(ask(entry({ scenario: 'fetch.redirect.*' }))).toBeNull()
    expect(ask(entry({ engine_product: 'webkitgtk' }))).not.toBeNull()
    expect(ask(entry({ engine_product: 'playwright-webkit' }))).toBeNull()
  })
  test('the last that matches stands', () => {
    expect(ask(entry({ reason: 'first' }), entry({ lane: 'webkit.**', reason: 'last' }))?.reason).toBe('last')
  })
  test('a named file must be there and be right', () => {
    expect(() => loadExpectations(join(folder, 'none.json'))).toThrowError(expect.objectContaining({ code: 'usage' }))
    expect(() => loadExpectations(file('{'))).toThrowError(expect.objectContaining({ code: 'usage' }))
    const unknown = file({ schema: 'lanecheck.expectations.v1', expectations: [entry({ verdict: 'fine' as ExpectationEntry['verdict'] })] })
    expect(() => loadExpectations(unknown)).toThrowError(expect.objectContaining({ code: 'usage', message: expect.stringContaining('expectations.0.verdict'), where: unknown }))
  })
  test('a link that leads nowhere is not taken for no file; nor is it of the claims config', () => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      expect([loadExpectations(undefined), loadClaimsConfig(undefined)]).toEqual([[], {}])
      for (const name of ['lanecheck.expectations.json', 'lanecheck.claims.yaml']) symlinkSync('absent', name)
      for (const load of [loadExpectations, loadClaimsConfig]) expect(() => load(undefined)).toThrowError(expect.objectContaining({ code: 'usage', message: expect.stringContaining('cannot be read: ENOENT') as unknown }))
    } finally {
      process.chdir(before)
    }
  })
  test('an entry without a reason is refused', () => {
    const { reason: _, ...rest } = entry({})
    expect(() => loadExpectations(file({ schema: 'lanecheck.expectations.v1', expectations: [rest] }))).toThrowError(expect.objectContaining({ code: 'usage' }))
  })
  test('the file of this repository is one', () => expect(loadExpectations('lanecheck.expectations.json').length).toBeGreaterThan(0))
})
