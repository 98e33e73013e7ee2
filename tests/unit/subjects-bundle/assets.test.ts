import { cp } from 'node:fs/promises'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { assetsOf, digestInName, isAssetName, withAssetList, type Assets } from '../../../src/contract/assets.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { declareSubject, runLabTwice, type LabTrace } from '../../../src/lab/run-lab.js'
import { bundleSubject, type BundledSubject } from '../../../src/subjects/bundle.js'
import { scenarioOf } from '../judge/traces.js'
import { inFolder } from '../run/support.js'

const SUBJECT = fileURLToPath(new URL('../../lanes/wasm-delivery/subject.ts', import.meta.url))
const EXAMPLE = fileURLToPath(new URL('../../../examples/wasm-pack-crate', import.meta.url))
const scenario = scenarioOf({
  tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 2 }, { op: 'timer.wait', timer: 'a' }] },
  expect: { timers: { a: { outcome: 'fired', fired: 1 } } },
})
const lab = async (source: string, assets: Assets): Promise<LabTrace> => {
  const { first, deterministic } = await runLabTwice({ artifact: source, assets, scenario, seed: 1 })
  expect(deterministic).toBe(true)
  return first
}
const kinds = ({ events }: LabTrace): string[] => events.map(({ kind }) => kind)

describe('T0 browser_surface: an artifact\'s wasm, inlined or by URL', () => {
  let [inline, url]: BundledSubject[] = []
  beforeAll(async () => {
    inline = await bundleSubject(SUBJECT)
    url = await bundleSubject(SUBJECT, { wasm: 'url' })
  })

  it('inlined: the artifact lists nothing and holds all', () => {
    expect(assetsOf(inline!.source)).toEqual([])
    expect(inline!.assets.size).toBe(0)
    expect(inline!.source).toContain('data:application/wasm;base64,')
  })

  it('by URL: the first line lists the wasm by its content, so that the artifact\'s digest stands for its bytes', () => {
    const [[name, bytes]] = [...url!.assets] as [[string, Uint8Array]]
    expect(assetsOf(url!.source)).toEqual([name])
    expect(digestInName(name)).toBe(sha256Hex(bytes))
    expect(url!.source).not.toContain('data:application/wasm')
    expect(sha256Hex(url!.source)).not.toBe(sha256Hex(withAssetList(url!.source.slice(url!.source.indexOf('\n') + 1).replaceAll(name, `${'0'.repeat(64)}.wasm`), [`${'0'.repeat(64)}.wasm`])))
  })

  it('both run in the lab, and mean the same; the fetch of a part of the artifact is nobody\'s traffic', async () => {
    const [one, other] = [await lab(inline!.source, inline!.assets), await lab(url!.source, url!.assets)]
    expect(one.end).toEqual({ type: 'done', stalled: false })
    expect(kinds(other)).toEqual(kinds(one))
    expect(kinds(other)).not.toContain('host.fetch.sent')
  })

  it('an asset that is not there is a subject that does not start, never one that quietly does', async () => {
    const { end } = await lab(url!.source, new Map())
    expect(end).toMatchObject({ type: 'failed', code: 'subject_throws', message: expect.stringMatching(/WebAssembly|ok|wasm|magic/i) as unknown })
  })

  it('an import says by itself how it wants its wasm', () => inFolder(async (dir) => {
    await cp(join(EXAMPLE, 'pkg'), join(dir, 'pkg'), { recursive: true })
    const of = async (query: string): Promise<number> => {
      writeFileSync(join(dir, 'subject.js'), `import url from './pkg/alarms_bg.wasm?${query}'\nexport default { name: url.slice(0, 4), version: '1', requires: [], host_roles: [], bridge: false, start: async () => ({ shutdown: async () => {} }) }\n`)
      const { source, assets } = await bundleSubject(join(dir, 'subject.js'), { wasm: query === 'url&inline' ? 'url' : 'inline' })
      expect((await declareSubject(source, undefined, assets)).declaration.name).toBe(assets.size === 0 ? 'data' : 'http')
      return assets.size
    }
    expect(await of('url&inline')).toBe(0)
    expect(await of('url&no-inline')).toBe(1)
  }))

  it('is made of the subject, the glue, the wasm and the crate\'s sources; where the package was taken from is said', () => {
    expect(url!.made_of).toEqual(expect.arrayContaining([SUBJECT, join(EXAMPLE, 'pkg/alarms.js'), join(EXAMPLE, 'pkg/alarms_bg.wasm'), join(EXAMPLE, 'src/lib.rs'), join(EXAMPLE, 'Cargo.toml')]))
    expect(url!.notes.join()).toContain('not older than its source by digests')
  })

  it('a package older than its source is refused by its own code, not as a module that does not build', () => inFolder(async (dir) => {
    for (const name of ['pkg', 'src', 'Cargo.toml', 'provenance.json']) await cp(join(EXAMPLE, name), join(dir, name), { recursive: true })
    writeFileSync(join(dir, 'src/lib.rs'), '// another\n')
    writeFileSync(join(dir, 'subject.js'), "import init from './pkg/alarms.js'\nexport default { name: 'x', version: '1', requires: [], host_roles: [], bridge: false, start: async () => { await init() } }\n")
    vi.stubEnv('PATH', '/usr/bin:/bin')
    try {
      await expect(bundleSubject(join(dir, 'subject.js'))).rejects.toMatchObject({ code: 'package_stale', where: expect.stringContaining('pkg') as unknown })
    } finally {
      vi.unstubAllEnvs()
    }
  }))

  it('names only what is a digest and an ending', () => {
    expect(isAssetName(`${'a'.repeat(64)}.wasm`)).toBe(true)
    for (const name of ['x.wasm', `${'A'.repeat(64)}.wasm`, `../${'a'.repeat(64)}.wasm`, `${'a'.repeat(64)}.js/..`, 'a'.repeat(64)]) expect(isAssetName(name), name).toBe(false)
    expect(assetsOf('/*! lanecheck-assets x.wasm */\n')).toEqual([])
    expect(assetsOf(`;/*! lanecheck-assets ${'a'.repeat(64)}.wasm */\n`)).toEqual([])
  })
})
