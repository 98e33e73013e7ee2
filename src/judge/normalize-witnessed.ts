import type { Witnessed } from '../contract/record.js'
import type { PageEvent, PeerEvent } from '../contract/trace.js'
import { byId, ofKind, type TraceView } from './trace-view.js'

/** What the page witness and the peer witness saw of each channel, exchange and stream, each by itself. */
export function witnessedRecord({ page, peer }: TraceView): Witnessed {
  return {
    page: {
      channels: byName(page, 'host.socket.', pageChannel),
      exchanges: byName(page, 'host.fetch.', pageExchange),
      streams: byName(page, 'host.events.', (events) => ({ messages: ofKind(events, 'host.events.message').length })),
    },
    peer: {
      channels: byName(peer.filter(({ kind }) => CHANNEL.has(kind)), 'peer.', peerChannel),
      exchanges: byName(peer.filter(({ kind }) => !CHANNEL.has(kind)), 'peer.', peerExchange),
    },
  }
}

/** What a peer tells of channels; everything else it tells is of requests. */
const CHANNEL: ReadonlySet<PeerEvent['kind']> = new Set([
  'peer.connected', 'peer.accepted', 'peer.rejected', 'peer.message', 'peer.sent', 'peer.close_sent', 'peer.terminated', 'peer.closed',
] as const)

function byName<Event extends { id: string; kind: string }, Seen>(events: readonly Event[], prefix: string, seen: (events: Event[]) => Seen): Record<string, Seen> {
  const groups = byId(events.filter(({ kind }) => kind.startsWith(prefix)))
  return Object.fromEntries([...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, own]) => [name, seen(own)]))
}

function pageChannel(events: readonly PageEvent[]): Witnessed['page']['channels'][string] {
  const closed = ofKind(events, 'host.socket.closed').at(-1)
  return {
    sent: ofKind(events, 'host.socket.sent').map(({ message }) => message),
    received: ofKind(events, 'host.socket.message').map(({ message }) => message),
    sent_after: sentAfter(events, 'host.socket.sent', 'host.socket.message'),
    close: closed ? { code: closed.code, reason: closed.reason, clean: closed.clean } : null,
  }
}

function peerChannel(events: readonly PeerEvent[]): Witnessed['peer']['channels'][string] {
  const asked = ofKind(events, 'peer.close_sent').at(-1)
  return { sent_after: sentAfter(events, 'peer.sent', 'peer.message'), close_sent: asked ? { code: asked.code, reason: asked.reason } : null }
}

function sentAfter<Event extends { kind: string }>(events: readonly Event[], sent: Event['kind'], received: Event['kind']): number[] {
  const counts: number[] = []
  let before = 0
  for (const { kind } of events) {
    if (kind === received) before += 1
    else if (kind === sent) counts.push(before)
  }
  return counts
}

const PAGE_ENDS = { 'host.fetch.ended': 'ended', 'host.fetch.aborted': 'aborted', 'host.fetch.failed': 'failed' } as const

/** The first end counts: what is aborted once it has ended was not broken off. */
function pageExchange(events: readonly PageEvent[]): Witnessed['page']['exchanges'][string] {
  const end = ofKind(events, 'host.fetch.ended', 'host.fetch.aborted', 'host.fetch.failed')[0]
  return {
    end: end ? PAGE_ENDS[end.kind] : 'pending',
    status: ofKind(events, 'host.fetch.head').at(-1)?.status ?? null,
    bytes: end?.kind === 'host.fetch.ended' ? end.bytes : null,
  }
}

/** A redirect's answers stand on requests of their own: only the last one's is what the page is given. */
function peerExchange(events: readonly PeerEvent[]): Witnessed['peer']['exchanges'][string] {
  const last = events.slice(Math.max(0, events.findLastIndex(({ kind }) => kind === 'peer.request')))
  const head = ofKind(last, 'peer.request').some(({ method }) => method === 'HEAD')
  const whole = ofKind(last, 'peer.ended').length > 0 && ofKind(last, 'peer.raw_sent').length === 0 && !head
  return {
    status: ofKind(last, 'peer.head_sent').at(-1)?.status ?? null,
    bytes: whole ? ofKind(last, 'peer.body_sent').reduce((sum, { bytes }) => sum + bytes, 0) : null,
  }
}
