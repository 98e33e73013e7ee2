import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crateOf, sourcesOf } from '../../../src/vite/crate.js'
import { freshnessOf } from '../../../src/vite/freshness.js'
import { beginProvenance } from '../../../src/vite/provenance.js'
import { inFolder } from '../run/support.js'
import { crateIn, writtenAt } from './crate-in.js'

describe('T0 browser_surface: whether a built package is older than its source', () => {
  it('by digests, where its provenance has them, whatever the clock says', () => inFolder(async (dir) => {
    const crate = crateIn(dir)
    writtenAt([join(dir, 'src/lib.rs')], 2_000_000)
    expect(freshnessOf(crate)).toEqual({ state: 'fresh', by: 'digests', changed: [], altered: [] })
  }))

  it.each([
    ['a source that changed', (dir: string) => appendFileSync(join(dir, 'src/lib.rs'), '// more\n'), { changed: ['src/lib.rs'], altered: [] }],
    ['a source that is new', (dir: string) => writeFileSync(join(dir, 'src/more.rs'), ''), { changed: ['src/more.rs'], altered: [] }],
    ['a source that is gone', (dir: string) => rmSync(join(dir, 'src/lib.rs')), { changed: ['src/lib.rs'], altered: [] }],
    ['a package that was changed by hand', (dir: string) => appendFileSync(join(dir, 'pkg/alarms.js'), '// mine\n'), { changed: [], altered: ['alarms.js'] }],
  ])('%s makes it stale', (_what, change, found) => inFolder(async (dir) => {
    const crate = crateIn(dir)
    change(dir)
    expect(freshnessOf(crate)).toEqual({ state: 'stale', by: 'digests', ...found })
  }))

  it('a lock that nobody kept a digest of changes nothing', () => inFolder(async (dir) => {
    const crate = crateIn(dir)
    writeFileSync(join(dir, 'Cargo.lock'), '# made by cargo\n')
    expect(freshnessOf(crate)).toMatchObject({ state: 'fresh' })
  }))

  it('by modification times where there is none; what was written at once, as in a checkout, is of one age', () => inFolder(async (dir) => {
    const crate = crateIn(dir, { provenance: false })
    writtenAt([join(dir, 'src/lib.rs')], 1_000_001)
    expect(freshnessOf(crate)).toEqual({ state: 'fresh', by: 'modification_times', changed: [], altered: [] })
    writtenAt([join(dir, 'src/lib.rs')], 1_000_010)
    expect(freshnessOf(crate)).toEqual({ state: 'stale', by: 'modification_times', changed: ['src/lib.rs'], altered: [] })
  }))

  it.each([
    ['a dependency by path', '[dependencies]\ncore = { path = "../core" }\n', ''],
    ['one that the workspace names', '[dependencies]\ncore.workspace = true\n', '[workspace.dependencies]\ncore = { path = "core" }\n'],
    ['one of a target', '[target.\'cfg(target_arch = "wasm32")\'.dependencies]\ncore = { path = \'../core\' }\n', ''],
    ['what the workspace puts in the place of another', '', '[patch.crates-io]\ncore = { path = "core" }\n'],
  ])('%s is a source too, and what that depends on', (_what, named, shared) => inFolder(async (dir) => {
    const crate = crateIn(join(dir, 'crate'), { provenance: false })
    const manifest = (folder: string, text: string): void => {
      mkdirSync(join(dir, folder, 'src'), { recursive: true })
      writeFileSync(join(dir, folder, 'Cargo.toml'), text)
      if (folder !== '.') writeFileSync(join(dir, folder, 'src/lib.rs'), '')
    }
    manifest('.', `[workspace]\nmembers = ["crate"]\n${shared}`)
    manifest('core', '[package]\nname = "core"\n[dependencies]\ndeep = { path = "../deep" }\n[dev-dependencies]\ntested = { path = "../tested" }\n')
    manifest('deep', '[package]\nname = "deep"\n[dependencies]\ncore = { path = "../core" }\n')
    manifest('tested', '[package]\nname = "tested"\n')
    writeFileSync(join(crate.dir, 'Cargo.toml'), `[package]\nname = "alarms"\n[lib]\npath = "src/lib.rs"\n${named}`)
    const sources = sourcesOf(crate).map((path) => relative(dir, path))
    expect(sources).toEqual(['Cargo.toml', 'core/Cargo.toml', 'core/src/lib.rs', 'crate/Cargo.toml', 'crate/src/lib.rs', 'deep/Cargo.toml', 'deep/src/lib.rs'])
    await (await beginProvenance(crate)).built({}, [])
    expect(freshnessOf(crate)).toMatchObject({ state: 'fresh' })
    appendFileSync(join(dir, 'deep/src/lib.rs'), '// more\n')
    expect(freshnessOf(crate)).toMatchObject({ state: 'stale', changed: ['../deep/src/lib.rs'] })
  }))

  it('a manifest that is no TOML names no other crate, and stops nothing', () => inFolder(async (dir) => {
    const crate = crateIn(dir)
    writeFileSync(join(dir, 'Cargo.toml'), 'core = { path = ')
    expect(freshnessOf(crate)).toMatchObject({ state: 'stale', changed: ['Cargo.toml'] })
  }))

  it('by modification times, a package is as old as the older of its wasm and its glue: what else is in it says nothing', () => inFolder(async (dir) => {
    const crate = crateIn(dir, { provenance: false })
    writtenAt([join(dir, 'src/lib.rs')], 1_000_010)
    writtenAt([join(crate.pkg, 'alarms.d.ts'), join(crate.pkg, 'alarms.js')], 1_000_020)
    expect(freshnessOf(crate)).toMatchObject({ state: 'stale', changed: ['src/lib.rs'] })
    writtenAt([join(crate.pkg, 'alarms_bg.wasm')], 1_000_020)
    expect(freshnessOf(crate)).toMatchObject({ state: 'fresh' })
  }))

  it('what was built with other flags than those asked for is stale; flags that nobody kept, or asks for, say nothing', () => inFolder(async (dir) => {
    const crate = crateIn(dir)
    expect(freshnessOf(crate, ['build', '--release'])).toMatchObject({ state: 'fresh' })
    await (await beginProvenance(crate)).built({}, ['build', '--dev'])
    expect(freshnessOf(crate, ['build', '--dev'])).toMatchObject({ state: 'fresh' })
    expect(freshnessOf(crate)).toMatchObject({ state: 'fresh' })
    expect(freshnessOf(crate, ['build', '--release'])).toMatchObject({ state: 'stale', changed: [], altered: [], built_with: ['build', '--dev'] })
  }))

  it('a package that is not there is missing, and a provenance that is no record is refused', () => inFolder(async (dir) => {
    expect(freshnessOf(crateIn(dir, { built: false }))).toEqual({ state: 'missing' })
    writeFileSync(join(dir, 'provenance.json'), '{"sources": {"Cargo.toml": "abc"}}')
    expect(() => freshnessOf(crateIn(dir, { provenance: false }))).toThrow(expect.objectContaining({ code: 'package_unreadable' }) as Error)
  }))

  it('finds the crate of a package: above it, or beside it', () => inFolder(async (dir) => {
    const crate = crateIn(dir)
    expect(crateOf(crate.pkg)).toEqual(crate)
    expect(crateOf(join(process.cwd(), 'subjects/reference/pkg'))).toMatchObject({ dir: join(process.cwd(), 'subjects/reference/crate') })
    expect(crateOf(join(dir, 'src'))).toBeNull()
  }))

  it('the packages that the kit ships are not older than their sources', () => {
    for (const pkg of ['subjects/reference/pkg', 'examples/wasm-pack-crate/pkg']) expect(freshnessOf(crateOf(join(process.cwd(), pkg))!), pkg).toMatchObject({ state: 'fresh', by: 'digests' })
  })
})
