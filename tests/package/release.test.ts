import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LedgerSchema } from '../../src/contract/verdict.js'
import { ROOT, run, type Ended } from '../unit/cli/run.js'
import { beyondBudget, type Budget } from './budget.js'
import { ended, must, packClone, type Packed } from './packed.js'

const MINUTE_MS = 60_000
let folder = ''
let packed: Packed
/** A `node_modules` with the unpacked package and links to what it depends on. */
let modules = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lanecheck-release-'))
  packed = await packClone(join(folder, 'clone'), folder)
  modules = join(folder, 'store/node_modules')
  mkdirSync(join(modules, '@types'), { recursive: true })
  await must('tar', ['-xzf', packed.tarball, '-C', modules], folder, MINUTE_MS)
  cpSync(join(modules, 'package'), join(modules, 'lanecheck'), { recursive: true })
  const { dependencies } = JSON.parse(readFileSync(join(modules, 'lanecheck/package.json'), 'utf8')) as { dependencies: Record<string, string> }
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  }
}, 5 * MINUTE_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

const bin = (name: string, args: string[]): Promise<Ended> => run(join(ROOT, 'node_modules/.bin', name), args, { cwd: folder, limit_ms: 2 * MINUTE_MS, env: { NO_COLOR: '1' } })

describe('T0 browser_surface: the package as it is published', () => {
  test('publint has nothing to say of the tarball', async () => {
    const result = await bin('publint', ['run', packed.tarball, '--strict'])
    expect(result.code, ended(result)).toBe(0)
    expect(result.stdout).toContain('All good!')
  }, 2 * MINUTE_MS)

  test('its types are right for whoever resolves them; it is a module, so that CommonJS on Node 20 has to import it', async () => {
    // `node10` knows no `exports`, and Node has not been so old for long; the command line and the types of today do.
    const result = await bin('attw', [packed.tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color', '--exclude-entrypoints', './schemas/*'])
    expect(result.code, ended(result)).toBe(0)
    expect(result.stdout).toMatch(/"lanecheck"\s+node16 \(from ESM\): OK \(ESM\)\s+bundler: OK/)
    // Nothing is wrong in a resolution that is not ignored.
    expect(result.stdout.split('\n').filter((line) => /^(node16 \(from ESM\)|bundler): /.test(line) && !/: OK/.test(line))).toEqual([])
  }, 2 * MINUTE_MS)

  test('every module has its source map, and every map its sources', () => {
    const paths = packed.files.map(({ path }) => path)
    const modulesOf = paths.filter((path) => /^dist\/(src|lanes|bridge|host-probes)\/.*\.js$/.test(path))
    expect(modulesOf.length).toBeGreaterThan(100)
    // One that only hands on what others export has nothing to map.
    const handsOn = (path: string): boolean => readFileSync(join(modules, 'lanecheck', path), 'utf8').split('\n').every((line) => /^(import .*|export \{.*|)$/.test(line))
    expect(modulesOf.filter((path) => !paths.includes(`${path}.map`) && !handsOn(path))).toEqual([])
    const { sourcesContent } = JSON.parse(readFileSync(join(modules, 'lanecheck/dist/src/contract/subject.js.map'), 'utf8')) as { sourcesContent?: string[] }
    expect(sourcesContent?.join('') ?? '').toContain('defineSubject')
  })

  test('weighs no more than its budget', () => {
    const budget = JSON.parse(readFileSync(join(ROOT, 'tests/package/budget.json'), 'utf8')) as Budget
    expect(beyondBudget(packed, budget)).toEqual([])
  })

  test('the changelog speaks of this version, or of what comes next', () => {
    const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
    expect(packed.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(changelog).toMatch(/^## \[Unreleased\]$/m)
    expect(changelog).toContain(`## [${packed.version}] - `)
    const kinds = [...changelog.matchAll(/^### (.*)$/gm)].map(([, kind]) => kind)
    expect(kinds.filter((kind) => !['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'].includes(kind!))).toEqual([])
  })
})

interface Example { name: string; at: string; args: string[]; lane: string; link(project: string): void }

const linked = (at: string, to: string): void => {
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(to, at)
}
/** As npm lays it out: all in one folder. */
const npm = (project: string): void => linked(join(project, 'node_modules'), modules)
const EXAMPLES: Example[] = [
  { name: 'npm', at: '.', args: ['--subject', './lanes/subject.js'], lane: 'chromium.window.direct', link: npm },
  { name: 'wasm-pack-crate', at: '.', args: ['--subject', './subject.ts'], lane: 'chromium.window.direct', link: npm },
  {
    // As pnpm lays it out: a link for each that a package names itself, and nothing else.
    name: 'pnpm', at: 'packages/lanes', args: ['--subject', './subject.ts'], lane: 'chromium.window.direct',
    link: (project) => {
      linked(join(project, 'packages/lanes/node_modules/lanecheck'), join(modules, 'lanecheck'))
      linked(join(project, 'packages/lanes/node_modules/ticker'), join(project, 'packages/ticker'))
    },
  },
]

describe('T2 timer_surface: the example projects, with the packed package', () => {
  test.each(EXAMPLES)('$name: checks its types and holds parity in a window', async ({ name, at, args, lane, link }) => {
    const project = join(folder, name)
    cpSync(join(ROOT, 'examples', name), project, { recursive: true })
    link(project)
    const cwd = join(project, at)
    if (readdirSync(cwd).includes('tsconfig.json')) {
      const types = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json'], { cwd, limit_ms: MINUTE_MS })
      expect(types, ended(types)).toMatchObject({ code: 0, stdout: '' })
    }
    const result = await run(process.execPath, [join(modules, 'lanecheck/dist/src/cli/main.js'), 'verify', ...args, '--engine', 'chromium', '--role', 'window', '--scenario', 'timer.order.distinct', '--quiet'], { cwd, limit_ms: MINUTE_MS })
    expect(result.code, ended(result)).toBe(0)
    const { verdicts } = LedgerSchema.parse(JSON.parse(readFileSync(join(cwd, 'lanecheck-evidence/ledger.json'), 'utf8')))
    expect(verdicts.map(({ lane_id, verdict }) => [lane_id, verdict])).toEqual([[lane, 'parity']])
  }, 3 * MINUTE_MS)

  test('name scripts and a version of lanecheck that this one is', () => {
    for (const path of ['npm/package.json', 'wasm-pack-crate/package.json', 'pnpm/packages/lanes/package.json', 'my-subject/package.json']) {
      const { scripts, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'examples', path), 'utf8')) as { scripts: Record<string, string>; devDependencies: Record<string, string> }
      expect([path, devDependencies.lanecheck]).toEqual([path, `^${packed.version}`])
      expect(Object.values(scripts).some((script) => script.includes('lanecheck verify --subject ./'))).toBe(true)
    }
  })
})
