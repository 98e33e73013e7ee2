import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const WEB = join(ROOT, 'examples/wasm-pack-crate/pkg')
const glue = readFileSync(join(WEB, 'alarms.js'), 'utf8')

export type Shape = 'web' | 'bundler' | 'no_modules' | 'nodejs' | 'reference' | 'installed' | 'split' | 'plain_js' | 'plain_ts'

/** A folder with a package of a shape; gone after `use`. The shapes of wasm-pack's other targets are made of what it built for the web, as its own differ from that. */
export async function withPackage<Result>(shape: Shape, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'lanecheck-init-'))
  try {
    MAKE[shape](folder)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function put(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
const wasm = (folder: string, to: string): void => { mkdirSync(dirname(join(folder, to)), { recursive: true }); cpSync(join(WEB, 'alarms_bg.wasm'), join(folder, to)) }
const manifest = (more: object): string => JSON.stringify({ name: 'alarms', version: '0.1.0', main: 'alarms.js', ...more })

/** What all targets share: the class and the imports, without the loading. */
const body = glue.slice(0, glue.indexOf('async function __wbg_load'))
/** The names under which the WASM takes its imports. */
const imported = [...glue.matchAll(/^ {8}(__wb\w+): function/gm)].map(([, name]) => name!)

const MAKE: Record<Shape, (folder: string) => void> = {
  web: (folder) => cpSync(WEB, join(folder, 'pkg'), { recursive: true }),
  reference: (folder) => cpSync(join(ROOT, 'subjects/reference/pkg'), join(folder, 'pkg'), { recursive: true }),
  // Its imports are functions of the glue, which takes the instance's exports; the entry joins both.
  bundler: (folder) => {
    put(folder, {
      'pkg/package.json': manifest({ type: 'module', types: 'alarms.d.ts' }),
      'pkg/alarms.js': 'import * as wasm from "./alarms_bg.wasm"\nexport * from "./alarms_bg.js"\nimport { __wbg_set_wasm } from "./alarms_bg.js"\n__wbg_set_wasm(wasm)\nwasm.__wbindgen_start()\n',
      'pkg/alarms_bg.js': `${body}\nexport function __wbg_set_wasm(exports) { wasm = exports }\nconst imported = __wbg_get_imports()["./alarms_bg.js"]\n${imported.map((name) => `export const ${name} = imported.${name}`).join('\n')}\n`,
      'pkg/alarms.d.ts': readFileSync(join(WEB, 'alarms.d.ts'), 'utf8').split('export type InitInput')[0]!,
    })
    wasm(folder, 'pkg/alarms_bg.wasm')
  },
  no_modules: (folder) => {
    put(folder, {
      'pkg/package.json': manifest({ browser: 'alarms.js' }),
      'pkg/alarms.js': `let wasm_bindgen = (function(exports) {\nlet script_src\nif (typeof document !== 'undefined' && document.currentScript !== null) script_src = new URL("alarms_bg.wasm", document.currentScript.src)\n${glue.replace(/^export \{[^]*$/m, '').replace('export class', 'class').replace(/^.*import\.meta\.url.*$/m, 'module_or_path = script_src')}\nexports.Alarms = Alarms\nreturn Object.assign(__wbg_init, { initSync }, exports)\n})({ __proto__: null })\n`,
      'pkg/alarms.d.ts': `declare namespace wasm_bindgen {\n${readFileSync(join(WEB, 'alarms.d.ts'), 'utf8').split('export type InitInput')[0]!}\n}\n`,
    })
    wasm(folder, 'pkg/alarms_bg.wasm')
  },
  nodejs: (folder) => {
    mkdirSync(join(folder, 'node_modules'))
    cpSync(join(ROOT, 'node_modules/ywasm'), join(folder, 'node_modules/ywasm'), { recursive: true })
    put(folder, { 'package.json': JSON.stringify({ name: 'app', dependencies: { ywasm: '0.18.3' } }) })
  },
  installed: (folder) => {
    cpSync(WEB, join(folder, 'node_modules/alarms'), { recursive: true })
    put(folder, { 'package.json': JSON.stringify({ name: 'app', dependencies: { alarms: '0.1.0' } }) })
  },
  // One built for Node stands first, by its name.
  split: (folder) => {
    cpSync(join(ROOT, 'node_modules/ywasm'), join(folder, 'pkg'), { recursive: true })
    cpSync(WEB, join(folder, 'pkg-web'), { recursive: true })
  },
  plain_js: (folder) => put(folder, {
    'package.json': JSON.stringify({ name: 'timers-of-mine', version: '1.2.0', type: 'module', main: 'index.js' }),
    'index.js': 'export function after(ms, fire) { return setTimeout(fire, ms) }\nexport const cancel = (timer) => clearTimeout(timer)\nexport async function load(url) { return (await fetch(url)).text() }\n',
  }),
  plain_ts: (folder) => {
    MAKE.plain_js(folder)
    put(folder, { 'index.d.ts': 'export declare function after(ms: number, fire: () => void): number\nexport declare const cancel: (timer: number) => void\nexport function load(url: string): Promise<string>\n' })
  },
}
