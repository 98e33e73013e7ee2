import { AdmissionSchema, type HostPacket, type RealmProbe } from '../../contract/host.js'
import type { WorkerEnd } from '../../contract/worker-end.js'
import type { CellEvidence } from '../../judge/cell-evidence.js'
import { judge } from '../../judge/judge.js'
import { climb } from '../../../lanes/ladder.js'
import { findScenarios } from '../../scenarios/catalogue.js'
import { offline, verdictAnswer, type OfflineControl } from '../control.js'
import { BRIDGED, probeOf } from '../made-evidence.js'

const SUBJECT = { name: 'made up', version: '1.0.0', requires: ['webassembly', 'shared_array_buffer'] as Array<'webassembly' | 'shared_array_buffer'>, host_roles: ['window' as const], bridge: false, classification: null }

/** What the ladder answers to a realm, as one line. */
function climbed(probe: RealmProbe, page = { secure_context: true, cross_origin_isolated: true }): string {
  const answer = climb({ realm: probe, wanted_role: 'window', subject: SUBJECT, page, bridge: 'not_tried' })
  if ('needs_bridge' in answer) return 'a bridge'
  const { verdict, eligibility_verdict, reason, findings } = judge({
    scenario: findScenarios('timer.order.distinct')[0]!, admission: answer, lab: null, attempts: [], infrastructure: null, engine_available: true, bridge_logs_agree: null, peers_from_model: true,
    capture_manifest_path: null, normalized_record_path: null,
  })
  return answer.support_class === 'direct' ? 'direct' : `${verdictAnswer({ verdict, eligibility_verdict, reason, findings })}: ${reason}`
}

/** What the schema says to an admission. */
function parsed(admission: object): string {
  const result = AdmissionSchema.safeParse(admission)
  return result.success ? 'parses' : `does not parse: ${result.error.issues[0]?.message}`
}

const without = (capability: 'webassembly' | 'shared_array_buffer'): RealmProbe => ({ ...probeOf('window'), capabilities: { ...probeOf('window').capabilities, [capability]: false } })

/** The evidence of a cell whose service worker was ended; a sound end but for the fault. */
const ended = (fault: Partial<WorkerEnd>) => (evidence: CellEvidence): CellEvidence => ({
  ...evidence, worker_ends: [{
    attempt: 1, how: 'stopped', phase: 'before_scenario', instance: { nonce: 'first', starts: 1 }, asked_at: 0, gone_at: 0, back: { nonce: 'second', starts: 1 }, between: { before: null, after: null }, pending: [], bridge: null, fresh: true, ...fault,
  }],
})

