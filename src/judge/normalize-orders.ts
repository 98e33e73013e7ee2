import type { NormalizedRecord, SemanticRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { SubjectEvent } from '../contract/trace.js'

const LABELLED = new Set(['timer', 'deadline', 'channel', 'exchange', 'stream', 'call', 'task'])

/** `kind.id.event`, without `#n`; null for an event that has no label. */
function baseLabel(event: SubjectEvent): string | null {
  if (event.kind === 'mark') return `mark.${event.id}`
  const [family = '', name = ''] = event.kind.split('.')
  return LABELLED.has(family) ? `${family}.${event.id}.${name}` : null
}

/** Each labelled subject event with its label; `#n` from the second time on. */
export function labels(subject: readonly SubjectEvent[]): Array<{ label: string; event: SubjectEvent }> {
  const seen = new Map<string, number>()
  const all: Array<{ label: string; event: SubjectEvent }> = []
  for (const event of subject) {
    const base = baseLabel(event)
    if (base === null) continue
    const times = (seen.get(base) ?? 0) + 1
    seen.set(base, times)
    all.push({ label: times === 1 ? base : `${base}#${times}`, event })
  }
  return all
}

/** A chain holds only if all its labels happened, each strictly after the one before. */
export function orderRecords(scenario: Scenario, subject: readonly SubjectEvent[]): SemanticRecord['orders'] {
  const positions = new Map(labels(subject).map(({ label }, position) => [label, position]))
  return scenario.expect.orders.map((chain) => {
    const places = chain.map((label) => positions.get(label.endsWith('#1') ? label.slice(0, -2) : label) ?? -1)
    return { chain, holds: places.every((place, index) => place >= 0 && (index === 0 || place > (places[index - 1] as number))) }
  })
}

/**
 * Ticks of timer sets and firings, and of starts and ends of deadlines and calls: a firing is early or late by what came before it.
 * Of timers set together only the first set is kept. A deadline settles once: what is said of it after that
 * is left out, except that it went off all the same.
 */
export function atTicks(subject: readonly SubjectEvent[]): NormalizedRecord['qualified']['at_ticks'] {
  const ticks: Record<string, number> = {}
  const settled = new Set<string>()
  const set = new Map<string, number>()
  for (const { label, event } of labels(subject)) {
    const repeatsSet = event.kind === 'timer.set' && set.get(event.id) === event.ticks
    const lateFinish = (event.kind === 'deadline.completed' || event.kind === 'deadline.cancelled') && settled.has(event.id)
    if (!TICKED.has(event.kind) || repeatsSet || lateFinish) continue
    ticks[label] = event.ticks
    if (event.kind === 'timer.set') set.set(event.id, event.ticks)
    else if (event.kind === 'deadline.started') settled.delete(event.id)
    else if (event.kind.startsWith('deadline.')) settled.add(event.id)
  }
  return ticks
}

const TICKED = new Set<SubjectEvent['kind']>(['timer.set', 'timer.fired', 'deadline.started', 'deadline.exceeded', 'deadline.completed', 'deadline.cancelled', 'call.started', 'call.completed', 'call.failed', 'call.cancelled', 'call.timed_out'])
