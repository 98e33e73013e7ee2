import { seenHttpVersion } from '../contract/http-version.js'
import type { FieldObservability, ObservedField } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { PageEvent, PeerEvent, SubjectEvent } from '../contract/trace.js'
import type { ObservabilityStatus } from '../contract/vocabulary.js'
import type { ScenarioFacts } from './scenario-facts.js'
import { heardOnOwnLine, overOwnBridge } from './own-bridge.js'
import { byId, hasKind, ofKind, type TraceView } from './trace-view.js'

type Witness = FieldObservability['witnesses'][number]

/** What one field needs in this trace, and who of them recorded it. */
interface FieldCapture {
  field: ObservedField
  /** All of these are asked for; one `either` list is satisfied by any of its members. */
  needs: Witness[]
  either?: boolean
  /** Asked for by the row in this scenario. */
  required: boolean
  /** Kept in the record though not asked for. */
  kept?: boolean
  recorded: Partial<Record<Witness, boolean>>
}

/** How well each field that the scenario uses was captured: computed from what the witnesses recorded, never declared. */
export function observability(scenario: Scenario, facts: ScenarioFacts, view: TraceView, completed: boolean): FieldObservability[] {
  const captures = [
    ...realmCaptures(scenario, facts, view, completed), ...channelCaptures(scenario, facts, view),
    ...exchangeCaptures(scenario, facts, view), streamCapture(scenario, facts, view),
  ]
  return captures.filter(({ required, kept }) => required || kept === true).map(({ field, needs, either, required, recorded }) => {
    const witnesses = needs.filter((witness) => recorded[witness] === true)
    const whole = either === true ? witnesses.length > 0 : witnesses.length === needs.length
    return { field, class: whole ? 'observed' : witnesses.length > 0 ? 'inferred' : 'unsupported', witnesses, required }
  })
}

/** Whether every field that the row asks for was captured directly. */
export const observabilityStatus = (fields: readonly FieldObservability[]): Exclude<ObservabilityStatus, 'manifest_missing'> =>
  fields.every((field) => !field.required || field.class === 'observed') ? 'met' : 'below_floor'

function realmCaptures(scenario: Scenario, facts: ScenarioFacts, view: TraceView, completed: boolean): FieldCapture[] {
  const subject = view.subject.length > 0
  const own = overOwnBridge(view)
  const timed = facts.timers.size > 0 || facts.deadlines.size > 0
  return [
    { field: 'outcome', needs: ['subject'], required: true, recorded: { subject } },
    { field: 'timer_outcomes', needs: ['subject', 'page'], required: facts.timers.size > 0, recorded: { subject, page: own ? heardOnOwnLine(view) : pageSawTimers(view) } },
    { field: 'timeout_outcome_class', needs: ['subject'], required: facts.deadlines.size > 0, recorded: { subject } },
    { field: 'logical_elapsed_ticks', needs: ['subject'], required: timed, recorded: { subject } },
    { field: 'orders', needs: ['subject'], required: scenario.expect.orders.length > 0, recorded: { subject: subject && sequenced(view) } },
    // Only the caller hears of a call; that the work behind it has stopped, no witness at a boundary can see.
    { field: 'call_end', needs: ['subject'], required: facts.calls.size > 0, recorded: { subject } },
    { field: 'call_stopped', needs: ['subject', 'page'], required: false, kept: hasKind(view.subject, 'call.stopped'), recorded: { subject } },
    // A subject that trapped or hung may never reach its shutdown, so the recorder may never be asked.
    { field: 'cleanup', needs: ['page'], required: completed, kept: true, recorded: { page: hasKind(view.page, 'host.alive') } },
    { field: 'outside', needs: ['page', 'proxy'], either: true, required: true, recorded: { page: view.page.length > 0, proxy: view.proxy.length > 0 } },
  ]
}

/** The recorder was at the boundary: it saw timers fire where the subject says that some did; else it saw timers, or closed its books. */
const pageSawTimers = (view: TraceView): boolean => (hasKind(view.subject, 'timer.fired')
  ? hasKind(view.page, 'host.timer.fired')
  : view.page.some((event) => event.kind.startsWith('host.timer.')) || hasKind(view.page, 'host.alive'))

/** Without a count of its own for each event, only wall-clock time tells what came first. */
const sequenced = ({ subject }: TraceView): boolean => subject.every(({ seq }, place) => place === 0 || seq > (subject[place - 1] as { seq: number }).seq)

/** What each witness recorded of one family, by name, and the names that any of them knows. */
function sightings(view: TraceView, planned: Iterable<string>, prefix: { subject: string; page: string }): { subject: Map<string, SubjectEvent[]>; page: Map<string, PageEvent[]>; peer: Map<string, PeerEvent[]>; seen: string[] } {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith(prefix.subject)))
  const page = byId(view.page.filter((event) => event.kind.startsWith(prefix.page)))
  const peer = byId(view.peer)
  const seen = [...new Set([...planned, ...subject.keys()])].filter((name) => subject.has(name) || page.has(name) || peer.has(name))
  return { subject, page, peer, seen }
}

