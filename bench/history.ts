import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addRuns } from '../src/history/add.js'
import { cellId } from '../src/contract/lane.js'
import { sha256Hex } from '../src/evidence/digest.js'
import type { NewRun, Outcome } from '../src/history/record.js'
import { packageRoot } from '../src/package-root.js'
import { best, beside, round, type Measure } from './measure.js'

const RUNS = 1_000
const CELLS = 500
const ROUNDS = 3

/** A year and more of nightly runs: a cell in fifty flakes now and then, the kit changes every hundred runs. */
function madeUpRun(n: number): NewRun {
  const parity: Outcome = { verdict: 'parity', reason_code: 'admitted_direct', reran: false, reason: 'lab and live agree' }
  const mismatch: Outcome = { verdict: 'semantic_mismatch', reason_code: 'admitted_direct', reran: true, reason: 'made up' }
  return {
    about: {
      id: sha256Hex(`run ${n}`), run_id: 'made-up', subject: 'made-up', subject_version: '1.0.0', artifact_sha256: sha256Hex('artifact'), lanecheck_version: `0.${Math.floor(n / 100)}.0`, seed: 1,
      engines: [{ engine: 'chromium', engine_product: 'custom-chromium', engine_version: '1', driver: 'none', os: 'none' }], started_at: new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString(),
    },
    cells: Array.from({ length: CELLS }, (_, cell) => ({ cell_id: cellId('chromium', 'window', `timer.made_up.c${cell}`), outcome: cell % 50 === 0 && (n * 7 + cell) % 13 === 0 ? mismatch : parity })),
  }
}

/** How long a history of a thousand runs takes to answer, as a person waits for it: with the start of its process. */
export async function historySpeed(): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lanecheck-bench-history-'))
  try {
    const path = join(folder, 'history.db')
    const runs = Array.from({ length: RUNS }, (_, n) => madeUpRun(n))
    await addRuns(path, runs)
    const command = (...args: string[]) => (): Promise<number> => {
      const started = performance.now()
      const { status, stderr } = spawnSync(process.execPath, [join(packageRoot(), 'dist/src/cli/main.js'), ...args], { maxBuffer: 1e9, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
      return Promise.resolve(performance.now() - started)
    }
    const measure = async (name: string, once: () => Promise<number>): Promise<Measure> => ({ name, value: round(await best(ROUNDS, 'less', once), 0), unit: 'ms' })
    const start = await measure('lanecheck --version', command('--version'))
    let next = RUNS
    const addOne = async (): Promise<number> => {
      const started = performance.now()
      await addRuns(path, [madeUpRun(next++)])
      return performance.now() - started
    }
    return [
      start,
      beside(await measure(`history show --json, ${RUNS} runs of ${CELLS} cells (aim: 1,000)`, command('history', 'show', '--json', '--db', path)), start),
      beside(await measure(`history diff --json, ${RUNS} runs of ${CELLS} cells (aim: 1,000)`, command('history', 'diff', '--json', '--db', path)), start),
      beside(await measure('history add of one more, within a process', addOne), start),
      { name: 'history, the file', value: round(statSync(path).size / 1024, 0), unit: 'KiB' },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
