import type { TraceEvent } from '../../contract/trace.js'
import type { Verdict } from '../../contract/verdict.js'
import type { CellBundle } from '../../evidence/cell-bundle.js'
import { traceView, type TraceView } from '../../judge/trace-view.js'
import type { CellStory, ResultStory } from './embedded.js'
import { eventText } from './event-text.js'
import { stepsOf } from './steps.js'

/** More than this a reader does not go through on a page; the capture has them all. */
const STEP_LIMIT = 300
const EVENT_LIMIT = 200

/** What the page tells of a cell: its verdict, and from its bundle both timelines, the witnesses, the host and the digests. */
export function cellStory(verdict: Verdict, expected_reason: string | null, bundle: CellBundle | null): CellStory {
  return { cell_id: verdict.cell_id, verdict, expected_reason, bundle: bundle === null ? null : bundleStory(verdict, bundle) }
}

function bundleStory(verdict: Verdict, bundle: CellBundle): CellStory['bundle'] {
  const { scenario, run, packet, manifest, index } = bundle
  return {
    title: scenario.title,
    tick_ms: scenario.tick_ms,
    engine: run.engine,
    admission: run.admission,
    probe: run.probes.findLast((probe) => probe !== null) ?? packet?.packet.probe ?? null,
    packet: packet === null ? null : { path: packet.path, page: packet.packet.page, needs: packet.packet.needs, subject: packet.packet.subject, findings: packet.packet.findings },
    results: run.results.map((_, result) => resultStory(verdict, bundle, result)),
    unobserved: (manifest?.fields ?? []).filter(({ class: how, required }) => required && how !== 'observed').map(({ field, class: how }) => `${field}: ${how}`),
    digests: digestsOf(bundle),
    files: Object.entries(index?.files ?? {}).map(([name, { sha256 }]) => [name, sha256]),
  }
}

function resultStory(verdict: Verdict, { scenario, run, capture, lab, live }: CellBundle, position: number): ResultStory {
  const { loss, stalled } = run.results[position]!
  const attempt = loss === null ? run.results.slice(0, position + 1).filter((one) => one.loss === null).length : null
  const record = attempt === null ? undefined : live?.attempts[attempt - 1]?.record
  const view = traceView(capture.filter((line) => line.attempt === position + 1).map(({ event }) => event))
  const steps = record === undefined ? [] : stepsOf({ scenario, lab: lab?.record ?? null, live: record, subject: view.subject, attempt: attempt!, findings: verdict.findings })
  const shown = shortened(steps)
  return {
    result: position + 1, attempt, stalled, loss: loss === null ? null : `${loss.what}: ${loss.detail}`,
    steps: shown, steps_left_out: steps.length - shown.length, ...witnesses(view),
  }
}

/** The first steps, and after them only those in which the two sides differ. */
function shortened(steps: ResultStory['steps']): ResultStory['steps'] {
  return steps.filter(({ compared, findings, label }, index) => index < STEP_LIMIT || label === 'outcome' || (index < 10 * STEP_LIMIT && (findings.length > 0 || (compared !== 'same' && compared !== 'unkept'))))
}

function witnesses(view: TraceView): Pick<ResultStory, 'page' | 'peer' | 'bridge' | 'proxy'> {
  const seen = (events: readonly TraceEvent[]): ResultStory['page'] => ({
    events: events.slice(0, EVENT_LIMIT).map((event) => ({ ticks: event.ticks, kind: event.kind, id: event.witness === 'bridge' ? event.side : event.id, text: eventText(event) })),
    left_out: Math.max(0, events.length - EVENT_LIMIT),
  })
  return { page: seen(view.page), peer: seen(view.peer), bridge: seen(view.bridge), proxy: seen(view.proxy) }
}

function digestsOf({ run, lab, live, replay }: CellBundle): Array<[string, string]> {
  return [
    ...(lab === null ? [] : [['lab semantic', lab.record.semantic_digest], ['lab full', lab.record.full_digest]] satisfies Array<[string, string]>),
    ...(live?.attempts ?? []).flatMap(({ attempt, record }): Array<[string, string]> => [[`live ${attempt} semantic`, record.semantic_digest], [`live ${attempt} full`, record.full_digest]]),
    ...(replay === null ? [] : [['lab schedule', replay.schedule_hash], ['lab events', replay.event_hash]] satisfies Array<[string, string]>),
    ['live trace', run.trace_fingerprint], ['live events', run.event_hash], ['artifact', run.artifact_sha256], ['config', run.config_hash],
  ]
}
