import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LanecheckError } from '../../../src/contract/errors.js'
import { silentProgress } from '../../../src/report/progress.js'
import { globFolders } from '../../../src/scenarios/own/glob-folders.js'
import { loadOwnScenarios } from '../../../src/scenarios/own/load.js'
import { watch } from '../../../src/watch/watch.js'
import { inFolder } from '../run/support.js'
import { crateIn, fakeWasmPack, writtenAt } from '../vite/crate-in.js'

vi.mock('../../../src/run/verify.js', async (original) => ({ ...await original<object>(), verify: () => Promise.resolve({ verdicts: [] }) }))
afterEach(() => { vi.unstubAllEnvs() })

/** Longest that a save may take to be answered. */
const SAID = { timeout: 10_000 }
const SUBJECT = (imports: string): string => `${imports}
export default { name: 'watched', version: '1', requires: ['timers'], host_roles: ['window'], bridge: false, start: async () => ({ shutdown: async () => {} }) }
`
const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

interface Watching { told: string[]; next(what: string | RegExp, change: () => void): Promise<void> }

/** Watches a subject, without any engine: what is told, run or error, in turn. */
async function watching(dir: string, { subject, globs }: { subject: string; globs?: string }, use: (watching: Watching) => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const told: string[] = []
  const ended = watch({
    verify: {
      engines: ['chromium'], roles: ['window'], scenarios: globs === undefined ? ['timer.order.distinct'] : ['mine.*'], cell: null, subject, seed: 1, out: join(dir, 'out'), frames: 1, max_attempts: 1, signal: stop.signal, progress: silentProgress,
    },
    ...(globs === undefined ? {} : { own: { read: (reading) => loadOwnScenarios([globs], dir, reading), folders: () => globFolders([globs], dir) } }),
    say: () => undefined,
    onSame: () => void told.push('same'),
    onNoChange: (files) => void told.push(`no change: ${files}`),
    onError: (error: LanecheckError) => void told.push(`${error.code}: ${error.message}`),
    onRun: async () => void told.push('run'),
  })
  const until = (count: number): Promise<void> => vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(count), SAID)
  try {
    await until(1)
    await use({
      told,
      next: async (what, change) => {
        // What a turn itself wrote has come to rest.
        await sleep(200)
        const before = told.length
        change()
        await vi.waitFor(() => expect(told.slice(before).at(-1)).toMatch(what), SAID)
      },
    })
  } finally {
    stop.abort()
    await ended
  }
}

