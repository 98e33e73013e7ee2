import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ledger } from '../../../src/contract/verdict.js'
import { forgedFolder } from '../../../src/controls/forged-folder.js'
import { HistoryDiffSchema } from '../../../src/history/diff.js'
import { HistoryAddedSchema } from '../../../src/history/record.js'
import { HistoryReportSchema } from '../../../src/history/show.js'
import { nativeArtifact, writeEvidence } from '../audit/evidence.js'
import { lanecheck } from './run.js'

let dir = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lanecheck-history-cli-'))
  const artifact = await nativeArtifact()
  for (const [index, name] of ['one', 'other'].entries()) {
    const folder = join(dir, name)
    await writeEvidence(folder, artifact, index + 1)
    const forged = forgedFolder(folder)
    forged.edit<Ledger>('ledger.json', ({ run }) => { run.started_at = `2026-01-0${index + 1}T00:00:00.000Z` })
    await forged.redigest()
  }
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const history = (...args: string[]): ReturnType<typeof lanecheck> => lanecheck(dir, ['history', ...args])

describe('T0 browser_surface: lanecheck history', () => {
  test('adds evidence folders, shows and compares them', async () => {
    const { added } = HistoryAddedSchema.parse(JSON.parse((await history('add', 'one', 'other', '--json')).stdout))
    expect(added.map(({ how }) => how)).toEqual(['added', 'added'])
    expect((await history('add', 'one')).stdout).toMatch(/^known .*this very evidence is there already/)
    const report = HistoryReportSchema.parse(JSON.parse((await history('show', '--json', '--svg', 'plot.svg')).stdout))
    expect(report.runs).toHaveLength(2)
    expect(report.cells.length).toBeGreaterThan(5)
    expect(readFileSync(join(dir, 'plot.svg'), 'utf8')).toContain('<svg ')
    const shown = await history('show', '--cell', '*.window/timer.*')
    expect(shown.stdout).toMatch(/native: 2 runs.*\n\nlane +cells.*so since +flaked +rate \(95 %\)/s)
    const diff = HistoryDiffSchema.parse(JSON.parse((await history('diff', '--json')).stdout))
    expect(diff.context.map(({ field }) => field)).toContain('seed')
    expect((await history('diff', 'latest', 'latest')).stdout).toMatch(/The same subject, artifact, kit, seed and engines\.\n\nNo cell changed\./)
  })

  test('the html report draws it, for its own subject; what is no history is refused before anything is written', async () => {
    await history('add', 'one', 'other', '--db', 'drawn.db')
    await lanecheck(dir, ['report', 'one', '--reporter', 'html=drawn.html', '--history', 'drawn.db'])
    const index = readFileSync(join(dir, 'drawn.html'), 'utf8')
    expect(index).toMatch(/"history":\{"plot":"\\u003csvg /)
    expect(index.match(/"started_at":"2026-01-0[12]T00:00:00.000Z"/g)!.length).toBeGreaterThanOrEqual(2)
    const refused = await lanecheck(dir, ['report', 'one', '--reporter', 'html=not.html', '--history', join('one', 'plan.json')])
    expect([refused.code, readdirSync(dir).includes('not.html')]).toEqual([64, false])
  })

  test('evidence that was changed is refused, and nothing is written', async () => {
    appendFileSync(join(dir, 'other', 'ledger.json'), ' ')
    const before = readdirSync(dir)
    const { code, stderr } = await history('add', 'one', 'other', '--db', 'new.db')
    expect(code).toBe(1)
    expect(stderr).toMatch(/error evidence_unsound: .*ledger\.json.*\n {2}lanecheck audit other/)
    expect(readdirSync(dir)).toEqual(before)
  })

  test.each([
    [['history', 'add', 'nowhere'], /evidence_invalid: not an evidence folder/],
    [['history', 'show', '--db', 'nowhere.db'], /evidence_invalid: not a history.*cannot be read.*\n.*history add/],
    [['history', 'show', '--db', join('one', 'plan.json')], /it is no SQLite database/],
    // Node's own recursive `mkdir` never ends there.
    [['history', 'add', 'one', '--db', '/proc/lanecheck/history.db'], /error output_not_writable: cannot write \/proc\/lanecheck\S* \(ENOENT\)/],
    [['history', 'diff', 'latest~9'], /"latest~9" is no run of this history/],
    [['history', 'show', '--subject', 'nobody'], /has no run of nobody.*\n.*native/],
  ])('%j: exit 64, and no stack trace', async (args, says) => {
    const { code, stdout, stderr } = await lanecheck(dir, args)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
