import type { Verdict } from '../contract/verdict.js'
import type { Cause, ReasonCode, VerdictToken } from '../contract/vocabulary.js'
import { UNSEEN } from '../judge/exit-code.js'
import type { Cell } from './cell.js'

export interface BridgeDemand { cause?: Cause; reason_code?: ReasonCode }
export interface UnsupportedDemand { cause?: Cause; reason_code?: ReasonCode }

/** What a matcher demands of a cell. */
export interface Demand {
  matcher: 'toHoldParity' | 'toBeBridgeOnly' | 'toBeUnsupported'
  verdict: VerdictToken
  cause?: Cause | undefined
  reason_code?: ReasonCode | undefined
}

/** Whether a cell is as demanded, is otherwise, or was not seen well enough to say. */
export type Answer = 'met' | 'otherwise' | 'unknown'

/** Verdicts that tell nothing about what the subject does: neither a demand nor its contrary rests on them. */
const TELLS_NOTHING: ReadonlySet<VerdictToken> = new Set(['infrastructure_loss', 'not_run', 'invalid_experiment', 'irreproducible'])

/** Holds a verdict to a demand. What this machine could not give is `unknown`, unless the demand names that very reason code. */
export function answer({ verdict, reason_code, cause }: Verdict, demand: Demand): Answer {
  if (TELLS_NOTHING.has(verdict)) return 'unknown'
  if (UNSEEN.has(reason_code) && demand.reason_code !== reason_code) return 'unknown'
  const met = verdict === demand.verdict
    && (demand.reason_code === undefined || reason_code === demand.reason_code)
    && (demand.cause === undefined || cause?.cause === demand.cause)
  return met ? 'met' : 'otherwise'
}

const demanded = ({ verdict, reason_code, cause }: Demand): string =>
  [verdict, ...(reason_code === undefined ? [] : [`reason_code ${reason_code}`]), ...(cause === undefined ? [] : [`cause ${cause}`])].join(', ')

/** What a person reads when a demand fails: what was demanded, what was given, the first finding with its law, the evidence, and how to run it again. */
export function failure(cells: readonly Cell[], demand: Demand, is_not: boolean): string {
  const title = `expect(cell)${is_not ? '.not' : ''}.${demand.matcher}(${argument(demand)})`
  if (cells.length === 0) return `${title}\n\nThere are no cells: nothing was shown.`
  return [title, ...cells.map((cell) => oneCell(cell, demand, is_not))].join('\n\n')
}

function argument({ reason_code, cause }: Demand): string {
  const named = [...(cause === undefined ? [] : [`cause: '${cause}'`]), ...(reason_code === undefined ? [] : [`reason_code: '${reason_code}'`])]
  return named.length === 0 ? '' : `{ ${named.join(', ')} }`
}

function oneCell({ verdict, folder, bundle }: Cell, demand: Demand, is_not: boolean): string {
  const { findings, repro_command } = verdict
  const cause = verdict.cause === null ? '' : `, cause ${verdict.cause.cause}${'capability' in verdict.cause ? ` ${verdict.cause.capability}` : ''}${'prerequisite' in verdict.cause ? ` ${verdict.cause.prerequisite}` : ''}`
  const [first] = findings
  return [
    `Cell:      ${verdict.cell_id}`,
    `Demanded:  ${is_not ? 'anything but ' : ''}${demanded(demand)}`,
    `Given:     ${verdict.verdict} in ${verdict.lane_id} (${verdict.support_class}, ${verdict.reason_code}${cause}; ${verdict.eligibility_verdict})`,
    ...(answer(verdict, demand) === 'unknown' ? ['           this tells nothing of what the subject does: neither the demand nor its contrary is shown'] : []),
    `Reason:    ${verdict.reason}`,
    first === undefined
      ? 'Findings:  none'
      : `Finding:   law ${first.law} (${first.severity}, ${first.attempt === 0 ? 'lab' : `live attempt ${first.attempt}`}): ${first.field} expected ${first.expected}, found ${first.found}${findings.length > 1 ? `; ${findings.length - 1} more in verdict.json` : ''}`,
    `Evidence:  ${bundle ?? folder}`,
    `Again:     ${repro_command}`,
  ].join('\n')
}
