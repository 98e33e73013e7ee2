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

export type ThingKind = 'call' | 'timer' | 'deadline' | 'channel' | 'exchange' | 'stream'
/** A call comes first: its step may name the deadline that starts with it. */
export const THING_KINDS: readonly ThingKind[] = ['call', 'timer', 'deadline', 'channel', 'exchange', 'stream']
/** Where the expectation speaks of each kind. */
export const EXPECTED_IN = { call: 'calls', timer: 'timers', deadline: 'deadlines', channel: 'channels', exchange: 'exchanges', stream: 'streams' } as const satisfies Record<ThingKind, string>

const CREATING: ReadonlySet<Step['op']> = new Set<Step['op']>(['timer.set', 'timer.interval', 'timer.set_many', 'deadline.start', 'socket.open', 'request.send', 'events.open', 'call.start'])
export const creates = (step: Step): boolean => CREATING.has(step.op)

interface Thing { kind: ThingKind; name: string }

/** The thing a step makes or uses; null for marks, waits and the shutdown. */
export function thingOf(step: Step): Thing | null {
  for (const kind of THING_KINDS) {
    const name = (step as Partial<Record<ThingKind, string>>)[kind]
    if (name !== undefined) return { kind, name }
  }
  return null
}

/** All that a step makes: a call may start a deadline with it. */
export function createdBy(step: Step): Thing[] {
  const thing = creates(step) ? thingOf(step) : null
  if (thing === null) return []
  return step.op === 'call.start' && step.deadline !== undefined ? [thing, { kind: 'deadline', name: step.deadline }] : [thing]
}

/** The names of a kind that steps create. */
export const createdNames = (steps: readonly PlacedStep[], kind: ThingKind): Set<string> =>
  new Set(steps.flatMap(({ step }) => createdBy(step)).filter((thing) => thing.kind === kind).map((thing) => thing.name))
