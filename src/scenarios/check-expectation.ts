import type { Expectation, Scenario } from '../contract/scenario.js'
import type { Problem } from './problem.js'
import { EXPECTED_IN, THING_KINDS, createdBy, createdNames, type PlacedStep, type ThingKind } from './walk.js'

/** What steps create is expected, what is expected is created, and no expectation contradicts itself. That nothing stays alive is always expected. */
export function expectationProblems({ expect }: Scenario, steps: readonly PlacedStep[]): Problem[] {
  return [...THING_KINDS.flatMap((kind) => [...unexpected(expect, steps, kind), ...uncreated(expect, steps, kind)]), ...contradictions(expect)]
}

function unexpected(expect: Expectation, steps: readonly PlacedStep[], kind: ThingKind): Problem[] {
  const expected = expect[EXPECTED_IN[kind]] ?? {}
  return steps.flatMap(({ step, path }) => createdBy(step).flatMap((thing) => {
    if (thing.kind !== kind || Object.hasOwn(expected, thing.name)) return []
    return [{ path: `${path}.${kind}`, message: `nothing is expected of the ${kind} '${thing.name}'`, hint: `say what becomes of it under expect.${EXPECTED_IN[kind]}.${thing.name}` }]
  }))
}

function uncreated(expect: Expectation, steps: readonly PlacedStep[], kind: ThingKind): Problem[] {
  const created = createdNames(steps, kind)
  return Object.keys(expect[EXPECTED_IN[kind]] ?? {}).filter((name) => !created.has(name))
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
  return [...timers, ...deadlines, ...channels, ...exchanges, ...callContradictions(expect)]
}

/** What a call is said to give must fit its end. */
function callContradictions({ calls = {} }: Expectation): Problem[] {
  return Object.entries(calls).flatMap(([name, { end, result, result_varies, error_name, late, late_result }]) => {
    const path = `expect.calls.${name}`
    const cut = end === 'cancelled' || end === 'timed_out'
    if (result !== undefined && end !== 'completed') return [{ path: `${path}.result`, message: `a call that is ${end} gives no result`, hint: "expect the end 'completed', or a late_result" }]
    if (result_varies && (result !== undefined || late_result !== undefined)) return [{ path: `${path}.result_varies`, message: 'a result that varies is compared with nothing', hint: 'take out result_varies, or the result' }]
    if (error_name !== undefined && end !== 'failed') return [{ path: `${path}.error_name`, message: `a call that is ${end} has no error`, hint: "expect the end 'failed'" }]
    if (late !== undefined && !cut) return [{ path: `${path}.late`, message: `nothing comes late of a call that is ${end}`, hint: "expect the end 'cancelled' or 'timed_out'" }]
    if (late_result !== undefined && late !== 'result') return [{ path: `${path}.late_result`, message: 'a late result is one of a task that fulfils after its call has ended', hint: "expect late: 'result'" }]
    return []
  })
}
