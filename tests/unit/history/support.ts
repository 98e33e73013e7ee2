import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { CellId } from '../../../src/contract/lane.js'
import type { VerdictToken } from '../../../src/contract/vocabulary.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { byTime, type History, type NewRun, type Outcome, type RunAbout } from '../../../src/history/record.js'

const folders: string[] = []
afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true }) })

/** A place for a database, in a folder of its own that is gone after the test. */
export function somewhere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lanecheck-history-test-'))
  folders.push(folder)
  return join(folder, 'history.db')
}

const REASONS: Partial<Record<VerdictToken, Outcome['reason_code']>> = { bridge_only: 'downgrade_to_server_bridge', bridge_mismatch: 'downgrade_to_server_bridge', unsupported: 'unsupported_runtime_context', not_run: 'realm_unavailable' }

export const outcome = (verdict: VerdictToken, more: Partial<Outcome> = {}): Outcome =>
  ({ verdict, reason_code: REASONS[verdict] ?? 'admitted_direct', reran: verdict === 'irreproducible', reason: `made up: ${verdict}`, ...more })

/** A run of day `n` in one engine, with the verdicts of its cells. */
export function runOn(n: number, verdicts: Record<string, VerdictToken | Outcome>, more: Partial<RunAbout> = {}): NewRun {
  const about: RunAbout = {
    id: sha256Hex(`run ${n} ${JSON.stringify(more)}`), run_id: 'run', subject: 'made-up', subject_version: '1.0.0', artifact_sha256: 'a'.repeat(64), lanecheck_version: '0.1.0', seed: 1,
    engines: [{ engine: 'chromium', engine_product: 'custom-chromium', engine_version: '1', driver: 'none', os: 'none' }],
    started_at: new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString(), ...more,
  }
  return { about, cells: Object.entries(verdicts).map(([name, verdict]) => ({ cell_id: cellNamed(name), outcome: typeof verdict === 'string' ? outcome(verdict) : verdict })) }
}

export const cellNamed = (name: string): CellId => `chromium.window/timer.${name}`

/** What a database of these runs reads as, without one. */
export function historyOf(runs: readonly NewRun[]): History {
  const cells = [...new Set(runs.flatMap((run) => run.cells.map(({ cell_id }) => cell_id)))]
  const outcomes: Outcome[] = []
  return {
    cells, outcomes,
    runs: runs.map(({ about, cells: own }) => ({ about, cells: Uint32Array.from(own, ({ cell_id }) => cells.indexOf(cell_id)), outcomes: Uint32Array.from(own, ({ outcome: one }) => outcomes.push(one) - 1) })).sort(byTime),
  }
}
