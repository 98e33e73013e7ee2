import { cellId, laneId, type CellId, type LaneId } from '../contract/lane.js'
import { EngineSchema, HostRoleSchema, RouteSchema, type Engine, type HostRole, type Route } from '../contract/vocabulary.js'
import { canaryPlace } from '../evidence/canary-file.js'
import { CUT_OFF, EVIDENCE_INDEX } from '../evidence/evidence-index.js'
import { BUNDLE_INDEX } from '../evidence/bundle.js'
import { shardPlace } from '../evidence/shard-file.js'
import { ownServerPlace } from '../evidence/own-server-file.js'
import { LEDGER_FILE, LEDGER_LINES_FILE, PLAN_FILE, TIERS_FILE } from '../evidence/ledger-file.js'

/** The files that a bundle may hold. */
export const BUNDLE_FILES = [
  BUNDLE_INDEX, 'capture-manifest.json', 'capture.ndjson', 'downgrade.json', 'lab.json', 'live-run.json', 'live.json', 'replay.json', 'scenario.json', 'verdict.json', 'worker-end.json',
] as const
export type BundleFile = (typeof BUNDLE_FILES)[number]

/** The cell and lane that a bundle's folder is for. */
export interface BundlePlace {
  path: string
  lane_id: LaneId
  cell_id: CellId
  engine: Engine
  host_role: HostRole
  route: Route
  scenario_id: string
}

/** Reads a bundle's place from its path; null when the path is none of a bundle. */
export function bundlePlace(path: string): BundlePlace | null {
  const [top, lane = '', scenario_id = '', ...more] = path.split('/')
  const [engine, role, route, ...rest] = lane.split('.')
  const parsed = { engine: EngineSchema.safeParse(engine), role: HostRoleSchema.safeParse(role), route: RouteSchema.safeParse(route) }
  if (top !== 'bundles' || scenario_id === '' || more.length > 0 || rest.length > 0 || !parsed.engine.success || !parsed.role.success || !parsed.route.success) return null
  const [engine_, host_role, route_] = [parsed.engine.data, parsed.role.data, parsed.route.data]
  return { path, lane_id: laneId(engine_, host_role, route_), cell_id: cellId(engine_, host_role, scenario_id), engine: engine_, host_role, route: route_, scenario_id }
}

/** The realm that a host packet's file is for; null when the path is none of a host packet. */
export function packetPlace(path: string): { engine: Engine; host_role: HostRole } | null {
  const [, engine, role] = /^hosts\/([a-z]+)\.([a-z_]+)(?:\.[a-z_]+(?:-[a-z_]+)*)?\.json$/.exec(path) ?? []
  const [parsedEngine, parsedRole] = [EngineSchema.safeParse(engine), HostRoleSchema.safeParse(role)]
  return parsedEngine.success && parsedRole.success ? { engine: parsedEngine.data, host_role: parsedRole.data } : null
}

export const artifactPath = (sha256: string): string => `artifacts/${sha256}.js`

const TOP: readonly string[] = [PLAN_FILE, LEDGER_FILE, LEDGER_LINES_FILE, TIERS_FILE, EVIDENCE_INDEX]

/** Whether an evidence folder has a place for a file of this path. */
export function hasPlace(path: string): boolean {
  // The name of a half-written bundle reads like that of a scenario.
  if (CUT_OFF.test(path)) return false
  if (TOP.includes(path) || packetPlace(path) !== null || canaryPlace(path) !== null || shardPlace(path) !== null || ownServerPlace(path) !== undefined || /^artifacts\/[0-9a-f]{64}\.js$/.test(path)) return true
  const at = path.lastIndexOf('/')
  return bundlePlace(path.slice(0, Math.max(0, at))) !== null && (BUNDLE_FILES as readonly string[]).includes(path.slice(at + 1))
}
