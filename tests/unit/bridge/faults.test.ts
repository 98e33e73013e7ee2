import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket as StandardSocket } from 'undici'
import { BRIDGE_FAULTS, type BridgeFault } from '../../../bridge/faults.js'
import { BRIDGE_LIMITS } from '../../../bridge/protocol.js'
import type { FromRealm } from '../../../src/contract/realm-protocol.js'
import type { RealmEvent, TraceEvent } from '../../../src/contract/trace.js'
import type { VerdictToken } from '../../../src/contract/vocabulary.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { judge } from '../../../src/judge/judge.js'
import { startLoopback, type Attempt, type Loopback } from '../../../src/loopback/loopback.js'
import { openBridgeDesk, type BridgeDesk } from '../../../src/run/bridge-desk.js'
import { bundlePaths } from '../../../src/run/bundle-paths.js'
import { cellEvidence } from '../../../src/run/cell-evidence.js'
import { liveAttempt, lossOf } from '../../../src/run/live-attempt.js'
import { BRIDGED, deadlineScenario, deadlineTrace } from '../judge/traces.js'
import { freshRealm } from '../host-probes/support.js'
import { until } from '../loopback/support.js'
import { packetOf, probeOf, resultOf, seenCell } from '../run/support.js'
import { alive, artifactOf, orderOf } from './support.js'

/** What a whole run of the scenario looks like, in two batches, so that there is a middle to die in. */
const EVENTS = deadlineTrace().events.filter((event): event is RealmEvent => event.witness === 'subject' || event.witness === 'page')
const say = (events: readonly RealmEvent[]): string => `say(${JSON.stringify({ type: 'events', events })});`
const ARTIFACT = artifactOf(`${say(EVENTS.slice(0, 2))} setTimeout(() => { ${say([...EVENTS.slice(2), ...(EVENTS.some(({ kind }) => kind === 'host.alive') ? [] : [alive()])])} say({ type: 'done', stalled: false }) }, 100)`)

