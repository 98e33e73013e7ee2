import type { NormalizedRecord, SemanticRecord, WasmProvenance } from '../contract/record.js'
import type { Outcome, Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import type { ClockSource } from '../contract/vocabulary.js'
import { callRecords } from './normalize-calls.js'
import { channelRecords } from './normalize-channels.js'
import { exchangeRecords, streamRecords } from './normalize-exchanges.js'
import { atTicks, orderRecords } from './normalize-orders.js'
import { deadlineRecords, timerRecords } from './normalize-timers.js'
import { witnessedRecord } from './normalize-witnessed.js'
import { observability } from './observability.js'
import { scenarioFacts, type ScenarioFacts } from './scenario-facts.js'
import { ofKind, traceView, type TraceView } from './trace-view.js'

export interface NormalizeInput {
  scenario: Scenario
  /** All events of one run or attempt; each witness's own order is in `seq`. */
  events: readonly TraceEvent[]
  clock_source: ClockSource
  /** `stalled`: the scenario's limit ran out before its tasks ended. */
  end: { stalled: boolean }
  /** SHA-256 over canonical JSON; injected so that judging stays pure. */
  digest: (value: unknown) => string
}

/** One record from all witnesses of a run, lab and live alike. Ticks are qualified, milliseconds provenance. */
export function normalize({ scenario, events, clock_source, end, digest }: NormalizeInput): NormalizedRecord {
  const facts = scenarioFacts(scenario)
  const view = traceView(events)
  const semantic = semanticRecord(scenario, facts, view, end.stalled)
  const body = {
    schema: 'lanecheck.normalized-record.v1' as const,
    scenario_id: scenario.id,
    surface_family: scenario.surface_family,
    scenario_clock_id: scenario.scenario_clock_id,
    clock_source,
    semantic,
    witnessed: witnessedRecord(view),
    qualified: { logical_elapsed_ticks: elapsedTicks(view), at_ticks: atTicks(view.subject) },
    provenance: provenance(events.length, view),
    observability: observability(scenario, facts, view, semantic.outcome === 'completed'),
  }
  return { ...body, semantic_digest: digest(semantic), full_digest: digest(body) }
}

function semanticRecord(scenario: Scenario, facts: ScenarioFacts, view: TraceView, stalled: boolean): SemanticRecord {
  return {
    outcome: outcomeOf(view, stalled),
    timers: timerRecords(facts, view),
    deadlines: deadlineRecords(facts, view),
    channels: channelRecords(facts, view),
    exchanges: exchangeRecords(facts, view),
    streams: streamRecords(facts, view),
    ...callRecords(scenario, facts, view),
    cleanup: cleanupOf(view),
    orders: orderRecords(scenario, view.subject),
    outside: outsideOf(view),
    absent_families: [...new Set(ofKind(view.subject, 'family.absent').map((event) => event.family))].sort(),
  }
}

function outcomeOf(view: TraceView, stalled: boolean): Outcome {
  const threw = ofKind(view.subject, 'subject.threw')
  if (threw.some((event) => event.trap)) return 'trap'
  if (threw.length > 0) return 'subject_error'
  return stalled ? 'stalled' : 'completed'
}

function cleanupOf(view: TraceView): SemanticRecord['cleanup'] {
  const alive = ofKind(view.page, 'host.alive').at(-1)
  if (alive === undefined) return null
  const counts = { timers: alive.timers.length, channels: alive.sockets.length, requests: alive.requests.length, streams: alive.streams.length }
  const others = Object.entries(OTHERS).map(([key, kind]) => [key, alive.left?.filter(({ what }) => what === kind).length ?? 0] as const)
  return { ...counts, ...Object.fromEntries(others.filter(([, count]) => count > 0)) }
}

/** What the recorder gives no list of its own. */
const OTHERS = { listeners: 'listener', workers: 'worker', message_ports: 'message_port', broadcast_channels: 'broadcast_channel' } as const

/** Each host once. The proxy's word counts where the page saw nothing; the browser's own calls never do. */
function outsideOf(view: TraceView): SemanticRecord['outside'] {
  const reached = new Map<string, string>()
  for (const event of ofKind(view.page, 'host.outside')) if (!reached.has(hostOf(event.url))) reached.set(hostOf(event.url), event.id)
  for (const event of view.proxy) {
    const host = hostOf(`http://${event.id}`)
    if (event.attributed_to !== 'browser' && !reached.has(host)) reached.set(host, 'proxy')
  }
  return [...reached].sort(([one], [other]) => (one < other ? -1 : 1)).map(([host, api]) => ({ api, host }))
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname
  } catch {
    return address
  }
}

function elapsedTicks(view: TraceView): number | null {
  const first = view.subject[0]
  const last = view.subject.at(-1)
  return first && last ? last.ticks - first.ticks : null
}

const NS_PER_MS = 1_000_000

function provenance(steps: number, view: TraceView): NormalizedRecord['provenance'] {
  const first = view.subject[0]
  const last = view.subject.at(-1)
  const wasm = wasmOf(view)
  const left = ofKind(view.page, 'host.alive').at(-1)?.left
  const ns = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms * NS_PER_MS))
  return {
    steps_delta: steps,
    wall_elapsed_ns: first && last ? ns(last.ms - first.ms) : null,
    monotonic_start_ns: ns(first?.ms),
    monotonic_end_ns: ns(last?.ms),
    now_nanos: null,
    ...(wasm === null ? {} : { wasm }),
    ...(left === undefined ? {} : { left }),
  }
}

function wasmOf(view: TraceView): WasmProvenance | null {
  const instances = ofKind(view.page, 'host.wasm.module').map((event) => event.instances)
  const memories = ofKind(view.page, 'host.wasm.memory').map(({ pages_before, pages_after }) => ({ pages_before, pages_after }))
  const traps = ofKind(view.subject, 'subject.threw').filter(({ trap }) => trap).map(({ id, message, panic }) => ({ step: id, message, panic: panic ?? null }))
  return instances.length + memories.length + traps.length === 0 ? null : { instances, memories, traps }
}

