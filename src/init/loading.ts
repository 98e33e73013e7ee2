import { basename, dirname, join, relative, sep } from 'node:path'
import type { PackageSeen } from './package-seen.js'

/** How a subject loads its package, as lines of text. */
export interface Loading {
  imports: string[]
  /** Behind the imports. */
  above: string[]
  /** First in `start`. */
  start: string[]
  /** The name under which `start` has what the package exports. */
  name: string
  /** Declarations that TypeScript wants of what is imported. */
  ambient: string[]
  /** The bytes of the WASM are handed over: nothing is fetched. */
  hands_bytes: boolean
}

const URL_TYPES = ["declare module '*.wasm?url&inline' {", '  const url: string', '  export default url', '}']
const BYTES = [
  '/** The bytes come within the script: no realm has to fetch them, which the script of a service worker could not. */',
  'const bytes = () => {',
  "  const text = atob(wasm.slice(wasm.indexOf(',') + 1))",
  '  const all = new Uint8Array(text.length)',
  '  for (let at = 0; at < text.length; at++) all[at] = text.charCodeAt(at)',
  '  return all',
  '}',
]
const COMPILED = '// Compiled off the thread, as a window wants it.'

/** The way of loading that the package's shape asks for, for a subject in the folder `from`. */
export function loadingOf(seen: PackageSeen, from: string, typescript: boolean): Loading {
  const glue = glueOf(seen)
  if (seen.inspection.shape === 'wasm_pack_no_modules') return noModules(seen, from, typescript)
  if (glue !== null) return handedToGlue(seen, glue, from, typescript)
  return seen.inspection.shape === 'wasm_pack_web' ? web(seen, from) : asItIs(seen, from)
}

/** Where a file of the package is imported from: by the package's name where that leads to it. */
function specifier({ wanted, files }: PackageSeen, path: string, from: string): string {
  const installed = !wanted.startsWith('.') && !wanted.startsWith('/')
  if (installed && path === files.entry) return wanted
  if (installed && files.manifest.exports === undefined) return `${wanted}/${path}`
  const found = relative(from, join(files.folder, path)).split(sep).join('/')
  return found.startsWith('.') ? found : `./${found}`
}

const wasmOf = ({ inspection }: PackageSeen): string => inspection.wasm[0]?.path ?? ''
const importWasm = (seen: PackageSeen, from: string): string => `import wasm from '${specifier(seen, wasmOf(seen), from)}?url&inline'`
const sourceOf = ({ files }: PackageSeen): string => files.scripts.find(({ path }) => path === files.entry)?.source ?? ''

