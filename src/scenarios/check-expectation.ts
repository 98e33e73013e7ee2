import type { Expectation, Scenario } from '../contract/scenario.js'
import type { Problem } from './problem.js'
import { EXPECTED_IN, THING_KINDS, createdNames, creates, thingOf, type PlacedStep, type ThingKind } from './walk.js'

/** What steps create is expected, what is expected is created, and no expectation contradicts itself. That nothing stays alive is always expected. */
export function expectationProblems({ expect }: Scenario, steps: readonly PlacedStep[]): Problem[] {
  return [...THING_KINDS.flatMap((kind) => [...unexpected(expect, steps, kind), ...uncreated(expect, steps, kind)]), ...contradictions(expect)]
}

function unexpected(expect: Expectation, steps: readonly PlacedStep[], kind: ThingKind): Problem[] {
  const expected = expect[EXPECTED_IN[kind]]
  return steps.filter(({ step }) => creates(step)).flatMap(({ step, path }) => {
    const thing = thingOf(step)
    if (thing === null || thing.kind !== kind || Object.hasOwn(expected, thing.name)) return []
    return [{ path: `${path}.${kind}`, message: `nothing is expected of the ${kind} '${thing.name}'`, hint: `say what becomes of it under expect.${EXPECTED_IN[kind]}.${thing.name}` }]
  })
}

function uncreated(expect: Expectation, steps: readonly PlacedStep[], kind: ThingKind): Problem[] {
  const created = createdNames(steps, kind)
  return Object.keys(expect[EXPECTED_IN[kind]]).filter((name) => !created.has(name))
    .map((name) => ({ path: `expect.${EXPECTED_IN[kind]}.${name}`, message: `no step creates the ${kind} '${name}'`, hint: 'add the step, or take the expectation out' }))
}

function contradictions(expect: Expectation): Problem[] {
  const timers = Object.entries(expect.timers).flatMap(([name, { outcome, fired }]) => {
    const path = `expect.timers.${name}`
    if (outcome === 'pending') return [{ path: `${path}.outcome`, message: 'a pending timer is a leak: nothing may be alive at the end', hint: 'expect fired or cancelled' }]
    if (outcome === 'fired' && fired === 0) return [{ path: `${path}.fired`, message: 'a timer that fired did so at least once', hint: "expect fired: 1, or the outcome 'cancelled'" }]
    return []
  })
  const deadlines = Object.entries(expect.deadlines).flatMap(([name, outcome]) => outcome === 'no_deadline'
    ? [{ path: `expect.deadlines.${name}`, message: 'a declared deadline has an outcome', hint: 'expect deadline_exceeded, completed_before_deadline or cancelled_before_deadline' }]
    : [])
  const channels = Object.entries(expect.channels).flatMap(([name, channel]) => {
    const path = `expect.channels.${name}`
    if (!channel.opened && channel.received.length + channel.peer_received.length > 0) {
      return [{ path: `${path}.opened`, message: 'a channel that never opened carries no messages', hint: 'expect opened: true, or no messages' }]
    }
    if ((channel.close.code === 1006) !== channel.close.clean) return []
    return [{ path: `${path}.close.clean`, message: `a close with ${channel.close.code} is ${channel.close.clean ? 'never' : 'always'} clean`, hint: 'correct the code or clean' }]
  })
  const exchanges = Object.entries(expect.exchanges).flatMap(([name, { end, status }]) => end === 'completed' && status === null
    ? [{ path: `expect.exchanges.${name}.status`, message: 'an exchange that completed has a status', hint: 'expect the status of its head' }]
    : [])
  return [...timers, ...deadlines, ...channels, ...exchanges]
}
