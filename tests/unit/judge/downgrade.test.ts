import { describe, expect, it } from 'vitest'
import { DowngradeSchema } from '../../../src/contract/downgrade.js'
import type { BridgeEvent, TraceEvent } from '../../../src/contract/trace.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { downgradeOf, firstDisagreement } from '../../../src/judge/downgrade.js'
import { bridgedSession } from '../bridge/logs.js'
import { BRIDGED, DIRECT, channelTrace, deadlineTrace } from './traces.js'

const [ARTIFACT, OTHER] = ['a'.repeat(64), 'b'.repeat(64)]
const PARTS = { artifact_sha256: ARTIFACT, proven_role: 'shared_worker' } as const
const EVENTS = channelTrace().events

const of = (events: readonly TraceEvent[], more: object = {}) => downgradeOf({
  cell_id: 'chromium.shared_worker/websocket.close.by_subject', lane_id: 'chromium.shared_worker.bridge', scenario_id: 'websocket.close.by_subject', admission: BRIDGED, artifact_sha256: ARTIFACT,
  results: [{ lost: false, proven_role: 'shared_worker', events: events.map((event, seq) => ({ ...event, seq })) }], digest: canonicalDigest, ...more,
})
const whole = (): TraceEvent[] => bridgedSession(EVENTS, PARTS)
/** The session's log with one side's step changed. */
const changed = (side: BridgeEvent['side'], kind: BridgeEvent['kind'], more: Partial<BridgeEvent>): TraceEvent[] =>
  whole().map((event) => (event.witness === 'bridge' && event.side === side && event.kind === kind ? { ...event, ...more } : event))
const without = (side: BridgeEvent['side'], kind: BridgeEvent['kind']): TraceEvent[] => whole().filter((event) => !(event.witness === 'bridge' && event.side === side && event.kind === kind))

