import { TraceEventSchema, type LeftAlive, type TraceEvent } from '../../../src/contract/trace.js'
import type { MessageSummary } from '../../../src/contract/message.js'
import { summarize } from '../../../src/contract/summary.js'
import type { LabRun, LiveAttempt } from '../../../src/contract/evidence.js'
import type { NormalizedRecord } from '../../../src/contract/record.js'
import { ScenarioSchema, type Expectation, type Scenario } from '../../../src/contract/scenario.js'
import type { Admission } from '../../../src/contract/host.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import type { CellEvidence } from '../../../src/judge/cell-evidence.js'
import { normalize } from '../../../src/judge/normalize.js'

type Kind<Witness extends TraceEvent['witness']> = Extract<TraceEvent, { witness: Witness }>['kind']
type More = Record<string, unknown>

export interface Tracer {
  events: TraceEvent[]
  at(ticks: number): Tracer
  subject(kind: Kind<'subject'>, id: string, more?: More): Tracer
  page(kind: Kind<'page'>, id: string, more?: More): Tracer
  peer(kind: Kind<'peer'>, id: string, more?: More): Tracer
  proxy(host: string, attributed_to: string): Tracer
  bridge(side: 'realm' | 'server', kind: Kind<'bridge'>, session: string, artifact_sha256: string | null): Tracer
  /** The shutdown, and what the recorder then sees alive. */
  end(alive?: { timers?: string[]; sockets?: string[]; requests?: string[]; streams?: string[]; left?: LeftAlive[] }): Tracer
}

/** Writes a trace by hand; every event must match its schema. */
export function trace(tick_ms = 10): Tracer {
  let ticks = 0
  const seq = { realm: 0, peer: 0, proxy: 0 }
  const add = (event: More, counter: keyof typeof seq): Tracer => {
    self.events.push(TraceEventSchema.parse({ ...event, seq: seq[counter]++, ticks, ms: ticks * tick_ms + 0.25 }))
    return self
  }
  const self: Tracer = {
    events: [],
    at(tick) { ticks = tick; return self },
    subject: (kind, id, more = {}) => add({ witness: 'subject', kind, id, ...more }, 'realm'),
    page: (kind, id, more = {}) => add({ witness: 'page', kind, id, ...more }, 'realm'),
    peer: (kind, id, more = {}) => add({ witness: 'peer', kind, id, peer: 'p', connection: 1, ...(kind === 'peer.request' ? { transport: 1 } : {}), ...more }, 'peer'),
    proxy: (host, attributed_to) => add({ witness: 'proxy', kind: 'proxy.refused', id: host, attributed_to }, 'proxy'),
    bridge: (side, kind, session, artifact_sha256) => add({ witness: 'bridge', kind, id: 'bridge', side, session, artifact_sha256 }, 'realm'),
    end: (alive = {}) => self.subject('shutdown.started', 'subject').subject('shutdown.finished', 'subject')
      .page('host.alive', 'realm', { timers: [], sockets: [], requests: [], streams: [], ...alive }),
  }
  return self
}

export const text = (value: string): { message: ReturnType<typeof summarize> } => ({ message: summarize(value) })

type Parts = Partial<Omit<Scenario, 'expect'>> & { expect?: Partial<Expectation> }

export const scenarioOf = (parts: Parts): Scenario => ScenarioSchema.parse({
  id: 'timer.made.up', title: 'made up', surface_family: 'timer_surface', tiers: ['T0'], scenario_clock_id: 'scenario.monotonic', tick_ms: 10,
  normalization_window: { early_ticks: 0, late_ticks: 3 }, logical_deadline_id: null, deadlines: {}, peers: {}, tasks: { main: [{ op: 'mark', mark: 'm' }] }, limit_ticks: 100, ...parts,
  expect: { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [], ...parts.expect },
})

export const recordOf = (scenario: Scenario, tracer: Tracer, side: 'lab' | 'live' = 'live', stalled = false): NormalizedRecord =>
  normalize({ scenario, events: tracer.events, clock_source: side === 'lab' ? 'virtual_clock' : 'performance_now', end: { stalled }, digest: canonicalDigest })

