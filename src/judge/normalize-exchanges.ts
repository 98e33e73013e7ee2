import { seenHttpVersion } from '../contract/http-version.js'
import type { SemanticRecord } from '../contract/record.js'
import type { PageEvent, PeerEvent, SubjectEvent } from '../contract/trace.js'
import type { ScenarioFacts } from './scenario-facts.js'
import { byId, hasKind, ofKind, type TraceView } from './trace-view.js'

type ExchangeRecord = SemanticRecord['exchanges'][string]
type StreamRecord = SemanticRecord['streams'][string]

export function exchangeRecords(facts: ScenarioFacts, view: TraceView): SemanticRecord['exchanges'] {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith('exchange.')))
  const page = byId(view.page)
  const peer = byId(view.peer)
  const names = [...new Set([...facts.exchanges.keys(), ...subject.keys()])].sort()
  const transports = new Map(names.map((name) => [name, transportsOf(peer.get(name) ?? [])]))
  const sharing = (name: string): string[] => names.filter((other) => other !== name && [...transports.get(other)!].some((transport) => transports.get(name)!.has(transport)))
  return Object.fromEntries(names.map((name) => [name, { ...exchangeRecord(subject.get(name) ?? [], page.get(name) ?? [], peer.get(name) ?? []), shares_connection: sharing(name) }]))
}

const transportsOf = (peer: readonly PeerEvent[]): Set<number> => new Set(ofKind(peer, 'peer.request').map(({ transport }) => transport))

function exchangeRecord(subject: readonly SubjectEvent[], page: readonly PageEvent[], peer: readonly PeerEvent[]): Omit<ExchangeRecord, 'shares_connection'> {
  const head = ofKind(subject, 'exchange.head').at(-1)
  const end = endOf(subject)
  const last = lastRequest(peer)
  return {
    end,
    status: head?.status ?? null,
    redirected: head?.redirected ?? false,
    body: end === 'completed' ? (ofKind(subject, 'exchange.completed')[0]?.body ?? null) : null,
    cancelled: { page: abortedAtPage(page, subject), peer: hasKind(peer, 'peer.aborted') },
    chunks_after_cancel: countAfter(subject, 'exchange.cancelled', 'exchange.chunk'),
    peer_saw: peerSaw(last),
    requests: ofKind(peer, 'peer.request').length,
    request_body: ofKind(last, 'peer.request_body')[0]?.body ?? null,
    protocol_version: ofKind(last, 'peer.request').map(({ http_version }) => seenHttpVersion(http_version))[0] ?? null,
  }
}

/** The first terminal event wins. */
function endOf(subject: readonly SubjectEvent[]): ExchangeRecord['end'] {
  const last = ofKind(subject, 'exchange.completed', 'exchange.cancelled', 'exchange.failed')[0]
  return last === undefined ? 'pending' : last.kind === 'exchange.completed' ? 'completed' : last.kind === 'exchange.cancelled' ? 'cancelled' : 'failed'
}

/** An abort after the body had ended cancels nothing. Without any page witness the subject's own word stands in, and observability says so. */
function abortedAtPage(page: readonly PageEvent[], subject: readonly SubjectEvent[]): boolean {
  const fetches = page.filter((event) => event.kind.startsWith('host.fetch.'))
  if (fetches.length === 0) return hasKind(subject, 'exchange.cancelled')
  const aborted = fetches.findIndex((event) => event.kind === 'host.fetch.aborted')
  const ended = fetches.findIndex((event) => event.kind === 'host.fetch.ended')
  return aborted >= 0 && (ended < 0 || aborted < ended)
}

/** What the peer saw from its last request on; nothing when none came. */
function lastRequest(peer: readonly PeerEvent[]): PeerEvent[] {
  const last = peer.findLastIndex((event) => event.kind === 'peer.request')
  const request = peer[last]
  return request === undefined ? [] : peer.slice(last).filter((event) => event.connection === request.connection && event.peer === request.peer)
}

function peerSaw(last: readonly PeerEvent[]): ExchangeRecord['peer_saw'] {
  if (last.length === 0) return 'nothing'
  const end = ofKind(last, 'peer.ended', 'peer.aborted', 'peer.destroyed')[0]
  return end === undefined ? 'pending' : end.kind === 'peer.ended' ? 'ended' : end.kind === 'peer.aborted' ? 'aborted' : 'destroyed'
}

export function streamRecords(facts: ScenarioFacts, view: TraceView): SemanticRecord['streams'] {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith('stream.')))
  const peer = byId(view.peer)
  const names = [...new Set([...facts.streams, ...subject.keys()])].sort()
  return Object.fromEntries(names.map((name) => [name, streamRecord(subject.get(name) ?? [], peer.get(name) ?? [])]))
}

function streamRecord(subject: readonly SubjectEvent[], peer: readonly PeerEvent[]): StreamRecord {
  const requests = ofKind(peer, 'peer.request')
  return {
    events: ofKind(subject, 'stream.event').map(({ event_id, event, data }) => ({ id: event_id, event, data })),
    events_after_close: countAfter(subject, 'stream.closed', 'stream.event'),
    connections: requests.length,
    last_event_ids: requests.map((event) => event.last_event_id),
  }
}

function countAfter(subject: readonly SubjectEvent[], mark: SubjectEvent['kind'], counted: SubjectEvent['kind']): number {
  const from = subject.findIndex((event) => event.kind === mark)
  return from < 0 ? 0 : subject.slice(from).filter((event) => event.kind === counted).length
}
