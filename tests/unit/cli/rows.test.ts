import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, test, vi } from 'vitest'
import { addLanes } from '../../../src/cli/lanes-command.js'
import { addProbe } from '../../../src/cli/probe-command.js'
import { addRows } from '../../../src/cli/rows-command.js'
import { addVerify } from '../../../src/cli/verify-command.js'
import { MATRIX_ROWS, MatrixRowSchema, rowFor } from '../../../src/contract/matrix-rows.js'
import { rolesOf } from '../../../src/contract/scenario.js'
import { ENGINES, SURFACE_FAMILIES, type SurfaceFamily } from '../../../src/contract/vocabulary.js'
import { shellWords } from '../../../src/report/dual-run-script.js'
import { paintFor } from '../../../src/report/paint.js'
import { ROW_TESTS } from '../../../src/report/row-tests.js'
import { rowReport, rowsText } from '../../../src/report/rows.js'
import { checklistText, VALIDATION_COMMANDS, wideningChecklist } from '../../../src/report/widening-checklist.js'
import { CATALOGUE } from '../../../src/scenarios/catalogue.js'

const LIMIT_MS = 20_000
const MAIN = join('dist', 'src', 'cli', 'main.js')
const plain = paintFor({}, {})
const OWN = ['verify', 'probe', 'lanes', 'rows']

interface Ended { code: number; stdout: string; stderr: string }
const run = (file: string, args: readonly string[]): Promise<Ended> => new Promise((resolve) => {
  execFile(file, args, { timeout: LIMIT_MS }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }))
})
/** The command line as people have it. */
const lanecheck = (...args: string[]): Promise<Ended> => run(process.execPath, [MAIN, ...args])

const program = (): Command => {
  const made = new Command('lanecheck')
  for (const add of [addVerify, addProbe, addLanes, addRows]) add(made)
  for (const command of made.commands) command.exitOverride().configureOutput({ writeErr: () => undefined })
  return made.exitOverride()
}
/** What a command prints, without a process of its own. */
async function printed(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    await program().parseAsync(args, { from: 'user' })
    return write.mock.calls.map(([text]) => String(text)).join('')
  } finally {
    write.mockRestore()
  }
}

interface Printed { rows: Array<{ surface_family: SurfaceFamily; dual_run: Array<{ command: string; runs: boolean; note: string }> }> }
const SCRIPTS = MATRIX_ROWS.flatMap((row) => row.dual_run_scripts.map((command, index) => ({ row, command, index, surface_family: row.surface_family })))