function channelCaptures(scenario: Scenario, facts: ScenarioFacts, view: TraceView): FieldCapture[] {
  const { subject, page, peer, seen } = sightings(view, facts.channels.keys(), { subject: 'channel.', page: 'host.socket.' })
  // A refused connection is never seen by the peer; neither is one that ended before its handshake.
  const opened = (name: string): boolean => hasKind(subject.get(name) ?? [], 'channel.open') || hasKind(page.get(name) ?? [], 'host.socket.open')
  const atPeer = seen.filter((name) => opened(name) || scenario.expect.channels[name]?.opened === true)
  const sawPage = seen.every((name) => page.has(name)) && view.page.length > 0
  const sawPeer = atPeer.every((name) => peer.has(name))
  const required = facts.channels.size > 0
  const own = overOwnBridge(view)
  const said = view.subject.length > 0 && seen.every((name) => subject.has(name))
  const withPeer = (witness: Witness): Witness[] => (atPeer.length > 0 ? [witness, 'peer'] : [witness])
  return [
    { field: 'channel_sent', needs: withPeer('subject'), required, recorded: { subject: said, peer: sawPeer } },
    { field: 'channel_received', needs: own ? withPeer('subject') : ['subject', 'page'], required, recorded: { subject: said, page: sawPage, peer: sawPeer } },
    { field: 'channel_close', needs: withPeer(own ? 'subject' : 'page'), required, recorded: { subject: said, page: sawPage, peer: sawPeer } },
  ]
}

function exchangeCaptures(scenario: Scenario, facts: ScenarioFacts, view: TraceView): FieldCapture[] {
  const { subject, page, peer, seen } = sightings(view, facts.exchanges.keys(), { subject: 'exchange.', page: 'host.fetch.' })
  const own = overOwnBridge(view)
  // One that was cancelled before it was sent reaches neither the boundary nor the peer; behind a subject's own server no boundary tells.
  const leftBoundary = (name: string): boolean => own || page.has(name) || view.page.length === 0
  const awaited = (name: string): boolean => !['nothing', undefined].includes(scenario.expect.exchanges[name]?.peer_saw)
  const names = [...new Set([...facts.exchanges.keys(), ...subject.keys()])]
  const atPeer = names.filter((name) => peer.has(name) || hasKind(subject.get(name) ?? [], 'exchange.head') || (leftBoundary(name) && awaited(name)))
  const sawPeer = atPeer.every((name) => peer.has(name))
  const sawPage = atPeer.every((name) => page.has(name)) && view.page.length > 0
  const required = facts.exchanges.size > 0
  const said = view.subject.length > 0 && seen.every((name) => subject.has(name))
  const versionSeen = atPeer.every((name) => ofKind(peer.get(name) ?? [], 'peer.request').some(({ http_version }) => seenHttpVersion(http_version) !== null))
  const withPeer = (witness: Witness): Witness[] => (atPeer.length > 0 ? [witness, 'peer'] : [witness])
  return [
    { field: 'exchange_end', needs: withPeer('subject'), required, recorded: { subject: said, peer: sawPeer } },
    { field: 'exchange_body', needs: withPeer('subject'), required, recorded: { subject: said, peer: sawPeer } },
    { field: 'protocol_version', needs: ['peer'], required: scenario.surface_family === 'http_surface' && atPeer.length > 0, recorded: { peer: versionSeen } },
    { field: 'cancellation', needs: withPeer(own ? 'subject' : 'page'), required: facts.cancels, recorded: { subject: said, page: sawPage, peer: sawPeer } },
  ]
}

function streamCapture(scenario: Scenario, facts: ScenarioFacts, view: TraceView): FieldCapture {
  const { subject, page, peer, seen } = sightings(view, facts.streams, { subject: 'stream.', page: 'host.events.' })
  const heard = (name: string): boolean => ofKind(subject.get(name) ?? [], 'stream.open', 'stream.event').length > 0
  const awaited = (name: string): boolean => (scenario.expect.streams[name]?.connections ?? 0) > 0 && (overOwnBridge(view) || page.has(name) || view.page.length === 0)
  const atPeer = seen.filter((name) => peer.has(name) || heard(name) || awaited(name))
  const said = view.subject.length > 0 && seen.every((name) => subject.has(name))
  const needs: Witness[] = atPeer.length > 0 ? ['subject', 'peer'] : ['subject']
  return { field: 'stream_events', needs, required: facts.streams.size > 0, recorded: { subject: said, peer: atPeer.every((name) => peer.has(name)) } }
}
