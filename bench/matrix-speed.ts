import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchEngine } from '../lanes/engines/launch.js'
import { findEngine } from '../lanes/engines/find.js'
import { CaptureLineSchema, LiveRunMetadataSchema } from '../src/contract/evidence.js'
import type { Verdict } from '../src/contract/verdict.js'
import { ENGINES, MATRIX_HOST_ROLES } from '../src/contract/vocabulary.js'
import { startRefusingProxy } from '../src/loopback/refusing-proxy.js'
import { silentProgress } from '../src/report/progress.js'
import { verify } from '../src/run/verify.js'
import { beside, median, round, type Measure } from './measure.js'

/** The default matrix: cells a second, its wall time beside the engines' bare launches, and what a cell costs above its scenario. */
export async function matrixSpeed(): Promise<Measure[]> {
  const launches = await bareLaunches()
  const sum: Measure = { name: 'bare launches of the engines, one after another', value: round(launches.reduce((total, { value }) => total + value, 0), 0), unit: 'ms' }
  const out = await mkdtemp(join(tmpdir(), 'lanecheck-bench-'))
  try {
    const started = performance.now()
    const ledger = await verify({ ...QUIET, engines: [...ENGINES], scenarios: [], subject: 'reference', out: join(out, 'matrix'), frames: Math.min(4, availableParallelism()) })
    const wall = performance.now() - started
    return [
      ...launches, sum,
      beside({ name: `whole matrix, ${ledger.verdicts.length} cells`, value: round(wall, 0), unit: 'ms' }, sum),
      { name: 'matrix speed (aim: 20)', value: round(ledger.verdicts.length / (wall / 1000), 1), unit: 'cells/s' },
      { name: 'cells attempted more than once', value: ledger.verdicts.filter(({ attempts }) => attempts > 1).length, unit: 'cells' },
      ...await overheads(out),
    ]
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

const QUIET = { roles: [...MATRIX_HOST_ROLES], cell: null, seed: 1, out_is_default: false, resume: false, max_attempts: 3, signal: new AbortController().signal, progress: silentProgress }

async function bareLaunches(): Promise<Measure[]> {
  const proxy = await startRefusingProxy()
  const measures: Measure[] = []
  try {
    for (const engine of ENGINES) {
      const found = findEngine(engine)
      if (!found.found) continue
      const started = performance.now()
      const running = await launchEngine(found, { proxy_url: proxy.url, limit_ms: 60_000 })
      await running.openPage(30_000)
      measures.push({ name: `bare launch with a page, ${engine}`, value: round(performance.now() - started, 0), unit: 'ms' })
      await running.close()
    }
  } finally {
    await proxy.close()
  }
  return measures
}

/**
 * Wall time of an attempt minus the scenario's own, at the median, per engine and role.
 * One engine at a time with one frame: what a cell costs, not what cells cost each other.
 */
async function overheads(folder: string): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const engine of ENGINES) {
    const out = join(folder, engine)
    const ledger = await verify({ ...QUIET, engines: [engine], scenarios: ['timer.{order,cancel,reschedule,deadline}.*'], subject: 'native', out, frames: 1 })
    for (const role of MATRIX_HOST_ROLES) {
      const cells = ledger.verdicts.filter((verdict) => verdict.engine === engine && verdict.host_role === role && verdict.attempts === 1)
      const costs = await Promise.all(cells.map((verdict) => overheadOf(verdict, out)))
      if (costs.length > 0) measures.push({ name: `overhead per cell, ${engine} ${role}${engine === 'chromium' ? ' (aim: 20)' : ''}`, value: round(median(costs), 1), unit: 'ms' })
    }
  }
  return measures
}

async function overheadOf({ artifact_bundle }: Verdict, out: string): Promise<number> {
  const bundle = join(out, artifact_bundle ?? '')
  const { wall_elapsed_ns } = LiveRunMetadataSchema.parse(JSON.parse(await readFile(join(bundle, 'live-run.json'), 'utf8')))
  const lines = (await readFile(join(bundle, 'capture.ndjson'), 'utf8')).trim().split('\n').map((line) => CaptureLineSchema.parse(JSON.parse(line)))
  const own = Math.max(0, ...lines.filter(({ event }) => event.witness === 'subject').map(({ event }) => event.ms))
  return wall_elapsed_ns / 1e6 - own
}
