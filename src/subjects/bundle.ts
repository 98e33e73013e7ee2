import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { withAssetList, type Assets } from '../contract/assets.js'
import { LanecheckError, type ErrorCode } from '../contract/errors.js'
import { sha256Hex } from '../evidence/digest.js'
import { packageRoot } from '../package-root.js'
import { wasmPlugin } from '../vite/plugin.js'
import type { WasmDelivery } from '../vite/wasm-delivery.js'
import { withSources } from './artifact-sources.js'
import { filesRead, isOwnFile, type Reading } from './files-read.js'
import { realmForms } from './realm-forms.js'

// Vite makes a library's entry a path under its root; only the end of it is ours.
const ENTRY = 'lanecheck-artifact-entry'

/** The module that joins recorder, interpreter and subject; the recorder comes before anything of the subject's. */
const entrySource = (subject: string, recorder: boolean): string => {
  const probes = join(packageRoot(), 'dist/host-probes')
  return [
    ...(recorder ? [`import ${JSON.stringify(join(probes, 'recorder/install.js'))}`] : []),
    `import { boot } from ${JSON.stringify(join(probes, 'realm.js'))}`,
    `boot(() => import(${JSON.stringify(subject)}))`,
  ].join('\n')
}

export interface BundleChoices extends Reading {
  /** `inline` when left out: a realm fetches nothing but its artifact. An import that ends in `?url&inline` or `?url&no-inline` says so by itself. */
  wasm?: WasmDelivery
  /** `false` leaves the page witness out, for the control that plants this fault. */
  recorder?: boolean
  /** Ends at once what builds a crate. */
  signal?: AbortSignal
  /** Told of the files that building a crate wrote, whether it ended well or not. */
  onBuilt?(paths: readonly string[]): void
}

/** An artifact, and what belongs to it. */
export interface BundledSubject {
  source: string
  /** What it fetches by URL, by the names that its first line lists. */
  assets: Assets
  /** For people: where a Rust package was taken from. */
  notes: string[]
  /** Files, outside of packages that are installed, that a change of would make another artifact; sources of a Rust package too. */
  made_of: string[]
}

/**
 * Bundles recorder, interpreter and the subject at `path` into one classic script: the artifact.
 * The same bytes run in every realm, in the bridge's worker and in the lab.
 * Throws `subject_not_found` and `subject_does_not_parse`; for a subject that takes its wasm from a crate's package also
 * `package_stale`, `package_unreadable`, `wasm_pack_failed` and `interrupted`.
 */
