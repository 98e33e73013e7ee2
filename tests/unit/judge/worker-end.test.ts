import { describe, expect, it } from 'vitest'
import { WorkerEndSchema, type WorkerEndSeen } from '../../../src/contract/worker-end.js'
import type { BridgeEvent } from '../../../src/contract/trace.js'
import { judge } from '../../../src/judge/judge.js'
import { attemptEnds, endedInScenario, pendingIn, workerEndLine, workerEndOf, workerEndRecord } from '../../../src/judge/worker-end.js'
import { deadlineScenario, deadlineTrace, evidenceOf, text, trace, type Tracer } from './traces.js'

const [FIRST, SECOND] = [{ nonce: 'first', starts: 1 }, { nonce: 'second', starts: 1 }]
const CELL = { cell_id: 'chromium.service_worker/timer.made.up', lane_id: 'chromium.service_worker.direct', scenario_id: 'timer.made.up' } as const
const closed = (clean: boolean) => ({ code: clean ? 1001 : 1006, reason: '', clean })

/** What a run has begun, of every kind. */
const begun = (): Tracer => trace()
  .subject('timer.set', 'a', { delay_ms: 50 }).page('host.timer.set', '1', { delay_ms: 50, repeat: false })
  .subject('deadline.started', 'd', { budget_ticks: 9 })
  .subject('channel.opening', 'c').page('host.socket.created', 'c').peer('peer.connected', 'c', { protocols: [] })
  .subject('exchange.sent', 'x').page('host.fetch.sent', 'x', { method: 'GET' }).peer('peer.request', 'x', { method: 'GET', path: '/', http_version: 'HTTP/1.1', last_event_id: '' })
  .subject('stream.opening', 's').page('host.events.created', 's')

const endOf = (tracer: Tracer, at: number | null, seen: Partial<WorkerEndSeen> = {}) =>
  workerEndOf(1, { how: 'stopped', phase: 'in_scenario', instance: FIRST, asked_at: at ?? tracer.events.length, gone_at: at, back: SECOND, ...seen }, tracer.events)
const fates = (end: ReturnType<typeof endOf>): Record<string, string> => Object.fromEntries(end.pending.map(({ kind, id, fate, seen }) => [`${kind} ${id}`, seen === null ? fate : `${fate}: ${seen}`]))

describe('T0 browser_surface: what is pending when a service worker ends', () => {
  it('calls that were begun, each until its first end', () => {
    const began = (): Tracer => trace().subject('call.started', 'c', { task: 'work', input: text('null').message })
    const kinds = (tracer: Tracer): string[] => pendingIn(tracer.events).map(({ kind, id }) => `${kind} ${id}`)
    expect(kinds(began().subject('call.reported', 'c', { value: text('1').message }))).toEqual(['call c'])
    expect(kinds(began().subject('call.completed', 'c', { result: text('1').message }))).toEqual([])
    expect(kinds(began().subject('call.failed', 'c', { error: 'E', message: '' }))).toEqual([])
    expect(kinds(began().subject('call.cancelled', 'c'))).toEqual([])
    expect(kinds(began().subject('call.timed_out', 'c'))).toEqual([])
  })
  it('timers, deadlines, sockets, requests and streams that were begun and not ended', () => {
    expect(pendingIn(begun().events).map(({ kind, id }) => `${kind} ${id}`)).toEqual(['timer a', 'deadline d', 'host_timer 1', 'socket c', 'request x', 'stream s'])
  })
  it('nothing that its own witness saw end', () => {
    const all = begun().subject('timer.fired', 'a').page('host.timer.fired', '1').subject('deadline.completed', 'd').page('host.socket.closed', 'c', closed(true)).page('host.fetch.ended', 'x', { bytes: 0 }).subject('stream.closed', 's')
    expect(pendingIn(all.events)).toEqual([])
  })
  it('an interval after its tick, and a timer that was set again', () => {
    const again = trace().page('host.timer.set', '1', { delay_ms: 5, repeat: true }).page('host.timer.fired', '1').subject('timer.set', 'a', { delay_ms: 5 }).subject('timer.cleared', 'a').subject('timer.set', 'a', { delay_ms: 5 })
    expect(pendingIn(again.events).map(({ kind }) => kind)).toEqual(['timer', 'host_timer'])
  })
  it.each<[string, Tracer, string[]]>([
    ['an interval that was cleared', trace().page('host.timer.set', '1', { delay_ms: 5, repeat: true }).page('host.timer.fired', '1').page('host.timer.cleared', '1'), []],
    ['a timer that fired, though an interval of the host\'s has its name', trace().page('host.timer.set', '1', { delay_ms: 5, repeat: true }).subject('timer.set', '1', { delay_ms: 5 }).subject('timer.fired', '1'), ['host_timer 1']],
    ['a timer beside another that fired', trace().subject('timer.set', 'a', { delay_ms: 5 }).subject('timer.set', 'b', { delay_ms: 5 }).subject('timer.fired', 'b'), ['timer a']],
    ['a timer whose name something else has', trace().subject('timer.set', 'a', { delay_ms: 5 }).subject('mark', 'a').subject('deadline.cancelled', 'a'), ['timer a']],
    ['what a peer saw is not the worker\'s to end', trace().subject('stream.opening', 's').peer('peer.ended', 's'), ['stream s']],
    ['what failed or was given up', trace().subject('exchange.sent', 'x').subject('exchange.failed', 'x', { error: 'e' }).page('host.fetch.sent', 'y', { method: 'GET' }).page('host.fetch.aborted', 'y').page('host.events.created', 's').page('host.events.close_called', 's'), []],
  ])('%s', (_, { events }, pending) => expect(pendingIn(events).map(({ kind, id }) => `${kind} ${id}`)).toEqual(pending))
})

