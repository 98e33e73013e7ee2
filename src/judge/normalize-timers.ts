import type { SemanticRecord } from '../contract/record.js'
import type { SubjectEvent } from '../contract/trace.js'
import type { TimeoutOutcomeClass } from '../contract/vocabulary.js'
import type { ScenarioFacts, TimerPlan } from './scenario-facts.js'
import { byId, hasKind, ofKind, type TraceView } from './trace-view.js'

type TimerRecord = SemanticRecord['timers'][string]

/** Every timer the scenario names or the subject reported, and what became of it. */
export function timerRecords(facts: ScenarioFacts, view: TraceView): SemanticRecord['timers'] {
  const events = byId(ofKind(view.subject, 'timer.set', 'timer.fired', 'timer.cleared'))
  const names = [...new Set([...facts.timers.keys(), ...events.keys()])].sort()
  const gone = settledAtShutdown(view)
  return Object.fromEntries(names.map((name) => [name, timerRecord(facts.timers.get(name) ?? UNPLANNED, events.get(name) ?? [], gone)]))
}

const UNPLANNED: TimerPlan = { kind: 'once', delays: [], least_ticks: null }

/** True when the subject shut down and the recorder then saw no timer alive. */
function settledAtShutdown(view: TraceView): boolean {
  const alive = ofKind(view.page, 'host.alive').at(-1)
  return hasKind(view.subject, 'shutdown.finished') && alive !== undefined && alive.timers.length === 0
}

type TimerEvent = Extract<SubjectEvent, { kind: 'timer.set' | 'timer.fired' | 'timer.cleared' }>

/**
 * `cancelled`: a clear ended it before it had run its course (an interval's clear always does), or it never fired and is gone after shutdown.
 * A clear after a one-shot fired changes nothing. `pending`: it never fired, nobody cleared it, and it was not seen gone.
 */
function timerRecord(plan: TimerPlan, events: readonly TimerEvent[], gone: boolean): TimerRecord {
  let fired = 0
  let left = 0
  let cleared = false
  let endedByClear = false
  let firedAfterClear = false
  for (const event of events) {
    if (event.kind === 'timer.set') {
      left = plan.kind === 'interval' ? Infinity : plan.kind === 'many' ? plan.delays.length : left + 1
      cleared = false
      endedByClear = false
    } else if (event.kind === 'timer.fired') {
      if (cleared) firedAfterClear = true
      fired += 1
      left = Math.max(0, left - 1)
    } else {
      cleared = true
      if (left > 0) endedByClear = true
      left = 0
    }
  }
  const outcome = endedByClear ? 'cancelled' : fired > 0 ? 'fired' : gone ? 'cancelled' : 'pending'
  return { outcome, fired, fired_after_clear: firedAfterClear, in_order: inDueOrder(plan.delays, events) }
}

/** Both ends of a due tick are rounded, so that one tick between two of them tells nothing. */
const ROUNDING_TICKS = 1

/**
 * Timers set together fire by due tick, those of one delay first set first. Indices count from 0 in the order of setting.
 * A realm may stall between saying that it sets a timer and setting it, so a timer is due no later than if set when the next one was.
 */
function inDueOrder(delays: readonly number[], events: readonly TimerEvent[]): boolean {
  if (delays.length === 0) return true
  const set = events.filter((event) => event.kind === 'timer.set').map(({ ticks }) => ticks)
  const lastOfDelay = new Map<number, number>()
  let latestDue = -Infinity
  for (const event of events) {
    if (event.kind !== 'timer.fired' || event.index === undefined) continue
    const delay = delays[event.index] ?? 0
    const soonest = (set[event.index] ?? 0) + delay
    const latest = (set[event.index + 1] ?? event.ticks) + delay
    if (event.index <= (lastOfDelay.get(delay) ?? -1) || latest + ROUNDING_TICKS < latestDue) return false
    lastOfDelay.set(delay, event.index)
    latestDue = Math.max(latestDue, soonest)
  }
  return true
}

const SETTLED: Record<string, TimeoutOutcomeClass> = {
  'deadline.exceeded': 'deadline_exceeded',
  'deadline.completed': 'completed_before_deadline',
  'deadline.cancelled': 'cancelled_before_deadline',
}

/** The first settling event of a deadline wins. Started and never settled: what the shutdown took away was cancelled; a run that never got there has no outcome. */
export function deadlineRecords(facts: ScenarioFacts, view: TraceView): SemanticRecord['deadlines'] {
  const events = byId(ofKind(view.subject, 'deadline.started', 'deadline.exceeded', 'deadline.completed', 'deadline.cancelled'))
  const names = [...new Set([...facts.deadlines.keys(), ...events.keys()])].sort()
  const shutDown = hasKind(view.subject, 'shutdown.finished')
  return Object.fromEntries(names.map((name) => {
    const own = events.get(name) ?? []
    const started = own.findIndex((event) => event.kind === 'deadline.started')
    if (started < 0) return [name, 'no_deadline']
    const settled = own.slice(started).find((event) => event.kind in SETTLED)
    return [name, settled ? (SETTLED[settled.kind] as TimeoutOutcomeClass) : shutDown ? 'cancelled_before_deadline' : 'no_deadline']
  }))
}
