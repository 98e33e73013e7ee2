import type { LiveAttempt } from '../contract/evidence.js'
import type { CellEvidence } from './cell-evidence.js'
import { agreementFindings, ticksCompared } from './compare-agreement.js'
import { expectationFindings } from './compare-expectation.js'
import { witnessFindings } from './compare-witness.js'
import type { Finding } from './findings.js'
import { hardBreaks } from './hard-breaks.js'

/** What is wrong with the lab run: all of it breaks, for the lab repeats itself. */
export function labFindings({ scenario, lab }: CellEvidence): Finding[] {
  if (lab === null) return []
  return [...hardBreaks(scenario, lab.record, 0), ...expectationFindings(scenario, lab.record, 'lab', 0), ...witnessFindings(scenario, lab.record, 0)]
}

/** What is wrong with one attempt: against the scenario, against the lab, and between its own witnesses. */
export function attemptFindings({ scenario, lab }: CellEvidence, { attempt, record }: LiveAttempt): Finding[] {
  return [
    ...hardBreaks(scenario, record, attempt),
    ...expectationFindings(scenario, record, 'live', attempt),
    ...witnessFindings(scenario, record, attempt),
    ...(lab ? agreementFindings(scenario, lab.record, record, attempt) : []),
  ]
}

/** True when any compared tick of an attempt differs from the lab's. */
export const drifted = ({ scenario, lab }: CellEvidence, { record }: LiveAttempt): boolean =>
  lab !== null && ticksCompared(scenario, lab.record, record).some(({ lab_ticks, live_ticks }) => lab_ticks !== live_ticks)
