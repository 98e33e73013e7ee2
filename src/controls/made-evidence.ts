import { join } from 'node:path'
import { CANARIES, type CanaryName, type CanaryRecord, type CanarySight } from '../contract/canary.js'
import type { Admission, EngineIdentity, HostPacket, RealmProbe, SubjectDeclaration } from '../contract/host.js'
import { laneId } from '../contract/lane.js'
import type { BridgeEvent, TraceEvent } from '../contract/trace.js'
import { LedgerSchema, type Plan, type PlannedCell } from '../contract/verdict.js'
import { CAPABILITIES, type HostRole } from '../contract/vocabulary.js'
import { judgeCanary } from '../canary/judge-canary.js'
import { PLANTS } from '../canary/plants.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { canonicalDigest } from '../evidence/digest.js'
import { writeEvidenceIndex } from '../evidence/evidence-index.js'
import { sumVerdicts } from '../judge/sums.js'
import { packageVersion } from '../package-root.js'
import type { Artifact } from '../run/artifact.js'
import type { AttemptResult } from '../run/attempt.js'
import type { SeenCell } from '../run/engine-run.js'
import { keepCell } from '../run/keep.js'
import type { LabRuns } from '../run/lab-runs.js'
import { liveAttempt } from '../run/live-attempt.js'
import { makePlan } from '../run/plan.js'
import { openRunOutput } from '../run/run-output.js'
import { findScenarios } from '../scenarios/catalogue.js'
import { climb } from '../../lanes/ladder.js'

/** Cells of the folder that offline controls change: in a window directly, in a shared worker over the bridge. */
export const MADE_SCENARIOS = ['timer.order.distinct', 'websocket.close.by_subject'] as const
const ROLES: HostRole[] = ['window', 'shared_worker']

/** No engine ran here, and none is named. */
const IDENTITY: EngineIdentity = { engine: 'chromium', engine_product: 'custom-chromium', engine_version: 'made up by lanecheck controls', driver: 'none', os: 'none' }

