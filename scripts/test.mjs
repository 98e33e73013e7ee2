// `npm test`: set-up, then every check. `node scripts/test.mjs unit|lanes|stress [arguments for the runner]` runs a part; stress is
// the long form of what the lane tests hold in short. What was met goes to .cache/tests/tier-record.json, of a part to tier-record.<part>.json.
import './setup/node-version.mjs'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { run } from './setup/run.mjs'
import { setUp } from './setup.mjs'

const REPORTS = '.cache/tests'
const MINUTE_MS = 60_000
const bin = (name) => `node_modules/.bin/${name}`

const STEPS = [
  { part: 'unit', title: 'types', command: [bin('tsc'), '--noEmit'], limit_ms: 4 * MINUTE_MS, count: asOneTest },
  { part: 'unit', title: 'import rules', command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src', 'lanes', 'host-probes', 'bridge', 'subjects'], limit_ms: 3 * MINUTE_MS, count: asOneTest },
  {
    part: 'unit', title: 'unit, golden and negative tests', takesArguments: true, report: `${REPORTS}/vitest.json`, limit_ms: 20 * MINUTE_MS, count: vitestCounts,
    command: [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORTS}/vitest.json`],
  },
  {
    part: 'lanes', title: 'lane tests', takesArguments: true, report: `${REPORTS}/playwright.json`, limit_ms: 74 * MINUTE_MS, count: playwrightCounts,
    command: [bin('playwright'), 'test', '--reporter=list,json'], env: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${REPORTS}/playwright.json` },
  },
  {
    part: 'stress', title: 'stress, long', onRequest: true, takesArguments: true, report: `${REPORTS}/stress.json`, limit_ms: 60 * MINUTE_MS, count: playwrightCounts,
    command: [bin('playwright'), 'test', 'tests/stress/', '--reporter=list,json'], env: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${REPORTS}/stress.json`, LANECHECK_STRESS: 'long' },
  },
]
const PARTS = [...new Set(STEPS.map((step) => step.part))]

const [part, ...rest] = process.argv.slice(2)
if (part !== undefined && !PARTS.includes(part)) {
  console.error(`unknown part '${part}'. Usage: node scripts/test.mjs [${PARTS.join('|')}] [arguments for the runner]`)
  process.exit(64)
}

await setUp({ engines: part !== 'unit' })
mkdirSync(REPORTS, { recursive: true })
const counts = []
const record = `${REPORTS}/tier-record${part === undefined ? '' : `.${part}`}.json`
rmSync(record, { force: true })
const steps = STEPS.filter((step) => (part === undefined ? !step.onRequest : step.part === part))
for (const [index, step] of steps.entries()) {
  console.log(`\n── ${index + 1}/${steps.length} ${step.title}`)
  counts.push(await runStep(step, rest))
}
const sum = (key) => counts.reduce((total, one) => total + one[key], 0)
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
await recordTiers().catch((error) => {
  console.log(`no record of tiers: ${error.message}`)
  process.exitCode = 1
})
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)

/** Which tiers these tests met, for `lanecheck gate --tests`; none is left where a report is missing. */
async function recordTiers() {
  const told = (count) => steps.filter((step) => step.count === count).map((step) => read(step.report))
  const [vitest, playwright] = [told(vitestCounts), told(playwrightCounts)]
  if ([...vitest, ...playwright].some((report) => Object.keys(report).length === 0)) return console.log('no record of tiers: a runner left no report')
  const { tierRecord } = await import('../dist/src/gate/tier-record.js')
  const selected = rest.length > 0
  writeFileSync(record, `${JSON.stringify(tierRecord({ root: process.cwd(), vitest: vitest[0], playwright, selected }), null, 2)}\n`)
  console.log(`tiers: ${record}`)
}

/** A runner that fails without a failed test, or has no tests at all, counts as a failure. */
async function runStep(step, rest) {
  if (step.report) rmSync(step.report, { force: true })
  const [command, ...args] = [...step.command, ...(step.takesArguments ? rest : [])]
  const result = await run(command, args, { limit_ms: step.limit_ms, show: true, env: { ...process.env, ...step.env } })
  const counted = step.count(result, step.report)
  const nothingRan = counted.passed + counted.failed + counted.skipped === 0
  if ((result.code !== 0 || nothingRan) && counted.failed === 0) {
    console.log(`${step.title}: ${result.why ?? 'no tests ran'}`)
    return { ...counted, failed: 1 }
  }
  return counted
}

function asOneTest({ code }) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

function vitestCounts(_, report) {
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] } = read(report)
  const brokenFiles = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed')).length
  return { passed: numPassedTests, failed: numFailedTests + brokenFiles, skipped: numPendingTests + numTodoTests }
}

function playwrightCounts(_, report) {
  const { stats = {}, errors = [] } = read(report)
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = stats
  return { passed: expected, failed: unexpected + flaky + errors.length, skipped }
}

/** Empty when the runner left none. */
function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return {}
  }
}
