import type { LiveAttempt } from '../contract/evidence.js'
import type { NormalizedRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { CellEvidence } from './cell-evidence.js'
import { agreementFindings, ticksCompared } from './compare-agreement.js'
import { expectationFindings } from './compare-expectation.js'
import { witnessFindings } from './compare-witness.js'
import { differs, hard, type Finding } from './findings.js'
import { hardBreaks } from './hard-breaks.js'

/** What is wrong with the lab run: all of it breaks, for the lab repeats itself. */
export function labFindings({ scenario, lab }: CellEvidence): Finding[] {
  if (lab === null) return []
  if (cutShort(lab.record)) return doneAllTheSame(scenario, lab.record, 0)
  return [...hardBreaks(scenario, lab.record, 0), ...expectationFindings(scenario, lab.record, 'lab', 0), ...witnessFindings(scenario, lab.record, 0)]
}

/** What is wrong with one attempt: against the scenario, against the lab, and between its own witnesses. */
export function attemptFindings({ scenario, lab }: CellEvidence, { attempt, record }: LiveAttempt): Finding[] {
  const absence = lab === null ? [] : differs({ law: 'lab_live_agreement', severity: 'note', attempt }, 'absent_families', lab.record.semantic.absent_families, record.semantic.absent_families)
  if (cutShort(record)) return [...doneAllTheSame(scenario, record, attempt), ...absence]
  return [
    ...hardBreaks(scenario, record, attempt),
    ...expectationFindings(scenario, record, 'live', attempt),
    ...witnessFindings(scenario, record, attempt),
    ...(lab === null ? [] : cutShort(lab.record) ? absence : agreementFindings(scenario, lab.record, record, attempt)),
  ]
}

/** A run ends where it needs a family that the subject does not have: what it left out is no finding. */
const cutShort = ({ semantic }: NormalizedRecord): boolean => semantic.absent_families.length > 0

/** What a run that was cut short did is a hard break as in any other; a chain may be broken by what was left out. */
const doneAllTheSame = (scenario: Scenario, record: NormalizedRecord, attempt: number): Finding[] => hard(hardBreaks(scenario, record, attempt)).filter(({ field }) => field !== 'orders')

/** True when any compared tick of an attempt differs from the lab's. */
export const drifted = ({ scenario, lab }: CellEvidence, { record }: LiveAttempt): boolean =>
  lab !== null && ticksCompared(scenario, lab.record, record).some(({ lab_ticks, live_ticks }) => lab_ticks !== live_ticks)
