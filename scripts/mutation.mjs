// `npm run mutation [-- sums|canonical-json|ladder|judge …] [--no-static] [--report]`: set-up, then Stryker part by part; docs/mutation.md says how it went.
// What neither the code nor its tests touched since the last run is taken from it; `--report` only writes the report anew.
// `--no-static` leaves out what runs when a module loads, for which every test has to run: an hour less, and the report says how many it were.
import './setup/node-version.mjs'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { run } from './setup/run.mjs'
import { setUp } from './setup.mjs'
import { mutationReport } from './mutation-report.mjs'

const CACHE = '.cache/mutation'
const RUN_LIMIT_MS = 90 * 60_000
const SUMS = ['sums', 'exit-code', 'lattice'].map((name) => `src/judge/${name}.ts`)
/** What is mutated together. The judge is taken in slices, so that a run that is broken off loses little. */
const RUNS = [
  { part: 'sums', name: 'sums', mutate: SUMS },
  { part: 'canonical-json', name: 'canonical-json', mutate: ['src/contract/canonical-json.ts'] },
  { part: 'ladder', name: 'ladder', mutate: ['lanes/ladder.ts'] },
  { part: 'judge', name: 'judge-compare', mutate: ['src/judge/compare-*.ts', 'src/judge/hard-breaks.ts', 'src/judge/findings.ts', 'src/judge/run-findings.ts'] },
  { part: 'judge', name: 'judge-normalize', mutate: ['src/judge/normalize*.ts', 'src/judge/trace-view.ts', 'src/judge/scenario-facts.ts', 'src/judge/ordered.ts'] },
  { part: 'judge', name: 'judge-downgrade', mutate: ['downgrade', 'own-bridge', 'worker-end', 'expected-admission', 'report-check'].map((name) => `src/judge/${name}.ts`) },
  { part: 'judge', name: 'judge-runs', mutate: ['run-tiers', 'row-signals', 'eligibility', 'page-condition', 'rerun', 'cell-evidence'].map((name) => `src/judge/${name}.ts`) },
]
const taken = RUNS.flatMap(({ mutate }) => mutate).map((file) => `!${file}`)
RUNS.push({ part: 'judge', name: 'judge-verdict', mutate: ['src/judge/**/*.ts', ...taken.filter((file) => file.startsWith('!src/judge/'))] })

const args = process.argv.slice(2)
const parts = [...new Set(RUNS.map(({ part }) => part))]
const OPTIONS = ['--report', '--no-static']
const wanted = args.filter((arg) => !OPTIONS.includes(arg))
const unknown = wanted.find((arg) => !parts.includes(arg) && !RUNS.some(({ name }) => name === arg))
if (unknown !== undefined) {
  console.error(`unknown part '${unknown}'. Usage: npm run mutation [-- ${parts.join('|')} …] [--no-static] [--report]`)
  process.exit(64)
}

await setUp({ engines: false })
mkdirSync(CACHE, { recursive: true })
const chosen = args.includes('--report') ? [] : RUNS.filter(({ part, name }) => wanted.length === 0 || wanted.includes(part) || wanted.includes(name))
for (const { name, mutate } of chosen) {
  console.log(`\n── ${name}`)
  const settings = { incrementalFile: `${CACHE}/${name}.incremental.json`, jsonReporter: { fileName: `${CACHE}/${name}.json` }, mutate, ignoreStatic: args.includes('--no-static') }
  const config = `${CACHE}/${name}.config.json`
  writeFileSync(config, JSON.stringify({ ...(await import('../stryker.config.mjs')).default, ...settings }))
  const { code, why } = await run('node_modules/.bin/stryker', ['run', config], { limit_ms: RUN_LIMIT_MS, show: true })
  if (code === 0) continue
  console.error(`${name}: ${why}`)
  process.exit(1)
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
const reports = RUNS.filter(({ name }) => existsSync(`${CACHE}/${name}.json`)).map(({ part, name }) => ({ part, files: read(`${CACHE}/${name}.json`).files }))
const absent = RUNS.map(({ name }) => name).filter((name) => !existsSync(`${CACHE}/${name}.json`))
const { text, failed } = mutationReport({ parts, reports, absent, survivors: read('scripts/mutation-survivors.json') })
writeFileSync('docs/mutation.md', text)
console.log(`\n${text.split('\n## ')[0]}`)
for (const line of failed) console.error(line)
process.exitCode = failed.length === 0 ? 0 : 1
