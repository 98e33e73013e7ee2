import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { seeToPackage, type BuiltPackageOptions } from './built-package.js'
import { crateOf, outputsOf, packageIn, sourcePlaces, sourcesOf, type Crate } from './crate.js'
import { provenancePaths } from './provenance.js'
import type { WasmDelivery } from './wasm-delivery.js'
import { readUrlModule, urlModule, wasmUrlImport, withoutOwnPlace } from './wasm-imports.js'

export interface WasmPluginOptions extends BuiltPackageOptions {
  /** Known crates; or `found`: whichever a module is imported from that wasm-pack built, and every wasm file. */
  crates: readonly Crate[] | 'found'
  wasm: WasmDelivery
  /** Takes a wasm file that is to be fetched, and gives the module whose default export is its URL; left out: Vite emits it. */
  emit?(path: string): Promise<string>
  /** A line for people. */
  note(line: string): void
  /** Told why a package was refused, before the bundler makes the error its own. */
  onRefused?(error: LanecheckError): void
  /** Told of each file that a package or a URL was made of. */
  onSource?(path: string): void
  /** Told of each file that says whether a package may be taken, before that is known. */
  onLookedAt?(path: string): void
}

/** Several changes of a crate within this time make one build, in ms. */
const BURST_MS = 150

/** What `wasmPack` is, and the kit's own bundling. */
export function wasmPlugin(options: WasmPluginOptions): Plugin {
  const { crates, wasm, note } = options
  const known = crates === 'found' ? [] : crates
  const packages = (): Array<{ name: string; entry: string; pkg: string }> => known.flatMap(({ pkg }) => {
    const found = packageIn(pkg)
    return found === null ? [] : [{ ...found, pkg }]
  })
  const seen = new Map<string, Promise<Crate | null>>()
  const inScope = (path: string): boolean => crates === 'found' || crates.some(({ pkg }) => path.startsWith(pkg + sep))
  const see = async (crate: Crate): Promise<void> => {
    // Where it is refused, one of these is what has to be mended.
    for (const path of [...sourcesOf(crate), ...outputsOf(crate), ...provenancePaths(crate)]) options.onLookedAt?.(path)
    try {
      note(await seeToPackage(crate, options))
    } catch (error) {
      if (isLanecheckError(error)) options.onRefused?.(copyOf(error))
      throw error
    }
  }
  const seeFolder = async (folder: string): Promise<Crate | null> => {
    const crate = folder.includes(`${sep}node_modules${sep}`) ? null : crateOf(folder)
    if (crate !== null) await see(crate)
    return crate
  }
  /** The crate whose package a module is in, once a build. */
  const crateFor = (path: string): Promise<Crate | null> => {
    const folder = dirname(path)
    const one = seen.get(folder) ?? seeFolder(folder)
    seen.set(folder, one)
    return one
  }
  const watched = (path: string, build: { addWatchFile(path: string): void }): void => {
    build.addWatchFile(path)
    options.onSource?.(path)
  }
  return {
    name: 'lanecheck:wasm',
    enforce: 'pre',
    // The glue names its wasm by its own place, which a dependency that was bundled beforehand has lost.
    config: () => ({ optimizeDeps: { exclude: packages().map(({ name }) => name) } }),
    async buildStart() {
      seen.clear()
      for (const crate of known) {
        await see(crate)
        for (const path of sourcesOf(crate)) watched(path, this)
      }
    },
    configureServer: (server) => rebuildOnChange(server, known, see),
    async resolveId(id, importer) {
      if (readUrlModule(id) !== null) return id
      // What our own module asks for is the file itself.
      if (importer !== undefined && readUrlModule(importer) !== null) return null
      const bare = packages().find(({ name }) => id === name || id.startsWith(`${name}/`))
      if (bare !== undefined && id === bare.name) return bare.entry
      const imported = wasmUrlImport(id)
      if (imported === null) return bare === undefined ? null : join(bare.pkg, id.slice(bare.name.length))
      const path = bare === undefined ? await pathOf(imported.file, importer, async (file) => (await this.resolve(file, importer, { skipSelf: true }))?.id) : join(bare.pkg, imported.file.slice(bare.name.length))
      return path !== null && inScope(path) ? urlModule(imported.says === 'undecided' ? wasm : imported.says, path) : null
    },
    async load(id) {
      const file = readUrlModule(id)
      if (file === null) {
        const [path = ''] = id.split('?')
        const crate = crates === 'found' && isAbsolute(path) ? await crateFor(path) : null
        for (const source of crate === null ? [] : sourcesOf(crate)) watched(source, this)
        return null
      }
      if (crates === 'found') await crateFor(file.path)
      watched(file.path, this)
      if (file.delivery === 'inline') return `export default ${JSON.stringify(`data:application/wasm;base64,${(await readFile(file.path)).toString('base64')}`)}`
      return options.emit === undefined ? `export { default } from ${JSON.stringify(`${file.path}?url&no-inline`)}` : options.emit(file.path)
    },
    transform(code, id) {
      const [path = ''] = id.split('?')
      const changed = code.includes('.wasm') && isAbsolute(path) ? withoutOwnPlace(code, path, (wasm_path) => inScope(wasm_path) && existsSync(wasm_path), wasm) : null
      return changed === null ? null : { code: changed, map: null }
    },
  }
}

const copyOf = ({ code, message, where, hint }: LanecheckError): LanecheckError =>
  new LanecheckError(code, message, { ...(where === null ? {} : { where }), ...(hint === null ? {} : { hint }) })

async function pathOf(file: string, importer: string | undefined, ask: (file: string) => Promise<string | undefined>): Promise<string | null> {
  const direct = isAbsolute(file) ? file : file.startsWith('.') && importer !== undefined ? resolve(dirname(importer.split('?')[0] ?? ''), file) : null
  if (direct !== null && existsSync(direct)) return direct
  return (await ask(file))?.split('?')[0] ?? null
}

/** In Vite's own server: another build when a source of a crate changes, then the page anew. A crate that does not build is said, and waited for. */
function rebuildOnChange(server: ViteDevServer, crates: readonly Crate[], see: (crate: Crate) => Promise<void>): void {
  for (const crate of crates) {
    const sources = sourcePlaces(crate)
    server.watcher.add(sources)
    let timer: NodeJS.Timeout | undefined
    let last = Promise.resolve()
    const rebuild = (): void => {
      last = last.then(() => see(crate)).then(
        () => server.ws.send({ type: 'full-reload' }),
        (error: unknown) => server.config.logger.error(isLanecheckError(error) ? `${error.message}${error.hint === null ? '' : `\n  ${error.hint}`}` : String(error)),
      )
    }
    server.watcher.on('all', (_event, path) => {
      if (!sources.some((source) => path === source || path.startsWith(source + sep))) return
      clearTimeout(timer)
      timer = setTimeout(rebuild, BURST_MS)
    })
    server.httpServer?.once('close', () => clearTimeout(timer))
  }
}
