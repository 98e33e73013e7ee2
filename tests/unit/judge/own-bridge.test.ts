import { describe, expect, it } from 'vitest'
import { DowngradeSchema } from '../../../src/contract/downgrade.js'
import type { OwnServerBlock } from '../../../src/contract/own-downgrade.js'
import { summarize } from '../../../src/contract/summary.js'
import type { BridgeEvent, TraceEvent } from '../../../src/contract/trace.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { downgradeOf, firstDisagreement } from '../../../src/judge/downgrade.js'
import { judge } from '../../../src/judge/judge.js'
import { doneInRealm, heardOnOwnLine, overOwnBridge } from '../../../src/judge/own-bridge.js'
import { traceView } from '../../../src/judge/trace-view.js'
import { probeOf, SUBJECT } from '../run/support.js'
import { BRIDGED, DIRECT, deadlineScenario, deadlineTrace, evidenceOf, trace, type Tracer } from './traces.js'

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

  it.each<[string, TraceEvent[], object]>([
    ['a word through the door that the realm did not send', [...session(), passed('up')], { field: 'line.up', realm: 'not all', server: '1 messages that the realm did not send' }],
    ['another word than the realm sent', session().map((event) => (event.kind === 'bridge.passed' && event.direction === 'up' ? passed('up', summarize('other')) : event)), { field: 'line.up', realm: 'not all', server: '1 messages that the realm did not send' }],
    ['words that did not come through the door', session().filter(({ kind }) => kind !== 'bridge.passed'), { field: 'line.down', realm: '1 messages that did not come through the door', server: 'not these' }],
    ['peers that the realm reached itself', [...session(), ...trace().page('host.socket.created', 'chat').page('host.fetch.sent', 'x', { method: 'GET' }).events], { field: 'ran.realm.own_events', realm: '2', server: '0' }],
  ])('says what was found after %s', (_, events, disagreement) => expect(of(events).attempts[0]!.disagreements).toEqual([disagreement]))

  // What the door handed on as HTTP, what the realm says was handed on, and a step that says of itself what only a message says, are no messages of the line.
  it.each<[string, TraceEvent[]]>([
    ['another socket of the page', trace().page('host.socket.sent', 'chat', { message: summarize('mine') }).page('host.socket.message', 'chat', { message: summarize('theirs') }).events],
    ['a body that the door handed on', [step('server', 'bridge.passed', { carrier: 'http', direction: 'up', message: summarize('body') }), step('server', 'bridge.passed', { carrier: 'http', direction: 'up' })]],
    ['a message of which the door knows nothing', [step('server', 'bridge.passed', { carrier: 'websocket', direction: 'up' })]],
    ['what the realm says was handed on', [step('realm', 'bridge.passed', { carrier: 'websocket', direction: 'up', message: summarize('said') })]],
    ['a session that was closed', [step('server', 'bridge.closed', { carrier: 'websocket', direction: 'up', message: summarize('closed') })]],
  ])('%s is no word on the line', (_, more) => expect(of([...session(), ...more])).toMatchObject({ complete: true, attempts: [{ realm: { events: 2 }, disagreements: [] }] }))

  it('the door\'s own word for what it carries counts, from the one session it accepted', () => {
    const foreign = [step('realm', 'bridge.accepted', { carrier: 'http' }), step('server', 'bridge.offered', { carrier: 'http' })]
    expect(of([...foreign, ...session()]).attempts[0]).toMatchObject({ carrier: 'websocket', server: { carrier: 'websocket' } })
    expect(of(session().filter((event) => !isStep('server', 'bridge.accepted')(event))).attempts[0]).toMatchObject({ carrier: null })
  })

  it.each<[string, Tracer, string | null]>([
    ['nothing', trace(), null],
    ['a socket that was never open', trace().page('host.socket.created', 'own_bridge'), null],
    ['another socket', trace().page('host.socket.open', 'chat', { protocol: '' }).page('host.fetch.head', 'x', { status: 200, redirected: false }), null],
    ['a request without an answer', trace().page('host.fetch.sent', 'own_bridge', { method: 'POST' }), null],
    ['a request with an answer', trace().page('host.fetch.sent', 'own_bridge', { method: 'POST' }).page('host.fetch.head', 'own_bridge', { status: 200, redirected: false }), 'http'],
    ['a stream of events', trace().page('host.events.message', 'own_bridge').page('host.events.created', 'own_bridge'), 'http'],
    ['a socket beside requests', trace().page('host.fetch.head', 'own_bridge', { status: 200, redirected: false }).page('host.socket.open', 'own_bridge', { protocol: '' }), 'websocket'],
  ])('what the page saw of its line tells its carrier: %s', (_, { events }, carrier) => {
    expect(of(events).attempts[0]!.realm).toMatchObject({ carrier, events: carrier === 'websocket' ? 0 : null })
  })
})

