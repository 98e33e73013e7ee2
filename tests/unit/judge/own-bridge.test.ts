import { describe, expect, it } from 'vitest'
import { DowngradeSchema } from '../../../src/contract/downgrade.js'
import type { OwnServerBlock } from '../../../src/contract/own-downgrade.js'
import { summarize } from '../../../src/contract/summary.js'
import type { BridgeEvent, TraceEvent } from '../../../src/contract/trace.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { downgradeOf, firstDisagreement } from '../../../src/judge/downgrade.js'
import { judge } from '../../../src/judge/judge.js'
import { doneInRealm } from '../../../src/judge/own-bridge.js'
import { probeOf, SUBJECT } from '../run/support.js'
import { BRIDGED, DIRECT, deadlineScenario, deadlineTrace, evidenceOf, trace } from './traces.js'

const SERVER: OwnServerBlock = { kind: 'command', command: ['node', 'server.mjs'], ready: { path: '/health' }, limit_ms: 1_000 }
const [ASK, FIRED] = [summarize('set'), summarize('fired')]

const step = (side: BridgeEvent['side'], kind: BridgeEvent['kind'], more: Partial<BridgeEvent> = {}): BridgeEvent =>
  ({ witness: 'bridge', id: 'bridge', seq: 0, ticks: 0, ms: 0, side, kind, session: 's-1', artifact_sha256: null, ...more })
const passed = (direction: 'up' | 'down', message = direction === 'up' ? ASK : FIRED): BridgeEvent => step('server', 'bridge.passed', { carrier: 'websocket', direction, message })

/** A timer that is set on the subject's own server, and fires when word comes from there. */
const realm = (): TraceEvent[] => trace().page('host.socket.created', 'own_bridge').page('host.socket.open', 'own_bridge', { protocol: '' })
  .subject('timer.set', 'a', { delay_ms: 20 }).page('host.socket.sent', 'own_bridge', { message: ASK })
  .at(2).page('host.socket.message', 'own_bridge', { message: FIRED }).subject('timer.fired', 'a').end().events
const session = (): TraceEvent[] => [
  step('realm', 'bridge.offered', { proven_role: 'shared_worker' }), step('server', 'bridge.offered', { carrier: 'websocket' }), step('server', 'bridge.accepted', { carrier: 'websocket' }),
  step('realm', 'bridge.accepted'), step('realm', 'bridge.run'), ...realm(), passed('up'), passed('down'), step('realm', 'bridge.finished'), step('server', 'bridge.finished', { events: 2 }),
]
const of = (events: readonly TraceEvent[]) => DowngradeSchema.parse(downgradeOf({
  cell_id: 'chromium.shared_worker/timer.a.b', lane_id: 'chromium.shared_worker.bridge', scenario_id: 'timer.a.b', admission: BRIDGED, artifact_sha256: 'a'.repeat(64), own_server: SERVER,
  results: [{ lost: false, proven_role: 'shared_worker', events: events.map((event, seq) => ({ ...event, seq })) }], digest: canonicalDigest,
}))
const isStep = (side: BridgeEvent['side'], kind: BridgeEvent['kind']) => (event: TraceEvent): boolean => event.witness === 'bridge' && event.side === side && event.kind === kind

describe('T0 browser_surface: the downgrade record of a subject\'s own server', () => {
  it('says which server it was, that the realm did nothing itself, and that door and realm saw the same line', () => {
    const record = of(session())
    expect(record).toMatchObject({
      own_server: SERVER, complete: true,
      attempts: [{ carrier: 'websocket', disagreements: [], realm: { session: 's-1', events: 2, proven_role: 'shared_worker' }, server: { session: 's-1', events: 2 }, ran: { realm: { own_events: 0 }, server: { artifact_sha256: null, events: 2 } } }],
    })
    expect(firstDisagreement(record)).toBeNull()
  })

  it('a last word that did not arrive before the end takes nothing away', () => {
    expect(of([...session(), passed('down', summarize('late'))]).complete).toBe(true)
  })

  it.each<[string, TraceEvent[], string]>([
    ['a server that was never asked', session().filter((event) => !(event.witness === 'bridge' && event.side === 'server')), 'steps'],
    ['a server that never answered well', session().filter((event) => !isStep('server', 'bridge.accepted')(event)), 'steps'],
    ['a realm that never came to its end', session().filter((event) => !isStep('realm', 'bridge.finished')(event)), 'steps'],
    ['a log of another session', session().map((event) => (isStep('realm', 'bridge.accepted')(event) ? { ...event, session: 'replayed' } as BridgeEvent : event)), 'session'],
    ['another role than the proven one', session().map((event) => (isStep('realm', 'bridge.offered')(event) ? { ...event, proven_role: 'window' } as BridgeEvent : event)), 'proven_role'],
    ['a line that the page never saw', session().filter((event) => event.witness !== 'page' || event.id !== 'own_bridge'), 'carrier'],
    ['a word of the server that did not come through the door', session().filter((event) => !(event.kind === 'bridge.passed' && event.direction === 'down')), 'line.down'],
    ['a word through the door that the realm did not send', [...session(), passed('up')], 'line.up'],
    ['a peer that the realm reached itself', [...session(), ...trace().page('host.socket.created', 'chat').events], 'ran.realm.own_events'],
    ['a timer of the host\'s in the realm', [...session(), ...trace().page('host.timer.fired', '1').subject('timer.fired', 'a').events], 'ran.realm.own_events'],
  ])('is incomplete after %s', (_, events, field) => {
    const record = of(events)
    expect(record.complete).toBe(false)
    expect(record.attempts[0]!.disagreements.map((one) => one.field)).toContain(field)
  })

  it('a timer of the subject\'s own use is none of the scenario\'s: word came from the server after it', () => {
    const events = trace().page('host.timer.fired', '1').page('host.socket.message', 'own_bridge', { message: FIRED }).subject('timer.fired', 'a').subject('deadline.exceeded', 'd').events
    expect(doneInRealm(events)).toBe(0)
  })
})

describe('T0 browser_surface: a subject that takes its host for another', () => {
  const evidence = (admission: typeof DIRECT, claim: { support_class: string; reason_code: string } | { error: string }) => ({
    ...evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()]), admission, bridge_logs_agree: admission === BRIDGED ? true : null,
    admitted: { host_role: 'window' as const, subject: { ...SUBJECT, downgrade: { classify: 'c' }, claim }, probe: probeOf('window') },
  })
  const [HERE, THERE] = [{ support_class: 'direct', reason_code: 'admitted_direct' }, { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge' }]

  it('agreement is kept as a note and changes nothing', () => {
    const judged = judge(evidence(DIRECT, HERE))
    expect(judged).toMatchObject({ verdict: 'parity', findings: [{ law: 'admission', severity: 'note', field: 'classify' }] })
  })

  it.each([
    ['a downgrade where nothing is missing', DIRECT, THERE, 'semantic_mismatch'],
    ['no answer', DIRECT, { error: 'it threw' }, 'semantic_mismatch'],
    ['direct where the ladder bridges', BRIDGED, HERE, 'bridge_mismatch'],
  ] as const)('%s is never parity', (_, admission, claim, verdict) => {
    const judged = judge(evidence(admission, claim))
    expect(judged).toMatchObject({ verdict, eligibility_verdict: 'eligible', reason: expect.stringContaining('the subject\'s own classify() says') })
    expect(judged.findings[0]).toMatchObject({ law: 'admission', severity: 'break', field: 'classify' })
  })
})