describe('T0 lanecheck rows', () => {
  test('--json: four rows, each a row as the contract has it, with what its commands would run and what its signals mean', async () => {
    const { code, stdout } = await rowsAsJson()
    expect(code).toBe(0)
    const { rows } = JSON.parse(stdout) as { rows: Array<Record<string, unknown>> }
    expect(rows.map(({ dual_run: _, invalid_experiments: __, ...row }) => MatrixRowSchema.parse(row))).toEqual(MATRIX_ROWS)
    for (const row of rows) expect(row).toMatchObject({ invalid_experiments: (row.invalid_experiment_signals as string[]).map((signal) => ({ signal })), dual_run: (row.dual_run_scripts as string[]).map((command) => ({ command })) })
  })
  test('for a person: every column and all it holds, in lines that fit', async () => {
    const stdout = await printed('rows')
    expect(stdout).toBe(rowsText(MATRIX_ROWS.map((row) => rowReport(row, OWN)), plain))
    const text = stdout.replace(/\n +/g, ' ')
    for (const row of MATRIX_ROWS) {
      for (const [column, value] of Object.entries(row)) {
        expect(text).toContain(column)
        for (const item of [value].flat()) if (typeof item === 'string') expect(text).toContain(item)
      }
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
  })
  test('an unknown row is wrong use, and the rows are named', async () => {
    const { code, stderr } = await lanecheck('rows', '--checklist', 'gpu_surface')
    expect(code).toBe(64)
    for (const word of ['usage', 'gpu_surface', ...SURFACE_FAMILIES]) expect(stderr).toContain(word)
  })
  test('it is one of the commands', async () => expect(await commandNames()).toContain('rows'))
})

describe('T2 dual_run_scripts', () => {
  test('the words of a command are those a shell takes it apart to', async () => {
    for (const { command } of SCRIPTS) {
      const { stdout } = await run('sh', ['-c', `npx() { printf '%s\\n' npx "$@"; }; ${command}`])
      expect(shellWords(command)).toEqual(stdout.trimEnd().split('\n'))
    }
  })
  test.each(SCRIPTS)('$surface_family: $command is a command of the command line, with options it has; or is said to be planned', async ({ command }) => {
    const [, , name = '', ...args] = shellWords(command)
    if (!(await commandNames()).includes(name)) return expect(await noteOf(command)).toEqual({ command, runs: false, note: `planned: lanecheck has no command ${name} yet` })
    const known = program().commands.find((one) => one.name() === name)
    if (known !== undefined) return expect(known.parseOptions(args)).toEqual({ operands: [], unknown: [] })
    const { code, stdout } = await lanecheck(name, '--help')
    expect(code).toBe(0)
    for (const option of args.filter((word) => word.startsWith('-'))) expect(stdout).toMatch(new RegExp(`${option}\\b`))
  })
  test.each(SCRIPTS.filter(({ command }) => shellWords(command)[2] === 'verify'))('$surface_family: $command plans cells of its row, or is said to be planned', async ({ row, command, index }) => {
    const plan = printed('lanes', ...shellWords(command).slice(3), '--json')
    const scenarios = CATALOGUE.filter(({ surface_family }) => surface_family === row.surface_family)
    const family = scenarios.map(({ id }) => id)
    if (family.length === 0) {
      expect(row.phase).toBe('gated Phase 3')
      await expect(plan).rejects.toMatchObject({ code: 'unknown_scenario' })
      expect(await noteOf(command)).toMatchObject({ runs: false, note: expect.stringMatching(/^planned: no scenario matches/) })
      return
    }
    const { cells } = JSON.parse(await plan) as { cells: Array<{ scenario_id: string; engine: string; host_role: string }> }
    const roles = index === 1 ? [...new Set(scenarios.flatMap(rolesOf))] : ['window']
    const there = scenarios.filter((scenario) => rolesOf(scenario).some((role) => roles.includes(role))).map(({ id }) => id)
    expect(cells.map(({ scenario_id }) => scenario_id).filter((id, at, all) => all.indexOf(id) === at).sort()).toEqual([...there].sort())
    if (index === 1) expect(new Set(cells.map(({ engine, host_role }) => `${engine}.${host_role}`)).size).toBe(ENGINES.length * roles.length)
    expect(await noteOf(command)).toEqual({ command, runs: true, note: `runs ${family.length} scenarios` })
  })
  test('a command that is not there, or that no scenario answers, does not claim to run', () => {
    const none = rowReport(rowFor('timer_surface'), [])
    expect(none.dual_run.map(({ runs, note }) => [runs, note])).toEqual([[false, 'planned: lanecheck has no command verify yet'], [false, 'planned: lanecheck has no command verify yet']])
    const row = { ...rowFor('timer_surface'), dual_run_scripts: ["npx lanecheck verify --scenario 'timer.*' --scenario 'gpu.*'", 'npx lanecheck probe'] }
    expect(rowReport(row, OWN).dual_run.map(({ note }) => note)).toEqual(["planned: no scenario matches 'gpu.*' yet", 'runs'])
  })
})

describe('T0 the widening checklist', () => {
  const checklistOf = (family: SurfaceFamily, commands = OWN) => wideningChecklist(rowReport(rowFor(family), commands))
  // The seed's own ten, by their words.
  const ASKS = [
    ['surface_family'], ['phase', 'runtime_profile'], ['virtualization_boundary'], ['T0 unit_contract'], ['T1 golden_fixture'], ['T2 dual_run_smoke', 'T3 pilot_surface'],
    ['T4 negative_control', 'T5 stress_nightly'], ['CaptureManifest', 'LiveRunMetadata'], ['semantic mismatches', 'invalid experiments'], ['validation commands'],
  ]
  test.each(SURFACE_FAMILIES)('%s: ten items, each answered or said to be missing', (family) => {
    const { items, state } = checklistOf(family)
    expect(items.map(({ item }) => item)).toEqual(ASKS.map((_, index) => index + 1))
    for (const [index, words] of ASKS.entries()) for (const word of words) expect(items[index]!.asks).toContain(word)
    for (const { answer, missing } of items) expect(answer.length + missing.length).toBeGreaterThan(0)
    expect(state).toBe(items.some(({ missing }) => missing.length > 0) ? 'planning' : 'filled_in')
  })
  test('the Phase 2 rows are filled in', () => {
    for (const family of ['timer_surface', 'virtual_transport_surface'] as const) expect(checklistOf(family).items.flatMap(({ missing }) => missing)).toEqual([])
  })
  test('a row whose commands do not run is still planning, and says why', () => {
    const { state, items } = checklistOf('timer_surface', [])
    expect(state).toBe('planning')
    expect(items[5]!.missing).toHaveLength(2)
    expect(items[5]!.missing[0]).toContain('lanecheck has no command verify yet')
  })
  test('a floor that asks for T5 has no T5 by silence', () => {
    const row = { ...rowFor('http_surface'), promotion_floor: { ...rowFor('http_surface').promotion_floor, tiers: ['T5' as const] } }
    expect(wideningChecklist(rowReport(row, OWN)).items[6]!.missing).toContainEqual(expect.stringContaining('T5 stress_nightly'))
  })
  test('timer_surface: fields, failures and commands by name', async () => {
    const stdout = await printed('rows', '--checklist', 'timer_surface')
    expect(stdout).toBe(checklistText(checklistOf('timer_surface'), plain))
    const text = stdout.replace(/\n +/g, ' ')
    const words = ['unsupported_fields', 'nondeterminism_notes', 'timeout_outcome_class', 'wall-clock-only reasoning (wall_clock_only): unsupported_time_surface', 'policy_violation', 'change_without_evidence', ...VALIDATION_COMMANDS]
    for (const word of words) expect(text).toContain(word)
  })
  test('--json holds the same', async () => {
    expect(JSON.parse(await printed('rows', '--checklist', 'browser_surface', '--json'))).toEqual(checklistOf('browser_surface'))
  })
  test('the validation commands are scripts of this repository', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    for (const command of VALIDATION_COMMANDS) expect(scripts).toHaveProperty(command.replace(/^npm (run )?/, '').split(' ')[0]!)
  })
})

