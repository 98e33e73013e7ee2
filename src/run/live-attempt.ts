import type { InfrastructureLoss, LiveAttempt } from '../contract/evidence.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import type { Route } from '../contract/vocabulary.js'
import { canonicalDigest } from '../evidence/digest.js'
import { normalize } from '../judge/normalize.js'
import type { AttemptResult } from './attempt.js'

/** Normalizes what the witnesses of one attempt recorded. */
export function liveAttempt(scenario: Scenario, attempt: number, route: Route, result: AttemptResult): LiveAttempt {
  const record = normalize({ scenario, events: withFailure(result), clock_source: 'performance_now', end: { stalled: stalledIn(result) }, digest: canonicalDigest })
  return { attempt, route, record }
}

/** Whether the scenario's limit ran out before its tasks ended. */
export const stalledIn = ({ end }: AttemptResult): boolean => end?.type === 'done' && end.stalled

/**
 * Why a result is no attempt; null when it is one. A failure that is not the subject's: the harness's own, or a bridge that was
 * there at the probe and is gone. A bridge that broke its protocol is no loss: the logs tell of it, and the judge refuses them.
 */
export function lossOf({ infrastructure, end }: AttemptResult): InfrastructureLoss | null {
  if (infrastructure !== null || end?.type !== 'failed') return infrastructure
  if (end.code === 'harness') return { what: 'realm_crashed', detail: end.message }
  return end.code === 'bridge_unreachable' || end.code === 'bridge_cancelled' ? { what: 'loopback_failed', detail: end.message } : null
}

/** A subject that fails to start where the lab could start it failed in the lane: that is the subject's outcome there. */
export function withFailure({ end, events }: AttemptResult): TraceEvent[] {
  if (end?.type !== 'failed' || !OF_THE_SUBJECT.has(end.code)) return events
  // One that threw in its start() told of it itself, and whether it was a trap.
  if (events.some((event) => event.kind === 'subject.threw' && event.id === 'start')) return events
  return [...events, { witness: 'subject', kind: 'subject.threw', id: end.code, name: end.code, message: end.message, trap: false, seq: events.length, ticks: 0, ms: 0 }]
}

const OF_THE_SUBJECT: ReadonlySet<string> = new Set(['subject_throws', 'subject_never_starts'])
