import type { Ledger, Verdict } from '../../../src/contract/verdict.js'
import { sumVerdicts } from '../../../src/judge/sums.js'
import { paintFor, type Paint } from '../../../src/report/paint.js'
import { IDENTITY, SHA, SUBJECT } from '../run/support.js'

export const PLAIN: Paint = paintFor({ isTTY: false }, {})
export const COLOURS: Paint = paintFor({ isTTY: true }, {})
export const ANSI = /\u001b\[/

export const ledgerOf = (verdicts: Verdict[]): Ledger => ({
  schema: 'lanecheck.ledger.v1',
  run: {
    run_id: 'run', lanecheck_version: '0.1.0', seed: 7, subject: SUBJECT, artifact_sha256: SHA, artifact_path: 'artifacts/x.js', config_hash: SHA, engines: [IDENTITY],
    started_at: '2026-01-01T00:00:00.000Z', ended_at: '2026-01-01T00:01:00.000Z', node_version: 'v20', interrupted: false,
  },
  verdicts,
  sums: sumVerdicts(verdicts),
})

/** A table's cells by row; columns are apart by blanks and no cell has one. */
export const rowsOf = (text: string): string[][] => text.split('\n').filter((line) => line.trim() !== '').map((line) => line.trim().split(/\s+/))
