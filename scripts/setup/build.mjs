import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reason, run } from './run.mjs'

const STAMP = 'dist/.stamp'
/** All that dist/ is made of, `bench` and the page of the report with it. */
export const SOURCES = ['src', 'lanes', 'host-probes', 'bridge', 'subjects', 'bench', 'scripts/build.mjs', 'scripts/report-page.mjs', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json']
/** What Rust leaves beside its sources. */
const SKIPPED = new Set(['target', 'node_modules'])
/** What a benchmark writes. */
const RESULTS = join('bench', 'results')
const LIMIT_MS = 5 * 60_000

/** `dist/`, built anew when a source has changed. */
export async function setUpBuild(say) {
  const digest = await sourceDigest()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return
  say('building dist/')
  const result = await run(process.execPath, ['scripts/build.mjs'], { limit_ms: LIMIT_MS })
  if (result.code !== 0) throw new Error(`the build failed: ${reason(result)}\n${result.output.trim().split('\n').slice(-25).join('\n')}`)
  writeFileSync(STAMP, digest)
}

async function sourceDigest() {
  const hash = createHash('sha256')
  for (const path of (await Promise.all(SOURCES.map(files))).flat()) hash.update(path).update('\0').update(await readFile(path)).update('\0')
  return hash.digest('hex')
}

async function files(path) {
  if (!existsSync(path)) return []
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null)
  if (entries === null) return [path]
  const kept = entries.filter((entry) => !SKIPPED.has(entry.name) && join(path, entry.name) !== RESULTS).sort((a, b) => (a.name < b.name ? -1 : 1))
  return (await Promise.all(kept.map((entry) => (entry.isDirectory() ? files(join(path, entry.name)) : [join(path, entry.name)])))).flat()
}