describe('T0 browser_surface: what came of it', () => {
  it('is lost with the worker, but for what a peer saw end well', () => {
    const at = begun().events.length
    expect(fates(endOf(begun().peer('peer.closed', 'c', closed(true)).peer('peer.aborted', 'x'), at))).toEqual({
      'timer a': 'lost', 'deadline d': 'lost', 'host_timer 1': 'lost', 'socket c': 'completed: peer.closed', 'request x': 'lost: peer.aborted', 'stream s': 'lost',
    })
    expect(fates(endOf(begun().peer('peer.closed', 'c', closed(false)).peer('peer.ended', 'x'), at))).toMatchObject({ 'socket c': 'lost: peer.closed', 'request x': 'completed: peer.ended' })
  })
  it('is not known while the worker is not known to be gone', () => {
    expect(new Set(endOf(begun(), null).pending.map(({ fate }) => fate))).toEqual(new Set(['unknown']))
    const at = begun().events.length
    expect(fates(endOf(begun().subject('timer.fired', 'a'), null, { asked_at: at }))).toMatchObject({ 'timer a': 'completed: timer.fired', 'deadline d': 'unknown' })
  })
  it.each<[string, Tracer, string, string]>([
    ['a stream that its peer saw end', trace().page('host.events.created', 's').peer('peer.ended', 's'), 'stream s', 'completed: peer.ended'],
    ['a timer, of which no peer can tell', trace().subject('timer.set', 'a', { delay_ms: 5 }).peer('peer.ended', 'a'), 'timer a', 'lost'],
    ['a host\'s timer, of which no peer can tell', trace().page('host.timer.set', 'a', { delay_ms: 5, repeat: false }).peer('peer.closed', 'a', closed(true)), 'host_timer a', 'lost'],
    ['a peer that ended another', trace().page('host.fetch.sent', 'x', { method: 'GET' }).peer('peer.ended', 'y'), 'request x', 'lost'],
    ['the last that its peer saw', trace().page('host.socket.created', 'c').peer('peer.closed', 'c', closed(true)).peer('peer.terminated', 'c'), 'socket c', 'lost: peer.terminated'],
    ['words of its peer\'s that are no end', trace().page('host.socket.created', 'c').peer('peer.closed', 'c', closed(true)).peer('peer.close_sent', 'c', { code: 1000, reason: '' }), 'socket c', 'completed: peer.closed'],
  ])('%s', (_, traced, pending, fate) => expect(fates(endOf(traced, 1))).toEqual({ [pending]: fate }))

  const set = (): Tracer => trace().subject('timer.set', 'a', { delay_ms: 5 })
  it.each<[string, Tracer, number, Record<string, string>]>([
    ['what its own page tells', trace().page('host.timer.set', '1', { delay_ms: 5, repeat: false }).page('host.timer.fired', '1'), 1, { 'host_timer 1': 'completed: host.timer.fired' }],
    ['what was told of another', set().subject('timer.fired', 'b').page('host.timer.fired', 'c'), 1, { 'timer a': 'unknown' }],
    ['what was told of something else with its name', set().subject('deadline.completed', 'a').subject('mark', 'a').peer('peer.ended', 'a'), 1, { 'timer a': 'unknown' }],
    ['what was told before it was set again', set().subject('timer.fired', 'a').subject('timer.set', 'a', { delay_ms: 5 }), 3, { 'timer a': 'unknown' }],
    ['that it was set again', set().subject('timer.set', 'a', { delay_ms: 5 }), 1, { 'timer a': 'unknown' }],
  ])('while it may tell more, this is told of it: %s', (_, traced, asked_at, told) => expect(fates(endOf(traced, null, { asked_at }))).toEqual(told))

  it('names the steps between which it ended', () => {
    const whole = begun().subject('mark', 'm')
    expect(endOf(whole, whole.events.length - 1).between).toEqual({ before: 'stream.opening s', after: 'mark m' })
    expect(endOf(whole, 0).between).toEqual({ before: null, after: 'timer.set a' })
  })
  it('tells whether the bridge\'s server saw the session end', () => {
    const session = begun().bridge('server', 'bridge.accepted', 's-1', null)
    const at = session.events.length
    expect(endOf(begun().bridge('server', 'bridge.accepted', 's-1', null), at).bridge).toEqual({ session: 's-1', ended: false, reason: null })
    expect(endOf(session.bridge('server', 'bridge.lost', 's-1', null).bridge('server', 'bridge.closed', 's-1', null), at).bridge).toEqual({ session: 's-1', ended: true, reason: null })
    expect(endOf(begun(), 3).bridge).toBeNull()
  })
  const word = (side: BridgeEvent['side'], kind: BridgeEvent['kind'], session: string, reason?: BridgeEvent['reason']): BridgeEvent =>
    ({ witness: 'bridge', id: 'bridge', seq: 0, ticks: 0, ms: 0, side, kind, session, artifact_sha256: null, ...(reason === undefined ? {} : { reason }) })
  const accepted = [word('realm', 'bridge.accepted', 'of the realm'), word('server', 'bridge.accepted', 's-0'), word('server', 'bridge.lost', 's-0', 'unreachable'), word('server', 'bridge.closed', 's-0'),
    word('server', 'bridge.accepted', 's-1'), word('realm', 'bridge.accepted', 'of the realm'), word('server', 'bridge.refused', 's-2', 'too_many_sessions')]
  it.each<[string, BridgeEvent[], { ended: boolean; reason: string | null }]>([
    ['lost', [word('server', 'bridge.lost', 's-1', 'connection_lost')], { ended: false, reason: 'connection_lost' }],
    ['refused', [word('server', 'bridge.refused', 's-1', 'second_run'), word('server', 'bridge.closed', 's-1')], { ended: true, reason: 'second_run' }],
    ['cancelled', [word('server', 'bridge.cancelled', 's-1', 'server_closing')], { ended: false, reason: 'server_closing' }],
    ['the first reason', [word('server', 'bridge.lost', 's-1', 'connection_lost'), word('server', 'bridge.refused', 's-1', 'no_session')], { ended: false, reason: 'connection_lost' }],
    ['finished', [word('server', 'bridge.finished', 's-1', 'bad_frame')], { ended: false, reason: null }],
    ['what the realm or another session says', [word('realm', 'bridge.lost', 's-1', 'bad_frame'), word('realm', 'bridge.closed', 's-1'), word('server', 'bridge.closed', 's-2'), word('server', 'bridge.accepted', 's-3')], { ended: false, reason: null }],
  ])('by the server\'s log of the session that was running: %s', (_, after, bridge) => {
    expect(workerEndOf(1, { how: 'stopped', phase: 'in_scenario', instance: FIRST, asked_at: accepted.length, gone_at: accepted.length, back: SECOND }, [...accepted, ...after]).bridge).toEqual({ session: 's-1', ...bridge })
  })
  it('no session was running where only the realm says that one was', () => expect(workerEndOf(1, { how: 'stopped', phase: 'in_scenario', instance: FIRST, asked_at: 1, gone_at: 1, back: null }, accepted.slice(0, 1)).bridge).toBeNull())
})