/** A word for the package's exports. */
export function nameOf({ inspection }: PackageSeen): string {
  const words = inspection.package.name.replace(/^@[^/]*\//, '').split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word, at) => (at === 0 ? word.toLowerCase() : `${word[0]!.toUpperCase()}${word.slice(1)}`)).join('')
  return /^[a-z]\w*$/.test(name) && !RESERVED.has(name) ? name : 'underTest'
}
const RESERVED: ReadonlySet<string> = new Set(['wasm', 'bytes', 'glue', 'host', 'source', 'instance', 'defineSubject', 'package', 'import', 'export', 'default', 'class', 'function', 'new', 'delete', 'in', 'do', 'if', 'for', 'let', 'const', 'var', 'with', 'this', 'void', 'try', 'enum', 'super', 'switch', 'return', 'static', 'interface', 'yield', 'await'])

/** `initSync` and the default export, of whose parameters the glue's own text tells the form. */
function initCall(name: string, has_sync: boolean, source: string): string[] {
  if (has_sync) return [COMPILED, `${name}.initSync(${source.includes('({module} = module)') ? '{ module: await WebAssembly.compile(bytes()) }' : 'await WebAssembly.compile(bytes())'})`]
  return [`await ${name}.default(${source.includes('module_or_path} = ') || source.includes('({module_or_path}') ? '{ module_or_path: bytes() }' : 'bytes()'})`]
}

function web(seen: PackageSeen, from: string): Loading {
  const name = nameOf(seen)
  const has_sync = seen.exports.some((one) => one.name === 'initSync')
  return {
    imports: [`import * as ${name} from '${specifier(seen, seen.files.entry, from)}'`, importWasm(seen, from)],
    above: BYTES, start: initCall(name, has_sync, sourceOf(seen)), name, ambient: URL_TYPES, hands_bytes: true,
  }
}

/** Evaluated as a script of its own, for its exports are one global of that script. */
function noModules(seen: PackageSeen, from: string, typescript: boolean): Loading {
  const has_sync = sourceOf(seen).includes('initSync')
  const name = nameOf(seen)
  const type = typescript ? ` as Record<string, unknown> & { ${has_sync ? 'initSync(given: unknown): unknown' : 'default(given: unknown): Promise<unknown>'} }` : ''
  const global = has_sync ? 'wasm_bindgen' : 'Object.assign((given) => wasm_bindgen(given), wasm_bindgen, { default: wasm_bindgen })'
  return {
    imports: [`import source from '${specifier(seen, seen.files.entry, from)}?raw'`, importWasm(seen, from)],
    above: BYTES,
    start: ['// Made by wasm-pack --target no-modules: the script leaves its exports in one variable of its own.', `const ${name} = new Function(\`\${source}\\nreturn ${global}\`)()${type}`, ...initCall(name, has_sync, sourceOf(seen))],
    name, ambient: [...URL_TYPES, "declare module '*?raw' {", '  const text: string', '  export default text', '}'], hands_bytes: true,
  }
}

interface Glue { main: string; modules: Array<{ module: string; path: string }> }

/** The scripts that the WASM imports, where one of them takes its exports: wasm-pack's target for bundlers, also behind an entry of the package's own. */
function glueOf(seen: PackageSeen): Glue | null {
  const [wasm] = seen.inspection.wasm
  if (wasm === undefined || wasm.held !== 'separate') return null
  const modules = [...new Set(wasm.imports.map(({ module }) => module))].map((module) => ({ module, path: join(dirname(wasm.path), module) }))
  const scripts = new Map(seen.files.scripts.map(({ path, source }) => [path, source]))
  const main = modules.find(({ path }) => scripts.get(path)?.includes('__wbg_set_wasm') === true)
  return main === undefined || modules.some(({ path }) => !scripts.has(path)) ? null : { main: main.path, modules }
}

function handedToGlue(seen: PackageSeen, { main, modules }: Glue, from: string, typescript: boolean): Loading {
  const name = nameOf(seen)
  const named = modules.map(({ module, path }, at) => ({ module, path, as: path === main ? 'glue' : `module${at}` }))
  const types = typescript && seen.typed
  return {
    imports: [...named.map(({ path, as }) => `import * as ${as} from '${specifier(seen, path, from)}'`), importWasm(seen, from), ...(types ? [`import type * as Package from '${specifier(seen, seen.files.entry, from)}'`] : [])],
    above: BYTES,
    start: [
      '// What the package\'s own entry does, with the bytes handed over: a bundler\'s way to load WASM awaits at the top, which the script of a service worker may not.',
      `const { instance } = await WebAssembly.instantiate(bytes(), { ${named.map(({ module, as }) => `'${module}': ${as}`).join(', ')} })`,
      'glue.__wbg_set_wasm(instance.exports)',
      ...(typescript ? ["const begin = instance.exports['__wbindgen_start'] as (() => void) | undefined", 'begin?.()'] : ['instance.exports.__wbindgen_start?.()']),
      `const ${name} = glue${types ? ' as unknown as typeof Package' : ''}`,
    ],
    name, ambient: [...URL_TYPES, `declare module '*${basename(main)}'`, ...named.filter(({ as }) => as !== 'glue').map(({ path }) => `declare module '*${basename(path)}'`)], hands_bytes: true,
  }
}

const STARTS = /^(?:init|initAsync|initialize|initWasm|loadWasm|load|ready|setup)$/
const optional = (param: string): boolean => /^[\w$]+\?|=/.test(param)

function asItIs(seen: PackageSeen, from: string): Loading {
  const name = nameOf(seen)
  const init = seen.exports.find((one) => one.kind === 'function' && STARTS.test(one.name) && one.params.every(optional))
    ?? (seen.inspection.wasm.length > 0 ? seen.exports.find((one) => one.name === 'default' && one.kind === 'function' && one.async && one.params.every(optional)) : undefined)
  return { imports: [`import * as ${name} from '${specifier(seen, seen.files.entry, from)}'`], above: [], start: init === undefined ? [] : [`await ${name}.${init.name}()`], name, ambient: [], hands_bytes: false }
}