describe('T0 files that serve a row', () => {
  test.each(SURFACE_FAMILIES)('%s: each check and fixture of the row is spoken of, and nothing else', (family) => {
    const { unit_checks, golden_fixtures } = rowFor(family)
    expect(Object.keys(ROW_TESTS[family].unit_checks)).toEqual(unit_checks)
    expect(Object.keys(ROW_TESTS[family].golden_fixtures)).toEqual(golden_fixtures)
    for (const files of Object.values(ROW_TESTS[family].unit_checks)) expect(files.length).toBeGreaterThan(0)
  })
  test.each(SURFACE_FAMILIES)('%s: every file is there, and a test says its tier', (family) => {
    const { unit_checks, golden_fixtures, dual_runs, negative_controls, stress } = ROW_TESTS[family]
    const titled = (files: readonly string[], tier: RegExp): string[] => files.filter((file) => /\.(?:test|spec)\.ts$/.test(file) && !tier.test(readFileSync(file, 'utf8')))
    const all = [...Object.values(unit_checks), ...Object.values(golden_fixtures), dual_runs, negative_controls, stress].flat()
    expect(all.filter((file) => !existsSync(file))).toEqual([])
    expect(titled(Object.values(unit_checks).flat(), /describe[^\n]*T0/)).toEqual([])
    expect(titled(negative_controls, /(?:describe|test)[^\n]*T4/)).toEqual([])
    expect(dual_runs.filter((file) => !new RegExp(`T[23][^\n]*${family}`).test(readFileSync(file, 'utf8')))).toEqual([])
  })
})

let names: Promise<string[]> | undefined
/** The commands that the command line says it has. */
const commandNames = (): Promise<string[]> => (names ??= lanecheck('--help').then(({ stdout }) => [...stdout.split('Commands:')[1]!.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!)))
let rows: Promise<Ended> | undefined
const rowsAsJson = (): Promise<Ended> => (rows ??= lanecheck('rows', '--json'))
/** What `lanecheck rows` says of a command. */
const noteOf = async (command: string) => (JSON.parse((await rowsAsJson()).stdout) as Printed).rows.flatMap(({ dual_run }) => dual_run).find((script) => script.command === command)
