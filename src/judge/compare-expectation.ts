import { payloads, type MessageSpec, type MessageSummary } from '../contract/message.js'
import type { NormalizedRecord, SemanticRecord } from '../contract/record.js'
import type { Expectation, Scenario } from '../contract/scenario.js'
import { summarize, summarizeSpec } from '../contract/summary.js'
import { callFindings } from './compare-calls.js'
import { differs, finding, type Finding, type Place } from './findings.js'
import { ordered } from './ordered.js'

/**
 * Where a run breaks its scenario's own expectation. What the expectation does not name must not have happened.
 * Ticks are exact in the lab; a live run's are compared with the lab's. `attempt` 0 is the lab.
 */
export function expectationFindings(scenario: Scenario, record: NormalizedRecord, side: 'lab' | 'live', attempt: number): Finding[] {
  const place: Place = { law: side === 'lab' ? 'expectation_lab' : 'expectation_live', severity: 'break', attempt }
  const { expect } = scenario
  const { semantic } = record
  return [
    ...differs(place, 'outcome', expect.outcome, semantic.outcome),
    ...timerFindings(place, expect, semantic),
    ...deadlineFindings(place, expect, semantic),
    ...channelFindings(place, expect, semantic),
    ...exchangeFindings(place, expect, semantic),
    ...streamFindings(place, expect, semantic),
    ...named(expect.calls ?? {}, semantic.calls ?? {}).flatMap(([name, wanted, got]) => callFindings(place, name, wanted, got)),
    ...(side === 'lab' ? tickFindings(place, expect, record.qualified.at_ticks) : []),
  ]
}

function timerFindings(place: Place, expect: Expectation, { timers }: SemanticRecord): Finding[] {
  return named(expect.timers, timers).flatMap(([name, wanted, got]) => {
    if (!wanted) return got && got.fired > 0 ? [finding(place, `timers.${name}.fired`, 'not named by the expectation', got.fired)] : []
    if (!got) return [finding(place, `timers.${name}`, wanted.outcome, 'never set')]
    return [...differs(place, `timers.${name}.outcome`, wanted.outcome, got.outcome), ...differs(place, `timers.${name}.fired`, wanted.fired, got.fired)]
  })
}

function deadlineFindings(place: Place, expect: Expectation, { deadlines }: SemanticRecord): Finding[] {
  return named(expect.deadlines, deadlines).flatMap(([name, wanted, got]) => differs(place, `deadlines.${name}`, wanted ?? 'no_deadline', got ?? 'no_deadline'))
}

function channelFindings(place: Place, expect: Expectation, { channels }: SemanticRecord): Finding[] {
  return named(expect.channels, channels).flatMap(([name, wanted, got]) => {
    const at = `channels.${name}`
    if (!wanted) return got?.opened ? [finding(place, `${at}.opened`, 'not named by the expectation', true)] : []
    if (!got) return [finding(place, at, 'a channel', 'never opened')]
    return [
      ...differs(place, `${at}.opened`, wanted.opened, got.opened),
      ...(wanted.protocol === undefined ? [] : differs(place, `${at}.protocol`, wanted.protocol, got.protocol)),
      ...messageFindings(place, `${at}.received`, wanted.received, got.received),
      ...messageFindings(place, `${at}.peer_received`, wanted.peer_received, got.peer_received),
      ...differs(place, `${at}.refused_sends`, wanted.refused_sends ?? 0, got.refused_sends),
      ...(got.close === null ? [finding(place, `${at}.close`, wanted.close, 'never closed')] : (['initiator', 'code', 'reason', 'clean'] as const)
        .flatMap((part) => differs(place, `${at}.close.${part}`, wanted.close[part], got.close?.[part]))),
    ]
  })
}