describe('T0 browser_surface: what has to be mended is watched', () => {
  it('a crate that does not compile: its source, though the error names its manifest', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { provenance: false })
    // Long enough for what is written before it to come to rest.
    const fake = fakeWasmPack(join(dir, 'bin'), 'sleep 0.3; echo "error[E0425]" >&2; exit 101')
    vi.stubEnv('PATH', `${fake.path}:${process.env.PATH}`)
    write(join(dir, 'lanes/subject.js'), SUBJECT("import '../crate/pkg/alarms.js'"))
    appendFileSync(join(crate.dir, 'src/lib.rs'), 'broken\n')
    await watching(dir, { subject: join(dir, 'lanes/subject.js') }, async ({ told, next }) => {
      expect(told).toEqual([expect.stringContaining('wasm_pack_failed')])
      await next('wasm_pack_failed', () => appendFileSync(join(crate.dir, 'src/lib.rs'), 'broken anew\n'))
      expect(fake.calls()).toHaveLength(2)
      // What cargo itself makes is no save.
      mkdirSync(join(crate.dir, 'target'))
      await sleep(500)
      expect(fake.calls()).toHaveLength(2)
    })
  }), 30_000)

  it('a package that is stale: the package, which is built by hand', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { provenance: false })
    vi.stubEnv('PATH', '/usr/bin:/bin')
    write(join(dir, 'lanes/subject.js'), SUBJECT("import '../crate/pkg/alarms.js'"))
    appendFileSync(join(crate.dir, 'src/lib.rs'), '// more\n')
    await watching(dir, { subject: join(dir, 'lanes/subject.js') }, async ({ told, next }) => {
      expect(told).toEqual([expect.stringContaining('package_stale')])
      // Touched, as the error proposes.
      await next('run', () => writtenAt(['alarms.js', 'alarms_bg.wasm'].map((name) => join(crate.pkg, name)), Date.now() / 1000))
    })
  }), 30_000)

  it('a folder that is taken away and built anew', () => inFolder(async (dir) => {
    const index = join(dir, 'dist/deep/index.js')
    write(index, 'export const one = 1\n')
    write(join(dir, 'lanes/subject.js'), SUBJECT("import { one } from '../dist/deep/index.js'\nglobalThis.one = one"))
    await watching(dir, { subject: join(dir, 'lanes/subject.js') }, async ({ told, next }) => {
      expect(told).toEqual(['run'])
      await next('subject_does_not_parse', () => rmSync(join(dir, 'dist'), { recursive: true }))
      await next('run', () => write(index, 'export const one = 2\n'))
      // At once, as a fast compiler does it.
      await next('run', () => {
        rmSync(join(dir, 'dist'), { recursive: true })
        write(index, 'export const one = 3\n')
      })
      await next('run', () => write(index, 'export const one = 4\n'))
    })
  }), 60_000)

  it('a module in another folder that was never there', () => inFolder(async (dir) => {
    write(join(dir, 'lanes/subject.js'), SUBJECT("import { one } from '../src/shared'\nglobalThis.one = one"))
    await watching(dir, { subject: join(dir, 'lanes/subject.js') }, async ({ told, next }) => {
      expect(told).toEqual([expect.stringContaining('subject_does_not_parse')])
      await next('run', () => write(join(dir, 'src/shared.js'), 'export const one = 1\n'))
    })
  }), 30_000)

  it('a crate that a save builds is one save: what the build wrote is none', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'))
    const fake = fakeWasmPack(join(dir, 'bin'), `echo "globalThis.built = '$(date +%N)'" >> '${join(dir, 'crate/pkg/alarms.js')}'`)
    vi.stubEnv('PATH', `${fake.path}:${process.env.PATH}`)
    write(join(dir, 'lanes/subject.js'), SUBJECT("import init from '../crate/pkg/alarms.js'\nglobalThis.init = init"))
    await watching(dir, { subject: join(dir, 'lanes/subject.js') }, async ({ told, next }) => {
      await next('run', () => appendFileSync(join(crate.dir, 'src/lib.rs'), '// more\n'))
      await sleep(500)
      expect(told).toEqual(['run', 'run'])
    })
  }), 30_000)
})

const YAML = 'id: mine.start.clean\ntitle: Mine\ntasks: { main: [{ op: mark, mark: up }, { op: shutdown }] }\n'
const MODULE = "import { title } from '../shared/title'\nexport default { id: 'mine.start.clean', title, tasks: { main: [{ op: 'mark', mark: 'up' }, { op: 'shutdown' }] } }\n"

describe('T0 timer_surface: scenario files that are watched', () => {
  it.each(['lanes/*.yaml', 'lanes/**/*.yaml'])('%s that is not there yet, nor its folder', (globs) => inFolder(async (dir) => {
    write(join(dir, 'subject.js'), SUBJECT(''))
    await watching(dir, { subject: join(dir, 'subject.js'), globs }, async ({ told, next }) => {
      expect(told).toEqual([expect.stringContaining('scenario_file_not_found')])
      await next('run', () => write(join(dir, 'lanes/a.yaml'), YAML))
      await next('scenario_file_not_found', () => rmSync(join(dir, 'lanes/a.yaml')))
      await next('run', () => write(join(dir, 'lanes/a.yaml'), YAML.replace('Mine', 'Mine again')))
      await next('scenario_invalid', () => writeFileSync(join(dir, 'lanes/a.yaml'), 'id: ['))
      await next('same', () => writeFileSync(join(dir, 'lanes/a.yaml'), YAML.replace('Mine', 'Mine again')))
      expect(existsSync(join(dir, 'lanes/a.yaml'))).toBe(true)
    })
  }), 60_000)

  it('what a module of scenarios imports counts, and what it does not find', () => inFolder(async (dir) => {
    write(join(dir, 'subject.js'), SUBJECT(''))
    write(join(dir, 'lanes/a.ts'), MODULE)
    await watching(dir, { subject: join(dir, 'subject.js'), globs: 'lanes/*.ts' }, async ({ told, next }) => {
      expect(told).toEqual([expect.stringContaining('scenario_invalid')])
      await next('run', () => write(join(dir, 'shared/title.ts'), "export const title = 'One'\n"))
      await next('run', () => write(join(dir, 'shared/title.ts'), "export const title = 'Two'\n"))
      await next('scenario_invalid', () => write(join(dir, 'shared/title.ts'), "export const title = '\n"))
      await next('same', () => write(join(dir, 'shared/title.ts'), "export const title = 'Two'\n"))
    })
  }), 60_000)
})
