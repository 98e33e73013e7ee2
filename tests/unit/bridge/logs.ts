import type { RealmEvent, TraceEvent, BridgeEvent } from '../../../src/contract/trace.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import type { HostRole } from '../../../src/contract/vocabulary.js'

/** What a session was about. */
export interface SessionParts { session?: string; artifact_sha256: string; proven_role: HostRole | null; carrier?: BridgeEvent['carrier'] }

/** A completed session as both sides log it, around the events that the server sent. */
export function bridgedSession(events: readonly TraceEvent[], { session = 's-1', artifact_sha256, proven_role, carrier = 'websocket' }: SessionParts): TraceEvent[] {
  const step = (side: BridgeEvent['side'], kind: BridgeEvent['kind'], more: Partial<BridgeEvent> = {}): BridgeEvent =>
    ({ witness: 'bridge', id: 'bridge', seq: 0, ticks: 0, ms: 0, side, kind, session, artifact_sha256, carrier, ...more })
  const sent = events.filter((event): event is RealmEvent => event.witness === 'subject' || event.witness === 'page')
  return [
    step('realm', 'bridge.offered', { session: '', artifact_sha256: null, proven_role }), step('server', 'bridge.offered', { proven_role }), step('server', 'bridge.accepted'), step('realm', 'bridge.accepted'),
    step('realm', 'bridge.run'), step('server', 'bridge.run'), ...events,
    step('server', 'bridge.finished', { events: sent.length, events_sha256: canonicalDigest(JSON.parse(JSON.stringify(sent.map(({ seq: _, ...event }) => event)))) }),
    step('realm', 'bridge.finished', { events: sent.length }), step('realm', 'bridge.closed'),
  ]
}