describe('T0 browser_surface: what the realm did itself', () => {
  const heard = (): Tracer => trace().page('host.socket.message', 'own_bridge', { message: FIRED })
  it.each<[string, Tracer, number]>([
    ['a timer of the subject\'s own use: word came from the server after it', trace().page('host.timer.fired', '1').page('host.socket.message', 'own_bridge', { message: FIRED }).subject('timer.fired', 'a').subject('deadline.exceeded', 'd'), 0],
    ['word, and then an answer to it', heard().page('host.socket.sent', 'own_bridge', { message: ASK }).subject('timer.fired', 'a'), 0],
    ['what is set is not yet gone off', trace().subject('timer.set', 'a', { delay_ms: 20 }).subject('timer.cleared', 'a'), 0],
    ['its own line, and what is at no peer', trace().page('host.socket.created', 'own_bridge').page('host.fetch.sent', 'other', { method: 'GET' }).page('host.fetch.sent', 'inline', { method: 'GET' }).page('host.events.created', 'outside').page('host.fetch.sent', 'unparsable', { method: 'GET' }), 0],
    ['timers that went off by nothing', trace().subject('timer.fired', 'a').subject('deadline.exceeded', 'd'), 2],
    ['a timer after the realm only sent', trace().page('host.socket.sent', 'own_bridge', { message: ASK }).subject('timer.fired', 'a'), 1],
    ['a timer after word from a peer', trace().page('host.socket.message', 'chat', { message: FIRED }).subject('timer.fired', 'a'), 1],
    ['a timer after a timer of the host\'s, whatever was heard before', heard().page('host.timer.fired', '1').subject('timer.fired', 'a'), 1],
    ['a peer that was reached in each way', trace().page('host.socket.created', 'c').page('host.fetch.sent', 'x', { method: 'GET' }).page('host.events.created', 's').page('host.socket.open', 'c', { protocol: '' }), 3],
  ])('%s', (_, { events }, own) => expect(doneInRealm(events)).toBe(own))

  it.each<[string, Tracer | TraceEvent[], boolean, boolean]>([
    ['nothing', trace(), false, false],
    ['a door that handed something on, and a page that was gone', [step('server', 'bridge.accepted'), passed('up')], true, false],
    ['a door that handed nothing on', [step('server', 'bridge.accepted')], false, false],
    ['a line on which only the realm spoke', trace().page('host.timer.set', '1', { delay_ms: 1, repeat: false }).page('host.socket.created', 'own_bridge'), true, false],
    ['a line on which the server spoke', trace().page('host.timer.set', '1', { delay_ms: 1, repeat: false }).page('host.fetch.head', 'own_bridge', { status: 200, redirected: false }), true, true],
    ['a peer that spoke', trace().page('host.socket.created', 'own_bridge').page('host.socket.message', 'chat', { message: FIRED }), true, false],
    ['a page that was asked at the end', trace().page('host.timer.set', '1', { delay_ms: 1, repeat: false }).end(), false, true],
  ])('whether it ran on the own server, and heard of it: %s', (_, traced, over, heard_on_it) => {
    const view = traceView(Array.isArray(traced) ? traced : traced.events)
    expect([overOwnBridge(view), heardOnOwnLine(view)]).toEqual([over, heard_on_it])
  })

  it.each<[string, Tracer]>([
    ['a message', heard()], ['a head', trace().page('host.fetch.head', 'own_bridge', { status: 200, redirected: false })], ['a chunk', trace().page('host.fetch.chunk', 'own_bridge', { bytes: 1 })],
    ['an end', trace().page('host.fetch.ended', 'own_bridge', { bytes: 1 })], ['an event', trace().page('host.events.message', 'own_bridge')],
  ])('word comes from the server as %s', (_, traced) => {
    expect(heardOnOwnLine(traceView(traced.events))).toBe(true)
    expect(doneInRealm(traced.subject('timer.fired', 'a').events)).toBe(0)
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
