import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { inspectPackage } from '../../../src/inspect/inspect.js'
import { InspectionSchema } from '../../../src/inspect/inspection.js'
import { inspectionText } from '../../../src/report/inspection-text.js'
import { paintFor } from '../../../src/report/paint.js'
import { inspected, roleOf, useOf, wasmOf } from './packages.js'

const root = resolve(import.meta.dirname, '../../..')
const SHARED = wasmOf('(module (import "env" "memory" (memory 2 16 shared)) (func (export "run")))')
const PLAIN = wasmOf('(module (import "wbg" "__wbg_setTimeout_e7017dccd5cae6ef" (func)) (import "wbg" "__wbg_new_0123456789abcdef" (func)) (memory (export "memory") 1 2) (func (export "run")))')

describe('T0 browser_surface: real packages, inspected', () => {
  it('the reference subject: timers, sockets and requests from WASM, in every role', async () => {
    const seen = InspectionSchema.parse(await inspectPackage('./subjects/reference/pkg', root))
    expect(seen).toMatchObject({ shape: 'wasm_pack_web', inferred: { requires: ['timers', 'webassembly', 'websocket', 'fetch', 'abort_controller', 'text_codec'], families: ['timers', 'sockets', 'requests'] } })
    expect(seen.wasm[0]).toMatchObject({ held: 'separate', memory: { imported: false, shared: false }, panics: { by: 'trap', told: false } })
    expect(seen.wasm[0]!.processed_by.join()).toMatch(/wasm-bindgen 0\.2\.108/)
    expect(useOf(seen, 'WebSocket')).toMatchObject({ by: 'wasm', capability: 'websocket' })
    expect(seen.inferred.host_roles.map(({ takes }) => takes)).toEqual(['yes', 'yes', 'yes', 'yes'])
  })
  it('a timer and a data base: a package of the current glue with its WASM fetched by URL', async () => {
    const seen = InspectionSchema.parse(await inspectPackage('@matrix-org/matrix-sdk-crypto-wasm', root))
    expect(seen).toMatchObject({ package: { entry: 'index.mjs' }, inferred: { families: ['timers'] } })
    expect(seen.inferred.requires).toEqual(expect.arrayContaining(['timers', 'webassembly', 'indexeddb', 'crypto_random']))
    expect(useOf(seen, 'setTimeout')?.by).toBe('wasm')
    expect(seen.wasm[0]!.panics).toEqual({ by: 'trap', told: true })
    expect(seen.wasm[0]!.imports.filter(({ name }) => /_[0-9a-f]{14,16}$/.test(name))).toEqual([])
  })
  it('neither timer nor network, and built for Node: no role takes it as it is', async () => {
    const seen = InspectionSchema.parse(await inspectPackage('ywasm', root))
    expect(seen).toMatchObject({ shape: 'wasm_pack_nodejs', inferred: { families: [] } })
    expect(seen.inferred.host_roles.map(({ takes }) => takes)).toEqual(['no', 'no', 'no', 'no'])
    expect(roleOf(seen, 'window').why.join()).toContain('node:fs is Node\'s own (ywasm.js:')
    expect(inspectionText(seen, paintFor({ isTTY: false } as NodeJS.WriteStream))).toContain('neither timers nor network')
  })
})

