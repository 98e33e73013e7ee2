import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LanecheckError } from '../contract/errors.js'
import { packageRoot } from '../package-root.js'
import { labHostPlugins } from './host-plugins.js'

let source: Promise<string> | null = null

/** The lab's virtual globals as one classic script: the built one, or built in memory when this module runs from source. Throws `internal`. */
export const labHostSource = (): Promise<string> => (source ??= load())

async function load(): Promise<string> {
  const root = packageRoot()
  const built = join(root, 'dist', 'lab-host.js')
  const entry = join(root, 'src', 'lab', 'host', 'entry.ts')
  // A built file beside changed sources would be stale.
  const fromSource = existsSync(entry) && !fileURLToPath(import.meta.url).startsWith(join(root, 'dist') + sep)
  return fromSource ? build(entry) : readFile(built, 'utf8')
}

async function build(entry: string): Promise<string> {
  const vite = await import('vite')
  const built = await vite.build({
    configFile: false,
    logLevel: 'silent',
    plugins: labHostPlugins(),
    build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['iife'], name: 'lanecheckLabHost', fileName: 'lab-host' } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk === undefined) throw new LanecheckError('internal', 'the lab host could not be built')
  return chunk.code
}
