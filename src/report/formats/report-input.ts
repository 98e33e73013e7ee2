import type { CellBundle } from '../../evidence/cell-bundle.js'
import type { CaptureLine, LiveRunMetadata } from '../../contract/evidence.js'
import type { Scenario } from '../../contract/scenario.js'
import type { Ledger, Verdict } from '../../contract/verdict.js'
import type { ExpectedOf } from '../../config/expectations.js'
import type { History } from '../html/embedded.js'
import { defaultExpectation, surprises, type Surprise } from '../../judge/exit-code.js'

/** What a cell's bundle tells a report beside the verdict. */
export interface ReportBundle { scenario: Scenario; run: LiveRunMetadata; capture: CaptureLine[] }

/** What there is to report of a run: its ledger, what was expected, and its bundles, read only by reports that want them. */
export interface ReportInput {
  ledger: Ledger
  /** The evidence folder, for people. */
  folder: string
  expectedOf: ExpectedOf
  /** Planned cells without a verdict; none when left out. */
  missing?: readonly string[]
  /** Null when the cell kept no capture. Throws `evidence_invalid`. */
  bundleOf(verdict: Verdict): ReportBundle | null
  /** The whole bundle, for the page that tells each cell's story; left out where there is none to read. Throws `evidence_invalid`. */
  storyOf?(verdict: Verdict): CellBundle | null
  /** What a history holds of the subject, for the page. */
  history?: History
}

/** How a cell stands to what was expected of it. */
export interface Standing {
  expected: Verdict['verdict']
  /** Null when it came out as expected. */
  surprise: Surprise | null
  /** What the expectations file says of the cell; null when it says nothing. */
  reason: string | null
}

/** Looks up each cell's standing by its id. */
export function standings({ ledger, expectedOf }: Pick<ReportInput, 'ledger' | 'expectedOf'>): (verdict: Verdict) => Standing {
  const found = new Map(surprises(ledger.verdicts, (verdict) => expectedOf(verdict)?.verdict ?? null).map((surprise) => [surprise.verdict.cell_id, surprise]))
  return (verdict) => {
    const entry = expectedOf(verdict)
    return { expected: entry?.verdict ?? defaultExpectation(verdict), surprise: found.get(verdict.cell_id) ?? null, reason: entry?.reason ?? null }
  }
}
