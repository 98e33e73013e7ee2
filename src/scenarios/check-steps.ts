import type { Scenario, Step } from '../contract/scenario.js'
import type { Problem } from './problem.js'
import { THING_KINDS, createdBy, createdNames, creates, thingOf, type PlacedStep, type ThingKind } from './walk.js'

const OPENED_BY: Record<ThingKind, string> = { timer: 'timer.set', deadline: 'deadline.start', channel: 'socket.open', exchange: 'request.send', stream: 'events.open', call: 'call.start' }

/** What steps use is created by a step, once, and before a shutdown. */
export function stepProblems(_scenario: Scenario, steps: readonly PlacedStep[]): Problem[] {
  return [...unknownThings(steps), ...createdTwice(steps), ...createdInIntervals(steps), ...sharedNames(steps), ...finishedByHand(steps), ...afterShutdown(steps)]
}

function unknownThings(steps: readonly PlacedStep[]): Problem[] {
  const created = Object.fromEntries(THING_KINDS.map((kind) => [kind, createdNames(steps, kind)])) as Record<ThingKind, Set<string>>
  return steps.flatMap(({ step, path }) => {
    const thing = thingOf(step)
    if (thing === null || creates(step) || created[thing.kind].has(thing.name)) return []
    return [{ path: `${path}.${thing.kind}`, message: `no step creates the ${thing.kind} '${thing.name}'`, hint: `add a step ${OPENED_BY[thing.kind]} for '${thing.name}', or correct the name` }]
  })
}

/** Only a one-shot timer may be set again under its name: the record then sums what fired. */
function createdTwice(steps: readonly PlacedStep[]): Problem[] {
  const first = new Map<string, Step['op']>()
  return steps.flatMap(({ step, path }) => createdBy(step).flatMap((thing) => {
    const key = `${thing.kind} ${thing.name}`
    const before = first.get(key)
    first.set(key, before ?? step.op)
    if (before === undefined || (before === 'timer.set' && step.op === 'timer.set')) return []
    return [{ path: `${path}.${thing.kind}`, message: `the ${thing.kind} '${thing.name}' is created twice`, hint: 'give it a name of its own; only timer.set may set the same name again' }]
  }))
}

function createdInIntervals(steps: readonly PlacedStep[]): Problem[] {
  return steps.filter(({ step, repeats }) => repeats && creates(step) && step.op !== 'timer.set').map(({ step, path }) => ({
    path, message: `${step.op} in an interval's callback would create its ${thingOf(step)?.kind ?? 'thing'} again at every tick`, hint: 'move it out of the interval, or give the interval clear_after: 1',
  }))
}

/** A channel's, exchange's or stream's name is its address and the recorder's id. */
function sharedNames(steps: readonly PlacedStep[]): Problem[] {
  const kinds = new Map<string, ThingKind>()
  return steps.filter(({ step }) => creates(step)).flatMap(({ step, path }) => {
    const thing = thingOf(step)
    if (thing === null || thing.kind === 'timer' || thing.kind === 'deadline' || thing.kind === 'call') return []
    const before = kinds.get(thing.name)
    kinds.set(thing.name, before ?? thing.kind)
    if (before === undefined || before === thing.kind) return []
    return [{ path: `${path}.${thing.kind}`, message: `'${thing.name}' already names a ${before}`, hint: 'channels, exchanges and streams share their names: choose another' }]
  })
}

/** A deadline that starts with a call ends with it: the harness holds it, and the subject's timers know nothing of it. */
function finishedByHand(steps: readonly PlacedStep[]): Problem[] {
  const held = new Set(steps.flatMap(({ step }) => (step.op === 'call.start' ? [step.deadline] : [])))
  return steps.flatMap(({ step, path }) => (step.op === 'deadline.finish' && held.has(step.deadline)
    ? [{ path: `${path}.deadline`, message: `the deadline '${step.deadline}' ends with its call`, hint: 'cancel the call with call.cancel, or start the deadline by a step of its own' }]
    : []))
}

const HARNESS_ONLY: ReadonlySet<Step['op']> = new Set<Step['op']>(['wait', 'mark', 'microtask'])

function afterShutdown(steps: readonly PlacedStep[]): Problem[] {
  const shutDown = new Set<string>()
  return steps.flatMap(({ step, path, task }) => {
    if (step.op === 'shutdown' && !shutDown.has(task)) {
      shutDown.add(task)
      return []
    }
    if (!shutDown.has(task) || HARNESS_ONLY.has(step.op)) return []
    return [{ path, message: `${step.op} after the shutdown: there is no subject any more`, hint: 'put it before the shutdown; only wait, mark and microtask may follow one' }]
  })
}
