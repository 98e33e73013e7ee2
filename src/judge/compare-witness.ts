import type { MessageSummary } from '../contract/message.js'
import type { NormalizedRecord, SemanticRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import { differs, finding, type Finding, type Place } from './findings.js'
import { ordered } from './ordered.js'
import { scenarioFacts } from './scenario-facts.js'

/** Where the two ends of one run contradict each other. `attempt` 0 is the lab. */
export function witnessFindings(scenario: Scenario, record: NormalizedRecord, attempt: number): Finding[] {
  const place: Place = { law: 'witness_agreement', severity: 'break', attempt }
  const { channels, exchanges, streams } = record.semantic
  const opens = scenarioFacts(scenario).channels
  return [
    ...ordered(channels).flatMap(([name, channel]) => channelFindings(place, `channels.${name}`, channel, (opens.get(name) ?? 0) > 1)),
    ...ordered(exchanges).flatMap(([name, exchange]) => exchangeFindings(place, `exchanges.${name}`, exchange)),
    ...ordered(streams).flatMap(([name, stream]) =>
      (stream.events.length > 0 && stream.connections === 0 ? [finding(place, `streams.${name}.connections`, 'at least 1', 0)] : [])),
  ]
}

type ChannelRecord = SemanticRecord['channels'][string]

/**
 * Who ends a channel cleanly has had all it sent before delivered; what the other end still sent may be lost, and so may all
 * that was under way when a connection broke. But nobody receives what was not sent.
 */
function channelFindings(place: Place, at: string, channel: ChannelRecord, reopened: boolean): Finding[] {
  const { close, peer_close } = channel
  const clean = close?.clean === true
  const findings = [
    ...delivered(place, `${at}.peer_received`, channel.sent, channel.peer_received, { whole: clean && close.initiator === 'subject', reopened }),
    ...delivered(place, `${at}.received`, channel.peer_sent, channel.received, { whole: clean && close.initiator === 'peer', reopened }),
  ]
  if (channel.opened && close !== null && peer_close === null) findings.push(finding(place, `${at}.peer_close`, 'a close at the peer too', 'none'))
  if (clean && peer_close?.clean === true) {
    findings.push(...differs(place, `${at}.peer_close.code`, close.code, peer_close.code))
    if (close.initiator === 'subject') findings.push(...differs(place, `${at}.peer_close.reason`, close.reason, peer_close.reason))
  }
  return findings
}

/** What was lost with an earlier connection of a reopened channel leaves a gap; on one connection there is none. */
function delivered(
  place: Place, field: string, sent: readonly MessageSummary[], received: readonly MessageSummary[], { whole, reopened }: { whole: boolean; reopened: boolean },
): Finding[] {
  let next = 0
  for (const [index, message] of received.entries()) {
    while (reopened && next < sent.length && !same(message, sent[next])) next += 1
    if (!same(message, sent[next])) return [finding(place, `${field}[${index}]`, sent[next] ?? 'nothing: it was never sent', message)]
    next += 1
  }
  return whole && !reopened && received.length < sent.length ? [finding(place, `${field}.length`, sent.length, received.length)] : []
}

const same = (one: MessageSummary, other: MessageSummary | undefined): boolean => one.sha256 === other?.sha256 && one.kind === other.kind

/** A cancel that the peer saw is one the page must have seen; an answer is whole only when its peer did not see it broken off. */
function exchangeFindings(place: Place, at: string, exchange: SemanticRecord['exchanges'][string]): Finding[] {
  const findings: Finding[] = []
  if (exchange.end === 'completed' && exchange.requests === 0) findings.push(finding(place, `${at}.requests`, 'at least 1', 0))
  if (exchange.end === 'completed' && exchange.peer_saw === 'aborted') findings.push(finding(place, `${at}.peer_saw`, 'an answer that went through', 'aborted'))
  if (exchange.end === 'cancelled' && exchange.requests > 0 && !exchange.cancelled.page) findings.push(finding(place, `${at}.cancelled.page`, true, false))
  if (exchange.end === 'cancelled' && exchange.cancelled.page && exchange.peer_saw === 'pending') findings.push(finding(place, `${at}.cancelled.peer`, true, false))
  return findings
}