export const DIRECT: Admission = { support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false }
export const BRIDGED: Admission = { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', route: 'bridge', cause: { cause: 'subject_declines_host_role' }, bridge_handshake: true }

/** Who asks for the bridge in the evidence that is made here. */
export const BRIDGED_ROLE = 'shared_worker' satisfies HostRole

/** A completed session as both sides log it, around the events that the server's worker sent. */
export function bridgedSession(events: readonly TraceEvent[], artifact_sha256: string): TraceEvent[] {
  const step = (side: BridgeEvent['side'], kind: BridgeEvent['kind'], more: Partial<BridgeEvent> = {}): BridgeEvent =>
    ({ witness: 'bridge', id: 'bridge', side, kind, session: 's1', artifact_sha256, carrier: 'websocket', seq: 0, ticks: 0, ms: 0, ...more })
  const sent = events.filter(({ witness }) => witness === 'subject' || witness === 'page').map(({ seq: _, ...event }) => event)
  return [
    step('realm', 'bridge.offered', { session: '', artifact_sha256: null, proven_role: BRIDGED_ROLE }), step('server', 'bridge.offered', { proven_role: BRIDGED_ROLE }),
    step('server', 'bridge.accepted'), step('realm', 'bridge.accepted'), step('realm', 'bridge.run'), step('server', 'bridge.run'), ...events,
    step('server', 'bridge.finished', { events: sent.length, events_sha256: canonicalDigest(JSON.parse(JSON.stringify(sent))) }), step('realm', 'bridge.finished', { events: sent.length }), step('realm', 'bridge.closed'),
  ].map((event, seq) => ({ ...event, seq }))
}

/** A realm that has everything and proves its role. */
export const probeOf = (role: HostRole): RealmProbe => ({
  proven_role: role, proofs: [{ check: `${role}: made up`, holds: true }], global_scope: 'made up', secure_context: true, cross_origin_isolated: false, user_agent: 'none',
  capabilities: Object.fromEntries(CAPABILITIES.map((name) => [name, true])) as RealmProbe['capabilities'], wasm_blocked: false, clock_step_ms: 1,
})

interface Made { artifact: Artifact; labs: LabRuns; subject: SubjectDeclaration }

/** Writes a whole evidence folder by the run's own means; the lab's events stand for live ones. Throws as they do. */
export async function writeMadeEvidence(dir: string, { artifact, labs, subject: declared }: Made): Promise<void> {
  const subject: SubjectDeclaration = { ...declared, host_roles: ['window'], bridge: true, classification: null }
  const scenarios = MADE_SCENARIOS.flatMap((id) => findScenarios(id))
  const plan = makePlan({ engines: ['chromium'], roles: ROLES, scenarios, cell: null, seed: 1, subject, artifact_sha256: artifact.sha256 })
  const output = await openRunOutput({ dir, is_default: false, resume: false }, plan.run_id)
  const artifact_path = `artifacts/${artifact.sha256}.js`
  await output.writePlan(plan)
  await atomicWrite(join(dir, artifact_path), artifact.source)
  for (const role of ROLES) await output.writePacket(packetOf(role, subject))
  await output.writeCanaries(await canariesOf(plan, labs))
  const verdicts = []
  for (const cell of plan.cells) verdicts.push(await keepCell({ seen: await seenOf(cell, subject, labs), plan, output, subject: 'native', artifact_path }))
  const { run_id, seed, artifact_sha256, config_hash } = plan
  const then = new Date(0).toISOString()
  const run = { run_id, lanecheck_version: packageVersion(), seed, subject, artifact_sha256, artifact_path, config_hash, engines: [IDENTITY], started_at: then, ended_at: then, node_version: process.version, interrupted: false }
  await output.writeLedger(LedgerSchema.parse({ schema: 'lanecheck.ledger.v1', run, verdicts, sums: sumVerdicts(verdicts) }))
  output.close()
  await writeEvidenceIndex(dir, run_id)
}

function packetOf(host_role: HostRole, subject: SubjectDeclaration): HostPacket {
  const probe = probeOf(host_role)
  const admission = climb({ realm: probe, wanted_role: host_role, subject, page: probe, bridge: 'completed' }) as Admission
  const { support_class, reason_code, route } = admission
  return { schema: 'lanecheck.host-packet.v1', ...IDENTITY, host_role, page: 'plain', needs: [], lane_id: laneId('chromium', host_role, route), support_class, reason_code, admission, probe, subject, findings: [] }
}

async function seenOf(cell: PlannedCell, subject: SubjectDeclaration, labs: LabRuns): Promise<SeenCell> {
  const scenario = findScenarios(cell.scenario_id)[0]!
  const packet = packetOf(cell.host_role, subject)
  const { route } = packet.admission
  const lab = await labs.of(scenario)
  const events = route === 'bridge' ? bridgedSession(lab.events, lab.run.artifact_sha256) : lab.events.map((event, seq) => ({ ...event, seq }))
  const result: AttemptResult = { probe: packet.probe, subject, events, end: { type: 'done', stalled: false }, infrastructure: null, notes: [], wall_elapsed_ns: 0, session: 1 }
  return { cell, scenario, packet, lab, results: [result], attempts: [liveAttempt(scenario, 1, route, result)], infrastructure: null, engine_available: true }
}

/** As they come back from a sound session. */
async function canariesOf({ run_id, artifact_sha256 }: Plan, labs: LabRuns): Promise<CanaryRecord> {
  const { events } = await labs.of(PLANTS.mismatch.scenario)
  const seen: Record<CanaryName, CanarySight> = {
    nonsense: { end: { type: 'failed', code: 'harness', message: 'nonsense' }, loss: null, events: [] },
    mismatch: { end: { type: 'done', stalled: false }, loss: null, events },
    hang: { end: null, loss: { what: 'realm_silent', detail: 'no sign of life for 700 ms' }, events: [] },
    crash: { end: null, loss: { what: 'realm_crashed', detail: 'the connection closed' }, events: [] },
  }
  const canaries = CANARIES.map((canary) => judgeCanary(canary, seen[canary], canonicalDigest))
  return { schema: 'lanecheck.canary.v1', run_id, artifact_sha256, ...IDENTITY, session: 1, good: canaries.every(({ good }) => good), canaries }
}
