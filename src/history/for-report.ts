import type { History as ForPage } from '../report/html/embedded.js'
import { readHistory } from './database.js'
import { historyPlot } from './plot.js'
import { showHistory } from './show.js'

/** Most runs listed on the page; the newest are. */
const RUNS = 60

/** What a history's file holds of a subject, for the report. Throws `usage`, `evidence_invalid`, `evidence_unsound`. */
export function historyForReport(file: string, subject: string): ForPage {
  const report = showHistory(readHistory(file), { subject })
  return { plot: historyPlot(report), runs: report.runs.slice(-RUNS).map(({ id, started_at, verdicts }) => ({ id, started_at, counts: verdicts })) }
}
