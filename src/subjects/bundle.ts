import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Plugin } from 'vite'
import { LanecheckError } from '../contract/errors.js'
import { packageRoot } from '../package-root.js'
import { withSources } from './artifact-sources.js'

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

/**
 * Bundles recorder, interpreter and the subject at `path` into one classic script: the artifact.
 * The same bytes run in every realm, in the bridge's worker and in the lab.
 * `recorder`: false leaves the page witness out, for the control that plants this fault.
 * Throws `subject_not_found` and `subject_does_not_parse`.
 */
export async function bundleArtifact(path: string, { recorder = true } = {}): Promise<string> {
  const subject = resolve(path)
  if (statSync(subject, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new LanecheckError('subject_not_found', `there is no module at ${subject}`, { where: '--subject', hint: 'name a module whose default export is a Subject, or one of: reference, native' })
  }
  const entry: Plugin = {
    name: 'lanecheck:artifact-entry',
    resolveId: (id) => (id.endsWith(ENTRY) ? `\0${ENTRY}` : null),
    load: (id) => (id === `\0${ENTRY}` ? entrySource(subject, recorder) : null),
  }
  return bundleClassicScript({ entry: ENTRY, root: dirname(subject), plugins: [entry], blame: path })
}

/** Bundles a module of this package into one classic script. */
export const bundleOwn = (module: string): Promise<string> => bundleClassicScript({ entry: join(packageRoot(), 'dist', module), root: packageRoot(), plugins: [], blame: module })

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

interface BuildError { message?: string; id?: string; loc?: { file?: string; line: number; column: number }; errors?: BuildError[] }

function notBuilt(error: unknown, blame: string): LanecheckError {
  const whole = error as BuildError
  const first = whole.errors?.[0] ?? whole
  const file = first.loc?.file ?? first.id ?? blame
  const where = first.loc === undefined ? file : `${file}:${first.loc.line}:${first.loc.column}`
  const lines = (first.message ?? String(error)).replace(/\u001b\[[0-9;]*m/g, '').split('\n').filter((line) => line.trim() !== '')
  const message = (lines[0] ?? 'unknown error').replace(/^\[(?:vite|builtin:[\w-]+)\]:? /, '')
  // A service worker refuses modules with a top-level `await`, and all realms run the same script.
  const hint = message.includes('INVALID_TLA_FORMAT') ? 'move what is awaited at the top of the module into start()' : 'mend the module, or name another with --subject'
  return new LanecheckError('subject_does_not_parse', `the subject does not build: ${message}`, { where, hint, cause: error })
}