/** Faults of what a realm says of itself, and of the ladder's answer. */
export const HOST_PACKET: OfflineControl[] = [
  offline({
    id: 'host_packet.role_not_proven', law: 'role_proof', place: 'host_packet', row: 'browser_surface', fault: 'the realm\'s signs point to no role, or to more than one',
    required: 'unsupported, insufficient_observability, by role_proof: realm_unavailable', given: (bench) => climbed(bench.pick({ ...probeOf('window'), proven_role: null }, probeOf('window'))),
  }),
  offline({
    id: 'host_packet.another_role', law: 'role_proof', place: 'host_packet', row: 'browser_surface', fault: 'the realm proves another role than the one that was asked for',
    required: 'unsupported, insufficient_observability, by role_proof: realm_unavailable', given: (bench) => climbed(bench.pick(probeOf('dedicated_worker'), probeOf('window'))),
  }),
  offline({
    id: 'host_packet.wasm_blocked', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'a policy of the page forbids WebAssembly: not the engine\'s fault',
    required: 'unsupported, eligible, by admission: unsupported_runtime_context: wasm_blocked', given: (bench) => climbed(bench.pick({ ...without('webassembly'), wasm_blocked: true }, probeOf('window'))),
  }),
  offline({
    id: 'host_packet.not_isolated', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'the page is not cross-origin isolated: the engine is not blamed for what it hides then',
    required: 'unsupported, eligible, by admission: unsupported_runtime_context: prerequisite_missing cross_origin_isolation',
    given: (bench) => climbed(bench.pick(without('shared_array_buffer'), probeOf('window')), { secure_context: true, cross_origin_isolated: false }),
  }),
  offline({
    id: 'host_packet.bridge_without_handshake', law: 'bridge_handshake', place: 'host_packet', row: 'browser_surface', fault: 'bridge_only without a handshake',
    required: 'does not parse: bridge_only without a completed handshake that both sides logged', given: (bench) => parsed({ ...BRIDGED, bridge_handshake: bench.pick(false, true) }),
  }),
  offline({
    id: 'host_packet.contradiction', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'bridge_only with unsupported_runtime_context',
    required: 'does not parse: bridge_only with unsupported_runtime_context by route bridge is a contradiction',
    given: (bench) => parsed({ ...BRIDGED, reason_code: bench.pick('unsupported_runtime_context', 'downgrade_to_server_bridge') }),
  }),
  offline({
    id: 'host_packet.downgrade_without_cause', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'a downgrade that names no cause',
    required: 'does not parse: a non-direct answer needs a cause', given: (bench) => parsed({ ...BRIDGED, cause: bench.pick(null, BRIDGED.cause) }),
  }),
  offline({
    id: 'host_packet.cause_contradicted', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'a downgrade for want of WebSocket, which the probe found', required: 'audit admission_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<HostPacket>('hosts/chromium.shared_worker.json', ({ admission }) => { admission.cause = { cause: 'missing_capability', capability: 'websocket' } })),
  }),
  offline({
    id: 'host_packet.downgrade_of_nothing_missing', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'a realm that takes the role and has everything is called bridged', required: 'audit admission_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<HostPacket>('hosts/chromium.window.json', (packet) => {
      Object.assign(packet, { admission: BRIDGED, support_class: BRIDGED.support_class, reason_code: BRIDGED.reason_code, lane_id: 'chromium.window.bridge' })
    })),
  }),
  offline({
    id: 'host_packet.probe_edited', law: 'admission', place: 'host_packet', row: 'browser_surface', fault: 'the probe is changed after the run: its admission does not come out of it', required: 'audit admission_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<HostPacket>('hosts/chromium.window.json', ({ probe }) => { probe!.proven_role = 'shared_worker' })),
  }),
  offline({
    id: 'host_packet.route_not_admitted', law: 'scope_red_line', place: 'host_packet', row: 'browser_surface', table: 'bridge_taken_for_parity', fault: 'admitted over the bridge, and run directly all the same',
    required: 'policy_violation, blocked_scope_red_line, by scope_red_line',
    given: (bench) => bench.judged('timer.order.distinct', { attempt: (attempt) => ({ ...attempt, route: 'direct' }) }, 'bridge'),
  }),
  offline({
    id: 'session.worker_ended', law: 'scope_red_line', place: 'session', row: 'browser_surface', table: 'opaque_host_claim', fault: 'a service worker ended in the middle of a scenario, and its run is counted',
    required: 'invalid_experiment, blocked_scope_red_line, by scope_red_line', given: (bench) => bench.judged('timer.order.distinct', { evidence: ended({ phase: 'in_scenario' }) }),
  }),
  offline({
    id: 'session.worker_not_new', law: 'role_proof', place: 'session', row: 'browser_surface', fault: 'a service worker that was ended came back in the same global',
    required: 'invalid_experiment, blocked_missing_observability, by role_proof', given: (bench) => bench.judged('timer.order.distinct', { evidence: ended({ back: { nonce: 'first', starts: 2 }, fresh: false }) }),
  }),
  offline({
    id: 'session.realm_lost', law: 'infrastructure', place: 'session', row: 'browser_surface', fault: 'the realm crashed while the cell ran', required: 'infrastructure_loss, insufficient_observability, by infrastructure',
    given: (bench) => bench.judged('timer.order.distinct', { evidence: (evidence) => ({ ...evidence, attempts: [], infrastructure: { what: 'realm_crashed', detail: 'gone' } }) }),
  }),
]

