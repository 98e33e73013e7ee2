import type { BundlePaths } from './bundle-paths.js'
import type { CellEvidence } from '../judge/cell-evidence.js'
import { bridgeLogsAgree, peersFromModel } from '../judge/capture-facts.js'
import { REALM_UNAVAILABLE } from '../judge/verdict.js'
import type { SeenCell } from './engine-run.js'

/** Asked for where the scenario says how realms are to be admitted. */
const admittedIn = ({ packet, cell, scenario }: SeenCell): Pick<CellEvidence, 'admitted'> =>
  (packet === null || scenario.expect.admission === undefined ? {} : { admitted: { host_role: cell.host_role, subject: packet.subject, probe: packet.probe } })

/** What the judge needs, from what was seen of a cell. */
export function cellEvidence(seen: SeenCell, paths: BundlePaths): CellEvidence {
  const events = seen.results.flatMap((result) => result.events)
  const kept = seen.attempts.length > 0
  return {
    scenario: seen.scenario,
    admission: seen.packet?.admission ?? REALM_UNAVAILABLE,
    ...admittedIn(seen),
    probes: seen.results.map(({ probe }) => probe),
    lab: seen.lab?.run ?? null,
    attempts: seen.attempts,
    infrastructure: seen.infrastructure,
    engine_available: seen.engine_available,
    bridge_logs_agree: bridgeLogsAgree(events),
    peers_from_model: peersFromModel(seen.scenario, events),
    capture_manifest_path: kept ? paths.capture_manifest_path : null,
    normalized_record_path: kept ? paths.normalized_record_path : null,
  }
}
