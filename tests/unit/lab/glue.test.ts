import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import wabt from 'wabt'
import { runLabTwice, type LabTrace } from '../../../src/lab/run-lab.js'
import { packageRoot } from '../../../src/package-root.js'
import { bundleArtifact } from '../../../src/subjects/bundle.js'
import { logs, scenarioOf } from './scripts.js'

const FIXTURES = join(packageRoot(), 'tests/fixtures/glue')
const SUBJECT = (imports: string, body: string): string => `${imports}
export default { name: 'glue', version: '1.0.0', requires: ['webassembly'], host_roles: ['window'], bridge: false, start: async (host) => {
  const log = (text) => host.log(String(text))
  ${body}
  return { shutdown: async () => {} }
} }`

/** Bundles a subject beside other files and runs it twice in the lab; fails when the runs differ. */
async function ran(subject: string, beside: Record<string, string | Uint8Array>, target?: string): Promise<LabTrace> {
  const folder = await mkdtemp(join(tmpdir(), 'lanecheck-glue-'))
  try {
    for (const [name, content] of Object.entries(beside)) await writeFile(join(folder, name), content)
    if (target !== undefined) {
      for (const name of await readdir(join(FIXTURES, target))) await copyFile(join(FIXTURES, target, name), join(folder, name))
      await copyFile(join(FIXTURES, 'glue_bg.wasm'), join(folder, 'glue_bg.wasm'))
    }
    await writeFile(join(folder, 'subject.js'), subject)
    const { first, second, deterministic } = await runLabTwice({ artifact: await bundleArtifact(join(folder, 'subject.js')), scenario: scenarioOf(), seed: 1 })
    expect([second.schedule_hash, second.event_hash, deterministic]).toEqual([first.schedule_hash, first.event_hash, true])
    return first
  } finally {
    await rm(folder, { recursive: true })
  }
}
const logged = (trace: LabTrace): string[] => {
  if (trace.end.type === 'failed') throw new Error(trace.end.message)
  return logs(trace)
}

/** Strings, a closure, async exports by promises and microtasks, an error that Rust gave back, and `web_sys::window()`. */
const USE = `
  log(glue.greet('lab'))
  await new Promise((done) => glue.ring(20, () => { log('rang at ' + performance.now()); done() }))
  log(await glue.later(30) + ', now ' + performance.now())
  await glue.refuse(5).catch((error) => log(error.name + ' ' + error.message))
  log(glue.has_window())`
const USED = ['hello lab', 'rang at 20', 'after 30, now 50', 'Error refused', 'true']

