import type { NormalizedRecord } from '../../contract/record.js'
import type { Scenario } from '../../contract/scenario.js'
import type { SubjectEvent } from '../../contract/trace.js'
import type { Finding } from '../../contract/verdict.js'
import { ticksCompared } from '../../judge/compare-agreement.js'
import { labels } from '../../judge/normalize-orders.js'
import type { Step } from './embedded.js'
import { eventText } from './event-text.js'
import { namesStep } from './finding-steps.js'
import { closeText, eventSourceText, isKept, jsonText, recordSteps } from './lab-steps.js'

export interface StepsInput {
  scenario: Scenario
  lab: NormalizedRecord | null
  live: NormalizedRecord
  /** Of this attempt, in their order. */
  subject: readonly SubjectEvent[]
  attempt: number
  findings: readonly Finding[]
}

type Side = NonNullable<Step['lab']>

/** Both timelines, step by step: in the live run's order, with the lab's own steps where its ticks or their entity put them. */
export function stepsOf(input: StepsInput): Step[] {
  const lab = input.lab === null ? new Map<string, Side>() : recordSteps(input.lab)
  const live = labels(input.subject).map(({ label, event }) => ({ label, side: { ticks: event.ticks, text: sideText(event) } }))
  const happened = new Set(live.map(({ label }) => label))
  const rows: Row[] = live.map(({ label, side }) => ({ label, lab: lab.get(label) ?? null, live: side }))
  for (const [label, side] of lab) if (!happened.has(label)) rows.splice(placeOf(rows, label, side), 0, { label, lab: side, live: null })
  const drifts = driftsOf(input)
  const compared = rows.map((row) => ({ ...row, compared: input.lab === null ? 'unkept' as const : comparedOf(row, drifts) }))
  return [...compared, ...endings(input)].map((step) => ({ ...step, findings: findingsOf(input, step.label, happened) }))
}

interface Row { label: string; lab: Side | null; live: Side | null }

/** Behind all that the lab had done by that tick; else behind what its entity did last; else at the end. */
function placeOf(rows: readonly Row[], label: string, { ticks }: Side): number {
  if (ticks !== null) {
    const later = rows.findIndex(({ lab }) => lab?.ticks != null && lab.ticks > ticks)
    if (later >= 0) return later
  }
  const entity = `${label.split('.').slice(0, 2).join('.')}.`
  const last = rows.findLastIndex((row) => row.label.startsWith(entity))
  return last >= 0 ? last + 1 : rows.length
}

function comparedOf({ label, lab, live }: Row, drifts: ReadonlyMap<string, 'early' | 'late'>): Step['compared'] {
  if (live === null) return 'lab_only'
  if (lab === null) return isKept(label) ? 'live_only' : 'unkept'
  if (lab.text !== '' && lab.text !== live.text) return 'differs'
  return drifts.get(label) ?? 'same'
}

function driftsOf({ scenario, lab, live }: StepsInput): Map<string, 'early' | 'late'> {
  const drifts = lab === null ? [] : ticksCompared(scenario, lab, live)
  return new Map(drifts.filter(({ early, late }) => early || late).map(({ field, early }) => [field.replace(/^at_ticks\./, ''), early ? 'early' : 'late']))
}

const LEFT_ALIVE = 'left alive'

/** How the runs ended, and what was left alive. */
function endings({ lab, live }: StepsInput): Array<Omit<Step, 'findings'>> {
  const sides = (label: string, of: (record: NormalizedRecord) => string, show: boolean): Array<Omit<Step, 'findings'>> => {
    const [before, after] = [lab === null ? null : of(lab), of(live)]
    if (!show && before === after) return []
    return [{ label, lab: before === null ? null : { ticks: null, text: before }, live: { ticks: null, text: after }, compared: before === null ? 'unkept' : before === after ? 'same' : 'differs' }]
  }
  const alive = ({ semantic }: NormalizedRecord): string => {
    if (semantic.cleanup === null) return 'not told'
    const left = Object.entries(semantic.cleanup).filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`)
    return left.length === 0 ? 'nothing' : left.join(', ')
  }
  return [...sides('outcome', ({ semantic }) => semantic.outcome, true), ...sides(LEFT_ALIVE, alive, true)]
}

/** Positions of the findings of this attempt, or of the cell as a whole, that name a step. */
function findingsOf({ findings, attempt }: StepsInput, label: string, happened: ReadonlySet<string>): number[] {
  return findings.flatMap((finding, index) => {
    const here = finding.attempt === attempt || finding.attempt === 0
    return here && (label === LEFT_ALIVE ? finding.field.startsWith('cleanup') : namesStep(finding, label, happened)) ? [index] : []
  })
}

/** As the lab's record would say it, so that the two can be compared. */
function sideText(event: SubjectEvent): string {
  switch (event.kind) {
    case 'channel.closed': return closeText(event)
    case 'stream.event': return eventSourceText(event.event_id, event.event, event.data)
    case 'exchange.head': return `status ${event.status}`
    case 'call.completed': case 'call.late_result': return jsonText(event.result)
    case 'call.reported': return jsonText(event.value)
    case 'call.failed': return event.error
    default: return eventText(event)
  }
}