function exchangeFindings(place: Place, expect: Expectation, { exchanges }: SemanticRecord): Finding[] {
  return named(expect.exchanges, exchanges).flatMap(([name, wanted, got]) => {
    const at = `exchanges.${name}`
    if (!wanted) return got && got.requests > 0 ? [finding(place, `${at}.requests`, 'not named by the expectation', got.requests)] : []
    if (!got) return [finding(place, at, wanted.end, 'never sent')]
    return [
      ...differs(place, `${at}.end`, wanted.end, got.end),
      ...differs(place, `${at}.status`, wanted.status, got.status),
      ...differs(place, `${at}.redirected`, wanted.redirected ?? false, got.redirected),
      ...(wanted.body === undefined ? [] : bodyFindings(place, `${at}.body`, wanted.body, got.body)),
      ...differs(place, `${at}.peer_saw`, wanted.peer_saw, got.peer_saw),
      ...(wanted.requests === undefined ? [] : differs(place, `${at}.requests`, wanted.requests, got.requests)),
      ...(wanted.request_body === undefined ? [] : bodyFindings(place, `${at}.request_body`, wanted.request_body, got.request_body)),
      ...(wanted.protocol_version === undefined ? [] : differs(place, `${at}.protocol_version`, wanted.protocol_version, got.protocol_version)),
      ...(wanted.shares_connection === undefined ? [] : differs(place, `${at}.shares_connection`, [...wanted.shares_connection].sort(), got.shares_connection)),
    ]
  })
}

function streamFindings(place: Place, expect: Expectation, { streams }: SemanticRecord): Finding[] {
  return named(expect.streams, streams).flatMap(([name, wanted, got]) => {
    const at = `streams.${name}`
    if (!wanted) return got && got.connections > 0 ? [finding(place, `${at}.connections`, 'not named by the expectation', got.connections)] : []
    if (!got) return [finding(place, at, 'a stream', 'never opened')]
    return [
      ...differs(place, `${at}.events`, wanted.events.map(eventText), got.events.map(eventText)),
      ...differs(place, `${at}.connections`, wanted.connections, got.connections),
      ...(wanted.last_event_ids === undefined ? [] : differs(place, `${at}.last_event_ids`, wanted.last_event_ids, got.last_event_ids)),
    ]
  })
}

const eventText = ({ id, event, data }: { id: string; event: string; data: string }): string => `${event}#${id}: ${data}`

function tickFindings(place: Place, expect: Expectation, at: Record<string, number>): Finding[] {
  return ordered(expect.at_ticks ?? {}).flatMap(([label, tick]) => differs(place, `at_ticks.${label}`, tick, at[label] ?? 'never'))
}

function messageFindings(place: Place, field: string, wanted: readonly MessageSpec[], got: readonly MessageSummary[]): Finding[] {
  const expected = wanted.flatMap(summarizeSpec)
  const first = expected.findIndex((message, index) => !sameMessage(message, got[index]))
  if (first >= 0) return [finding(place, `${field}[${first}]`, messageText(expected[first]), messageText(got[first]))]
  return got.length > expected.length ? [finding(place, `${field}[${expected.length}]`, 'no further message', messageText(got[expected.length]))] : []
}

const sameMessage = (one: MessageSummary, other: MessageSummary | undefined): boolean =>
  other !== undefined && one.kind === other.kind && one.length === other.length && one.sha256 === other.sha256

function messageText(message: MessageSummary | undefined): string {
  if (message === undefined) return 'nothing'
  return message.text !== undefined ? JSON.stringify(message.text) : `${message.length} bytes of ${message.kind} ${message.sha256.slice(0, 12)}`
}

/** Bodies are bytes: where they broke into chunks, and whether a witness calls them text, is not semantic. */
function bodyFindings(place: Place, field: string, wanted: readonly MessageSpec[], got: MessageSummary | null): Finding[] {
  const encoder = new TextEncoder()
  const parts = wanted.flatMap(payloads).map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  const expected = summarize(whole)
  const same = got !== null && got.length === expected.length && got.sha256 === expected.sha256
  return same ? [] : [finding(place, field, messageText(expected), got === null ? 'no whole body' : messageText(got))]
}

/** Both sides by name, in the order of names. */
function named<Wanted, Got>(wanted: Record<string, Wanted>, got: Record<string, Got>): Array<[name: string, wanted: Wanted | undefined, got: Got | undefined]> {
  return [...new Set([...Object.keys(wanted), ...Object.keys(got)])].sort()
    .map((name) => [name, Object.hasOwn(wanted, name) ? wanted[name] : undefined, Object.hasOwn(got, name) ? got[name] : undefined])
}
