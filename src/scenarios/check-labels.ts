import type { Scenario } from '../contract/scenario.js'
import { SubjectEventSchema } from '../contract/trace.js'
import type { Problem } from './problem.js'
import { THING_KINDS, createdNames, type PlacedStep } from './walk.js'

/** `timer.fired`, `channel.message` …: what a subject's witness can record under a label. */
const EVENTS = new Set(SubjectEventSchema.options.map((option) => option.shape.kind.value as string))
const TICKED = /^(?:timer\.[a-z0-9_]+\.fired|deadline\.[a-z0-9_]+\.(?:started|exceeded|completed|cancelled)|call\.[a-z0-9_]+\.(?:started|completed|failed|cancelled|timed_out))(?:#\d+)?$/

/** Labels in orders and at_ticks name things that exist and events they can have. */
export function labelProblems(scenario: Scenario, steps: readonly PlacedStep[]): Problem[] {
  const names = knownNames(scenario, steps)
  const orders = scenario.expect.orders.flatMap((chain, at) => [
    ...chain.flatMap((label, index) => labelProblem(label, `expect.orders[${at}][${index}]`, names)),
    ...chain.flatMap((label, index) => chain.indexOf(label) < index ? [{ path: `expect.orders[${at}][${index}]`, message: `'${label}' stands twice in its chain`, hint: 'an event does not happen before itself; use #2 for its second time' }] : []),
  ])
  const ticks = Object.keys(scenario.expect.at_ticks ?? {}).flatMap((label) => {
    const path = `expect.at_ticks['${label}']`
    const unticked = { path, message: `no tick is kept of '${label}'`, hint: 'ticks are kept of timer.*.fired and of the start and end of deadlines and calls' }
    return TICKED.test(label) ? labelProblem(label, path, names) : [unticked]
  })
  return [...orders, ...ticks]
}

function labelProblem(label: string, path: string, names: ReadonlyMap<string, ReadonlySet<string>>): Problem[] {
  const [kind = '', name = '', event = ''] = label.replace(/#\d+$/, '').split('.')
  if (!names.get(kind)?.has(name)) return [{ path, message: `'${label}': no step makes the ${kind} '${name}'`, hint: 'correct the name, or add the step' }]
  if (kind === 'mark' || EVENTS.has(`${kind}.${event}`)) return []
  return [{ path, message: `'${label}': a ${kind} has no event '${event}'`, hint: `use one of ${[...EVENTS].filter((known) => known.startsWith(`${kind}.`)).map((known) => known.slice(kind.length + 1)).join(', ')}` }]
}

function knownNames(scenario: Scenario, steps: readonly PlacedStep[]): Map<string, Set<string>> {
  const marks = steps.flatMap(({ step }) => (step.op === 'mark' || step.op === 'microtask' ? [step.mark] : []))
  return new Map<string, Set<string>>([['mark', new Set(marks)], ['task', new Set(Object.keys(scenario.tasks))], ...THING_KINDS.map((kind) => [kind, createdNames(steps, kind)] as const)])
}
