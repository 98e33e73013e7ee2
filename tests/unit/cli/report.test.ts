import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ledger, Plan } from '../../../src/contract/verdict.js'
import { sumVerdicts } from '../../../src/judge/sums.js'
import { nativeArtifact, putRecords, recordsIn, writeEvidence } from '../audit/evidence.js'
import { lanecheck, type Ended } from './run.js'

let dir = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'lanecheck-report-cli-'))
  await writeEvidence(join(dir, 'run'), await nativeArtifact())
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('T0 browser_surface: lanecheck report', () => {
  /** The first cell alone, which is parity, of a plan of one cell or of all. */
  async function reported(planned: number, ...more: string[]): Promise<Ended> {
    const folder = join(dir, 'run')
    const [ledger] = recordsIn(folder, 'ledger.json') as [Ledger]
    const [plan] = recordsIn(folder, 'plan.json') as [Plan]
    const verdicts = ledger.verdicts.slice(0, 1)
    putRecords(folder, 'ledger.json', [{ ...ledger, verdicts, sums: sumVerdicts(verdicts) }])
    try {
      putRecords(folder, 'plan.json', [{ ...plan, cells: plan.cells.slice(0, planned) }])
      return await lanecheck(dir, ['report', 'run', ...more], { GITHUB_STEP_SUMMARY: join(dir, 'summary.md') })
    } finally {
      putRecords(folder, 'plan.json', [plan])
    }
  }

  test('a planned cell without a verdict is missing: 3, and it is named', async () => {
    const whole = await reported(1)
    expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('Every cell came out as expected.')])
    const { code, stdout } = await reported(3)
    expect(code).toBe(3)
    expect(stdout).toContain('2 planned cells have no verdict:\n  chromium.window/websocket.close.by_subject\n  chromium.shared_worker/timer.order.distinct\n')
    expect(stdout).not.toContain('Every cell came out')
  })

  test('the job summary says so too', async () => {
    const summary = join(dir, 'summary.md')
    const { code } = await reported(2, '--reporter', 'github')
    expect([code, readFileSync(summary, 'utf8')]).toEqual([3, expect.stringContaining('**1 planned cell has no verdict**, the first is `chromium.window/websocket.close.by_subject`.')])
  })
})
