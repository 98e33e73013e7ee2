import type { Scenario, Step } from '../contract/scenario.js'
import { fieldPath } from './problem.js'

/** A step with its place. `repeats`: it sits in an interval's callback, so that it may run more than once. */
export interface PlacedStep { step: Step; path: string; task: string; repeats: boolean }

/** All steps of all tasks, those inside callbacks after the step that holds them. */
export function placedSteps(scenario: Scenario): PlacedStep[] {
  return Object.entries(scenario.tasks).flatMap(([task, steps]) => steps.flatMap((step, index) => placed(step, ['tasks', task, index], task, false)))
}

function placed(step: Step, path: PropertyKey[], task: string, repeats: boolean): PlacedStep[] {
  const { field, steps } = innerSteps(step)
  const often = repeats || (step.op === 'timer.interval' && step.clear_after !== 1)
  return [{ step, path: fieldPath(path), task, repeats }, ...steps.flatMap((inner, index) => placed(inner, [...path, field, index], task, often))]
}

function innerSteps(step: Step): { field: string; steps: Step[] } {
  if (step.op === 'timer.set' || step.op === 'timer.interval') return { field: 'on_fire', steps: step.on_fire ?? [] }
  if (step.op === 'deadline.start') return { field: 'on_exceed', steps: step.on_exceed ?? [] }
  return { field: '', steps: [] }
}

export type ThingKind = 'timer' | 'deadline' | 'channel' | 'exchange' | 'stream'
export const THING_KINDS: readonly ThingKind[] = ['timer', 'deadline', 'channel', 'exchange', 'stream']
/** Where the expectation speaks of each kind. */
export const EXPECTED_IN = { timer: 'timers', deadline: 'deadlines', channel: 'channels', exchange: 'exchanges', stream: 'streams' } as const satisfies Record<ThingKind, string>

const CREATING: ReadonlySet<Step['op']> = new Set<Step['op']>(['timer.set', 'timer.interval', 'timer.set_many', 'deadline.start', 'socket.open', 'request.send', 'events.open'])
export const creates = (step: Step): boolean => CREATING.has(step.op)

/** The thing a step makes or uses; null for marks, waits and the shutdown. */
export function thingOf(step: Step): { kind: ThingKind; name: string } | null {
  for (const kind of THING_KINDS) {
    const name = (step as Partial<Record<ThingKind, string>>)[kind]
    if (name !== undefined) return { kind, name }
  }
  return null
}

/** The names of a kind that steps create. */
export const createdNames = (steps: readonly PlacedStep[], kind: ThingKind): Set<string> =>
  new Set(steps.filter(({ step }) => creates(step)).flatMap(({ step }) => thingOf(step) ?? []).filter((thing) => thing.kind === kind).map((thing) => thing.name))
