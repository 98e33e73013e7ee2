import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LedgerSchema, VerdictSchema } from '../../../src/contract/verdict.js'
import { lanecheck, ROOT, type Ended } from './run.js'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-output-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const verify = (args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  lanecheck(folder, ['verify', '--quiet', '--subject', 'native', '--engine', 'chromium', '--role', 'window', '--scenario', 'timer.order.*', ...args], env)
const everything = (): string[] => (readdirSync(folder, { recursive: true }) as string[]).sort()

describe('T0 browser_surface: an output folder that cannot take the evidence', () => {
  test.each([[[]], [['--watch']]].flatMap(([more]) => [
    ['below a file', more!, 'file/out', /cannot write \S*file\/out.* \(ENOTDIR\)/],
    ['that is a file', more!, 'file', /cannot write \S*file \(ENOTDIR\)/],
    // Node's own recursive `mkdir` never ends there.
    ['where nobody may make one', more!, '/proc/lanecheck', /cannot write \/proc\/lanecheck\S* \(ENOENT\)/],
  ] as const))('one %s %s', async (_, more, out, says) => {
    writeFileSync(join(folder, 'file'), 'mine')
    const { code, stderr } = await verify([...more, '--out', out])
    expect(stderr).toMatch(says)
    expect(stderr).toMatch(/^error output_not_writable: .*\n.*--out DIR\n$/)
    expect([code, everything(), readFileSync(join(folder, 'file'), 'utf8')]).toEqual([64, ['file'], 'mine'])
  })

  test('one with something else in it is left as it is', async () => {
    mkdirSync(join(folder, 'out'))
    writeFileSync(join(folder, 'out/mine'), '')
    const { code, stderr } = await verify(['--out', 'out'])
    expect(stderr).toMatch(/^error output_holds_another_run: \S*out holds files that are not of a run of lanecheck\n.*an empty folder with --out DIR\n$/)
    expect([code, everything()]).toEqual([64, ['out', 'out/mine']])
  })

  test('one that holds a run: another run and the same are refused, the same goes on with --resume', async () => {
    expect((await verify(['--out', 'out'])).code).toBe(3)
    const before = everything()
    const ledger = readFileSync(join(folder, 'out/ledger.json'), 'utf8')
    const another = await verify(['--out', 'out', '--seed', '7'])
    expect(another.stderr).toMatch(/^error output_holds_another_run: \S*out holds another run, [0-9a-f]{16}\n.*--resume\n$/)
    const same = await verify(['--out', 'out'])
    expect(same.stderr).toMatch(/^error output_holds_another_run: \S*out holds an earlier try at this run.*\n.*--resume\n$/)
    expect([another.code, same.code, everything(), readFileSync(join(folder, 'out/ledger.json'), 'utf8')]).toEqual([64, 64, before, ledger])
    expect((await verify(['--out', 'out', '--resume'])).code).toBe(3)
  })

  test('the default one, which nobody named, is moved aside with the run it holds', async () => {
    expect((await verify([])).code).toBe(3)
    const run = (name: string): string => (JSON.parse(readFileSync(join(folder, name, 'plan.json'), 'utf8')) as { run_id: string }).run_id
    const first = run('lanecheck-evidence')
    expect((await verify(['--seed', '7'])).code).toBe(3)
    expect(run('lanecheck-evidence.previous')).toBe(first)
    // A run that is refused moves nothing.
    await lanecheck(folder, ['verify', '--subject', './absent.ts'])
    expect(run('lanecheck-evidence.previous')).toBe(first)
  })
})

describe('T0 browser_surface: a disk that fills up', () => {
  const full = (writes: number): Record<string, string> => ({ FULL_AFTER: String(writes), NODE_OPTIONS: `--import ${pathToFileURL(join(ROOT, 'tests/unit/cli/full-disk.mjs')).href}` })

  test('before the plan: nothing is left but an empty folder', async () => {
    const { code, stderr } = await verify(['--out', 'out'], full(1))
    expect(stderr).toMatch(/^error disk_full: no space left to write \S*plan\.json\n.*free some space.*--resume\n$/)
    expect([code, everything()]).toEqual([3, ['out']])
  })

  test('in mid-run: what was gathered is kept whole, and --resume goes on from there', async () => {
    const { code, stdout, stderr } = await verify(['--out', 'out', '--scenario', 'timer.*'], full(24))
    expect(stderr).toMatch(/^error disk_full: no space left to write \S*\/bundles\/\S+\n.*free some space.*--resume\n$/)
    expect([code, stdout]).toEqual([3, ''])
    const lines = readFileSync(join(folder, 'out/ledger.ndjson'), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) VerdictSchema.parse(JSON.parse(line))
    expect(everything().filter((name) => name.endsWith('.part'))).toEqual([])
    expect(readdirSync(join(folder, 'out'))).not.toContain('ledger.json')
    expect((await verify(['--out', 'out', '--scenario', 'timer.*', '--resume'])).code).toBe(3)
    const ledger = LedgerSchema.parse(JSON.parse(readFileSync(join(folder, 'out/ledger.json'), 'utf8')))
    expect(ledger.sums.all.not_run).toBe(ledger.verdicts.length)
    expect(ledger.verdicts.length).toBeGreaterThan(lines.length)
  })
})

describe('T0 browser_surface: a busy port', () => {
  test('is said before anything is written', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const { code, stderr } = await verify(['--out', 'out', '--port', String(port)])
    holder.close()
    expect(stderr).toMatch(new RegExp(`^error port_busy: port ${port} on 127\\.0\\.0\\.1 cannot be had: EADDRINUSE\\n.*another port`))
    expect([code, everything()]).toEqual([64, []])
  })
})
