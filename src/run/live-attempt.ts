import type { LiveAttempt } from '../contract/evidence.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import type { Route } from '../contract/vocabulary.js'
import { canonicalDigest } from '../evidence/digest.js'
import { normalize } from '../judge/normalize.js'
import type { AttemptResult } from './attempt.js'

/** Normalizes what the witnesses of one attempt recorded. */
export function liveAttempt(scenario: Scenario, attempt: number, route: Route, result: AttemptResult): LiveAttempt {
  const stalled = result.end?.type === 'done' && result.end.stalled
  const record = normalize({ scenario, events: withFailure(result), clock_source: 'performance_now', end: { stalled }, digest: canonicalDigest })
  return { attempt, route, record }
}

/** A subject that fails to start where the lab could start it failed in the lane: that is the subject's outcome there. */
export function withFailure({ end, events }: AttemptResult): TraceEvent[] {
  if (end?.type !== 'failed') return events
  return [...events, { witness: 'subject', kind: 'subject.threw', id: end.code, name: end.code, message: end.message, trap: false, seq: events.length, ticks: 0, ms: 0 }]
}