describe('T0 browser_surface: the downgrade record', () => {
  it('tells what was missing, who offered and accepted over which carrier, what ran where, and that both logs agree', () => {
    const record = DowngradeSchema.parse(of(whole()))
    const steps = ['offered', 'accepted', 'run', 'finished'].map((step) => ({ step, reason: null }))
    const sent = EVENTS.filter(({ witness }) => witness === 'subject' || witness === 'page').length
    expect(record).toMatchObject({
      missing: { cause: 'subject_declines_host_role' }, complete: true,
      attempts: [{
        attempt: 1, lost: false, carrier: 'websocket', disagreements: [],
        realm: { session: 's-1', artifact_sha256: ARTIFACT, proven_role: 'shared_worker', steps, events: sent }, server: { session: 's-1', artifact_sha256: ARTIFACT, proven_role: 'shared_worker', steps, events: sent },
        ran: { realm: { host_role: 'shared_worker', own_events: 0 }, server: { host_role: 'server', artifact_sha256: ARTIFACT, events: sent } },
      }],
    })
    expect(firstDisagreement(record)).toBeNull()
  })

  it('there is none where nothing ran, or nothing ran over a bridge', () => {
    for (const admission of [DIRECT, { ...BRIDGED, route: 'direct' }, { ...BRIDGED, cause: null }]) expect(of(whole(), { admission })).toBeNull()
    expect(of(whole(), { results: [] })).toBeNull()
  })

  it('another order, clock or number of the same log is the same record', () => {
    const moved = whole().map((event) => (event.witness === 'bridge' ? { ...event, ms: 7, ticks: 3 } : event))
    expect(of(moved)).toEqual(of(whole()))
  })

  it('of the kit\'s own bridge, no server of the subject\'s is named', () => expect(Object.keys(of(whole())!)).not.toContain('own_server'))

  it('each side\'s log has a digest of its own lines, in which neither the clock nor how it was closed counts', () => {
    const { realm, server } = of(whole())!.attempts[0]!
    const lines = (side: BridgeEvent['side']): object[] => whole().flatMap((event) => {
      if (event.witness !== 'bridge' || event.side !== side || event.kind === 'bridge.closed') return []
      const { seq: _, ticks: __, ms: ___, ...line } = event
      return [line]
    })
    expect([realm.log_sha256, server.log_sha256]).toEqual([canonicalDigest(lines('realm')), canonicalDigest(lines('server'))])
    expect(of(without('realm', 'bridge.closed'))).toEqual(of(whole()))
  })

  it('what the server closed after its end changes nothing', () => {
    const [closed] = whole().filter(({ kind }) => kind === 'bridge.closed')
    expect(of([...whole(), { ...closed, side: 'server', artifact_sha256: null } as BridgeEvent])).toMatchObject({ complete: true, attempts: [{ disagreements: [] }] })
  })

  it('without any log every field stands open', () => {
    const nothing = { realm: 'nothing', server: 'nothing' }
    const events = EVENTS.filter(({ witness }) => witness === 'subject' || witness === 'page')
    expect(of(EVENTS)!.attempts[0]!.disagreements).toEqual([
      ...['steps', 'session', 'artifact_sha256', 'carrier', 'proven_role', 'events'].map((field) => ({ field, ...nothing })),
      { field: 'ran.realm.own_events', realm: String(events.length), server: '0' },
      { field: 'ran.server.events_sha256', realm: canonicalDigest(events.map(({ seq: _, ...event }) => event)), server: 'nothing' },
      { field: 'ran.server.artifact_sha256', realm: ARTIFACT, server: 'nothing' },
    ])
  })

  it('a step that has a reason is told with it', () => {
    const refused: BridgeEvent = { witness: 'bridge', id: 'bridge', seq: 0, ticks: 0, ms: 0, side: 'server', kind: 'bridge.refused', session: 's-1', artifact_sha256: ARTIFACT, reason: 'second_run' }
    expect(firstDisagreement(of([...whole(), refused]))).toBe('steps: the realm has offered, accepted, run, finished, the server offered, accepted, run, finished, refused (second_run)')
  })

  it.each<[string, TraceEvent[], string]>([
    ['no log at all', [...EVENTS], 'steps'],
    ['a server that never logged its acceptance', without('server', 'bridge.accepted'), 'steps'],
    ['a realm that never logged the end', without('realm', 'bridge.finished'), 'steps'],
    ['a step out of order', [...whole().slice(1), whole()[0]!], 'steps'],
    ['a handshake of another session', changed('realm', 'bridge.accepted', { session: 'replayed' }), 'session'],
    ['another artifact accepted', changed('server', 'bridge.accepted', { artifact_sha256: OTHER }), 'artifact_sha256'],
    ['another carrier', changed('server', 'bridge.accepted', { carrier: 'long_polling' }), 'carrier'],
    ['another role on one side', changed('server', 'bridge.offered', { proven_role: 'window' }), 'proven_role'],
    ['another role on both, and not the one that was proven', bridgedSession(EVENTS, { ...PARTS, proven_role: 'window' }), 'proven_role'],
    ['other counts', changed('server', 'bridge.finished', { events: 2 }), 'events'],
    ['a worker that evaluated another artifact', changed('server', 'bridge.finished', { artifact_sha256: OTHER }), 'ran.server.artifact_sha256'],
    ['a worker that never said what it evaluated', changed('server', 'bridge.finished', { artifact_sha256: null }), 'ran.server.artifact_sha256'],
    ['events that the server never sent: the realm ran by itself', whole().map((event) => (event.kind === 'task.finished' ? { ...event, id: 'other' } : event)), 'ran.server.events_sha256'],
    ['more events than the server sent', [...whole(), deadlineTrace().events.find(({ witness }) => witness === 'subject')!], 'ran.realm.own_events'],
    ['a refusal', [...whole(), { witness: 'bridge', id: 'bridge', seq: 0, ticks: 0, ms: 0, side: 'server', kind: 'bridge.refused', session: 's-1', artifact_sha256: ARTIFACT, reason: 'second_run' }], 'steps'],
  ])('is incomplete after %s', (_, events, field) => {
    const record = DowngradeSchema.parse(of(events))
    expect(record.complete).toBe(false)
    expect(record.attempts[0]!.disagreements.map((one) => one.field)).toContain(field)
    expect(firstDisagreement(record)).toContain(': the realm has ')
  })

  it('a result that was lost says nothing, and takes nothing away', () => {
    const record = of([], { results: [{ lost: true, proven_role: null, events: whole().slice(0, 4) }, { lost: false, proven_role: 'shared_worker', events: whole() }] })
    expect(record).toMatchObject({ complete: true, attempts: [{ lost: true }, { lost: false, disagreements: [] }] })
  })

  it('one attempt that is not complete is enough, and the first such one is told', () => {
    const [sound, broken] = [{ lost: false, proven_role: 'shared_worker', events: whole() }, { lost: false, proven_role: 'shared_worker', events: changed('server', 'bridge.accepted', { carrier: 'long_polling' }) }]
    const record = of([], { results: [{ lost: true, proven_role: null, events: whole().slice(0, 4) }, sound, broken] })
    expect(record).toMatchObject({ complete: false, attempts: [{ attempt: 1 }, { attempt: 2 }, { attempt: 3, disagreements: [{ field: 'carrier' }] }] })
    expect(firstDisagreement(record)).toBe('carrier: the realm has websocket, the server long_polling')
    expect(firstDisagreement(null)).toBeNull()
  })

  const threw = (id: string, name: string): TraceEvent => ({ witness: 'subject', kind: 'subject.threw', id, name, message: 'no', trap: false, seq: 0, ticks: 0, ms: 0 })
  it.each(['subject_throws', 'subject_never_starts'])('what Node adds when a subject does not start (%s) is not taken for the realm\'s own', (name) => {
    expect(of([...whole(), threw(name, name)])).toMatchObject({ complete: true })
  })
  it.each<[string, TraceEvent]>([
    ['another thing thrown', threw('main', 'main')], ['an error of the subject\'s at a step of that name', threw('subject_throws', 'Error')],
    ['a mark of that name', { witness: 'subject', kind: 'mark', id: 'subject_throws', seq: 0, ticks: 0, ms: 0 }],
  ])('%s is', (_, event) => expect(of([...whole(), event])).toMatchObject({ complete: false, attempts: [{ ran: { realm: { own_events: 1 } } }] }))
})
