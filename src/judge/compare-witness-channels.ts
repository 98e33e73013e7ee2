import type { MessageSummary } from '../contract/message.js'
import type { SemanticRecord, Witnessed } from '../contract/record.js'
import { differs, finding, type Finding, type Place } from './findings.js'

type ChannelRecord = SemanticRecord['channels'][string]
type PageChannel = Witnessed['page']['channels'][string]

/**
 * Who ends a channel cleanly has had all it sent before delivered; what the other end still sent may be lost, and so may all
 * that was under way when a connection broke. But nobody receives what was not sent.
 */
export function channelWitnesses(place: Place, name: string, channel: ChannelRecord, { page, peer }: Witnessed, reopened: boolean): Finding[] {
  const { close, peer_close } = channel
  const [boundary, at_boundary, at] = [page.channels[name], `witnessed.page.channels.${name}`, `channels.${name}`]
  const to_peer = { whole: close?.clean === true && close.initiator === 'subject', reopened }
  const from_peer = { whole: close?.clean === true && close.initiator === 'peer', reopened }
  return [
    ...(boundary ? delivered(place, `${at_boundary}.sent`, channel.sent, boundary.sent, to_peer) : []),
    ...delivered(place, `${at}.peer_received`, boundary?.sent ?? channel.sent, channel.peer_received, to_peer),
    ...(boundary ? delivered(place, `${at_boundary}.received`, channel.peer_sent, boundary.received, from_peer) : []),
    ...delivered(place, `${at}.received`, boundary?.received ?? channel.peer_sent, channel.received, from_peer),
    ...(boundary && close ? closeAtBoundary(place, at_boundary, close, boundary) : []),
    ...(channel.opened && close !== null && peer_close === null ? [finding(place, `${at}.peer_close`, 'a close at the peer too', 'none')] : []),
    ...(close && peer_close ? closeAtPeer(place, at, close, peer_close, peer.channels[name]?.close_sent ?? null) : []),
    ...(boundary && !reopened ? orders(place, at_boundary, boundary, channel, peer.channels[name]?.sent_after ?? []) : []),
  ]
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

/** What the subject says of a close is what came in at the boundary. */
function closeAtBoundary(place: Place, at: string, close: NonNullable<ChannelRecord['close']>, boundary: PageChannel): Finding[] {
  if (boundary.close === null) return [finding(place, `${at}.close`, 'a close at the boundary too', 'none')]
  return (['code', 'reason', 'clean'] as const).flatMap((part) => differs(place, `${at}.close.${part}`, close[part], boundary.close?.[part]))
}

/** A close has one code, and is clean at both ends or at neither. RFC 6455 leaves it to the other end whether to give the reason back. */
function closeAtPeer(place: Place, at: string, close: NonNullable<ChannelRecord['close']>, seen: NonNullable<ChannelRecord['peer_close']>, asked: { code: number; reason: string } | null): Finding[] {
  return [
    ...differs(place, `${at}.peer_close.clean`, close.clean, seen.clean),
    ...differs(place, `${at}.peer_close.code`, close.code, seen.code),
    ...(close.initiator === 'subject' ? differs(place, `${at}.peer_close.reason`, close.reason, seen.reason) : []),
    ...(close.initiator === 'peer' && asked ? [...differs(place, `${at}.close.code`, asked.code, close.code), ...differs(place, `${at}.close.reason`, asked.reason, close.reason)] : []),
  ]
}

/** On one connection, what an end had received when it sent a message, the other had sent when that message came in. */
function orders(place: Place, at: string, boundary: PageChannel, channel: ChannelRecord, peer_sent_after: readonly number[]): Finding[] {
  const page_sent = sentBefore(boundary.sent_after, boundary.received.length)
  const came = page_sent.findIndex((sent, nth) => sent < (peer_sent_after[nth] ?? 0))
  if (came >= 0) return [finding(place, `${at}.received[${came}]`, `after ${peer_sent_after[came]} sent, as the peer says`, `after ${page_sent[came]}`)]
  const peer_sent = sentBefore(peer_sent_after, channel.peer_received.length)
  const went = peer_sent.findIndex((sent, nth) => sent < (boundary.sent_after[nth] ?? 0))
  return went < 0 ? [] : [finding(place, `${at}.sent[${went}]`, `after at most ${peer_sent[went]} received, as the peer says`, `after ${boundary.sent_after[went]}`)]
}

/** By message received, how many an end had sent before it. */
function sentBefore(sent_after: readonly number[], received: number): number[] {
  let sent = 0
  return Array.from({ length: received }, (_, nth) => {
    while ((sent_after[sent] ?? Infinity) <= nth) sent += 1
    return sent
  })
}
