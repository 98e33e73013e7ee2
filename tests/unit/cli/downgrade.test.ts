import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DowngradeReportSchema } from '../../../src/contract/downgrade-report.js'
import { TRIALS } from '../../../src/downgrade/trials.js'
import { lanecheck, ROOT } from './run.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-downgrade-cli-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('T0 browser_surface: lanecheck downgrade', () => {
  test('--list: every trial as Markdown, or as JSON; nothing is run or left behind', async () => {
    const { code, stdout, stderr } = await lanecheck(folder, ['downgrade', '--list'])
    expect([code, stderr, readdirSync(folder)]).toEqual([0, '', []])
    expect(stdout.trim().split('\n')).toHaveLength(2 + TRIALS.length)
    const json = await lanecheck(folder, ['downgrade', '--list', '--json', '--only', 'taken.*'])
    expect((JSON.parse(json.stdout) as Array<{ id: string }>).every(({ id }) => id.startsWith('taken.'))).toBe(true)
  })

  test.each([
    [['downgrade', '--only', 'nothing.*'], /no trial matches nothing\.\* \(--only\)\n {2}lanecheck downgrade --list names them all/],
    [['downgrade', '--only', 'sandbox.*', '--role', 'window'], /none of these trials is made in window \(--role\)/],
    [['downgrade', '--subject', './nowhere.ts'], /nowhere\.ts/],
    [['downgrade', 'diagram', '.'], /this is no bundle of a bridged cell/],
    [['downgrade', 'diagram'], /missing required argument 'bundle'/],
  ])('%j: wrong use is 64, says where and what to do, and leaves nothing', async (args, message) => {
    const { code, stdout, stderr } = await lanecheck(folder, args)
    expect([code, stdout, readdirSync(folder)]).toEqual([64, '', []])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('an engine that is not there: 3, each answer lost, the report and the page written all the same, the evidence audited', async () => {
    const args = ['--engine', 'chromium', '--role', 'window', '--only', 'taken.worker', '--subject', 'native', '--out', 'out', '--quiet']
    const { code, stdout } = await lanecheck(folder, ['downgrade', ...args, '--json', '--html', 'page.html'])
    const report = DowngradeReportSchema.parse(JSON.parse(stdout))
    expect([code, report.exit_code, report.sums]).toEqual([3, 3, { ok: 0, different: 0, weak: 0, lost: 1 }])
    expect(report.rows).toMatchObject([{ trial: 'taken.worker', outcome: 'lost', given: null, cells: [{ verdict: 'not_run' }, { verdict: 'not_run' }] }])
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(/lost: no answer/)
    expect(existsSync(join(folder, 'out', 'ledger.json'))).toBe(true)
    expect((await lanecheck(folder, ['audit', 'out'])).code).toBe(0)
  })

  test('diagram: draws a bridged cell from its bundle', async () => {
    const { code, stdout } = await lanecheck(folder, ['downgrade', 'diagram', join(ROOT, 'tests', 'golden', 'downgrade-sample')])
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'sequenceDiagram'])
  })
})
