import type { Scenario, Step } from '../contract/scenario.js'

/** How a scenario sets a timer; `delays` are those of a `set_many`, by index, and empty otherwise. */
export interface TimerPlan { kind: 'once' | 'interval' | 'many'; delays: number[] }

/** What a scenario's steps use, by name, gathered from all tasks and callbacks. */
export interface ScenarioFacts {
  timers: Map<string, TimerPlan>
  /** Deadlines started, and by how many steps. */
  deadlines: Map<string, number>
  /** Channels, and by how many steps each is opened. */
  channels: Map<string, number>
  exchanges: Set<string>
  streams: Set<string>
  cancels: boolean
}

export function scenarioFacts(scenario: Scenario): ScenarioFacts {
  const facts: ScenarioFacts = { timers: new Map(), deadlines: new Map(), channels: new Map(), exchanges: new Set(), streams: new Set(), cancels: false }
  for (const steps of Object.values(scenario.tasks)) for (const step of steps) note(step, facts)
  return facts
}

function note(step: Step, facts: ScenarioFacts): void {
  switch (step.op) {
    case 'timer.set':
      if (!facts.timers.has(step.timer)) facts.timers.set(step.timer, { kind: 'once', delays: [] })
      step.on_fire?.forEach((inner) => note(inner, facts))
      return
    case 'timer.interval':
      facts.timers.set(step.timer, { kind: 'interval', delays: [] })
      step.on_fire?.forEach((inner) => note(inner, facts))
      return
    case 'timer.set_many':
      facts.timers.set(step.timer, { kind: 'many', delays: Array.from({ length: step.count }, (_, index) => step.after_ticks[index % step.after_ticks.length] ?? 0) })
      return
    case 'deadline.start':
      facts.deadlines.set(step.deadline, (facts.deadlines.get(step.deadline) ?? 0) + 1)
      step.on_exceed?.forEach((inner) => note(inner, facts))
      return
    case 'socket.open':
      facts.channels.set(step.channel, (facts.channels.get(step.channel) ?? 0) + 1)
      return
    case 'request.send':
      facts.exchanges.add(step.exchange)
      return
    case 'request.cancel':
      facts.cancels = true
      return
    case 'events.open':
      facts.streams.add(step.stream)
      return
    default:
  }
}
