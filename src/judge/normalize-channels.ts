import type { SemanticRecord } from '../contract/record.js'
import type { Close } from '../contract/scenario.js'
import type { PageEvent, PeerEvent, SubjectEvent } from '../contract/trace.js'
import type { ScenarioFacts } from './scenario-facts.js'
import { byId, hasKind, ofKind, type TraceView } from './trace-view.js'

type ChannelRecord = SemanticRecord['channels'][string]

/** The code a host reports when no closing handshake took place. */
const ABNORMAL_CLOSURE = 1006

export function channelRecords(facts: ScenarioFacts, view: TraceView): SemanticRecord['channels'] {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith('channel.')))
  const page = byId(view.page.filter((event) => event.kind.startsWith('host.socket.')))
  const peer = byId(view.peer)
  const shutdown = view.subject.find((event) => event.kind === 'shutdown.started')?.seq ?? Infinity
  const names = [...new Set([...facts.channels.keys(), ...subject.keys()])].sort()
  return Object.fromEntries(names.map((name) =>
    [name, channelRecord({ subject: subject.get(name) ?? [], page: page.get(name) ?? [], peer: peer.get(name) ?? [], shutdown })]))
}

/** One channel as its three witnesses saw it; `shutdown` is where in the subject's order the shutdown began. */
interface ChannelTrace { subject: SubjectEvent[]; page: PageEvent[]; peer: PeerEvent[]; shutdown: number }

function channelRecord(trace: ChannelTrace): ChannelRecord {
  const { subject, peer } = trace
  const close = closeOf(trace)
  return {
    opened: hasKind(subject, 'channel.open'),
    protocol: ofKind(subject, 'channel.open').at(-1)?.protocol ?? null,
    sent: ofKind(subject, 'channel.sent').map((event) => event.message),
    peer_received: ofKind(peer, 'peer.message').map((event) => event.message),
    peer_sent: ofKind(peer, 'peer.sent').map((event) => event.message),
    received: ofKind(subject, 'channel.message').map((event) => event.message),
    refused_sends: ofKind(subject, 'channel.send_refused').length,
    messages_after_close: messagesAfterClose(subject),
    close,
    peer_close: peerCloseOf(peer, close),
  }
}

/** The HTML standard delivers no message once `close()` was called or the close was reported, until the channel is opened anew. */
function messagesAfterClose(subject: readonly SubjectEvent[]): number {
  let closed = false
  let count = 0
  for (const event of subject) {
    if (event.kind === 'channel.opening') closed = false
    else if (event.kind === 'channel.closing' || event.kind === 'channel.closed') closed = true
    else if (event.kind === 'channel.message' && closed) count += 1
  }
  return count
}

function closeOf(trace: ChannelTrace): Close | null {
  const closed = ofKind(trace.subject, 'channel.closed').at(-1)
  if (!closed) return null
  return { initiator: initiatorOf(closed, trace), code: closed.code, reason: closed.reason, clean: closed.clean }
}

/**
 * `network`: no closing handshake. `subject` or `peer`: the only one of them that asked for the close.
 * When both did, the closes crossed and no clock tells which was first: the peer counts as the initiator
 * only when its code, and not the subject's, is the one the subject saw.
 */
function initiatorOf(closed: Extract<SubjectEvent, { kind: 'channel.closed' }>, trace: ChannelTrace): Close['initiator'] {
  if (closed.code === ABNORMAL_CLOSURE) return 'network'
  const asked = subjectAsked(closed.seq, trace)
  const peerAsked = ofKind(trace.peer, 'peer.close_sent').at(-1)
  if (!asked) return 'peer'
  if (!peerAsked) return 'subject'
  return closed.code === peerAsked.code && closed.code !== asked.code ? 'peer' : 'subject'
}

/** The subject asks by a step, or by itself while it shuts down; without a page witness the shutdown itself stands for that. */
function subjectAsked(closedAt: number, { subject, page, shutdown }: ChannelTrace): { code: number | null } | null {
  const step = ofKind(subject, 'channel.closing').filter((event) => event.seq < closedAt).at(-1)
  if (step) return step
  const end = page.findLastIndex((event) => event.kind === 'host.socket.closed')
  const call = ofKind(end < 0 ? page : page.slice(0, end), 'host.socket.close_called').at(-1)
  return call ?? (page.length === 0 && shutdown < closedAt ? { code: null } : null)
}

/** The reason of a close that the peer began is an echo, and RFC 6455 leaves it to the engine whether to echo one: it is left out. */
function peerCloseOf(peer: readonly PeerEvent[], close: Close | null): ChannelRecord['peer_close'] {
  const closed = ofKind(peer, 'peer.closed').at(-1)
  if (closed) return { code: closed.code, reason: close?.initiator === 'peer' ? '' : closed.reason, clean: closed.clean }
  return hasKind(peer, 'peer.terminated') ? { code: ABNORMAL_CLOSURE, reason: '', clean: false } : null
}
