import { readFileSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LanecheckError } from '../../contract/errors.js'
import { packageRoot } from '../../package-root.js'
import { lanecheckItself, notBuilt } from '../../subjects/bundle.js'
import { filesRead, type Reading } from '../../subjects/files-read.js'
import type { Evaluated } from './evaluate.js'
import { moduleLines } from './module-lines.js'
import type { FileRead } from './read-data.js'

/** Longest that a scenario file may take to be evaluated, in ms. */
const EVALUATE_LIMIT_MS = 10_000

/** `limit_ms`: 10,000 when left out. */
export interface ReadModuleOptions extends Reading { limit_ms?: number }

/** Bundles a scenario file in TypeScript or JavaScript and evaluates it in a thread with a time limit. Throws `scenario_invalid`. */
export async function readModule(file: string, folder: string, { limit_ms = EVALUATE_LIMIT_MS, ...reading }: ReadModuleOptions = {}): Promise<FileRead> {
  const path = resolve(folder, file)
  const evaluated = await evaluate(await bundled(path, file, reading), limit_ms)
  if (!evaluated.ok) throw new LanecheckError('scenario_invalid', `${file}: ${evaluated.message}`, { where: file, hint: 'it wants a default export of data alone: export default defineScenario({ … }), or a list of them' })
  const lineOf = await moduleLines(readFileSync(path, 'utf8'), extname(file))
  return { exported: evaluated.exported, lineOf }
}

async function bundled(path: string, file: string, reading: Reading): Promise<string> {
  const { build } = await import('vite')
  try {
    const built = await build({
      configFile: false, envFile: false, root: dirname(path), logLevel: 'silent', publicDir: false,
      plugins: [filesRead(reading), lanecheckItself()],
      // Nothing is left to be found from the thread, which has no folder.
      ssr: { noExternal: true },
      build: { write: false, ssr: path, target: 'node20', minify: false, rolldownOptions: { output: { codeSplitting: false } } },
    })
    const chunk = (Array.isArray(built) ? built : [built]).flatMap((part) => ('output' in part ? part.output : [])).find((output) => output.type === 'chunk')
    if (chunk === undefined) throw new Error('it came to nothing')
    return chunk.code
  } catch (error) {
    throw notBuilt(error, file, { code: 'scenario_invalid', what: 'the scenario file', hint: 'mend the file, or take it out of the globs' })
  }
}

function evaluate(code: string, limit_ms: number): Promise<Evaluated> {
  const worker = new Worker(join(packageRoot(), 'dist/src/scenarios/own/evaluate.js'), { workerData: { code }, stdout: true, stderr: true })
  // What a file prints is not what the command prints.
  worker.stdout.pipe(process.stderr, { end: false })
  worker.stderr.pipe(process.stderr, { end: false })
  return new Promise<Evaluated>((settle) => {
    const limit = setTimeout(() => settle({ ok: false, message: `it did not end within ${limit_ms} ms` }), limit_ms)
    const end = (evaluated: Evaluated): void => {
      clearTimeout(limit)
      settle(evaluated)
    }
    worker.once('message', end)
    worker.once('error', (error) => end({ ok: false, message: error instanceof Error ? error.message : String(error) }))
    worker.once('exit', () => end({ ok: false, message: 'it ended before it exported anything' }))
  }).finally(() => worker.terminate())
}
