import { closeSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lanecheck, ROOT } from './run.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-usage-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PAGE = 'node:internal|\\n +at '

/** Each is wrong use: exit code 64, what is wrong and what to do on standard error, nothing on standard output, no stack trace, nothing written. */
const WRONG: Array<[what: string, args: string[], says: RegExp]> = [
  ['an unknown command', ['verfy'], /error usage: unknown command 'verfy'\n.*Did you mean verify\?.*lanecheck --help/],
  ['an unknown option', ['verify', '--enginee', 'chromium'], /error usage: unknown option '--enginee'\n.*Did you mean --engine\?.*lanecheck verify --help/],
  ['an option without its value', ['verify', '--seed'], /error usage: option '--seed <number>' argument missing/],
  ['a number that is none', ['verify', '--attempts', '1e1'], /option '--attempts <number>' argument '1e1' is invalid\. want a whole number from 1 to 5/],
  ['a number out of its range', ['verify', '--seed', '99999999999'], /want a whole number from 0 to 2147483647/],
  ['a port that browsers block', ['verify', '--port', '6000'], /--port.*want a whole number from 10081 to 65000/],
  ['a glob that the shell has spread', ['verify', '--scenario', 'timer.a', 'timer.b'], /too many arguments.*\n.*quotes.*--scenario 'timer\.\*'/],
  ['an unknown engine', ['verify', '--engine', 'chromium,opera'], /error unknown_engine: there is no engine "opera" \(--engine\)\n.*chromium, firefox, webkit/],
  ['an unknown host role', ['probe', '--role', 'tab'], /error unknown_host_role: there is no host role "tab" \(--role\)\n.*window, dedicated_worker, shared_worker, service_worker/],
  ['an unknown scenario', ['verify', '--scenario', 'timer.order.distnct'], /error unknown_scenario: .*'timer\.order\.distnct'.*--scenario\)\n.*nearest: timer\.order\.distinct/],
  ['an unknown family of scenarios', ['lanes', '--scenario', 'timers.*'], /error unknown_scenario: .*\n.*whole families: timer\.\*/],
  ['an empty glob', ['verify', '--scenario', ''], /option '--scenario <glob>' argument '' is invalid\. it is empty/],
  ['an empty folder name', ['verify', '--out', ''], /option '--out <folder>' argument '' is invalid\. it is empty/],
  ['an unknown cell', ['verify', '--cell', 'firefox.window/timer.order.distnct'], /error unknown_cell: .*--cell\)\n.*nearest: firefox\.window\/timer\.order\.distinct.*lanecheck lanes --json/],
  ['a cell and an engine', ['verify', '--cell', 'firefox.window/timer.order.distinct', '--engine', 'chromium'], /option '--cell <id>' cannot be used with option '--engine <names>'/],
  ['controls that there are none of', ['controls', '--only', 'subjekt.*'], /error usage: no control matches subjekt\.\* \(--only\)\n.*lanecheck controls --list/],
  ['an engine for controls that need none', ['controls', '--offline', '--engine', 'chromium'], /option '--offline' cannot be used with option '--engine <names>'/],
  ['an expectations file that is not there', ['verify', '--expectations', 'none.json'], /error usage: the expectations file cannot be read: .*ENOENT.*none\.json/],
]

describe('T0 browser_surface: wrong use of the command line', () => {
  test.each(WRONG)('%s', async (_, args, says) => {
    const { code, stdout, stderr } = await lanecheck(folder, args)
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(PAGE)
    expect([code, stdout, readdirSync(folder)]).toEqual([64, '', []])
  })

  test('no command at all prints the help, and is wrong use', async () => {
    const { code, stdout, stderr } = await lanecheck(folder, [])
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toMatch(/Usage: lanecheck[\s\S]*verify[\s\S]*error usage: no command\n.*lanecheck verify/)
  })
})

describe('T0 browser_surface: help that was asked for', () => {
  const EXAMPLE = /Examples?:\n {2}lanecheck \w+/

  test('has an example, for the whole and for each command', async () => {
    const { code, stdout, stderr } = await lanecheck(folder, ['--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(EXAMPLE)
    const commands = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}(\w+) .*/gm)].map(([, name]) => name!).filter((name) => name !== 'help' && name !== 'lanecheck')
    expect(commands).toEqual(expect.arrayContaining(['verify', 'probe', 'lanes']))
    const helps = await Promise.all(commands.map(async (name) => ({ name, ...(await lanecheck(folder, [name, '--help'])) })))
    expect(helps.filter((help) => help.code !== 0 || help.stderr !== '' || !EXAMPLE.test(help.stdout)).map(({ name }) => name)).toEqual([])
  })

  test.each(['verify', 'downgrade'])('of %s names no number of this machine', async (command) => {
    const { code, stdout } = await lanecheck(folder, [command, '--help'])
    expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([0, expect.stringContaining('--frames <number> worker realms at a time in an engine (default: one a core, four at most)')])
  })

  test('is also had by lanecheck help <command>', async () => {
    expect(await lanecheck(folder, ['help', 'verify'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(EXAMPLE) as string })
  })

  test('of --scenario tells what a star stands for', async () => {
    expect((await lanecheck(folder, ['verify', '--help'])).stdout.replace(/\s+/g, ' ')).toContain('* stands for anything, dots too')
  })
})

describe('T0 browser_surface: standard output', () => {
  const cli = join(ROOT, 'dist/src/cli/main.js')
  test('a reader that leaves early is no fault', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${cli}" lanes --json | head -n 1; echo`], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })

  test('a full disk behind it is', () => {
    const full = openSync('/dev/full', 'w')
    const { status, stderr } = spawnSync(process.execPath, [cli, 'lanes', '--json'], { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] })
    closeSync(full)
    expect(stderr).toMatch(/^error disk_full: standard output cannot be written \(ENOSPC\)\n/)
    expect(status).toBe(3)
  })
})
