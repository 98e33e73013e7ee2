import { LanecheckError } from '../contract/errors.js'
import type { TraceEvent } from '../contract/trace.js'

type Match = Partial<{ [Key in 'witness' | 'kind' | 'id' | 'side']: string }>
export type TraceFault = (events: TraceEvent[]) => TraceEvent[]

const matches = (event: TraceEvent, match: Match): boolean => Object.entries(match).every(([key, value]) => (event as Record<string, unknown>)[key] === value)

/** A fault with nothing to be planted in would be none. */
function planted(match: Match, fault: TraceFault): TraceFault {
  return (events) => {
    if (!events.some((event) => matches(event, match))) throw new LanecheckError('internal', `a control finds nothing to change: ${JSON.stringify(match)}`)
    return fault(events)
  }
}

/** Takes events away. */
export const without = (match: Match): TraceFault => planted(match, (events) => events.filter((event) => !matches(event, match)))

/** Changes events: a witness saw something else. */
export const altered = (match: Match, change: object): TraceFault => planted(match, (events) => events.map((event) => (matches(event, match) ? { ...event, ...change } : event)))

/** Adds to the ticks of events. */
export const moved = (match: Match, ticks: number): TraceFault => planted(match, (events) => events.map((event) => (matches(event, match) ? { ...event, ticks: event.ticks + ticks } : event)))

/** Adds an event at the end that is like one before: a stranger spoke, or somebody spoke again. */
export const again = (match: Match, change: object = {}): TraceFault => planted(match, (events) => [...events, { ...events.find((event) => matches(event, match))!, ...change }])
