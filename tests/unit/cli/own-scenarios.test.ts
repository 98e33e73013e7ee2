import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LedgerSchema, type Ledger } from '../../../src/contract/verdict.js'
import { InitReportSchema } from '../../../src/init/record.js'
import { lanecheck, ROOT } from './run.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanecheck-folder-'))
  writeFileSync(join(folder, 'mine.yaml'), 'id: mine.start.clean\ntitle: Mine\ntasks: { main: [{ op: mark, mark: up }, { op: shutdown }] }\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const config = (more: object): void => writeFileSync(join(folder, 'lanecheck.config.json'), JSON.stringify({ schema: 'lanecheck.config.v1', subject: 'native', ...more }, null, 2))
const cells = (stdout: string): string[] => (JSON.parse(stdout) as { cells: Array<{ scenario_id: string }> }).cells.map(({ scenario_id }) => scenario_id)
/** No engine is to be had: every cell is lost, and says how it is run again. */
const verified = async (...args: string[]): Promise<Ledger> => LedgerSchema.parse(JSON.parse((await lanecheck(folder, ['verify', '--json', '--quiet', ...args])).stdout))

describe('T0 timer_surface: a folder with a config and scenarios of its own', () => {
  test('lanes lists them beside the kit\'s, by config or by option', async () => {
    const alone = await lanecheck(folder, ['lanes', '--json', '--scenarios', 'mine.yaml'])
    expect(cells(alone.stdout)).toContain('mine.start.clean')
    expect(cells(alone.stdout)).toContain('timer.order.distinct')
    config({ scenarios: ['*.yaml'] })
    const configured = await lanecheck(folder, ['lanes', '--json', '--scenario', 'mine.*'])
    expect([...new Set(cells(configured.stdout))]).toEqual(['mine.start.clean'])
  })
  test('verify takes subject, scenarios and output from the config, and a cell of one by its id', async () => {
    config({ scenarios: ['*.yaml'], out: 'kept', expectations: 'e.json' })
    writeFileSync(join(folder, 'e.json'), '{ "schema": "lanecheck.expectations.v1", "expectations": [{ "lane": "*", "scenario": "mine.*", "verdict": "parity", "reason": "because" }] }')
    const { run, verdicts } = await verified('--cell', 'chromium.window/mine.start.clean')
    expect(run.subject.name).toBe('native')
    expect(verdicts.map(({ cell_id, verdict }) => [cell_id, verdict])).toEqual([['chromium.window/mine.start.clean', 'not_run']])
    expect(verdicts[0]!.repro_command).toContain('--subject native --cell chromium.window/mine.start.clean')
    expect(verdicts[0]!.repro_command).not.toContain('--scenarios')
    expect(existsSync(join(folder, 'kept/ledger.json'))).toBe(true)
    const again = await lanecheck(folder, ['report', 'kept'])
    expect(again.stderr).not.toContain('matches_nothing')
  })
  test('expectations of what this run did not load, or takes only when named, are left as they are', async () => {
    config({ scenarios: ['*.yaml'], expectations: 'e.json' })
    writeFileSync(join(folder, 'more.yml'), readFileSync(join(folder, 'mine.yaml'), 'utf8').replace('mine.start', 'more.start'))
    const entries = ['mine.start.clean', 'mine.*', 'task.*', 'timer.gone'].map((scenario) => ({ lane: '*', scenario, verdict: 'bridge_only', reason: 'because' }))
    const write = (): void => writeFileSync(join(folder, 'e.json'), JSON.stringify({ schema: 'lanecheck.expectations.v1', expectations: entries }))
    const left = async (...args: string[]): Promise<string[]> => {
      write()
      await lanecheck(folder, ['verify', '--quiet', '--engine', 'chromium', '--role', 'window', '--update-expectations', ...args])
      return (JSON.parse(readFileSync(join(folder, 'e.json'), 'utf8')) as { expectations: typeof entries }).expectations.map(({ scenario }) => scenario)
    }
    expect(await left('--scenarios', 'more.yml', '--scenario', 'more.*')).toEqual(entries.map(({ scenario }) => scenario))
    expect(await left('--scenario', 'mine.*')).toEqual(['mine.start.clean', 'mine.*', 'task.*'])
  })
  test('the command line wins, and the command that runs a cell again has what was typed', async () => {
    config({ subject: './absent.ts', scenarios: ['absent/*.yaml'], out: 'kept' })
    const { verdicts } = await verified('--subject', 'native', '--scenarios', '*.yaml', '--engine', 'chromium', '--role', 'window', '--scenario', '{mine.*,timer.order.equal}', '--out', 'typed')
    const again = new Map(verdicts.map(({ scenario_id, repro_command }) => [scenario_id, repro_command]))
    expect(again.get('mine.start.clean')).toContain("--seed 1 --scenarios '*.yaml'")
    expect(again.get('timer.order.equal')).not.toContain('--scenarios')
    expect(existsSync(join(folder, 'kept'))).toBe(false)
  })
  test.each<[string, object, string[], RegExp]>([
    ['an unknown field of the config', { scenaros: [] }, ['verify'], /error config_invalid: scenaros: there is no such field \(lanecheck\.config\.json:4\)/],
    ['a glob of it that matches nothing', { scenarios: ['lanes/*.ts'] }, ['lanes'], /error scenario_file_not_found: no file matches 'lanes\/\*\.ts'/],
    ['a cell that is not there', { scenarios: ['*.yaml'] }, ['verify', '--cell', 'chromium.window/mine.start.cleen'], /error unknown_cell: .*\n.*nearest: chromium\.window\/mine\.start\.clean/],
    ['inspect without a package', {}, ['inspect'], /error usage: no package is named/],
  ])('%s is refused', async (_, more, args, says) => {
    config(more)
    const { code, stdout, stderr } = await lanecheck(folder, args)
    expect(stderr).toMatch(says)
    expect([code, stdout]).toEqual([64, ''])
  })
  test('inspect reads the package that the config names', async () => {
    cpSync(join(ROOT, 'examples/wasm-pack-crate/pkg'), join(folder, 'pkg'), { recursive: true })
    config({ package: './pkg' })
    expect((await lanecheck(folder, ['inspect'])).stdout).toMatch(/^alarms 0\.1\.0: wasm_pack_web/)
  })
})

describe('T0 browser_surface: lanecheck init on a command line that is no terminal', () => {
  test('asks nothing, writes, and a second time writes nothing', async () => {
    cpSync(join(ROOT, 'examples/wasm-pack-crate/pkg'), join(folder, 'pkg'), { recursive: true })
    const first = await lanecheck(folder, ['init', '--json', '--language', 'js', '--config-format', 'yaml'])
    expect(first.code, first.stderr).toBe(0)
    expect(InitReportSchema.parse(JSON.parse(first.stdout)).files.map(({ path }) => path)).toEqual(['lanes/subject.js', 'lanes/start.scenario.js', 'lanecheck.config.yaml', 'lanecheck.expectations.json'])
    const before = readFileSync(join(folder, 'lanes/subject.js'), 'utf8')
    const second = await lanecheck(folder, ['init'])
    expect(second.stderr).toMatch(/error files_exist: nothing was written: lanes\/subject\.js, lanes\/start\.scenario\.js, lanecheck\.config\.yaml, lanecheck\.expectations\.json are there already/)
    expect([second.code, second.stdout]).toEqual([64, ''])
    expect(readFileSync(join(folder, 'lanes/subject.js'), 'utf8')).toBe(before)
  })
})
