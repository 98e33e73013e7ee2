import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ControlsReport } from '../../../src/controls/run-controls.js'
import { lanecheck } from './run.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-controls-cli-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('T4 browser_surface: lanecheck controls', () => {
  test('--offline: a table of faults, required and given answers; all right, exit 0, progress on standard error, nothing left behind', async () => {
    const { code, stdout, stderr } = await lanecheck(folder, ['controls', '--offline', '--only', 'clock.*', '--only', 'ledger.sums'])
    expect([code, readdirSync(folder)]).toEqual([0, []])
    expect(stdout).toMatch(/control +where +fault +required +given\n/)
    expect(stdout).toMatch(/right +ledger\.sums +offline +a sum counts one parity more +audit sums_differ, exit 1 +the same\n/)
    expect(stdout).not.toContain('…')
    expect(stdout).toMatch(/12 answers to 12 controls: all right\n$/)
    expect(stderr).toBe('12 controls offline\n')
  })

  test('--json: the same for a machine', async () => {
    const { code, stdout, stderr } = await lanecheck(folder, ['controls', '--offline', '--quiet', '--json', '--only', 'report.no_lane'])
    const report = JSON.parse(stdout) as ControlsReport
    expect([code, stderr]).toEqual([0, ''])
    expect(report).toEqual({ answers: [{ id: 'report.no_lane', engine: null, required: 'blocked_missing_observability', given: 'blocked_missing_observability', right: true }], missing: [], exit_code: 0 })
  })

  test('an engine that is not there: 3, and what to do', async () => {
    const { code, stdout } = await lanecheck(folder, ['controls', '--engine', 'chromium', '--quiet', '--only', 'subject.hangs'])
    expect(code).toBe(3)
    expect(stdout).toMatch(/chromium is missing: .*to have it: /)
  })
})
