import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/lanecheck-config.js'
import { loadExpectations } from '../../../src/config/expectations.js'
import { init, type InitOptions } from '../../../src/init/init.js'
import { nobody, person } from '../../../src/init/questions.js'
import { InitReportSchema, type InitReport } from '../../../src/init/record.js'
import { ROOT, run } from '../cli/run.js'
import { withPackage, type Shape } from './packages.js'

const done = async (folder: string, more: Partial<InitOptions> = {}): Promise<InitReport> => {
  const report = await init({ folder, wanted: null, missing: false, decide: nobody, ...more })
  if (report === null) throw new Error('nothing was written')
  return report
}
const text = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8')
const refused = (folder: string, more: Partial<InitOptions> = {}): Promise<unknown> => done(folder, more).catch((error: unknown) => error)

const TS_FILES = ['lanes/subject.ts', 'lanes/wasm.d.ts', 'lanes/start.scenario.ts', 'lanecheck.config.json', 'lanecheck.expectations.json']

describe('T0 browser_surface: lanecheck init, by the shape of what it finds', () => {
  it.each<[Shape, { wanted: string; shape: string; files?: string[]; requires?: string[]; id: string; loads: RegExp }]>([
    ['web', { wanted: './pkg', shape: 'wasm_pack_web', files: TS_FILES, requires: ['timers', 'webassembly', 'text_codec'], id: 'alarms', loads: /alarms\.initSync\(\{ module: await WebAssembly\.compile\(bytes\(\)\) \}\)/ }],
    ['reference', { wanted: './pkg', shape: 'wasm_pack_web', files: TS_FILES, requires: ['timers', 'webassembly', 'websocket', 'fetch', 'abort_controller', 'text_codec'], id: 'lanecheck_reference', loads: /initSync/ }],
    ['bundler', { wanted: './pkg', shape: 'wasm_pack_bundler', files: TS_FILES, requires: ['timers', 'webassembly', 'text_codec'], id: 'alarms', loads: /glue\.__wbg_set_wasm\(instance\.exports\)/ }],
    ['no_modules', { wanted: './pkg', shape: 'wasm_pack_no_modules', files: TS_FILES, id: 'alarms', loads: /return wasm_bindgen`\)\(\)/ }],
    ['installed', { wanted: 'alarms', shape: 'wasm_pack_web', files: TS_FILES, id: 'alarms', loads: /import \* as alarms from 'alarms'\nimport wasm from 'alarms\/alarms_bg\.wasm\?url&inline'/ }],
    ['split', { wanted: './pkg-web', shape: 'wasm_pack_web', id: 'alarms', loads: /\.\.\/pkg-web\/alarms\.js/ }],
    ['plain_js', { wanted: '.', shape: 'javascript', files: ['lanes/subject.js', 'lanes/start.scenario.js', 'lanecheck.config.json', 'lanecheck.expectations.json'], requires: ['timers', 'fetch'], id: 'timers_of_mine', loads: /import \* as timersOfMine from '\.\.\/index\.js'/ }],
    ['plain_ts', { wanted: '.', shape: 'javascript', files: ['lanes/subject.ts', 'lanes/start.scenario.ts', 'lanecheck.config.json', 'lanecheck.expectations.json'], id: 'timers_of_mine', loads: /Perhaps by: after\(ms: number, fire: \(\) => void\): number/ }],
  ])('%s: a subject that starts in the lab as it stands', (shape, expected) => withPackage(shape, async (folder) => {
    const report = InitReportSchema.parse(await done(folder))
    const [subject] = report.files
    expect(report.starts, text(folder, subject!.path)).toEqual({ ok: true, says: `${expected.id}.start.shut_down completed in the lab` })
    expect(report.package).toMatchObject({ wanted: expected.wanted, shape: expected.shape })
    if (expected.files !== undefined) expect(report.files).toEqual(expected.files.map((path) => ({ path, state: 'written' })))
    if (expected.requires !== undefined) expect(report.inferred.requires).toEqual(expected.requires)
    expect(text(folder, subject!.path)).toMatch(expected.loads)
    expect(loadConfig(folder)).toMatchObject({ subject: `./${subject!.path}`, package: expected.wanted, expectations: 'lanecheck.expectations.json' })
    expect(loadExpectations(join(folder, 'lanecheck.expectations.json'))).toEqual([])
    for (const { at, what } of report.todo) {
      const [path, line] = at.split(':') as [string, string]
      expect(text(folder, path).split('\n')[Number(line) - 1]).toContain(`TODO(lanecheck): ${what}`)
    }
    const asked = report.todo.map(({ what }) => what).join()
    expect(asked).toContain('timers, what it does with timers')
    expect(asked).toContain('tasks, calls that its users await')
  }))

  it('what is written in TypeScript has no type error, in a strict project', () =>
    withPackage('web', (one) => withPackage('bundler', (two) => withPackage('no_modules', (three) => withPackage('plain_ts', async (four) => {
      const folders = [one, two, three, four]
      for (const folder of folders) await done(folder)
      const options = { target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM', 'ESNext.Disposable'], types: [], strict: true, noUnusedLocals: true, noEmit: true, skipLibCheck: true, paths: { lanecheck: [join(ROOT, 'src/index.ts')] } }
      writeFileSync(join(one, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: folders.map((folder) => join(folder, 'lanes')) }))
      const { code, stdout } = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', one], { cwd: ROOT, limit_ms: 150_000 })
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    })))))
  it('one built for Node is refused, with what to do', () => withPackage('nodejs', async (folder) => {
    expect(await refused(folder)).toMatchObject({ code: 'package_not_for_browsers', message: expect.stringContaining('reads its WASM with node:fs') as string, where: expect.stringMatching(/^ywasm\.js:\d+$/) as string, hint: expect.stringContaining('--target web') as string })
    expect(readdirSync(folder).sort()).toEqual(['node_modules', 'package.json'])
  }))
  it('a file that has the name of a folder with WASM is none', () => withPackage('plain_js', async (folder) => {
    for (const name of ['build', 'dist', 'lib', 'wasm']) writeFileSync(join(folder, name), '')
    expect((await done(folder)).package).toMatchObject({ wanted: '.', because: 'this package' })
  }))
  it('a folder without a package, and a crate that is not built', () => withPackage('web', async (folder) => {
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    expect(await refused(empty)).toMatchObject({ code: 'package_not_found' })
    writeFileSync(join(empty, 'Cargo.toml'), '')
    expect(await refused(empty)).toMatchObject({ code: 'package_not_found', hint: expect.stringContaining('wasm-pack build --target web') as string })
    expect(await refused(folder, { wanted: './absent' })).toMatchObject({ code: 'package_not_found' })
  }))
})

describe('T0 browser_surface: lanecheck init never writes over anything', () => {
  it.each(['lanes/subject.ts', 'lanecheck.config.json', 'lanecheck.config.yml', 'lanecheck.expectations.json'])('where %s is there, nothing is written', (path) => withPackage('web', async (folder) => {
    mkdirSync(join(folder, 'lanes'))
    writeFileSync(join(folder, path), 'mine')
    expect(await refused(folder)).toMatchObject({ code: 'files_exist', message: `nothing was written: ${path} is there already`, hint: expect.stringContaining('--missing') as string })
    expect([...readdirSync(folder), ...readdirSync(join(folder, 'lanes'))].filter((name) => !['pkg', 'lanes'].includes(name))).toEqual([path.replace('lanes/', '')])
  }))
  it('with --missing what is there stays, and the rest is written', () => withPackage('web', async (folder) => {
    writeFileSync(join(folder, 'lanecheck.config.yaml'), 'mine')
    const report = await done(folder, { missing: true })
    expect(report.files.filter(({ state }) => state === 'kept')).toEqual([{ path: 'lanecheck.config.yaml', state: 'kept' }])
    expect(text(folder, 'lanecheck.config.yaml')).toBe('mine')
    expect(existsSync(join(folder, 'lanecheck.config.json'))).toBe(false)
    expect(report.starts).toBeNull()
    expect(await refused(folder)).toMatchObject({ code: 'files_exist' })
  }))
  it('with --missing the rest is written in the language of what is there, whatever is likely or asked for', () => withPackage('web', async (folder) => {
    const inLanguage = (language: 'ts' | 'js'): Partial<InitOptions> => ({ decide: { ...nobody, choices: async (likely) => ({ ...likely, language }) } })
    await done(folder, inLanguage('js'))
    for (const path of ['lanecheck.expectations.json', 'lanecheck.config.json', 'lanes/start.scenario.js']) rmSync(join(folder, path))
    expect(await refused(folder, inLanguage('ts'))).toMatchObject({ code: 'files_exist', message: 'nothing was written: lanes/subject.js is there already' })
    const report = await done(folder, { missing: true, ...inLanguage('ts') })
    expect(report.files).toEqual([
      { path: 'lanes/subject.js', state: 'kept' }, { path: 'lanes/start.scenario.js', state: 'written' }, { path: 'lanecheck.config.json', state: 'written' }, { path: 'lanecheck.expectations.json', state: 'written' },
    ])
    expect(readdirSync(join(folder, 'lanes')).sort()).toEqual(['start.scenario.js', 'subject.js'])
    expect(loadConfig(folder)).toMatchObject({ subject: './lanes/subject.js' })
  }))
})

describe('T0 browser_surface: lanecheck init, asking', () => {
  /** A terminal on which these lines are typed, each when it is asked for. */
  const typing = (...lines: Array<string | null>): { input: PassThrough; output: PassThrough; said(): string } => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    let said = ''
    output.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (!/\) $/.test(said)) return
      const next = lines.shift()
      setImmediate(() => (next === null || next === undefined ? input.end() : input.write(`${next}\n`)))
    })
    return { input, output, said: () => said }
  }
  it('takes the answers', () => withPackage('web', async (folder) => {
    const { input, output, said } = typing('js', 'perhaps', 'yaml', 'n', '')
    const report = await done(folder, { decide: person(input, output, {}) })
    expect(report.files.map(({ path }) => path)).toEqual(['lanes/subject.js', 'lanes/start.scenario.js', 'lanecheck.config.yaml', 'lanecheck.expectations.json'])
    expect(text(folder, 'lanes/subject.js')).toContain('bridge: false,')
    expect(loadConfig(folder)).toMatchObject({ subject: './lanes/subject.js' })
    expect(report.starts?.ok).toBe(true)
    expect(said()).toMatch(/Config in JSON or YAML\? \(\[json\], yaml\) .*Config in JSON or YAML\?/s)
  }))
  it('asks which package, and writes nothing when told so', () => withPackage('split', async (folder) => {
    const { input, output, said } = typing('2', '', '', '', 'no')
    expect(await init({ folder, wanted: null, missing: false, decide: person(input, output, {}) })).toBeNull()
    expect(said()).toMatch(/1 {2}\.\/pkg: .*2 {2}\.\/pkg-web: /s)
    expect(readdirSync(folder).sort()).toEqual(['pkg', 'pkg-web'])
  }))
  it('a terminal that closes ends it, with nothing written', () => withPackage('web', async (folder) => {
    const { input, output } = typing('js', null)
    expect(await refused(folder, { decide: person(input, output, {}) })).toMatchObject({ code: 'interrupted' })
    expect(readdirSync(folder)).toEqual(['pkg'])
  }))
})
