import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DOCTOR_CHECKS, DoctorReportSchema } from '../../../src/contract/doctor.js'
import { lanecheck, ROOT, run } from './run.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-doctor-cli-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('T0 browser_surface: lanecheck doctor', () => {
  test('--json is the report alone: every check, and the exit code of what failed', async () => {
    const { code, stdout, stderr } = await lanecheck(folder, ['doctor', '--json', '--subject', 'native'])
    const report = DoctorReportSchema.parse(JSON.parse(stdout))
    expect(report.checks.map(({ check }) => check)).toEqual([...DOCTOR_CHECKS])
    expect(report.checks.filter(({ status }) => status === 'failed').map(({ check, mend }) => [check, mend])).toEqual(['chromium', 'firefox', 'webkit'].map((engine) => [engine, expect.stringMatching(`^unset LANECHECK_${engine.toUpperCase()}`) as unknown]))
    expect([code, report.exit_code, stderr]).toEqual([3, 3, ''])
    expect(readdirSync(folder)).toEqual([])
  })

  test('for a person: a line a check, what to type on a line of its own, and the next command; no wider than it may be', async () => {
    const { code, stdout } = await lanecheck(folder, ['doctor', '--engine', 'firefox', '--subject', './none.ts'], { COLUMNS: '80' })
    expect(code).toBe(64)
    expect(stdout).toMatch(/^failed +firefox +LANECHECK_FIREFOX names/m)
    expect(stdout).toMatch(/^ +unset LANECHECK_FIREFOX/m)
    expect(stdout).toMatch(/^note +chromium +not asked for$/m)
    expect(stdout).toMatch(/2 of \d+ checks failed \(exit code 64\)\.\n.*: lanecheck doctor\n$/)
    expect(stdout.split('\n').filter((line) => line.length > 80 && !/unset|name a module/.test(line))).toEqual([])
    const quiet = await lanecheck(folder, ['doctor', '--engine', 'firefox', '--quiet', '--subject', 'native'])
    expect(quiet.stdout).not.toMatch(/^(ok|note)/m)
    expect(quiet.code).toBe(3)
  })

  test('colours where they are forced, none where NO_COLOR is', async () => {
    const args = ['doctor', '--engine', 'firefox', '--quiet', '--subject', 'native']
    expect((await lanecheck(folder, args, { FORCE_COLOR: '1' })).stdout).toContain('\u001b[31mfailed')
    expect((await lanecheck(folder, args, { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain('\u001b[')
  })

  test('a real limit of open files is told', async () => {
    // Node raises its soft limit to the hard one.
    const { stdout } = await run('sh', ['-c', `ulimit -Hn 200; ulimit -n 200; exec "${process.execPath}" "${join(ROOT, 'dist/src/cli/main.js')}" doctor --no-launch --json --engine firefox --subject native`], { cwd: folder, limit_ms: 25_000 })
    expect(DoctorReportSchema.parse(JSON.parse(stdout)).checks.find(({ check }) => check === 'open_files')).toMatchObject({ status: 'failed', says: expect.stringContaining('200 files') as string, mend: 'ulimit -n 4096' })
  })
})