interface Required { verdict: VerdictToken; reason: RegExp; at_probe: 'done' | 'bridge_unreachable' | 'bridge_broken' }
const LOST = { verdict: 'infrastructure_loss', at_probe: 'done' } as const
const REFUSED = { verdict: 'invalid_experiment', at_probe: 'done' } as const
const REQUIRED: Record<BridgeFault, Required> = {
  unreachable: { ...LOST, reason: /^loopback_failed: .*(unreachable|connection_lost)/, at_probe: 'bridge_unreachable' },
  refuses: { ...LOST, reason: /^loopback_failed: .*too_many_sessions/, at_probe: 'bridge_unreachable' },
  slow_handshake: { ...LOST, reason: /^loopback_failed: .*handshake_too_slow/, at_probe: 'bridge_unreachable' },
  slow_but_in_time: { verdict: 'bridge_only', reason: /^lab and live agree/, at_probe: 'done' },
  hangs_after_handshake: { ...LOST, reason: /^loopback_failed: .*other_side_silent/ },
  dies_in_run: { ...LOST, reason: /^loopback_failed: .*connection_lost/ },
  worker_dies_in_run: { ...LOST, reason: /^realm_crashed: the bridge's worker exited/ },
  restarts_in_run: { ...LOST, reason: /^loopback_failed: .*server_closing/ },
  answers_out_of_order: { ...REFUSED, reason: /steps: the realm has .*out_of_order/ },
  answers_twice: { ...REFUSED, reason: /steps: the realm has .*duplicate_frame/ },
  repeats_events: { ...REFUSED, reason: /events: the realm has \d+, the server \d+/ },
  garbage: { ...REFUSED, reason: /steps: the realm has .*bad_frame/ },
  another_session: { ...REFUSED, reason: /steps: the realm has .*foreign_session/ },
  names_another_artifact: { ...REFUSED, reason: /artifact_sha256: the realm has f{64}/ },
}

/** Over HTTP, those whose answer depends on how a line ends. */
const OVER_HTTP: readonly BridgeFault[] = ['unreachable', 'refuses', 'slow_but_in_time', 'hangs_after_handshake', 'dies_in_run', 'garbage']

describe.each(['websocket', 'fetch_streaming', 'long_polling'] as const)('T4 browser_surface: a faulty bridge over %s costs its own cell, in bounded time', (carrier) => {
  let [desk, loopback]: [BridgeDesk | null, Loopback | null] = [null, null]
  let planted: BridgeFault | null = null
  let attempts = 0
  beforeEach(async () => {
    vi.stubGlobal('WebSocket', carrier === 'websocket' ? StandardSocket : undefined)
    // Node's own fetch needs the global streams: what is taken away is the realm's view of a body.
    if (carrier === 'long_polling') vi.stubGlobal('Response', class {})
    const limits = { ...BRIDGE_LIMITS, handshake_ms: 2_000, beat_ms: 50, silent_beats: 50 }
    vi.doMock('../../../bridge/protocol.js', () => ({ BRIDGE_LIMITS: limits }))
    desk = openBridgeDesk(ARTIFACT, sha256Hex(ARTIFACT), 1, { limits, fault: () => planted })
    loopback = await startLoopback({ slots: 1, artifact: '', agent: '', onBridge: desk.serve, bridge_longest: limits.message_bytes })
  })
  afterEach(async () => {
    planted = null
    vi.doUnmock('../../../bridge/protocol.js')
    vi.unstubAllGlobals()
    await loopback?.close()
    await desk?.close()
  })

  const attemptAt = (): Attempt => loopback!.attempt({ attempt: `a-${++attempts}`, slot: 0, scenario: null, onMessage: () => undefined, onClosed: () => undefined, onPeerEvent: () => undefined, onRefused: (what) => { throw new Error(what) } })

  async function overBridge(what: 'offer' | 'run'): Promise<{ end: FromRealm; events: TraceEvent[] }> {
    const attempt = attemptAt()
    const events: TraceEvent[] = []
    const bridge_ticket = desk!.expect(attempt.attempt, (event) => events.push(event))
    const order = { ...orderOf(), scenario: deadlineScenario(), bridge_url: attempt.bridge_url, bridge_ticket }
    desk!.ordered(attempt.attempt, order)
    const fresh = await freshRealm()
    const { offerBridge, runOverBridge } = await import('../../../bridge/realm-side.js')
    const role = await import('../../../host-probes/role.js')
    vi.spyOn(role, 'proveRole').mockReturnValue({ proven_role: 'window', proofs: [], global_scope: 'Window' })
    const end = await (what === 'offer' ? offerBridge(order.bridge_url, bridge_ticket) : runOverBridge(order))
    await until(() => desk!.sessions() === 0)
    desk!.forget(attempt.attempt)
    attempt.dispose()
    vi.restoreAllMocks()
    const all = [...fresh.events(), ...events]
    return { end, events: all.map((event, seq) => ({ ...event, seq })) }
  }
  async function verdictOf(): Promise<{ verdict: string; reason: string }> {
    const { end, events } = await overBridge('run')
    const result = resultOf({ probe: probeOf('window'), events, end: end as Extract<FromRealm, { type: 'done' | 'failed' }> })
    const base = seenCell({ packet: packetOf({ admission: BRIDGED }) })
    const loss = lossOf(result)
    const seen = { ...base, results: [result], infrastructure: loss, attempts: loss === null ? [liveAttempt(base.scenario, 1, 'bridge', result)] : [], lab: { run: { ...base.lab!.run, artifact_sha256: sha256Hex(ARTIFACT) }, events: [] } }
    return judge(cellEvidence(seen, bundlePaths('chromium.window.bridge', base.scenario.id)))
  }

  it.each(carrier === 'websocket' ? BRIDGE_FAULTS : OVER_HTTP)('%s', async (fault) => {
    const { verdict, reason, at_probe } = REQUIRED[fault]
    planted = fault
    const probed = (await overBridge('offer')).end
    expect(probed.type === 'failed' ? probed.code : probed.type).toBe(at_probe)
    const seen = await verdictOf()
    expect(seen).toMatchObject({ verdict, reason: expect.stringMatching(reason) as string })
    if (verdict === 'invalid_experiment') expect(seen).toMatchObject({ eligibility_verdict: 'blocked_missing_observability', findings: expect.arrayContaining([expect.objectContaining({ law: 'bridge_handshake' })]) as unknown })
    // The run goes on: the next attempt meets a sound server.
    planted = null
    expect(await verdictOf()).toMatchObject({ verdict: 'bridge_only' })
  })
})
