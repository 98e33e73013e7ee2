import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Plugin } from 'vite'

/** Names of JavaScript that an export can have without a string of its own. */
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/
const WASM_MODULE = /\.wasm$/

const bytesExpression = (wasm: Uint8Array): string =>
  `Uint8Array.from(atob(${JSON.stringify(Buffer.from(wasm).toString('base64'))}), (sign) => sign.charCodeAt(0))`

/**
 * What packages are published as, given forms that run in every realm, which loads one classic script and has no Node:
 * `import.meta.url`, `import … from './x.wasm'`, wasm-bindgen's glue for Node or for a page without modules, and Node's own modules.
 */
export const realmForms = (): Plugin[] => [scriptAddress(), wasmModules(), nodeGlue(), scriptGlue(), nodeModules()]

/** A classic script has no `import.meta`; addresses beside it are the realm's own. A bridge's worker has none, and any absolute one will do. */
function scriptAddress(): Plugin {
  return {
    name: 'lanecheck:script-address',
    enforce: 'post',
    transform: (code) => (/\bimport\.meta\.url\b/.test(code) ? code.replaceAll(/\bimport\.meta\.url\b/g, '(globalThis.location?.href ?? "http://127.0.0.1/")') : null),
  }
}

/**
 * The ES module integration of WebAssembly (wasm-pack's `bundler` target): compiled where the script is evaluated, as a classic script can wait for nothing.
 * Source: WebAssembly/ES Module Integration Proposal.
 */
function wasmModules(): Plugin {
  return {
    name: 'lanecheck:wasm-modules',
    enforce: 'pre',
    async load(id) {
      if (id.startsWith('\0') || !WASM_MODULE.test(id)) return null
      const wasm = await readFile(id)
      const module = await WebAssembly.compile(wasm)
      const sources = [...new Set(WebAssembly.Module.imports(module).map((one) => one.module))]
      const names = WebAssembly.Module.exports(module).map((one) => one.name)
      return [
        ...sources.map((source, at) => `import * as source${at} from ${JSON.stringify(source)}`),
        `const { exports } = new WebAssembly.Instance(new WebAssembly.Module(${bytesExpression(wasm)}), { ${sources.map((source, at) => `${JSON.stringify(source)}: source${at}`).join(', ')} })`,
        ...names.map((name, at) => `const export${at} = exports[${JSON.stringify(name)}]`),
        `export { ${names.map((name, at) => `export${at} as ${IDENTIFIER.test(name) ? name : JSON.stringify(name)}`).join(', ')} }`,
      ].join('\n')
    },
  }
}

const READS_WASM = /require\(['"`]fs['"`]\)\.readFileSync\(\s*\w+\s*\)/
const WASM_BESIDE = /__dirname[^;\n]*?([\w.-]+\.wasm)/

/** wasm-pack's `nodejs` target reads its wasm from the disk and takes its text codecs from Node; nothing else of it is Node's. */
function nodeGlue(): Plugin {
  return {
    name: 'lanecheck:node-glue',
    enforce: 'pre',
    async transform(code, id) {
      const [, file] = WASM_BESIDE.exec(code) ?? []
      if (file === undefined || !READS_WASM.test(code)) return null
      const wasm = await readFile(join(dirname(id), basename(file))).catch(() => null)
      if (wasm === null) return null
      return code
        .replace(READS_WASM, () => bytesExpression(wasm))
        .replaceAll(/require\(['"`]path['"`]\)\.join\(__dirname,\s*(['"`][^'"`]*['"`])\)/g, '$1')
        .replaceAll('${__dirname}/', '')
        .replaceAll(/require\(['"`]util['"`]\)/g, 'globalThis')
    },
  }
}

/** wasm-pack's `no-modules` target is a script that leaves its functions in a variable; as a module it gives them as its default. */
function scriptGlue(): Plugin {
  return {
    name: 'lanecheck:script-glue',
    enforce: 'pre',
    transform: (code) => (/^let wasm_bindgen\b/m.test(code) && !/^\s*(?:export|import)\b/m.test(code) ? `${code}\nexport default wasm_bindgen\n` : null),
  }
}

const NODE_MODULE = '\0lanecheck:node-module:'

/** Node's modules are empty in a realm, as bundlers for browsers have it; what is asked of one is asked of the global object by a name of its own, so that the lab can tell. */
function nodeModules(): Plugin {
  return {
    name: 'lanecheck:node-modules',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      return resolved?.id.startsWith('__vite-browser-external') === true ? `${NODE_MODULE}${source.replace(/^node:/, '')}` : resolved
    },
    load(id) {
      if (!id.startsWith(NODE_MODULE)) return null
      const name = JSON.stringify(`node:${id.slice(NODE_MODULE.length)}.`)
      return `module.exports = Object.create(new Proxy({}, { get: (_, name) => (typeof name === 'string' && name !== '__esModule' && name !== 'then' ? globalThis[${name} + name] : undefined) }))`
    },
  }
}
