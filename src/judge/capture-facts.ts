import type { CaptureManifest } from '../contract/evidence.js'
import { declaredHttpVersion, seenHttpVersion } from '../contract/http-version.js'
import type { LaneId } from '../contract/lane.js'
import type { NormalizedRecord } from '../contract/record.js'
import type { Scenario } from '../contract/scenario.js'
import type { BridgeEvent, TraceEvent } from '../contract/trace.js'
import type { ObservabilityStatus } from '../contract/vocabulary.js'
import { observabilityStatus } from './observability.js'

/** Whether both sides of the bridge logged the same accepted sessions over the same artifact; null when no bridge took part. */
export function bridgeLogsAgree(events: readonly TraceEvent[]): boolean | null {
  const logs = events.filter((event): event is BridgeEvent => event.witness === 'bridge')
  if (logs.length === 0) return null
  const [realm, server] = [acceptedBy(logs, 'realm'), acceptedBy(logs, 'server')]
  const same = realm.size > 0 && realm.size === server.size
    && [...realm].every(([session, artifact]) => server.has(session) && agree(artifact, server.get(session) ?? null))
  return same && logs.every(({ kind }) => kind !== 'bridge.refused')
}

/** Sessions that one side logged as accepted, with the artifact it named for each. */
function acceptedBy(logs: readonly BridgeEvent[], side: BridgeEvent['side']): Map<string, string | null> {
  const own = logs.filter((event) => event.side === side)
  const accepted = own.filter(({ kind }) => kind === 'bridge.accepted').map(({ session }) => session)
  return new Map(accepted.map((session) => [session, own.find((event) => event.session === session && event.artifact_sha256 !== null)?.artifact_sha256 ?? null]))
}

const agree = (one: string | null, other: string | null): boolean => one === null || other === null || one === other

/** Whether every peer that did anything in a capture is one of the scenario's models, in the protocol version that its model declares. */
export const peersFromModel = (scenario: Scenario, events: readonly TraceEvent[]): boolean => events.every((event) => {
  if (event.witness !== 'peer') return true
  if (!Object.hasOwn(scenario.peers, event.peer)) return false
  const seen = event.kind === 'peer.request' ? seenHttpVersion(event.http_version) : null
  return seen === null || seen === declaredHttpVersion(scenario.peers[event.peer])
})

export interface ManifestInput {
  scenario: Scenario
  lane_id: LaneId
  virtualization_boundary: string
  capture_sha256: string
  /** All events of all attempts. */
  events: readonly TraceEvent[]
  /** One an attempt; a field is as well observed as in its worst. */
  records: readonly NormalizedRecord[]
}

/** `capture-manifest.json`: what was captured, by whom, and how well. */
export function captureManifest({ scenario, lane_id, virtualization_boundary, capture_sha256, events, records }: ManifestInput): CaptureManifest {
  const counts: CaptureManifest['events'] = { subject: 0, page: 0, peer: 0, bridge: 0, proxy: 0 }
  for (const event of events) counts[event.witness] = (counts[event.witness] ?? 0) + 1
  const fields = worstOf(records)
  const status: ObservabilityStatus = records.length === 0 ? 'manifest_missing' : observabilityStatus(fields)
  return {
    schema: 'lanecheck.capture-manifest.v1',
    scenario_id: scenario.id,
    lane_id,
    virtualization_boundary,
    capture_sha256,
    events: counts,
    fields,
    unsupported_fields: fields.filter((field) => field.class === 'unsupported').map(({ field }) => field),
    observability_status: status,
  }
}

const CLASS_RANK = { unsupported: 0, inferred: 1, observed: 2 } as const

/** By name: the fields that a record has depend on what its witnesses had to see. One that an attempt does not have was no worse in it. */
function worstOf(records: readonly NormalizedRecord[]): NormalizedRecord['observability'] {
  const worst = new Map<string, NormalizedRecord['observability'][number]>()
  for (const one of records.flatMap(({ observability }) => observability)) {
    const known = worst.get(one.field)
    if (known === undefined || CLASS_RANK[one.class] < CLASS_RANK[known.class]) worst.set(one.field, one)
  }
  return [...worst.values()]
}
