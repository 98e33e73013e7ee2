import type { Expectation, Scenario } from '../contract/scenario.js'

/** A scenario as a maintainer writes it: what is left out has a value of the house's, as `completed` says. */
export type ScenarioDefinition = Pick<Scenario, 'id' | 'title' | 'tasks'> & Partial<Omit<Scenario, 'id' | 'title' | 'tasks' | 'expect'>> & { expect?: Partial<Expectation> }

/** Types a scenario where it is written; returns it unchanged. */
export const defineScenario = (definition: ScenarioDefinition): ScenarioDefinition => definition

/** Ticks that a thing may come late live: more where another process takes part. */
const LATE_TICKS = 5
const LATE_WITH_PEERS = 10

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Fills in what a scenario leaves out, and leaves all else to be checked: 10 ms ticks, a limit of 300 ticks, tier T3, a window of 5 ticks late or of 10 with peers;
 * with peers it is of `virtual_transport_surface`, else of `timer_surface`; its first deadline is the one reported on; nothing is expected but that it completes.
 */
export function completed(definition: unknown): unknown {
  if (!isRecord(definition)) return definition
  const deadlines = isRecord(definition['deadlines']) ? Object.keys(definition['deadlines']) : []
  const peers = isRecord(definition['peers']) && Object.keys(definition['peers']).length > 0
  const expect = definition['expect'] ?? {}
  return {
    surface_family: peers ? 'virtual_transport_surface' : 'timer_surface',
    tiers: ['T3'],
    scenario_clock_id: 'scenario.monotonic',
    tick_ms: 10,
    normalization_window: { early_ticks: 0, late_ticks: peers ? LATE_WITH_PEERS : LATE_TICKS },
    logical_deadline_id: deadlines[0] ?? null,
    deadlines: {},
    peers: {},
    limit_ticks: 300,
    ...definition,
    expect: isRecord(expect) ? { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [], ...expect } : expect,
  }
}