/** A deadline of six ticks met at tick two by the timer `work`; `guard` shows that it then stays silent. */
export const deadlineScenario = (parts: Parts = {}): Scenario => scenarioOf({
  id: 'timer.deadline.met', logical_deadline_id: 'budget', deadlines: { budget: { budget_ticks: 6 } },
  tasks: {
    main: [
      { op: 'deadline.start', deadline: 'budget' },
      { op: 'timer.set', timer: 'work', after_ticks: 2, on_fire: [{ op: 'deadline.finish', deadline: 'budget', how: 'completed' }] },
      { op: 'timer.set', timer: 'doomed', after_ticks: 4 },
      { op: 'timer.wait', timer: 'work' },
      { op: 'timer.clear', timer: 'doomed' },
    ],
  },
  ...parts,
  expect: {
    timers: { work: { outcome: 'fired', fired: 1 }, doomed: { outcome: 'cancelled', fired: 0 } },
    deadlines: { budget: 'completed_before_deadline' },
    orders: [['timer.work.fired', 'deadline.budget.completed', 'timer.doomed.cleared']],
    at_ticks: { 'timer.work.fired': 2 },
    ...parts.expect,
  },
})

/** What a sound run of `deadlineScenario` looks like when its timer fires at a tick; `page` false leaves out that witness. */
export function deadlineTrace({ fires = 2, page = true, doomedFires = false, alive = [] as string[] } = {}): Tracer {
  const tracer = trace().subject('deadline.started', 'budget', { budget_ticks: 6 })
  tracer.subject('timer.set', 'work', { delay_ms: 20 }).subject('timer.set', 'doomed', { delay_ms: 40 })
  if (page) tracer.page('host.timer.set', '1', { delay_ms: 20, repeat: false })
  tracer.at(fires)
  if (page) tracer.page('host.timer.fired', '1')
  tracer.subject('timer.fired', 'work').subject('deadline.completed', 'budget').subject('timer.cleared', 'doomed')
  if (doomedFires) tracer.at(fires + 2).subject('timer.fired', 'doomed')
  tracer.subject('task.finished', 'main')
  if (page) return tracer.end({ timers: alive })
  return tracer.subject('shutdown.started', 'subject').subject('shutdown.finished', 'subject')
}

/** A channel that greets an echoing peer and closes. */
export const channelScenario = (parts: Parts = {}): Scenario => scenarioOf({
  id: 'websocket.made.up', surface_family: 'virtual_transport_surface',
  peers: { p: { kind: 'websocket', connections: [{ handshake: { answer: 'accept' }, on_message: [{ actions: [{ do: 'echo' }] }] }] } },
  tasks: { main: [{ op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'socket.send', channel: 'c', message: { kind: 'text', text: 'hello' } }, { op: 'socket.close', channel: 'c', code: 1000 }] },
  ...parts,
  expect: {
    channels: { c: { opened: true, received: [{ kind: 'text', text: 'hello' }], peer_received: [{ kind: 'text', text: 'hello' }], close: { initiator: 'subject', code: 1000, reason: 'bye', clean: true } } },
    ...parts.expect,
  },
})

export function channelTrace({ peerGets = true, peer = true, code = 1000 } = {}): Tracer {
  const tracer = trace().subject('channel.opening', 'c').page('host.socket.created', 'c').page('host.socket.open', 'c', { protocol: '' }).subject('channel.open', 'c', { protocol: '' })
  tracer.subject('channel.sent', 'c', text('hello')).page('host.socket.sent', 'c', text('hello'))
  if (peer) tracer.peer('peer.connected', 'c', { protocols: [] }).peer('peer.accepted', 'c', { protocol: '' })
  if (peer && peerGets) tracer.peer('peer.message', 'c', text('hello'))
  if (peer) tracer.peer('peer.sent', 'c', text('hello'))
  tracer.at(1).page('host.socket.message', 'c', text('hello')).subject('channel.message', 'c', text('hello'))
  tracer.subject('channel.closing', 'c', { code: 1000, reason: 'bye' }).page('host.socket.close_called', 'c', { code: 1000, reason: 'bye' })
  if (peer) tracer.peer('peer.closed', 'c', { code, reason: 'bye', clean: true })
  tracer.page('host.socket.closed', 'c', { code, reason: 'bye', clean: true }).subject('channel.closed', 'c', { code, reason: 'bye', clean: true })
  return tracer.subject('task.finished', 'main').end()
}