describe('T2 browser_surface: wasm-bindgen’s glue of today in the lab, unmodified', () => {
  it.each([
    ['web, by the address that it knows itself', 'web', `import init, * as glue from './glue.js'`, 'await init()'],
    ['web, by an address', 'web', `import init, * as glue from './glue.js'\nimport url from './glue_bg.wasm?url'`, 'await init({ module_or_path: new URL(url, location.href) })'],
    ['web, by a response', 'web', `import init, * as glue from './glue.js'\nimport url from './glue_bg.wasm?url'`, 'await init({ module_or_path: fetch(url) })'],
    ['web, at once', 'web', `import * as glue from './glue.js'\nimport url from './glue_bg.wasm?url'`, 'glue.initSync({ module: await (await fetch(url)).arrayBuffer() })'],
    ['bundler', 'bundler', `import * as glue from './glue.js'`, ''],
    ['nodejs', 'nodejs', `import * as glue from './glue.js'`, ''],
    ['no-modules', 'no-modules', `import glue from './glue.js'\nimport url from './glue_bg.wasm?url'`, 'await glue({ module_or_path: url })'],
  ])('%s', async (_, target, imports, begin) => {
    const trace = await ran(SUBJECT(imports, begin + USE), {}, target)
    expect(logged(trace)).toEqual(USED)
    expect(trace.events.flatMap((event) => (event.kind === 'host.wasm.module' ? [event.instances] : []))).toEqual([1])
  })

  it('a response of the wrong type is read whole instead, as in a browser', async () => {
    const trace = await ran(SUBJECT(`import init, * as glue from './glue.js'\nimport url from './glue_bg.wasm?url'`,
      `const bytes = await (await fetch(url)).arrayBuffer(); await init({ module_or_path: new Response(bytes, { headers: { 'content-type': 'application/octet-stream' } }) }); log(glue.greet('you'))`), {}, 'web')
    expect(logged(trace)).toEqual(['hello you'])
    expect(trace.console.join()).toMatch(/`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm/)
  })
})

/** Of 0.2.80: imports from `wbg`, objects in a heap of slots, views cached by hand. */
const OLD_WAT = `(module
  (import "wbg" "__wbindgen_string_new" (func $string_new (param i32 i32) (result i32)))
  (import "wbg" "__wbindgen_object_drop_ref" (func $drop (param i32)))
  (import "wbg" "__wbg_setTimeout_0123456789abcdef" (func $set_timeout (param i32 i32) (result i32)))
  (import "wbg" "__wbg_log_fedcba9876543210" (func $log (param i32)))
  (memory (export "memory") 1) (data (i32.const 16) "told")
  (func (export "tell") (param $ms i32) (param $callback i32) (local $text i32)
    (local.set $text (call $string_new (i32.const 16) (i32.const 4)))
    (call $log (local.get $text)) (call $drop (local.get $text))
    (call $drop (call $set_timeout (local.get $callback) (local.get $ms))) (call $drop (local.get $callback))))`
const OLD_GLUE = (begin: string): string => `let wasm;
const heap = new Array(32).fill(undefined); heap.push(undefined, null, true, false);
function getObject(idx) { return heap[idx]; }
let heap_next = heap.length;
function dropObject(idx) { if (idx < 36) return; heap[idx] = heap_next; heap_next = idx; }
function takeObject(idx) { const ret = getObject(idx); dropObject(idx); return ret; }
function addHeapObject(obj) { if (heap_next === heap.length) heap.push(heap.length + 1); const idx = heap_next; heap_next = heap[idx]; heap[idx] = obj; return idx; }
let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true }); cachedTextDecoder.decode();
let cachegetUint8Memory0 = null;
function getUint8Memory0() { if (cachegetUint8Memory0 === null || cachegetUint8Memory0.buffer !== wasm.memory.buffer) cachegetUint8Memory0 = new Uint8Array(wasm.memory.buffer); return cachegetUint8Memory0; }
function getStringFromWasm0(ptr, len) { return cachedTextDecoder.decode(getUint8Memory0().subarray(ptr, ptr + len)); }
export function tell(ms, callback) { wasm.tell(ms, addHeapObject(callback)); }
export const slots = () => heap.length;
async function load(module, imports) {
  if (typeof Response === 'function' && module instanceof Response) {
    if (typeof WebAssembly.instantiateStreaming === 'function') {
      try { return await WebAssembly.instantiateStreaming(module, imports); } catch (e) {
        if (module.headers.get('Content-Type') != 'application/wasm') console.warn("\`WebAssembly.instantiateStreaming\` failed", e); else throw e;
      }
    }
    const bytes = await module.arrayBuffer();
    return await WebAssembly.instantiate(bytes, imports);
  } else {
    const instance = await WebAssembly.instantiate(module, imports);
    if (instance instanceof WebAssembly.Instance) return { instance, module }; else return instance;
  }
}
async function init(input) {
  if (typeof input === 'undefined') input = new URL('old_bg.wasm', import.meta.url);
  const imports = {}; imports.wbg = {};
  imports.wbg.__wbindgen_string_new = function(arg0, arg1) { const ret = getStringFromWasm0(arg0, arg1); return addHeapObject(ret); };
  imports.wbg.__wbindgen_object_drop_ref = function(arg0) { takeObject(arg0); };
  imports.wbg.__wbg_setTimeout_0123456789abcdef = function(arg0, arg1) { const ret = setTimeout(getObject(arg0), arg1); return addHeapObject(ret); };
  imports.wbg.__wbg_log_fedcba9876543210 = function(arg0) { console.log(getObject(arg0)); };
  if (typeof input === 'string' || (typeof Request === 'function' && input instanceof Request) || (typeof URL === 'function' && input instanceof URL)) input = fetch(input);
  const { instance, module } = await load(await input, imports);
  wasm = instance.exports; init.__wbindgen_wasm_module = module;
  ${begin}
  return wasm;
}
export default init;`

async function wasmOf(text: string): Promise<Uint8Array> {
  const module = (await wabt()).parseWat('t.wat', text)
  const { buffer } = module.toBinary({})
  module.destroy()
  return buffer
}

describe('T2 browser_surface: glue of older shapes in the lab', () => {
  const told = `log('told at ' + performance.now()); log(slots())`
  it.each([
    ['by the address that it knows itself', 'await init()'],
    ['by bytes', 'await init(await (await fetch(url)).arrayBuffer())'],
    ['by a compiled module', 'await init(await WebAssembly.compileStreaming(fetch(url)))'],
  ])('0.2.80, web, %s', async (_, begin) => {
    const subject = SUBJECT(`import init, { slots, tell } from './old.js'\nimport url from './old_bg.wasm?url'`, `${begin}; await new Promise((done) => tell(40, () => { ${told}; done() }))`)
    const trace = await ran(subject, { 'old.js': OLD_GLUE(''), 'old_bg.wasm': await wasmOf(OLD_WAT) })
    expect(logged(trace)).toEqual(['told at 40', '38'])
    expect(trace.console).toEqual(['log: told'])
  })

  it('bundler, where glue and wasm import each other', async () => {
    const wat = `(module (import "./round_bg.js" "__wbg_twice_0123456789abcdef" (func $twice (param i32) (result i32))) (func (export "quadruple") (param i32) (result i32) (call $twice (call $twice (local.get 0)))))`
    const glue = `import * as wasm from './round_bg.wasm'\nexport function quadruple(n) { return wasm.quadruple(n) }\nexport function __wbg_twice_0123456789abcdef(n) { return 2 * n }`
    const trace = await ran(SUBJECT(`import { quadruple } from './round.js'`, 'log(quadruple(3))'), { 'round.js': `import * as wasm from './round_bg.wasm'\nexport * from './round_bg.js'`, 'round_bg.js': glue, 'round_bg.wasm': await wasmOf(wat) })
    expect(logged(trace)).toEqual(['12'])
  })
})

describe('T4 browser_surface: a package for Node alone', () => {
  it('is told what it asks of Node, by module and name', async () => {
    const said = (subject: string): Promise<string> => ran(subject, {}).then(() => 'it ran', (error: { code: string; message: string }) => `${error.code}: ${error.message}`)
    expect(await said(SUBJECT(`import { readFileSync } from 'node:fs'`, `readFileSync('x')`))).toMatch(/^lab_missing_global: .*"node:fs.readFileSync"/)
    expect(await said(SUBJECT(`import os from 'os'`, 'log(os.cpus().length)'))).toMatch(/^lab_missing_global: .*"node:os.cpus"/)
    expect(await said(SUBJECT('', `log(require('fs').readFileSync('x'))`))).toMatch(/^lab_missing_global: .*"(?:node:fs.readFileSync|require)"/)
  })
})
