import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf, TESTS } from '../gate/support.js'
import { nativeArtifact, writeEvidence } from '../audit/evidence.js'
import { lanecheck } from './run.js'

let dir = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lanecheck-claims-'))
  await writeEvidence(join(dir, 'evidence'), await nativeArtifact())
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const claims = (what: 'check' | 'write', ...args: string[]): ReturnType<typeof lanecheck> => lanecheck(dir, ['claims', what, join(dir, 'doc.md'), '--evidence', join(dir, 'evidence'), ...args])
const document = (lanes: string, rest = ''): void => writeFileSync(join(dir, 'doc.md'),
  ['```lane-claims', 'subject: native', 'claims:', `  - { surface: timer_surface, lanes: [${lanes}], support: direct, least_evidence: { cells: 1 } }`, '```', rest, ''].join('\n'))

describe('T0 browser_surface: lanecheck claims', () => {
  it('exits 0 on a claim that holds, 1 on one beyond its evidence, with file and line', async () => {
    document('chromium.window')
    expect((await claims('check')).code).toBe(0)
    document('chromium.shared_worker')
    const beyond = await claims('check')
    expect(beyond.code).toBe(1)
    expect(beyond.stdout).toMatch(/doc\.md:4:5 {2}bridge_only_as_direct/)
  })

  it('refuses evidence that does not audit clean: what was changed proves nothing', async () => {
    document('chromium.window')
    const changed = mkdtempSync(join(tmpdir(), 'lanecheck-claims-changed-'))
    await writeEvidence(changed, await nativeArtifact(), 2)
    appendFileSync(join(changed, 'plan.json'), ' ')
    const { code, stderr } = await lanecheck(dir, ['claims', 'check', join(dir, 'doc.md'), '--evidence', changed])
    rmSync(changed, { recursive: true, force: true })
    expect(code).toBe(1)
    expect(stderr).toMatch(/evidence_unsound.*does not audit clean/s)
  })

  it('writes tables, and a second time says unchanged', async () => {
    document('chromium.window', '<!-- lane-table subject="native" surface="timer_surface" -->\n<!-- /lane-table -->')
    expect((await claims('check')).code).toBe(1)
    expect((await claims('write')).stdout).toMatch(/^written/)
    const once = readFileSync(join(dir, 'doc.md'), 'utf8')
    expect((await claims('write')).stdout).toMatch(/^unchanged/)
    expect(readFileSync(join(dir, 'doc.md'), 'utf8')).toBe(once)
    expect((await claims('check')).code).toBe(0)
  })

  it('--tests: the record must be there, be one, and be of this build, or nothing is promoted', async () => {
    document('chromium.window')
    writeFileSync(join(dir, 'not-a-record.json'), '{}')
    expect((await claims('check', '--tests', join(dir, 'no-such.json'))).code).toBe(64)
    expect((await claims('check', '--tests', join(dir, 'not-a-record.json'))).stderr).toContain('not-a-record.json')
    writeFileSync(join(dir, 'record.json'), JSON.stringify(recordOf(TESTS).record))
    expect((await claims('check', '--tests', join(dir, 'record.json'))).code).toBe(0)
  })

  it('bad input: exit 64 and no stack trace', async () => {
    for (const args of [['claims', 'check', 'no-such.md'], ['claims', 'check', join(dir, 'doc.md'), '--evidence', join(dir, 'no-such')], ['claims', 'check'], ['claims', 'check', 'x', '--json', '--sarif']]) {
      const { code, stderr } = await lanecheck(dir, args)
      expect([args.join(' '), code]).toEqual([args.join(' '), 64])
      expect(stderr).not.toMatch(/\n\s+at /)
    }
  })
})
