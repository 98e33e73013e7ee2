import type { BundlePaths } from './bundle-paths.js'
import type { CellEvidence } from '../judge/cell-evidence.js'
import type { Downgrade } from '../contract/downgrade.js'
import type { WorkerEndRecord } from '../contract/worker-end.js'
import type { HostPacket } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import { laneId } from '../contract/lane.js'
import { canonicalDigest } from '../evidence/digest.js'
import { peersFromModel } from '../judge/capture-facts.js'
import { downgradeOf, firstDisagreement } from '../judge/downgrade.js'
import { attemptEnds, workerEndRecord } from '../judge/worker-end.js'
import { REALM_UNAVAILABLE } from '../judge/verdict.js'
import type { TraceEvent } from '../contract/trace.js'
import type { SeenCell } from './engine-run.js'
import { lossOf, withFailure } from './live-attempt.js'

const admittedIn = ({ packet, cell, scenario }: SeenCell): Pick<CellEvidence, 'admitted'> =>
  (packet === null || !keepsAdmitted(packet, scenario) ? {} : { admitted: { host_role: cell.host_role, subject: packet.subject, probe: packet.probe } })

/** Whether a cell keeps whom its host packet admitted: where the scenario says how, or the subject has its own downgrade. */
export const keepsAdmitted = ({ subject }: HostPacket, scenario: Scenario): boolean => scenario.expect.admission !== undefined || subject.downgrade !== undefined

/** What the judge needs, from what was seen of a cell. */
export function cellEvidence(seen: SeenCell, paths: BundlePaths): CellEvidence {
  const events = seen.results.flatMap((result) => result.events)
  const kept = seen.attempts.length > 0
  const downgrade = downgradeOfCell(seen)
  return {
    scenario: seen.scenario,
    admission: seen.packet?.admission ?? REALM_UNAVAILABLE,
    ...admittedIn(seen),
    probes: seen.results.map(({ probe }) => probe),
    ran_in: { host_role: seen.cell.host_role, probes: seen.results.filter((result) => lossOf(result) === null).map(({ probe }) => probe) },
    lab: seen.lab?.run ?? null,
    attempts: seen.attempts,
    infrastructure: seen.infrastructure,
    engine_available: seen.engine_available,
    bridge_logs_agree: downgrade === null ? null : downgrade.complete,
    bridge_disagreement: firstDisagreement(downgrade),
    worker_ends: attemptEnds(workerEndOfCell(seen), seen.results.map((result) => lossOf(result) !== null)),
    peers_from_model: peersFromModel(seen.scenario, events),
    capture_manifest_path: kept ? paths.capture_manifest_path : null,
    normalized_record_path: kept ? paths.normalized_record_path : null,
  }
}

/** The downgrade record of a cell; null when it was not downgraded, or nothing ran. */
export function downgradeOfCell({ cell, scenario, packet, lab, results }: SeenCell): Downgrade | null {
  if (packet === null || lab === null) return null
  return downgradeOf({
    cell_id: cell.cell_id, lane_id: laneId(cell.engine, cell.host_role, packet.admission.route), scenario_id: scenario.id, admission: packet.admission, artifact_sha256: lab.run.artifact_sha256, own_server: packet.subject.downgrade?.server,
    results: results.map((result) => ({ lost: lossOf(result) !== null, proven_role: result.probe?.proven_role ?? null, events: asKept(withFailure(result)) })),
    digest: canonicalDigest,
  })
}

/** The record of how a cell's service worker was ended; null when it was not. */
export function workerEndOfCell({ cell, scenario, packet, results }: SeenCell): WorkerEndRecord | null {
  const lane_id = laneId(cell.engine, cell.host_role, (packet?.admission ?? REALM_UNAVAILABLE).route)
  return workerEndRecord({ cell_id: cell.cell_id, lane_id, scenario_id: scenario.id }, results.map((result) => ({ seen: result.worker_end ?? null, events: asKept(withFailure(result)) })))
}

/** As the capture gives them back: optional members that are `undefined` have no place in JSON. */
const asKept = (events: TraceEvent[]): TraceEvent[] => JSON.parse(JSON.stringify(events)) as TraceEvent[]
