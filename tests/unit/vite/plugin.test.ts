import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { build, createServer, type InlineConfig } from 'vite'
import wasmPack, { type WasmPackOptions } from '../../../src/vite/index.js'
import { beginProvenance } from '../../../src/vite/provenance.js'
import { inFolder } from '../run/support.js'
import { crateIn } from './crate-in.js'

beforeEach(() => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined)
  vi.stubEnv('PATH', '/usr/bin:/bin')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** A maintainer's own small Vite project, beside a crate; its package is imported by its name. */
function projectIn(dir: string): void {
  crateIn(join(dir, 'crate'))
  mkdirSync(join(dir, 'app'))
  writeFileSync(join(dir, 'app/main.js'), "import init, { Alarms } from 'alarms'\nimport url from 'alarms/alarms_bg.wasm?url'\nexport const start = async () => { await init(); return new Alarms() }\nexport { url }\n")
}
const config = (dir: string, options: Omit<WasmPackOptions, 'crate'>): InlineConfig => ({
  configFile: false, root: join(dir, 'app'), logLevel: 'silent', plugins: [wasmPack({ crate: join(dir, 'crate'), ...options })],
  build: { write: false, minify: false, lib: { entry: join(dir, 'app/main.js'), formats: ['es'], fileName: () => 'main.js' } },
})
async function built(dir: string, options: Omit<WasmPackOptions, 'crate'>): Promise<{ code: string; assets: Array<{ fileName: string; bytes: number }> }> {
  const outputs = (await build(config(dir, options)) as Array<{ output: Array<{ type: string; fileName: string; code?: string; source?: Uint8Array | string }> }>).flatMap(({ output }) => output)
  return { code: outputs.find(({ type }) => type === 'chunk')!.code!, assets: outputs.filter(({ type }) => type === 'asset').map(({ fileName, source }) => ({ fileName, bytes: source!.length })) }
}
interface Started { url: string; start(): Promise<{ set(ms: number, ring: () => void): number }> }
const imported = (code: string): Promise<Started> => import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as Promise<Started>

describe('T0 browser_surface: lanecheck/vite in a maintainer\'s own config', () => {
  it('inline: one script that holds the wasm, and runs', () => inFolder(async (dir) => {
    projectIn(dir)
    const { code, assets } = await built(dir, { wasm: 'inline' })
    expect(assets).toEqual([])
    expect(code.match(/data:application\/wasm;base64,/g)).toHaveLength(1)
    const module = await imported(code)
    expect(module.url).toMatch(/^data:application\/wasm/)
    const alarms = await module.start()
    await new Promise<void>((ring) => { alarms.set(1, ring) })
  }))

  it('url: the wasm is a file beside the script, and the glue asks for that', () => inFolder(async (dir) => {
    projectIn(dir)
    const { code, assets } = await built(dir, { wasm: 'url' })
    const wasm = readFileSync(join(dir, 'crate/pkg/alarms_bg.wasm'))
    expect(assets).toEqual([{ fileName: expect.stringMatching(/alarms_bg.*\.wasm$/) as string, bytes: wasm.length }])
    expect(code).not.toContain('data:application/wasm')
    expect(code).toContain(assets[0]!.fileName.split('/').at(-1))
  }))

  it('a stale package stops the build, with what to type', () => inFolder(async (dir) => {
    projectIn(dir)
    appendFileSync(join(dir, 'crate/src/lib.rs'), '// more\n')
    await expect(build(config(dir, {}))).rejects.toThrow(/the package is older than its source: src\/lib\.rs, and no wasm-pack is on the PATH/)
  }))

  it('a package that was built for trying out is not shipped: without a profile it is release', () => inFolder(async (dir) => {
    projectIn(dir)
    const crate = { dir: join(dir, 'crate'), pkg: join(dir, 'crate/pkg') }
    await (await beginProvenance(crate)).built({}, ['build', '--target', 'web', '--dev'])
    expect((await built(dir, { profile: 'dev' })).code).toContain('Alarms')
    await expect(build(config(dir, {}))).rejects.toThrow(/the package was built by 'wasm-pack build --target web --dev', and 'build --target web --release' is asked for/)
  }))

  it('Vite\'s own server gives the package by its name, and its wasm by URL', () => inFolder(async (dir) => {
    projectIn(dir)
    const server = await createServer({ ...config(dir, { wasm: 'url' }), server: { middlewareMode: true, ws: false, fs: { strict: false } }, appType: 'custom' })
    try {
      const main = await server.transformRequest('/main.js')
      const [, glue = ''] = /from "([^"]*alarms\.js[^"]*)"/.exec(main?.code ?? '') ?? []
      expect(glue, main?.code).not.toBe('')
      expect((await server.transformRequest(glue))?.code).toMatch(/new URL\(__lanecheck_wasm_0\)/)
    } finally {
      await server.close()
    }
  }))

  it('refuses what is no crate, and words it does not know', () => inFolder(async (dir) => {
    projectIn(dir)
    expect(() => wasmPack(join(dir, 'app'))).toThrow(expect.objectContaining({ code: 'usage', where: 'crate' }) as Error)
    expect(() => wasmPack({ crate: join(dir, 'crate'), wasm: 'both' as 'url' })).toThrow(expect.objectContaining({ code: 'usage', where: 'wasm' }) as Error)
  }))
})
