import { seenHttpVersion } from '../contract/http-version.js'
import type { FieldObservability, ObservedField } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { ObservabilityStatus } from '../contract/vocabulary.js'
import type { ScenarioFacts } from './scenario-facts.js'
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
  const timed = facts.timers.size > 0 || facts.deadlines.size > 0
  return [
    { field: 'outcome', needs: ['subject'], required: true, recorded: { subject } },
    { field: 'timer_outcomes', needs: ['subject', 'page'], required: facts.timers.size > 0, recorded: { subject, page: pageSawTimers(view) } },
    { field: 'timeout_outcome_class', needs: ['subject'], required: facts.deadlines.size > 0, recorded: { subject } },
    { field: 'logical_elapsed_ticks', needs: ['subject'], required: timed, recorded: { subject } },
    { field: 'orders', needs: ['subject'], required: scenario.expect.orders.length > 0, recorded: { subject } },
    // A subject that trapped or hung may never reach its shutdown, so the recorder may never be asked.
    { field: 'cleanup', needs: ['page'], required: completed, kept: true, recorded: { page: hasKind(view.page, 'host.alive') } },
    { field: 'outside', needs: ['page', 'proxy'], either: true, required: true, recorded: { page: view.page.length > 0, proxy: view.proxy.length > 0 } },
  ]
}

/** The recorder was at the boundary: it recorded timers, or it closed its books and no timer fired that it should have seen. */
const pageSawTimers = (view: TraceView): boolean =>
  view.page.some((event) => event.kind.startsWith('host.timer.')) || (hasKind(view.page, 'host.alive') && !hasKind(view.subject, 'timer.fired'))

function channelCaptures(scenario: Scenario, facts: ScenarioFacts, view: TraceView): FieldCapture[] {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith('channel.')))
  const page = byId(view.page.filter((event) => event.kind.startsWith('host.socket.')))
  const peer = byId(view.peer)
  const opening = [...subject].filter(([, events]) => hasKind(events, 'channel.opening')).map(([name]) => name)
  // A refused connection is never seen by the peer; neither is one that ended before its handshake.
  const atPeer = opening.filter((name) => hasKind(subject.get(name) ?? [], 'channel.open') || (scenario.expect.channels[name]?.opened === true && page.has(name)))
  const sawPage = opening.every((name) => page.has(name)) && (opening.length > 0 || view.page.length > 0)
  const sawPeer = atPeer.every((name) => peer.has(name))
  const required = facts.channels.size > 0
  const said = view.subject.length > 0
  const withPeer = (witness: Witness): Witness[] => (atPeer.length > 0 ? [witness, 'peer'] : [witness])
  return [
    { field: 'channel_sent', needs: withPeer('subject'), required, recorded: { subject: said, peer: sawPeer } },
    { field: 'channel_received', needs: ['subject', 'page'], required, recorded: { subject: said, page: sawPage } },
    { field: 'channel_close', needs: withPeer('page'), required, recorded: { page: sawPage, peer: sawPeer } },
  ]
}

function exchangeCaptures(scenario: Scenario, facts: ScenarioFacts, view: TraceView): FieldCapture[] {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith('exchange.')))
  const page = byId(view.page.filter((event) => event.kind.startsWith('host.fetch.')))
  const peer = byId(view.peer)
  const reachesPeer = (name: string): boolean =>
    hasKind(subject.get(name) ?? [], 'exchange.head') || (page.has(name) && !['nothing', undefined].includes(scenario.expect.exchanges[name]?.peer_saw))
  const atPeer = [...subject.keys()].filter(reachesPeer)
  const sawPeer = atPeer.every((name) => peer.has(name))
  // An exchange cancelled before it was sent never reaches the boundary.
  const sawPage = atPeer.every((name) => page.has(name)) && view.page.length > 0
  const required = facts.exchanges.size > 0
  const said = view.subject.length > 0
  const versionSeen = atPeer.every((name) => ofKind(peer.get(name) ?? [], 'peer.request').some(({ http_version }) => seenHttpVersion(http_version) !== null))
  const withPeer = (witness: Witness): Witness[] => (atPeer.length > 0 ? [witness, 'peer'] : [witness])
  return [
    { field: 'exchange_end', needs: withPeer('subject'), required, recorded: { subject: said, peer: sawPeer } },
    { field: 'exchange_body', needs: withPeer('subject'), required, recorded: { subject: said, peer: sawPeer } },
    { field: 'protocol_version', needs: ['peer'], required: scenario.surface_family === 'http_surface' && atPeer.length > 0, recorded: { peer: versionSeen } },
    { field: 'cancellation', needs: withPeer('page'), required: facts.cancels, recorded: { page: sawPage, peer: sawPeer } },
  ]
}

function streamCapture(scenario: Scenario, facts: ScenarioFacts, view: TraceView): FieldCapture {
  const subject = byId(view.subject.filter((event) => event.kind.startsWith('stream.')))
  const page = byId(view.page.filter((event) => event.kind.startsWith('host.events.')))
  const peer = byId(view.peer)
  const atPeer = [...subject].filter(([name, events]) =>
    ofKind(events, 'stream.open', 'stream.event').length > 0 || (page.has(name) && (scenario.expect.streams[name]?.connections ?? 0) > 0)).map(([name]) => name)
  const needs: Witness[] = atPeer.length > 0 ? ['subject', 'peer'] : ['subject']
  return { field: 'stream_events', needs, required: facts.streams.size > 0, recorded: { subject: view.subject.length > 0, peer: atPeer.every((name) => peer.has(name)) } }
}
