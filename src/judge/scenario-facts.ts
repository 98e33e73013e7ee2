import type { Scenario, Step } from '../contract/scenario.js'

/**
 * How a scenario sets a timer; `delays` are those of a `set_many`, by index, and empty otherwise.
 * `least_ticks`: the shortest delay a one-shot is set with, null when it is not given in ticks.
 */
export interface TimerPlan { kind: 'once' | 'interval' | 'many'; delays: number[]; least_ticks: number | null }

/** What a scenario's steps use, by name, gathered from all tasks and callbacks. */
export interface ScenarioFacts {
  timers: Map<string, TimerPlan>
  /** Deadlines started, and by how many steps. */
  deadlines: Map<string, number>
  /** Channels, and by how many steps each is opened. */
  channels: Map<string, number>
  /** Exchanges, and the peer that each is sent to. */
  exchanges: Map<string, string>
  streams: Set<string>
  /** Calls, and the task that each is made of. */
  calls: Map<string, string>
  cancels: boolean
}

export function scenarioFacts(scenario: Scenario): ScenarioFacts {
  const facts: ScenarioFacts = { timers: new Map(), deadlines: new Map(), channels: new Map(), exchanges: new Map(), streams: new Set(), calls: new Map(), cancels: false }
  for (const steps of Object.values(scenario.tasks)) for (const step of steps) note(step, facts)
  return facts
}

function note(step: Step, facts: ScenarioFacts): void {
  switch (step.op) {
    case 'timer.set':
      facts.timers.set(step.timer, onceMore(facts.timers.get(step.timer), step.after_ticks ?? null))
      step.on_fire?.forEach((inner) => note(inner, facts))
      return
    case 'timer.interval':
      facts.timers.set(step.timer, { kind: 'interval', delays: [], least_ticks: null })
      step.on_fire?.forEach((inner) => note(inner, facts))
      return
    case 'timer.set_many':
      facts.timers.set(step.timer, {
        kind: 'many', least_ticks: null,
        delays: Array.from({ length: step.count }, (_, index) => step.after_ticks[index % step.after_ticks.length] ?? 0),
      })
      return
    case 'deadline.start':
      facts.deadlines.set(step.deadline, (facts.deadlines.get(step.deadline) ?? 0) + 1)
      step.on_exceed?.forEach((inner) => note(inner, facts))
      return
    case 'socket.open':
      facts.channels.set(step.channel, (facts.channels.get(step.channel) ?? 0) + 1)
      return
    case 'request.send':
      facts.exchanges.set(step.exchange, step.peer)
      return
    case 'request.cancel':
      facts.cancels = true
      return
    case 'events.open':
      facts.streams.add(step.stream)
      return
    case 'call.start':
      facts.calls.set(step.call, step.task)
      if (step.deadline !== undefined) facts.deadlines.set(step.deadline, (facts.deadlines.get(step.deadline) ?? 0) + 1)
      return
    default:
  }
}

function onceMore(before: TimerPlan | undefined, ticks: number | null): TimerPlan {
  if (before === undefined) return { kind: 'once', delays: [], least_ticks: ticks }
  return { ...before, least_ticks: before.least_ticks === null || ticks === null ? null : Math.min(before.least_ticks, ticks) }
}