/** A POST over HTTP/2 that its peer takes whole and answers. */
export const exchangeScenario = (parts: Parts = {}): Scenario => scenarioOf({
  id: 'http.made.up', surface_family: 'http_surface',
  peers: { p: { kind: 'http', http_version: 'h2', exchanges: [{ actions: [{ do: 'await_body' }, { do: 'head', status: 201 }, { do: 'body', message: { kind: 'text', text: 'taken' } }, { do: 'end' }] }] } },
  tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'p', method: 'POST', body: { kind: 'text', text: 'hello' } }, { op: 'request.wait_end', exchange: 'x' }] },
  ...parts,
  expect: {
    exchanges: {
      x: {
        end: 'completed', status: 201, body: [{ kind: 'text', text: 'taken' }], peer_saw: 'ended', requests: 1,
        request_body: [{ kind: 'text', text: 'hello' }], protocol_version: 'h2', shares_connection: [],
      },
    },
    orders: [['exchange.x.sent', 'exchange.x.head', 'exchange.x.completed']],
    ...parts.expect,
  },
})

/** What a sound run of `exchangeScenario` looks like; `peer` false leaves out that witness. */
export function exchangeTrace({ http_version = 'HTTP/2.0', body = 'hello', peer = true, transport = 1 } = {}): Tracer {
  const bytes = (value: string): MessageSummary => summarize(new TextEncoder().encode(value))
  const tracer = trace().subject('exchange.sent', 'x').page('host.fetch.sent', 'x', { method: 'POST' })
  if (peer) {
    tracer.peer('peer.request', 'x', { method: 'POST', path: '', http_version, transport, last_event_id: '' }).peer('peer.request_body', 'x', { body: bytes(body) })
      .peer('peer.head_sent', 'x', { status: 201 }).peer('peer.body_sent', 'x', { bytes: 5 }).peer('peer.ended', 'x')
  }
  tracer.at(1).page('host.fetch.head', 'x', { status: 201, redirected: false }).subject('exchange.head', 'x', { status: 201, redirected: false })
  tracer.page('host.fetch.chunk', 'x', { bytes: 5 }).subject('exchange.chunk', 'x', { bytes: 5 }).page('host.fetch.ended', 'x', { bytes: 5 })
  return tracer.subject('exchange.completed', 'x', { body: bytes('taken') }).subject('task.finished', 'main').end()
}

const HASH = '0'.repeat(64)
export const labRun = (record: NormalizedRecord, more: Partial<LabRun> = {}): LabRun => ({
  schema: 'lanecheck.lab-run.v1', scenario_id: record.scenario_id, seed: 1, artifact_sha256: HASH, deterministic: true, record,
  runs: [{ schedule_hash: HASH, event_hash: HASH, event_count: 9 }, { schedule_hash: HASH, event_hash: HASH, event_count: 9 }], ...more,
})

export const DIRECT: Admission = { support_class: 'direct', reason_code: 'admitted_direct', route: 'direct', cause: null, bridge_handshake: false }
export const BRIDGED: Admission = { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', route: 'bridge', cause: { cause: 'subject_declines_host_role' }, bridge_handshake: true }
export const REFUSED: Admission = { support_class: 'unsupported', reason_code: 'unsupported_runtime_context', route: 'none', cause: { cause: 'missing_capability', capability: 'webassembly' }, bridge_handshake: false }

/** Evidence of a cell: one lab trace, one live trace an attempt. */
export function evidenceOf(scenario: Scenario, lab: Tracer, live: readonly Tracer[], more: Partial<CellEvidence> = {}): CellEvidence {
  const admission = more.admission ?? DIRECT
  const attempts: LiveAttempt[] = live.map((tracer, index) => ({ attempt: index + 1, route: admission.route, record: recordOf(scenario, tracer) }))
  return {
    scenario, admission, lab: labRun(recordOf(scenario, lab, 'lab')), attempts, infrastructure: null, engine_available: true,
    bridge_logs_agree: admission.route === 'bridge' ? true : null, peers_from_model: true, capture_manifest_path: 'bundles/x/capture-manifest.json', normalized_record_path: 'bundles/x/live.json', ...more,
  }
}
