import { Fragment, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Verdict } from '../../../contract/verdict.js'
import type { CellStory, ResultStory, Step } from '../embedded.js'
import { Axis } from './axis.js'
import { findingId, groupFindings } from './findings.js'
import { Section } from './section.js'
import { Witnesses } from './witnesses.js'
import { plural } from './words.js'

type Bundle = NonNullable<CellStory['bundle']>

const COMPARED_WORDS: Record<Step['compared'], string> = {
  same: '', unkept: '', lab_only: 'in the lab only', live_only: 'live only', differs: 'differs', early: 'earlier than the window', late: 'later than the window: noise',
}
const isMarked = ({ compared, findings }: Step): boolean => findings.length > 0 || COMPARED_WORDS[compared] !== ''

/** Lab and live side by side, and what each witness saw, of one result at a time. */
export function Timelines({ bundle, verdict }: { bundle: Bundle; verdict: Verdict }): JSX.Element {
  const [at, setAt] = useState(() => Math.max(0, bundle.results.findIndex((one) => one.steps.some(({ findings }) => findings.length > 0))))
  const result = bundle.results[at]
  if (result === undefined) return <Section id="timelines" title="Timelines"><p class="quiet">No realm ran: there is nothing to compare.</p></Section>
  return (
    <>
      <Section id="timelines" title="Timelines">
        {bundle.results.length < 2 ? null : (
          <div class="line" role="group" aria-label="live result">
            {bundle.results.map((one, index) => <button key={one.result} type="button" class="chip" aria-pressed={index === at} onClick={() => setAt(index)}>{one.attempt === null ? `result ${one.result}, lost` : `attempt ${one.attempt}`}</button>)}
          </div>
        )}
        {result.loss === null ? null : <p>This result was lost: {result.loss}</p>}
        {result.stalled ? <p>The scenario’s limit ran out before its tasks ended.</p> : null}
        <p class="quiet">In ticks of {bundle.tick_ms} ms; live ticks may differ from the lab’s by −{verdict.normalization_window.early_ticks} to +{verdict.normalization_window.late_ticks}. The lab’s record keeps ticks of timers, deadlines and calls alone, and no marks.</p>
        {result.steps.length === 0 ? null : <Steps result={result} groupOf={groupFindings(verdict.findings).groupOf} />}
      </Section>
      <Section id="witnesses" title="Witnesses"><Witnesses result={result} /></Section>
    </>
  )
}

function Steps({ result, groupOf }: { result: ResultStory; groupOf: readonly number[] }): JSX.Element {
  const first = result.steps.findIndex(isMarked)
  const last = Math.max(1, ...result.steps.flatMap(({ lab, live }) => [lab?.ticks ?? 0, live?.ticks ?? 0]))
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Steps, scrolls sideways">
      <table class="timeline">
        <caption class="unseen">Steps of the lab run and of the live run, in order</caption>
        <thead><tr><th scope="col">step</th><th scope="col" class="tick">lab tick</th><th scope="col" class="side">lab</th><th scope="col" class="tick">live tick</th><th scope="col" class="side">live</th><th scope="col" class="axis"><span class="unseen">both on one axis, </span>0 – {last}</th><th scope="col">difference</th></tr></thead>
        <tbody>{result.steps.map((step, index) => <StepRow key={step.label} step={step} last={last} first={index === first} groups={[...new Set(step.findings.map((one) => groupOf[one] ?? 0))]} />)}</tbody>
      </table>
      {result.steps_left_out === 0 ? null : <p class="quiet">{plural(result.steps_left_out, 'more step')} of the same kind are in the capture.</p>}
    </div>
  )
}

function StepRow({ step, last, first, groups }: { step: Step; last: number; first: boolean; groups: readonly number[] }): JSX.Element {
  const { label, lab, live, compared, findings } = step
  const marked = isMarked(step)
  return (
    <tr class={marked ? `marked ${findings.length === 0 && compared === 'late' ? 'soft' : ''}` : ''} data-first={first ? '' : undefined}>
      <th scope="row">{marked ? <span class="mark" aria-hidden="true">{first ? '▶' : '≠'}</span> : null}{label}</th>
      <td class="tick">{lab?.ticks ?? ''}</td>
      <td class="side"><Side side={lab} unkept={compared === 'unkept'} /></td>
      <td class="tick">{live?.ticks ?? ''}</td>
      <td class="side"><Side side={live} unkept={false} /></td>
      <td class="axis"><Axis lab={lab?.ticks ?? null} live={live?.ticks ?? null} last={last} /></td>
      <td class="difference">
        {marked && first ? <strong>first difference </strong> : null}{COMPARED_WORDS[compared]}
        {groups.map((group) => <Fragment key={group}> <a href={`#${findingId(group)}`} onClick={(event) => jump(event, group)}>finding {group + 1}</a></Fragment>)}
      </td>
    </tr>
  )
}

function Side({ side, unkept }: { side: Step['lab']; unkept: boolean }): JSX.Element {
  if (side === null) return unkept ? <span class="quiet" title="the lab’s record does not keep such steps">not kept</span> : <span class="absent">—<span class="unseen"> did not happen</span></span>
  return side.text === '' ? <span class="quiet">{side.ticks === null ? 'happened' : ''}</span> : <span>{side.text}</span>
}

/** The address holds the view, so a jump within it is made by hand. */
function jump(event: Event, group: number): void {
  event.preventDefault()
  const finding = document.getElementById(findingId(group))
  finding?.focus({ preventScroll: true })
  finding?.scrollIntoView({ block: 'center' })
}
