import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LedgerSchema, type Ledger } from '../../src/contract/verdict.js'
import { ROOT, run, type Ended } from '../unit/cli/run.js'
import { ended, must, packClone } from './packed.js'

const MINUTE_MS = 60_000
let folder = ''
/** A copy of the clone: packing builds anew, which must not disturb tests that run the clone's own build. */
let clone = ''
/** The example project with the package installed, in a folder of its own. */
let project = ''
let installed = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lanecheck-package-'))
  clone = join(folder, 'clone')
  project = join(folder, 'project')
  const { tarball } = await packClone(clone, folder)
  // Installed from a folder that knows nothing of the clone.
  cpSync(join(ROOT, 'examples/my-subject'), project, { recursive: true })
  await must('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--save-dev', tarball], project, 4 * MINUTE_MS)
  installed = join(project, 'node_modules/lanecheck')
}, 7 * MINUTE_MS)

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

const filesUnder = (dir: string): string[] => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
const npx = (args: string[], env: Record<string, string> = {}): Promise<Ended> => run('npx', ['--no-install', 'lanecheck', ...args], { cwd: project, env, limit_ms: MINUTE_MS })

function ledgerIn(out: string): Ledger {
  return LedgerSchema.parse(JSON.parse(readFileSync(join(project, out, 'ledger.json'), 'utf8')))
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`, where x is not a path. */
const IMPORTS = /^(?:import|export)\b[^'"\n]*\bfrom ['"]([^.'"][^'"]*)['"]|^import ['"]([^.'"][^'"]*)['"]|\bimport\(['"]([^.'"][^'"]*)['"]\)/gm

describe('T0 browser_surface: the package as it is installed', () => {
  test('holds what its manifest names, the scripts for realms and workers, and no tests', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { bin: Record<string, string>; exports: { '.': { types: string; default: string } } }
    const named = [manifest.bin.lanecheck!, manifest.exports['.'].types, manifest.exports['.'].default]
    const run = ['dist/agent.js', 'dist/lab-host.js', 'dist/bridge/worker.js', 'dist/src/lab/lab-worker.js', 'dist/host-probes/realm.js', 'dist/artifacts/reference.js', 'dist/artifacts/native.js']
    const read = ['README.md', 'docs/ci.md', 'docs/tutorials/maintainer.md', 'docs/reference/commands.md', 'LICENSE', 'NOTICE', 'schemas/lanecheck.ledger.v1.schema.json', 'subjects/reference/provenance.json', 'dist/src/cli/main.js.map', 'examples/my-subject/my-subject.ts']
    expect([...named, ...run, ...read].filter((name) => !existsSync(join(installed, name)))).toEqual([])
    expect(readdirSync(installed).sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'dist', 'docs', 'examples', 'package.json', 'schemas', 'subjects'])
    expect(filesUnder(installed).filter((name) => /\.(test|spec)\.|tsbuildinfo/.test(name))).toEqual([])
  })

  test('imports nothing that it does not depend on', () => {
    const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<'dependencies' | 'peerDependencies', Record<string, string>>
    const modules = filesUnder(join(installed, 'dist')).filter((name) => /\.(js|d\.ts)$/.test(name))
    const imported = modules.flatMap((name) => [...readFileSync(name, 'utf8').matchAll(IMPORTS)].map((match) => match.slice(1).find((one) => one !== undefined)!))
    const packages = new Set(imported.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name)).map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')))
    expect(packages.size).toBeGreaterThan(5)
    expect([...packages].filter((name) => !Object.hasOwn({ ...dependencies, ...peerDependencies }, name))).toEqual([])
  })

  test('tells nobody where it was built', () => {
    const texts = filesUnder(installed).filter((name) => /\.(js|map|json|ts|md)$/.test(name))
    expect(texts.filter((name) => readFileSync(name, 'utf8').includes(clone))).toEqual([])
  })
})

describe('T0 browser_surface: the types of the package', () => {
  const TYPED = `
import { defineSubject, type Ledger, type Scenario, type Subject, type Verdict } from 'lanecheck'
const subject: Subject = defineSubject({
  name: 'x', version: '1', requires: ['timers'], host_roles: ['window'], bridge: false,
  start: async ({ origin, log }) => { log(origin); return { shutdown: async () => undefined } },
})
// @ts-expect-error There is no such host role.
defineSubject({ ...subject, host_roles: ['tab'] })
// @ts-expect-error A subject has a name.
defineSubject({ version: '1', requires: [], host_roles: [], bridge: false, start: subject.start })
export const parity = (ledger: Ledger): Verdict[] => ledger.verdicts.filter(({ verdict }) => verdict === 'parity')
export const idOf = ({ id }: Scenario): string => id
export default subject
`
  const tsc = (file: string): Promise<Ended> => run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', file], { cwd: project, limit_ms: MINUTE_MS })

  test.each([['ESNext', 'bundler'], ['NodeNext', 'nodenext']])('check in a strict project without DOM, module %s, resolution %s', async (module, moduleResolution) => {
    const dir = join(project, `typed-${moduleResolution}`)
    mkdirSync(dir)
    writeFileSync(join(dir, 'typed.ts'), TYPED)
    const compilerOptions = { strict: true, module, moduleResolution, target: 'ES2022', lib: ['ES2022'], types: [], noEmit: true, skipLibCheck: true, exactOptionalPropertyTypes: true }
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    const result = await tsc(join(dir, 'tsconfig.json'))
    expect(result, ended(result)).toMatchObject({ code: 0, stdout: '' })
  }, MINUTE_MS)

  test('check the example', async () => {
    const result = await tsc('tsconfig.json')
    expect(result, ended(result)).toMatchObject({ code: 0, stdout: '' })
  }, MINUTE_MS)
})

describe('T2 timer_surface: a run in an empty project', () => {
  test('judges a subject of its own, and its repro command runs a cell again from there', async () => {
    const result = await npx(['verify', '--subject', './my-subject.ts', '--engine', 'chromium', '--role', 'window,dedicated_worker', '--scenario', 'timer.order.*', '--out', 'evidence'])
    expect(result.code, ended(result)).toBe(0)
    expect(result.stdout).toContain('Every cell came out as expected.')
    const { run: { subject, engines }, verdicts } = ledgerIn('evidence')
    expect(subject).toMatchObject({ name: 'my-package', version: '1.0.0', host_roles: ['window', 'dedicated_worker'] })
    expect(engines.map(({ engine }) => engine)).toEqual(['chromium'])
    expect(new Set(verdicts.map(({ lane_id, verdict }) => `${lane_id} ${verdict}`))).toEqual(new Set(['chromium.window.direct parity', 'chromium.dedicated_worker.direct parity']))
    const command = verdicts.at(-1)!.repro_command
    expect(command).toMatch(/^npx lanecheck verify --subject \.\/my-subject\.ts --cell chromium\.dedicated_worker\/timer\.order\.\w+ /)
    const again = await run('sh', ['-c', command], { cwd: project, limit_ms: MINUTE_MS })
    expect(again.code, ended(again)).toBe(0)
    expect(again.stdout).toContain('1 cell')
  }, 2 * MINUTE_MS)

  test('has the built-in subjects, and the bridge with its worker', async () => {
    const result = await npx(['verify', '--engine', 'chromium', '--role', 'service_worker', '--scenario', 'timer.order.distinct', '--out', 'bridged'])
    expect(result.code, ended(result)).toBe(0)
    expect(ledgerIn('bridged').verdicts.map(({ lane_id, verdict }) => [lane_id, verdict])).toEqual([['chromium.service_worker.bridge', 'bridge_only']])
  }, MINUTE_MS)

  test('an engine that is not there is named, with what to do; its lanes end as not_run', async () => {
    const result = await npx(['verify', '--subject', './my-subject.ts', '--engine', 'chromium', '--role', 'window', '--scenario', 'timer.order.distinct', '--out', 'missing'], { LANECHECK_CHROMIUM: '/nonexistent' })
    expect(result.code, ended(result)).toBe(3)
    // Long lines are wrapped to the width there is.
    expect(result.stdout.replaceAll(/\s+/g, ' ')).toMatch(/not_run chromium\.window\/timer\.order\.distinct .*LANECHECK_CHROMIUM names \/nonexistent, which does not exist; to have it: unset LANECHECK_CHROMIUM/)
    expect(ledgerIn('missing').verdicts.map(({ lane_id, verdict }) => [lane_id, verdict])).toEqual([['chromium.window.none', 'not_run']])
  }, MINUTE_MS)
})