describe('T0 browser_surface: who came back', () => {
  it.each([
    ['another start', SECOND, true], ['nobody', null, false], ['the same start', FIRST, false], ['a second start in one global', { nonce: 'second', starts: 2 }, false],
  ])('%s', (_name, back, fresh) => expect(endOf(begun(), 3, { back }).fresh).toBe(fresh))
  it('is not known when it is not known who went', () => expect(endOf(begun(), 3, { instance: null }).fresh).toBe(false))
  it('is told in one line', () => {
    expect(workerEndLine(endOf(begun(), begun().events.length))).toBe('the service worker was stopped after stream.opening s; 6 pending: 6 lost, 0 completed, 0 unknown; another start of it came back')
    expect(workerEndLine(endOf(trace(), null, { back: null }))).toBe('the service worker was stopped before the scenario; it was not seen to end; it did not come back')
    expect(workerEndLine(endOf(trace(), 0, { back: FIRST }))).toBe('the service worker was stopped before the scenario; 0 pending: 0 lost, 0 completed, 0 unknown; what came back is not known to be another start')
  })
})

describe('T4 browser_surface: a run whose service worker ended supports no claim', () => {
  const record = (phase: WorkerEndSeen['phase'], at: number, back: WorkerEndSeen['back'] = SECOND) =>
    workerEndRecord(CELL, [{ seen: { how: 'updated', phase, instance: FIRST, asked_at: at, gone_at: at, back }, events: begun().events }])
  const judged = (worker_ends: ReturnType<typeof attemptEnds>) => judge(evidenceOf(deadlineScenario(), deadlineTrace(), [deadlineTrace()], { worker_ends }))
  it('in the middle: never parity, whatever the rest says, and whoever calls it between', () => {
    for (const phase of ['in_scenario', 'before_scenario'] as const) {
      expect(judged(attemptEnds(record(phase, 4), [false]))).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_scope_red_line', findings: [{ law: 'scope_red_line' }] })
    }
  })
  it('between: as without, when another start came back; else its host is not proven', () => {
    expect(judged([])).toMatchObject({ verdict: 'parity' })
    expect(judged(attemptEnds(record('before_scenario', 0), [false]))).toMatchObject({ verdict: 'parity' })
    expect(judged(attemptEnds(record('before_scenario', 0, FIRST), [false]))).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_observability', findings: [{ law: 'role_proof' }] })
  })
  it('the record parses, is none without an end, and counts attempts without those that were lost', () => {
    expect(WorkerEndSchema.parse(record('in_scenario', 4))).toMatchObject({ schema: 'lanecheck.worker-end.v1', ends: [{ attempt: 1 }] })
    expect(workerEndRecord(CELL, [{ seen: null, events: [] }])).toBeNull()
    const second = record('in_scenario', 4)!
    second.ends[0]!.attempt = 2
    expect(attemptEnds(second, [true, false]).map(({ attempt }) => attempt)).toEqual([1])
    expect(attemptEnds(record('in_scenario', 4), [true])).toEqual([])
    expect(attemptEnds(second, [true, false, false]).map(({ attempt }) => attempt)).toEqual([1])
    second.ends[0]!.attempt = 3
    expect(attemptEnds(second, [true, true, false]).map(({ attempt }) => attempt)).toEqual([1])
    expect(attemptEnds(second, [false, false, false]).map(({ attempt }) => attempt)).toEqual([3])
    expect(attemptEnds(null, [false])).toEqual([])
  })
  it('an end is in the scenario when whoever made it says so, or when the subject had done something', () => {
    const between = (before: string | null) => ({ ...record('in_scenario', 4)!.ends[0]!, between: { before, after: null } })
    expect([endedInScenario(between(null)), endedInScenario({ ...between(null), phase: 'before_scenario' }), endedInScenario({ ...between('timer.set a'), phase: 'before_scenario' })]).toEqual([true, false, true])
  })
})
