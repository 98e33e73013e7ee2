import { describe, expect, it } from 'vitest'
import { WorkerEndSchema, type WorkerEndSeen } from '../../../src/contract/worker-end.js'
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
})

describe('T0 browser_surface: who came back', () => {
  it.each([
    ['another start', SECOND, true], ['nobody', null, false], ['the same start', FIRST, false], ['a second start in one global', { nonce: 'second', starts: 2 }, false],
  ])('%s', (_name, back, fresh) => expect(endOf(begun(), 3, { back }).fresh).toBe(fresh))
  it('is told in one line', () => {
    expect(workerEndLine(endOf(begun(), begun().events.length))).toBe('the service worker was stopped after stream.opening s; 6 pending: 6 lost, 0 completed, 0 unknown; another start of it came back')
    expect(workerEndLine(endOf(trace(), null, { back: null }))).toBe('the service worker was stopped before the scenario; it was not seen to end; it did not come back')
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
    expect(endedInScenario(second.ends[0]!)).toBe(true)
  })
})
