import { createHash } from 'node:crypto'
import { inject } from 'vitest'
import type { TraceEvent } from '../../../../src/contract/trace.js'
import type { LabRun } from '../../../../src/contract/evidence.js'
import type { NormalizedRecord } from '../../../../src/contract/record.js'
import type { Scenario } from '../../../../src/contract/scenario.js'
import { hashWith } from '../../../../src/contract/summary.js'
import type { ClockSource } from '../../../../src/contract/vocabulary.js'
import type { CellEvidence } from '../../../../src/judge/cell-evidence.js'
import { normalize } from '../../../../src/judge/normalize.js'
import { CATALOGUE } from '../../../../src/scenarios/catalogue.js'
import { BRIDGED, DIRECT, labRun } from '../traces.js'

declare module 'vitest' {
  interface ProvidedContext { labTraces: Record<string, TraceEvent[]> | undefined }
}

// The same digests as by the contract's own code, in a fraction of the time.
hashWith((bytes) => createHash('sha256').update(bytes).digest('hex'))

/** Hundreds of timers, messages or channels say no more of a witness than a few, and take as long as all the rest. */
const CROWDED = ['timer.many.thousand', 'websocket.order.from_peer', 'websocket.order.to_peer', 'websocket.order.interleaved', 'websocket.many_channels']
export const SCENARIOS: Scenario[] = CATALOGUE.filter(({ id }) => !CROWDED.includes(id))

// What is provided need not be made again; otherwise each file that asks makes it for itself.
const traces: Record<string, TraceEvent[]> = inject('labTraces') ?? await (await import('./run.js')).runCatalogue()

/** What really happened in the lab, as each witness recorded it. */
export const labEvents = (scenario: Scenario): TraceEvent[] => traces[scenario.id] ?? []

/** The record of a trace; its digests are left out, for no verdict rests on them. */
export const recordFrom = (scenario: Scenario, events: readonly TraceEvent[], clock_source: ClockSource = 'performance_now'): NormalizedRecord =>
  normalize({ scenario, events, clock_source, end: { stalled: false }, digest: () => '' })

const labs = new Map<Scenario, LabRun>()
function labOf(scenario: Scenario): LabRun {
  const lab = labs.get(scenario) ?? labRun(recordFrom(scenario, labEvents(scenario), 'virtual_clock'))
  labs.set(scenario, lab)
  return lab
}

/** A cell whose live attempt is the lab's own trace with something changed. */
export const cellOf = (scenario: Scenario, live: readonly TraceEvent[], route: 'direct' | 'bridge' = 'direct'): CellEvidence => ({
  scenario, admission: route === 'bridge' ? BRIDGED : DIRECT, lab: labOf(scenario), attempts: [{ attempt: 1, route, record: recordFrom(scenario, live) }],
  infrastructure: null, engine_available: true, bridge_logs_agree: route === 'bridge' ? true : null, peers_from_model: true,
  capture_manifest_path: 'bundles/x/capture-manifest.json', normalized_record_path: 'bundles/x/live.json',
})
