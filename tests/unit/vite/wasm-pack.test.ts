import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { groupMembers } from '../../../lanes/processes.js'
import { seeToPackage } from '../../../src/vite/built-package.js'
import { readProvenance } from '../../../src/vite/provenance.js'
import { inFolder } from '../run/support.js'
import { BUILT, crateIn, fakeWasmPack } from './crate-in.js'

afterEach(() => { vi.unstubAllEnvs() })
const onPath = (folder: string): void => { vi.stubEnv('PATH', `${folder}:${process.env.PATH}`) }
const withoutAny = (): void => { vi.stubEnv('PATH', '/usr/bin:/bin') }
/** Copies a prepared package to where `--out-dir` says. */
const COPIES = `while [ $# -gt 1 ]; do if [ "$1" = --out-dir ]; then mkdir -p "$2" && cp '${BUILT}'/* "$2"; fi; shift; done`

describe('T0 browser_surface: a crate and wasm-pack', () => {
  it('a package that is missing is built, for the target whose glue runs everywhere; where it comes from is kept in it', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false, provenance: false })
    const fake = fakeWasmPack(join(dir, 'bin'), COPIES)
    onPath(fake.path)
    expect(await seeToPackage(crate, { args: ['--', '--features', 'x'] })).toContain('built by wasm-pack')
    expect(fake.calls()).toEqual([`build ${crate.dir} --target web --release --out-dir ${crate.pkg} -- --features x`])
    expect(JSON.parse(readFileSync(join(crate.pkg, 'provenance.json'), 'utf8'))).toMatchObject({ tools: { wasm_pack: '0.99.0' }, flags: { wasm_pack: ['build', '--target', 'web', '--release', '--', '--features', 'x'] } })
    expect(Object.keys(readProvenance(crate)!.outputs)).toContain('alarms_bg.wasm')
    // Nothing changed: it is not built again, unless somebody says so.
    expect(await seeToPackage(crate)).toContain('not older than its source by digests')
    expect(fake.calls()).toHaveLength(1)
    appendFileSync(join(crate.dir, 'src/lib.rs'), '// more\n')
    expect(await seeToPackage(crate)).toContain('built by wasm-pack')
    expect(await seeToPackage(crate, { build: 'always', profile: 'dev' })).toContain('built by wasm-pack')
    expect(fake.calls().at(-1)).toContain('--dev')
    expect(fake.calls()).toHaveLength(3)
  }))

  it('without one the built package is taken, and refused when it is older than its source', () => inFolder(async (dir) => {
    const crate = crateIn(dir)
    withoutAny()
    expect(await seeToPackage(crate)).toContain('by digests')
    appendFileSync(join(dir, 'src/lib.rs'), '// more\n')
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'package_stale', message: expect.stringContaining('src/lib.rs, and no wasm-pack is on the PATH') as unknown, hint: expect.stringContaining('wasm-pack build') as unknown })
    await expect(seeToPackage(crateIn(join(dir, 'other'), { built: false }))).rejects.toMatchObject({ code: 'package_not_found' })
  }))

  it('says when only modification times tell', () => inFolder(async (dir) => {
    const crate = crateIn(dir, { provenance: false })
    withoutAny()
    expect(await seeToPackage(crate)).toContain('by modification times, for want of a provenance.json')
    appendFileSync(join(dir, 'src/lib.rs'), '// more\n')
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'package_stale', message: expect.stringContaining('which a checkout does not keep') as unknown })
  }))

  it('one that fails shows what it printed, and leaves the package as it was', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'))
    onPath(fakeWasmPack(join(dir, 'bin'), 'echo "error[E0425]: cannot find value" >&2; exit 101').path)
    appendFileSync(join(crate.dir, 'src/lib.rs'), 'broken\n')
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'wasm_pack_failed', message: expect.stringMatching(/ended with 101:\n.*E0425/) as unknown })
    expect(existsSync(join(crate.pkg, 'alarms.js'))).toBe(true)
  }))

  it('one that fails after it wrote leaves nothing that is taken: not with its glue and wasm there, nor with the old ones beside', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false, provenance: false })
    onPath(fakeWasmPack(join(dir, 'bin'), `${COPIES}; echo "wasm-opt failed" >&2; exit 1`).path)
    for (const _ of ['first', 'again']) await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'wasm_pack_failed' })
    expect(existsSync(join(crate.pkg, 'alarms_bg.wasm'))).toBe(true)
    withoutAny()
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'package_stale', message: expect.stringContaining('did not end well') as unknown, hint: expect.stringContaining('take its provenance.json away') as unknown })
    onPath(fakeWasmPack(join(dir, 'bin'), COPIES).path)
    expect(await seeToPackage(crate)).toContain('built by wasm-pack')
    expect(await seeToPackage(crate)).toContain('by digests')
  }))

  it('one that fails before it wrote leaves what is kept of the package: mended source is fresh again', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'))
    const source = readFileSync(join(crate.dir, 'src/lib.rs'))
    onPath(fakeWasmPack(join(dir, 'bin'), 'exit 101').path)
    appendFileSync(join(crate.dir, 'src/lib.rs'), 'broken\n')
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'wasm_pack_failed' })
    writeFileSync(join(crate.dir, 'src/lib.rs'), source)
    expect(await seeToPackage(crate)).toContain('taken as built')
  }))

  it('another profile or other arguments than it was built with make it stale; who asks for none has it built as it was', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false, provenance: false })
    const fake = fakeWasmPack(join(dir, 'bin'), COPIES)
    onPath(fake.path)
    await seeToPackage(crate, { profile: 'dev', args: ['--', '--features', 'x'] })
    expect(await seeToPackage(crate)).toContain('taken as built')
    appendFileSync(join(crate.dir, 'src/lib.rs'), '// more\n')
    await seeToPackage(crate)
    expect(fake.calls().at(-1)).toMatch(/--dev .* -- --features x$/)
    withoutAny()
    await expect(seeToPackage(crate, { profile: 'release' })).rejects.toMatchObject({ code: 'package_stale', message: expect.stringContaining("'wasm-pack build --target web --dev -- --features x', and 'build --target web --release' is asked for") as unknown })
    onPath(fake.path)
    expect(await seeToPackage(crate, { profile: 'release' })).toContain('built by wasm-pack')
    expect(fake.calls().at(-1)).toMatch(/--release --out-dir \S+$/)
  }))

  it('what is saved while it builds is not taken to be in it', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false, provenance: false })
    const fake = fakeWasmPack(join(dir, 'bin'), `echo "// late" >> '${join(crate.dir, 'src/lib.rs')}'; ${COPIES}`)
    onPath(fake.path)
    await seeToPackage(crate)
    withoutAny()
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'package_stale', message: expect.stringContaining('src/lib.rs') as unknown })
  }))

  it('a signal ends one that builds, with all it started', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false })
    const pid = join(dir, 'pid')
    onPath(fakeWasmPack(join(dir, 'bin'), `echo $$ > '${pid}'; sleep 600 & sleep 600`).path)
    const stop = new AbortController()
    const built = expect(seeToPackage(crate, { signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' })
    await vi.waitFor(() => expect(existsSync(pid)).toBe(true), { timeout: 5_000 })
    stop.abort()
    await built
    await vi.waitFor(() => expect(groupMembers(Number(readFileSync(pid, 'utf8')))).toEqual([]), { timeout: 5_000 })
    await expect(seeToPackage(crate, { signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' })
  }), 30_000)

  it.each([
    ['has ended, though', 'exit 101', 'ended with 101'],
    ['is at its limit, and', 'sleep 600', 'did not end within 1500 ms'],
  ])('one that %s another group holds its output, is not waited for', (_how, then, says) => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false })
    const pid = join(dir, 'pid')
    onPath(fakeWasmPack(join(dir, 'bin'), `setsid sh -c 'echo $$ > ${pid}; exec sleep 600' & while [ ! -s ${pid} ]; do sleep 0.05; done; echo told; ${then}`).path)
    const ended = await Promise.race([seeToPackage(crate, { limit_ms: 1_500 }).catch((error: unknown) => error), sleep(10_000, 'still waiting')])
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL')
    expect(ended).toMatchObject({ code: 'wasm_pack_failed', message: expect.stringMatching(new RegExp(`${says}:\\ntold`)) as unknown })
  }), 30_000)

  it('one that hangs is ended at its limit, with all it started', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false })
    const pid = join(dir, 'pid')
    onPath(fakeWasmPack(join(dir, 'bin'), `echo $$ > '${pid}'; sleep 600 & sleep 600`).path)
    await expect(seeToPackage(crate, { limit_ms: 400 })).rejects.toMatchObject({ code: 'wasm_pack_failed', message: expect.stringContaining('did not end within 400 ms') as unknown })
    await vi.waitFor(() => expect(groupMembers(Number(readFileSync(pid, 'utf8')))).toEqual([]), { timeout: 5_000 })
  }), 30_000)

  it('one that ends well and leaves nothing is no build', () => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { built: false, provenance: false })
    onPath(fakeWasmPack(join(dir, 'bin'), 'exit 0').path)
    await expect(seeToPackage(crate)).rejects.toMatchObject({ code: 'wasm_pack_failed', message: expect.stringContaining('left no package') as unknown })
  }))
})