export async function bundleSubject(path: string, { wasm = 'inline', recorder = true, onFile = () => undefined, onMissing = () => undefined, signal, onBuilt }: BundleChoices = {}): Promise<BundledSubject> {
  const subject = resolve(path)
  if (statSync(subject, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new LanecheckError('subject_not_found', `there is no module at ${subject}`, { where: '--subject', hint: 'name a module whose default export is a Subject, or one of: reference, native' })
  }
  const assets = new Map<string, Uint8Array>()
  const notes: string[] = []
  let refusal: LanecheckError | null = null
  const made_of = new Set<string>([subject])
  const entry: Plugin = {
    name: 'lanecheck:artifact-entry',
    resolveId: (id) => (id.endsWith(ENTRY) ? `\0${ENTRY}` : null),
    load: (id) => (id === `\0${ENTRY}` ? entrySource(subject, recorder) : null),
    buildEnd() {
      for (const id of this.getModuleIds()) if (isOwnFile(id)) made_of.add(id.split('?')[0]!)
    },
  }
  const emit = async (file: string): Promise<string> => {
    const bytes = new Uint8Array(await readFile(file))
    const name = `${sha256Hex(bytes)}${extname(file)}`
    assets.set(name, bytes)
    return `import { assetUrl } from ${JSON.stringify(join(packageRoot(), 'dist/host-probes/assets.js'))}\nexport default /* @__PURE__ */ assetUrl(${JSON.stringify(name)})`
  }
  const found = wasmPlugin({
    crates: 'found', wasm, emit, note: (line) => notes.push(line), onSource: (source) => made_of.add(source), onLookedAt: onFile, onRefused: (error) => { refusal ??= error },
    ...(signal === undefined ? {} : { signal }), ...(onBuilt === undefined ? {} : { onBuilt }),
  })
  const script = await bundleClassicScript({ entry: ENTRY, root: dirname(subject), plugins: [filesRead({ onFile, onMissing }), entry, lanecheckItself(), found, ...realmForms()], blame: path }).catch((error: unknown) => { throw refusal ?? error })
  // What was loaded and is not used is no asset: the bundler has dropped the name.
  const used = new Map([...assets].filter(([name]) => script.includes(name)))
  return { source: withAssetList(script, [...used.keys()]), assets: used, notes, made_of: [...made_of].sort() }
}

/** The artifact alone, of a subject that fetches nothing. Throws as `bundleSubject`. */
export const bundleArtifact = async (path: string, choices: Omit<BundleChoices, 'wasm'> = {}): Promise<string> => (await bundleSubject(path, choices)).source

/** What a subject or a scenario file imports as `lanecheck` is this very package, installed beside it or not. */
export const lanecheckItself = (): Plugin => ({
  name: 'lanecheck:itself',
  enforce: 'pre',
  resolveId: (id) => (id === 'lanecheck' ? join(packageRoot(), 'dist/src/index.js') : null),
})

/** Bundles a module of this package into one classic script. */
export const bundleOwn = (module: string, plugins: Plugin[] = []): Promise<string> => bundleClassicScript({ entry: join(packageRoot(), 'dist', module), root: packageRoot(), plugins, blame: module })

interface ClassicScript {
  entry: string
  root: string
  plugins: Plugin[]
  /** Whose fault it is when it does not build. */
  blame: string
}

async function bundleClassicScript({ entry, root, plugins, blame }: ClassicScript): Promise<string> {
  const { build } = await import('vite')
  try {
    const built = await build({
      configFile: false,
      envFile: false,
      root,
      logLevel: 'silent',
      publicDir: false,
      define: { 'process.env.NODE_ENV': '"production"' },
      plugins,
      build: {
        write: false,
        target: 'es2022',
        minify: false,
        sourcemap: 'hidden',
        modulePreload: false,
        // Every asset, the wasm too, goes into the script: a realm fetches nothing but its artifact.
        assetsInlineLimit: Number.MAX_SAFE_INTEGER,
        lib: { entry, formats: ['iife'], name: 'lanecheckArtifact', fileName: () => 'artifact.js' },
        // Without the bundler's remarks on where each module was found: the same subject is the same artifact in every folder.
        rolldownOptions: { output: { codeSplitting: false }, experimental: { attachDebugInfo: 'none' } },
      },
    })
    const outputs = (Array.isArray(built) ? built : [built]).flatMap((part) => ('output' in part ? part.output : []))
    const [script, ...more] = outputs.filter((output) => output.type === 'chunk')
    if (script === undefined || more.length > 0) throw new Error(`expected one script, got ${outputs.length} outputs`)
    return entry === ENTRY ? withSources(script, root) : script.code
  } catch (error) {
    throw notBuilt(error, blame)
  }
}

const SUBJECT = { code: 'subject_does_not_parse', what: 'the subject', hint: 'mend the module, or name another with --subject' } as const

interface BuildError { message?: string; id?: string; loc?: { file?: string; line: number; column: number }; errors?: BuildError[] }

/** Says where a module does not build, and why. */
export function notBuilt(error: unknown, blame: string, { code, what, hint: otherwise }: { code: ErrorCode; what: string; hint: string } = SUBJECT): LanecheckError {
  const whole = error as BuildError
  const first = whole.errors?.[0] ?? whole
  const text = (first.message ?? String(error)).replace(/\u001b\[[0-9;]*m/g, '')
  // A module of types is read by another parser, which tells its place in the drawing alone.
  const drawn = /─\[ (.+?):\d+:\d+ \]/.exec(text)?.[1]
  const file = first.loc?.file ?? first.id ?? (drawn === undefined ? blame : resolve(drawn))
  const where = first.loc === undefined ? file : `${file}:${first.loc.line}:${first.loc.column}`
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const message = (lines[0] ?? 'unknown error').replace(/^\[(?:vite|builtin:[\w-]+)\]:? /, '')
  // A service worker refuses modules with a top-level `await`, and all realms run the same script.
  const hint = message.includes('INVALID_TLA_FORMAT') ? 'move what is awaited at the top of the module into start()' : otherwise
  return new LanecheckError(code, `${what} does not build: ${message}`, { where, hint, cause: error })
}
