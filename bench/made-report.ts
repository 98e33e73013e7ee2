import type { CaptureLine, LabRun, LiveRunMetadata } from '../src/contract/evidence.js'
import type { Admission, EngineIdentity, HostPacket, RealmProbe, SubjectDeclaration } from '../src/contract/host.js'
import { cellId, laneId } from '../src/contract/lane.js'
import type { NormalizedRecord } from '../src/contract/record.js'
import { ScenarioSchema, type Scenario } from '../src/contract/scenario.js'
import { summarize } from '../src/contract/summary.js'
import type { TraceEvent } from '../src/contract/trace.js'
import type { Verdict } from '../src/contract/verdict.js'
import { CAPABILITIES, ENGINES, MATRIX_HOST_ROLES, type Engine, type HostRole } from '../src/contract/vocabulary.js'
import type { CellBundle } from '../src/evidence/cell-bundle.js'
import { canonicalDigest } from '../src/evidence/digest.js'
import { judge } from '../src/judge/judge.js'
import { normalize } from '../src/judge/normalize.js'
import { sumVerdicts } from '../src/judge/sums.js'
import { toVerdict } from '../src/judge/verdict.js'
import type { ReportInput } from '../src/report/formats/report-input.js'

/** What a page must not take for markup. */
export const NASTY = '</script><img src=x onerror="document.title=\'planted\'"><!--'

