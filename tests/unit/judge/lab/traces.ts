import { inject } from 'vitest'
import type { TraceEvent } from '../../../../src/contract/trace.js'
import type { Scenario } from '../../../../src/contract/scenario.js'
import type { CellEvidence } from '../../../../src/judge/cell-evidence.js'
import { CATALOGUE } from '../../../../src/scenarios/catalogue.js'
import { BRIDGED, DIRECT, evidenceOf, trace, type Tracer } from '../traces.js'

declare module 'vitest' {
  interface ProvidedContext { labTraces: Record<string, TraceEvent[]> | undefined }
}

/** A thousand timers say no more of a witness than a few, and take as long as all the rest. */
export const SCENARIOS: Scenario[] = CATALOGUE.filter(({ id }) => id !== 'timer.many.thousand')

// What is provided need not be made again; otherwise each file that asks makes it for itself.
const traces: Record<string, TraceEvent[]> = inject('labTraces') ?? await (await import('./run.js')).runCatalogue()

/** What really happened in the lab, as each witness recorded it. */
export const labEvents = (scenario: Scenario): TraceEvent[] => traces[scenario.id] ?? []

export const traced = (events: readonly TraceEvent[]): Tracer => ({ ...trace(), events: [...events] })

/** A cell whose live attempt is the lab's own trace with something changed. */
export const cellOf = (scenario: Scenario, live: readonly TraceEvent[], route: 'direct' | 'bridge' = 'direct', more: Partial<CellEvidence> = {}): CellEvidence =>
  evidenceOf(scenario, traced(labEvents(scenario)), [traced(live)], { admission: route === 'bridge' ? BRIDGED : DIRECT, ...more })