describe('T0 browser_surface: what an inspection reads', () => {
  it('imports without wasm-bindgen\'s hash; a constructor by the glue of its import alone', async () => {
    const seen = await inspected({
      'index.js': 'const u = new URL("x_bg.wasm", import.meta.url)\nconst imports = { wbg: {} }\nimports.wbg.__wbg_new_0123456789abcdef = function () { return new WebSocket("ws://x") }\nimports.wbg.__wbg_new_ffffffffffffffff = function () { return new BroadcastChannel("x") }\n',
      'x_bg.wasm': PLAIN,
    })
    expect(seen.wasm[0]!.imports.map(({ name }) => name)).toEqual(['__wbg_setTimeout', '__wbg_new'])
    expect(useOf(seen, 'WebSocket')).toEqual({ what: 'WebSocket', capability: 'websocket', by: 'wasm', guarded: false, at: 'index.js:3' })
    expect(useOf(seen, 'setTimeout')).toMatchObject({ by: 'wasm', at: 'x_bg.wasm: import __wbg_setTimeout' })
    expect(useOf(seen, 'BroadcastChannel'), 'glue of an import that the WASM does not take').toBeUndefined()
    expect(seen.inferred.families).toEqual(['timers', 'sockets'])
  })
  it.each(['embedded_base64', 'embedded_gzip'] as const)('WASM %s in a script', async (held) => {
    const bytes = held === 'embedded_gzip' ? gzipSync(PLAIN) : PLAIN
    const seen = await inspected({ 'index.js': `export default "${Buffer.from(bytes).toString('base64')}"` })
    expect(seen.wasm).toMatchObject([{ path: 'index.js', held, bytes: PLAIN.length, memory: { imported: false, shared: false, least_pages: 1, most_pages: 2 } }])
  })
  it('shared memory: asked of the host, and no role is sure', async () => {
    const seen = await inspected({ 'index.js': 'fetch(new URL("./t.wasm", import.meta.url)); new Worker("w.js")', 't.wasm': SHARED })
    expect(seen.wasm[0]!.memory).toEqual({ imported: true, shared: true, least_pages: 2, most_pages: 16 })
    expect(seen.inferred.requires).toContain('shared_array_buffer')
    expect(seen.inferred.host_roles.map(({ host_role, takes }) => [host_role, takes])).toEqual([['window', 'perhaps'], ['dedicated_worker', 'perhaps'], ['shared_worker', 'perhaps'], ['service_worker', 'no']])
    expect(roleOf(seen, 'service_worker').why).toEqual([expect.stringContaining('Worker cannot be made there')])
  })
  it('what is asked for first is not required; what is the script\'s own is no global', async () => {
    const seen = await inspected({ 'index.js': 'if (typeof document !== "undefined") document.title = ""\nconst { TextDecoder } = globals\nnew TextDecoder()\nif ("indexedDB" in globalThis) globalThis.indexedDB.open("x")\nobject.fetch()\nlet fetchIt = { fetch: 1 }\nsetTimeout(fetchIt)' })
    expect(useOf(seen, 'document')).toMatchObject({ guarded: true, by: 'script' })
    expect(useOf(seen, 'indexedDB')).toMatchObject({ guarded: true })
    expect([useOf(seen, 'TextDecoder'), useOf(seen, 'fetch')]).toEqual([undefined, undefined])
    expect(seen.inferred.requires).toEqual(['timers'])
    expect(roleOf(seen, 'service_worker')).toMatchObject({ takes: 'perhaps', why: [expect.stringMatching(/document .*asks first/)] })
  })
  it.each([
    ['document.body', 'dedicated_worker'], ['localStorage.x', 'shared_worker'], ['new XMLHttpRequest()', 'service_worker'], ['import("./other.js")', 'service_worker'],
    ['await 1', 'service_worker'], ['require("node:fs")', 'window'], ['requestAnimationFrame(f)', 'shared_worker'], ['new EventSource("x")', 'service_worker'],
  ])('%s: no %s', async (text, role) => {
    const seen = await inspected({ 'index.js': text, 'other.js': '' })
    expect(roleOf(seen, role).takes).toBe('no')
    expect(roleOf(await inspected({ 'index.js': '1' }), role).takes).toBe('yes')
  })
  it('await within a function is none at the top', async () => {
    expect((await inspected({ 'index.js': 'export async function f() { await 1 }\nexport const g = async () => await 1\nclass C { async m() { await 1 } }' })).uses).toEqual([])
  })
  it('follows the browser\'s entry and no other; names what it could not read', async () => {
    const seen = await inspected({ 'web.js': 'import "./a.js"\nexport * from "other-package"\nimport "./gone.js"', 'a.js': 'setTimeout(', 'node.js': 'require("fs")' }, { main: 'node.js', exports: { '.': { node: './node.js', default: './web.js' } } })
    expect(seen.package.entry).toBe('web.js')
    expect(seen.scripts.map(({ path }) => path)).toEqual(['web.js'])
    expect(seen.unread).toEqual(expect.arrayContaining(['web.js: other-package is another package', 'web.js: ./gone.js is not there', expect.stringMatching(/^a\.js: /)]))
  })
  it('a cycle of modules ends', async () => {
    expect((await inspected({ 'index.js': 'import "./b.js"', 'b.js': 'import "./index.js"' })).scripts).toHaveLength(2)
  })
})

describe('T4 browser_surface: a package that cannot be read', () => {
  it.each<[string, Record<string, string | Uint8Array>, Record<string, unknown>, string, RegExp]>([
    ['no entry', {}, { main: 'gone.js' }, 'package_unreadable', /looked for gone\.js, index\.js/],
    ['broken WASM', { 'index.js': 'x("./b.wasm")', 'b.wasm': new Uint8Array([0, 0x61, 0x73, 0x6d, 9]) }, {}, 'wasm_invalid', /no WASM module/],
    ['a manifest that is none', { 'package.json': '{' }, {}, 'package_unreadable', /package\.json cannot be read/],
    ['a name that is none', { 'package.json': '{"name":7}' }, {}, 'package_unreadable', /name: /],
  ])('%s', async (_, files, manifest, code, says) => {
    await expect(inspected(files, manifest)).rejects.toMatchObject({ code, message: expect.stringMatching(says) })
  })
  it('a package that is not there', async () => {
    for (const name of ['no-such-package-at-all', './nowhere']) await expect(inspectPackage(name, root)).rejects.toMatchObject({ code: 'package_not_found', where: name })
  })
})
