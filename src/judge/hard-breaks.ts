import type { NormalizedRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { LeftAlive } from '../contract/trace.js'
import { finding, type Finding, type Law } from './findings.js'
import { ordered } from './ordered.js'

/** What no rerun explains away: something happened after its cancel, a declared order was broken, something was left alive. `attempt` 0 is the lab. */
export function hardBreaks(scenario: Scenario, record: NormalizedRecord, attempt: number): Finding[] {
  const place = (law: Law): { law: Law; severity: 'hard'; attempt: number } => ({ law, severity: 'hard', attempt })
  return [
    ...[...afterCancel(record), ...lateCalls(scenario, record)].map(({ field, expected, found }) => finding(place('cancellation'), field, expected, found)),
    ...brokenOrders(record, attempt),
    ...leaks(scenario, record, attempt),
  ]
}

interface Break { field: string; expected: unknown; found: unknown }

function afterCancel({ semantic, qualified }: NormalizedRecord): Break[] {
  const counts = [
    ...ordered(semantic.channels).map(([name, channel]) => ({ field: `channels.${name}.messages_after_close`, expected: 0, found: channel.messages_after_close })),
    ...ordered(semantic.exchanges).map(([name, exchange]) => ({ field: `exchanges.${name}.chunks_after_cancel`, expected: 0, found: exchange.chunks_after_cancel })),
    ...ordered(semantic.streams).map(([name, stream]) => ({ field: `streams.${name}.events_after_close`, expected: 0, found: stream.events_after_close })),
  ]
  const timers = ordered(semantic.timers).filter(([, timer]) => timer.fired_after_clear)
  const deadlines = Object.keys(semantic.deadlines).sort().filter((name) => wentOffAfterItsEnd(name, qualified.at_ticks))
  return [
    ...timers.map(([name]) => ({ field: `timers.${name}.fired_after_clear`, expected: false, found: true })),
    ...counts.filter(({ found }) => found > 0),
    ...deadlines.map((name) => ({ field: `deadlines.${name}`, expected: 'silent once it has ended', found: 'went off afterwards' })),
  ]
}

/** What a call handed over once it had ended; a late result is none where the scenario expects it. */
function lateCalls({ expect }: Scenario, { semantic }: NormalizedRecord): Break[] {
  return ordered(semantic.calls ?? {}).flatMap(([name, { late, reports_after_end }]) => [
    ...(late === 'result' && expect.calls?.[name]?.late !== 'result' ? [{ field: `calls.${name}.late`, expected: 'no result after its end', found: 'a result' }] : []),
    ...(reports_after_end > 0 ? [{ field: `calls.${name}.reports_after_end`, expected: 0, found: reports_after_end }] : []),
  ])
}

/** A deadline started once that both ended and went off; the normalizer keeps the second of these only in that order. */
function wentOffAfterItsEnd(name: string, at: Record<string, number>): boolean {
  const label = (event: string): boolean => `deadline.${name}.${event}` in at
  return label('exceeded') && (label('completed') || label('cancelled')) && !label('started#2')
}

/** Where a part of a chain never came, as in a run that stalled, something was lost rather than reordered: a break, but one that a rerun may answer. */
function brokenOrders(record: NormalizedRecord, attempt: number): Finding[] {
  const { semantic } = record
  const severity = (chain: readonly string[]): Finding['severity'] =>
    (semantic.outcome === 'completed' && chain.every((label) => cameAbout(label, record)) ? 'hard' : 'break')
  const chains = semantic.orders.filter(({ holds }) => !holds)
    .map(({ chain }) => finding({ law: 'order', severity: severity(chain), attempt }, 'orders', chain.join(' → '), 'broken'))
  const crowds = ordered(semantic.timers).filter(([, timer]) => !timer.in_order)
    .map(([name]) => finding({ law: 'order', severity: 'hard', attempt }, `timers.${name}.in_order`, 'by due time, then first set', 'another order'))
  return [...chains, ...crowds]
}

/** Whether what a label names happened, as far as the record tells; labels it does not count are taken to have. */
function cameAbout(label: string, { semantic, qualified }: NormalizedRecord): boolean {
  const [base = '', times = '1'] = label.split('#')
  const [family = '', name = '', event = ''] = base.split('.')
  const nth = Number(times)
  switch (`${family}.${event}`) {
    case 'timer.fired': return (semantic.timers[name]?.fired ?? 0) >= nth
    case 'channel.open': return semantic.channels[name]?.opened === true
    case 'channel.closed': return (semantic.channels[name]?.close ?? null) !== null
    case 'channel.sent': return (semantic.channels[name]?.sent.length ?? 0) >= nth
    case 'channel.message': return (semantic.channels[name]?.received.length ?? 0) >= nth
    case 'exchange.head': return (semantic.exchanges[name]?.status ?? null) !== null
    case 'exchange.completed': case 'exchange.cancelled': case 'exchange.failed': return semantic.exchanges[name]?.end === event
    case 'stream.event': return (semantic.streams[name]?.events.length ?? 0) >= nth
    case 'call.reported': return (semantic.calls?.[name]?.reports.length ?? 0) >= nth
    case 'call.late_result': return semantic.calls?.[name]?.late === 'result'
    case 'call.completed': case 'call.failed': case 'call.cancelled': case 'call.timed_out': return semantic.calls?.[name]?.end === event
    case 'deadline.exceeded': case 'deadline.completed': case 'deadline.cancelled': return base in qualified.at_ticks
    default: return true
  }
}

/** A subject that was expected to trap or throw owes no shutdown. */
function leaks(scenario: Scenario, { semantic, provenance }: NormalizedRecord, attempt: number): Finding[] {
  if (semantic.cleanup === null || (semantic.outcome !== 'completed' && scenario.expect.outcome !== 'completed')) return []
  const severity = semantic.outcome === 'completed' ? 'hard' : 'break'
  return ordered(semantic.cleanup).filter(([, alive]) => alive > 0).map(([what, alive]) => finding({ law: 'leak', severity, attempt }, `cleanup.${what}`, 0, `${alive}${named(provenance.left ?? [], what)}`))
}

/** More of one kind than this say nothing new. */
const NAMED = 3

/** `: setTimeout, poll (src/poll.ts:12); …`: the calls that made what is alive of a kind, each with the frame it came from. */
function named(left: readonly LeftAlive[], kind: string): string {
  const own = left.filter(({ what }) => `${what}s` === kind).map(({ call, stack }) => [call, ...stack.slice(0, 1)].join(', '))
  return own.length === 0 ? '' : `: ${[...own.slice(0, NAMED), ...(own.length > NAMED ? ['…'] : [])].join('; ')}`
}