const SHA = 'c'.repeat(64)
const SUBJECT: SubjectDeclaration = { name: 'made-up', version: '1.0.0', requires: ['timers'], host_roles: ['window', 'dedicated_worker'], bridge: true, classification: null }
const DIRECT: Admission = { support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false }
const BRIDGED: Admission = { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', route: 'bridge', cause: { cause: 'subject_declines_host_role' }, bridge_handshake: true }
const identityOf = (engine: Engine): EngineIdentity => ({ engine, engine_product: `custom-${engine}`, engine_version: '1.0', driver: 'none', os: 'none' })
const probeOf = (role: HostRole): RealmProbe => ({
  proven_role: role, proofs: [{ check: `${role}: made up`, holds: true }, { check: 'window: has a document', holds: role === 'window' }], global_scope: 'made up', secure_context: true, cross_origin_isolated: false, user_agent: 'none',
  capabilities: Object.fromEntries(CAPABILITIES.map((name, index) => [name, index % 4 !== 3])) as RealmProbe['capabilities'], wasm_blocked: false, clock_step_ms: 1,
})

/** A run of as many cells, made up by the judge's own means; bridged in shared and service workers, every fifth scenario broken in WebKit's window. */
export function madeReport(cells: number): ReportInput {
  const lanes = ENGINES.flatMap((engine) => MATRIX_HOST_ROLES.map((host_role) => ({ engine, host_role })))
  const stories = new Map<string, CellBundle>()
  const kinds = new Map<string, Made>()
  const verdicts = Array.from({ length: cells }, (_, at): Verdict => {
    const { engine, host_role } = lanes[at % lanes.length]!
    const number = Math.floor(at / lanes.length)
    const bridged = host_role === 'shared_worker' || host_role === 'service_worker'
    const broken = engine === 'webkit' && host_role === 'window' && number % 5 === 4
    const timer = number % 2 === 0
    const kind = `${timer} ${bridged} ${broken}`
    const made = kinds.get(kind) ?? makeCell(timer, bridged, broken)
    kinds.set(kind, made)
    const id = `${timer ? 'timer' : 'websocket'}.made.s${number}`
    const cell_id = cellId(engine, host_role, id)
    const lane_id = laneId(engine, host_role, bridged ? 'bridge' : 'direct')
    stories.set(cell_id, bundleOf(made, engine, host_role, id, number))
    return { ...made.verdict, cell_id, lane_id, engine, host_role, scenario_id: id, artifact_bundle: `bundles/${lane_id}/${id}`, repro_command: `npx lanecheck verify --cell ${cell_id}` }
  })
  const run = {
    run_id: 'run', lanecheck_version: '0.1.0', seed: 7, subject: SUBJECT, artifact_sha256: SHA, artifact_path: 'artifacts/x.js', config_hash: SHA, engines: ENGINES.map(identityOf),
    started_at: '2026-01-01T00:00:00.000Z', ended_at: '2026-01-01T00:01:00.000Z', node_version: 'v20', interrupted: false,
  }
  return {
    ledger: { schema: 'lanecheck.ledger.v1', run, verdicts, sums: sumVerdicts(verdicts) }, folder: 'somewhere/evidence', bundleOf: () => null, storyOf: ({ cell_id }) => stories.get(cell_id) ?? null,
    expectedOf: ({ lane_id, scenario_id }) => (scenario_id === 'timer.made.s4' && lane_id === 'webkit.window.direct' ? { lane: '*', scenario: scenario_id, verdict: 'semantic_mismatch', reason: 'known here' } : null),
  }
}

interface Made { scenario: Scenario; admission: Admission; lab: LabRun; live: NormalizedRecord; capture: CaptureLine[]; verdict: Verdict }

function makeCell(timer: boolean, bridged: boolean, broken: boolean): Made {
  const scenario = timer ? TIMER : CHANNEL
  const admission = bridged ? BRIDGED : DIRECT
  const events = timer ? timerEvents : channelEvents
  const labEvents = events(false)
  const liveEvents = [...(bridged ? HANDSHAKE : []), ...events(broken)].map((event, seq) => ({ ...event, seq }))
  const record = (of: TraceEvent[], clock_source: 'virtual_clock' | 'performance_now'): NormalizedRecord => normalize({ scenario, events: of, clock_source, end: { stalled: false }, digest: canonicalDigest })
  const once = { schedule_hash: SHA, event_hash: SHA, event_count: labEvents.length }
  const lab: LabRun = { schema: 'lanecheck.lab-run.v1', scenario_id: scenario.id, seed: 7, artifact_sha256: SHA, runs: [once, once], deterministic: true, record: record(labEvents, 'virtual_clock') }
  const live = record(liveEvents, 'performance_now')
  const paths = { capture_manifest_path: 'bundles/x/capture-manifest.json', normalized_record_path: 'bundles/x/live.json' }
  const judgement = judge({
    scenario, admission, lab, attempts: [{ attempt: 1, route: admission.route, record: live }], infrastructure: null, engine_available: true,
    bridge_logs_agree: bridged ? true : null, peers_from_model: true, ...paths,
  })
  const cell = { cell_id: cellId('webkit', 'window', scenario.id), engine: 'webkit', host_role: 'window', scenario } as const
  const verdict = toVerdict({ cell, admission, judgement, attempts: 1, paths: { ...paths, artifact_bundle: 'bundles/x' }, repro_command: 'npx lanecheck' })
  return { scenario, admission, lab, live, capture: liveEvents.map((event) => ({ attempt: 1, event })), verdict }
}

function bundleOf({ scenario, admission, lab, live, capture }: Made, engine: Engine, host_role: HostRole, id: string, number: number): CellBundle {
  const { route, support_class, reason_code } = admission
  const lane_id = laneId(engine, host_role, route)
  const run: LiveRunMetadata = {
    schema: 'lanecheck.live-run-metadata.v1', cell_id: cellId(engine, host_role, id), lane_id, engine: identityOf(engine), admission, probes: [probeOf(host_role)],
    results: [{ session: 1, stalled: false, loss: null }], config_hash: SHA, artifact_sha256: SHA, trace_fingerprint: canonicalDigest([id, engine]), event_hash: canonicalDigest([engine, id, host_role]), event_count: capture.length,
    nondeterminism_notes: [], infrastructure: null, started_at: '2026-01-01T00:00:00.000Z', wall_elapsed_ns: 1,
  }
  const packet: HostPacket = { schema: 'lanecheck.host-packet.v1', ...identityOf(engine), host_role, page: 'plain', needs: [], lane_id, support_class, reason_code, admission, probe: probeOf(host_role), subject: SUBJECT, findings: [] }
  const files = Object.fromEntries(['capture.ndjson', 'lab.json', 'live.json', 'verdict.json'].map((name) => [name, { sha256: canonicalDigest([id, engine, host_role, name]), bytes: 1 }]))
  return {
    scenario: { ...scenario, id, title: `Made up, number ${number}${number === 0 ? ` ${NASTY}` : ''}` }, run, capture, lab, live: { schema: 'lanecheck.live-run.v1', scenario_id: id, attempts: [{ attempt: 1, route, record: live }] },
    replay: null, manifest: null, index: { schema: 'lanecheck.bundle.v1', cell_id: run.cell_id, lane_id, run_id: 'run', files }, packet: { path: `hosts/${engine}.${host_role}.json`, packet },
  }
}

const COMMON = {
  title: 'made up', tiers: ['T0'], scenario_clock_id: 'scenario.monotonic', tick_ms: 10, normalization_window: { early_ticks: 0, late_ticks: 3 }, logical_deadline_id: null, deadlines: {}, peers: {}, limit_ticks: 100,
}
const EXPECT = { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [] }
const TIMER = ScenarioSchema.parse({
  ...COMMON, id: 'timer.made.up', surface_family: 'timer_surface', tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 4 }, { op: 'timer.set', timer: 'b', after_ticks: 6 }, { op: 'timer.wait', timer: 'a' }, { op: 'timer.clear', timer: 'b' }] },
  expect: { ...EXPECT, timers: { a: { outcome: 'fired', fired: 1 }, b: { outcome: 'cancelled', fired: 0 } }, orders: [['timer.a.fired', 'timer.b.cleared']], at_ticks: { 'timer.a.fired': 4 } },
})
const HELLO = { kind: 'text', text: NASTY } as const
const CHANNEL = ScenarioSchema.parse({
  ...COMMON, id: 'websocket.made.up', surface_family: 'virtual_transport_surface',
  peers: { p: { kind: 'websocket', connections: [{ handshake: { answer: 'accept' }, on_message: [{ actions: [{ do: 'echo' }] }] }] } },
  tasks: { main: [{ op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'socket.send', channel: 'c', message: HELLO }, { op: 'socket.wait_message', channel: 'c', count: 1 }, { op: 'socket.close', channel: 'c', code: 1000 }] },
  expect: { ...EXPECT, channels: { c: { opened: true, received: [HELLO], peer_received: [HELLO], close: { initiator: 'subject', code: 1000, reason: '', clean: true } } } },
})

