import { resolve } from 'node:path'
import picomatch from 'picomatch'
import { atomicWrite } from '../evidence/atomic-write.js'
import { refuseInside } from '../evidence/outside.js'
import { addRuns } from '../history/add.js'
import { readHistory } from '../history/database.js'
import { diffRuns } from '../history/diff.js'
import { runOfFolder } from '../history/evidence-run.js'
import { historyPlot } from '../history/plot.js'
import { findRun, runsOf } from '../history/select.js'
import { showHistory } from '../history/show.js'
import { addedText, diffText, historyText } from '../report/history-text.js'
import { paintFor } from '../report/paint.js'
import { widthOf } from '../report/width.js'
import type { HistoryFlags } from './history-command.js'

/** Adds the runs of evidence folders. Throws `usage`, `evidence_invalid`, `evidence_unsound`, `output_not_writable`, `disk_full`. */
export async function addToHistory(folders: readonly string[], { db, json }: HistoryFlags): Promise<void> {
  for (const folder of folders) refuseInside(db, folder, '--db')
  const added = await addRuns(db, folders.map(runOfFolder))
  print(json, { schema: 'lanecheck.history-added.v1', added }, () => addedText(added, db, paintFor(process.stdout)))
}

/** Prints, and draws, how a subject's cells came out over time. Throws `usage`, `evidence_invalid`, `evidence_unsound`, `output_not_writable`, `disk_full`. */
export async function showTheHistory({ db, subject, cell, svg, json }: HistoryFlags): Promise<void> {
  // Dots in ids are as good as any other sign.
  const wanted = cell === undefined ? undefined : picomatch(cell, { bash: true })
  const report = showHistory(readHistory(db), { ...(subject === undefined ? {} : { subject }), ...(wanted === undefined ? {} : { cell: (id) => wanted(id) }) })
  if (svg !== undefined) await atomicWrite(resolve(svg), historyPlot(report))
  print(json, report, () => historyText(report, cell !== undefined, paintFor(process.stdout), widthOf(process.stdout)))
}

/** Prints what changed between two runs of a subject. Throws `usage`, `evidence_invalid`, `evidence_unsound`. */
export function diffTheHistory(from: string, to: string, { db, subject, json }: HistoryFlags): void {
  const history = readHistory(db)
  const { runs } = runsOf(history, subject)
  const diff = diffRuns(history, findRun(runs, from), findRun(runs, to))
  print(json, diff, () => diffText(diff, paintFor(process.stdout)))
}

function print(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value, null, 2)}\n` : text())
}