type Event = Record<string, unknown> & { kind: string }
const told = (witness: 'subject' | 'page' | 'peer') => (ticks: number, id: string, event: Event): TraceEvent =>
  ({ witness, id, seq: 0, ticks, ms: ticks * 10, ...(witness === 'peer' ? { peer: 'p', connection: 1 } : {}), ...event }) as unknown as TraceEvent
const [subject, page, peer] = [told('subject'), told('page'), told('peer')]
const inOrder = (events: TraceEvent[]): TraceEvent[] => events.map((event, seq) => ({ ...event, seq }))
const END = (ticks: number, timers: string[] = []): TraceEvent[] => [
  subject(ticks, 'main', { kind: 'task.finished' }), subject(ticks, 'subject', { kind: 'shutdown.started' }), subject(ticks, 'subject', { kind: 'shutdown.finished' }),
  page(ticks, 'realm', { kind: 'host.alive', timers, sockets: [], requests: [], streams: [] }),
]
const HANDSHAKE: TraceEvent[] = ([['realm', 'bridge.offered'], ['server', 'bridge.accepted'], ['realm', 'bridge.accepted']] as const)
  .map(([side, kind]) => ({ witness: 'bridge', id: 'bridge', side, kind, session: 's1', artifact_sha256: SHA, seq: 0, ticks: 0, ms: 0 }))

/** Broken: the cancelled timer fires all the same. */
const timerEvents = (broken: boolean): TraceEvent[] => inOrder([
  subject(0, 'a', { kind: 'timer.set', delay_ms: 40 }), page(0, '1', { kind: 'host.timer.set', delay_ms: 40, repeat: false }), subject(0, 'b', { kind: 'timer.set', delay_ms: 60 }), page(0, '2', { kind: 'host.timer.set', delay_ms: 60, repeat: false }),
  page(4, '1', { kind: 'host.timer.fired' }), subject(4, 'a', { kind: 'timer.fired' }), subject(4, 'b', { kind: 'timer.cleared' }), page(4, '2', { kind: 'host.timer.cleared' }),
  ...(broken ? [subject(6, 'b', { kind: 'timer.fired' })] : []), ...END(broken ? 7 : 4),
])

/** Broken: what comes back is not what was sent. */
const channelEvents = (broken: boolean): TraceEvent[] => {
  const [sent, back] = [{ message: summarize(NASTY) }, { message: summarize(broken ? 'other' : NASTY) }]
  return inOrder([
    subject(0, 'c', { kind: 'channel.opening' }), page(0, 'c', { kind: 'host.socket.created' }), peer(1, 'c', { kind: 'peer.connected', protocols: [] }), peer(1, 'c', { kind: 'peer.accepted', protocol: '' }),
    page(1, 'c', { kind: 'host.socket.open', protocol: '' }), subject(1, 'c', { kind: 'channel.open', protocol: '' }), page(1, 'c', { kind: 'host.socket.sent', ...sent }), subject(1, 'c', { kind: 'channel.sent', ...sent }),
    peer(2, 'c', { kind: 'peer.message', ...sent }), peer(2, 'c', { kind: 'peer.sent', ...back }), page(3, 'c', { kind: 'host.socket.message', ...back }), subject(3, 'c', { kind: 'channel.message', ...back }),
    subject(3, 'c', { kind: 'channel.closing', code: 1000, reason: null }), page(3, 'c', { kind: 'host.socket.close_called', code: 1000, reason: null }), peer(4, 'c', { kind: 'peer.closed', code: 1000, reason: '', clean: true }),
    page(4, 'c', { kind: 'host.socket.closed', code: 1000, reason: '', clean: true }), subject(4, 'c', { kind: 'channel.closed', code: 1000, reason: '', clean: true }), ...END(5),
  ])
}
