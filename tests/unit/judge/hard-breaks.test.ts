import { describe, expect, test } from 'vitest'
import type { NormalizedRecord, SemanticRecord } from '../../../src/contract/record.js'
import { summarize } from '../../../src/contract/summary.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { recordOf, scenarioOf, trace } from './traces.js'

const scenario = scenarioOf({})
const empty = recordOf(scenario, trace().end())
const record = (change: Partial<SemanticRecord>, at_ticks: NormalizedRecord['qualified']['at_ticks'] = {}): NormalizedRecord =>
  ({ ...empty, semantic: { ...empty.semantic, ...change }, qualified: { ...empty.qualified, at_ticks } })
const told = (one: NormalizedRecord, of = scenario): string[] => hardBreaks(of, one, 2).map(({ law, severity, attempt, field, expected, found }) => `${severity} ${law} ${attempt} ${field}: ${expected} | ${found}`)

const message = summarize('m')
const timer = { outcome: 'fired', fired: 1, fired_after_clear: false, in_order: true } as const
const channel: SemanticRecord['channels'][string] = {
  opened: true, protocol: '', sent: [message, message], peer_received: [], peer_sent: [], received: [message, message], refused_sends: 0, messages_after_close: 0,
  close: { initiator: 'subject', code: 1000, reason: '', clean: true }, peer_close: null,
}
const exchange: SemanticRecord['exchanges'][string] = { end: 'completed', status: 200, redirected: false, body: null, cancelled: { page: false, peer: false }, chunks_after_cancel: 0, peer_saw: 'ended', requests: 1, request_body: null, protocol_version: 'http/1.1', shares_connection: [] }
const call: NonNullable<SemanticRecord['calls']>[string] = { task: 't', end: 'completed', result: null, error_name: null, late: null, late_result: null, reports: [message, message], reports_after_end: 0 }
const stream: SemanticRecord['streams'][string] = { events: [{ id: '', event: '', data: '' }, { id: '', event: '', data: '' }], events_after_close: 0, connections: 1, last_event_ids: [] }

describe('T0 every row: what happened after its cancel', () => {
  test('each of its kind, by name, each with its count', () => {
    expect(told(record({
      timers: { b: { ...timer, fired_after_clear: true }, a: { ...timer, fired_after_clear: true }, fine: timer },
      channels: { d: { ...channel, messages_after_close: 2 }, c: { ...channel, messages_after_close: 1 }, fine: channel },
      exchanges: { x: { ...exchange, chunks_after_cancel: 3 }, fine: exchange },
      streams: { s: { ...stream, events_after_close: 4 }, fine: stream },
      deadlines: { z: 'completed_before_deadline', y: 'cancelled_before_deadline', fine: 'completed_before_deadline' },
    }, { 'deadline.z.completed': 1, 'deadline.z.exceeded': 6, 'deadline.y.cancelled': 1, 'deadline.y.exceeded': 6, 'deadline.fine.completed': 1 }))).toEqual([
      'hard cancellation 2 timers.a.fired_after_clear: false | true', 'hard cancellation 2 timers.b.fired_after_clear: false | true',
      'hard cancellation 2 channels.c.messages_after_close: 0 | 1', 'hard cancellation 2 channels.d.messages_after_close: 0 | 2',
      'hard cancellation 2 exchanges.x.chunks_after_cancel: 0 | 3', 'hard cancellation 2 streams.s.events_after_close: 0 | 4',
      'hard cancellation 2 deadlines.y: silent once it has ended | went off afterwards', 'hard cancellation 2 deadlines.z: silent once it has ended | went off afterwards',
    ])
  })
  test('a deadline that went off and had not ended, or was started anew, broke nothing', () => {
    const deadlines = { d: 'deadline_exceeded' as const }
    expect(told(record({ deadlines }, { 'deadline.d.exceeded': 6 }))).toEqual([])
    expect(told(record({ deadlines }, { 'deadline.d.completed': 1 }))).toEqual([])
    expect(told(record({ deadlines }, { 'deadline.d.completed': 1, 'deadline.d.started#2': 2, 'deadline.d.exceeded': 8 }))).toEqual([])
  })
})

describe('T0 every row: an order that does not hold', () => {
  const severity = (label: string, change: Partial<SemanticRecord>, at_ticks = {}): string | undefined =>
    hardBreaks(scenario, record({ ...change, orders: [{ chain: [label, 'mark.m'], holds: false }] }, at_ticks), 1).find(({ law }) => law === 'order')?.severity
  /** A label, a record in which what it names came about, and others in which it did not. */
  const LABELS: Array<[label: string, came: Partial<SemanticRecord>, never: Array<Partial<SemanticRecord>>]> = [
    ['timer.a.fired#2', { timers: { a: { ...timer, fired: 2 } } }, [{ timers: { a: timer } }, { timers: { b: { ...timer, fired: 2 } } }, {}]],
    ['timer.a.fired', { timers: { a: timer } }, [{ timers: { a: { ...timer, fired: 0 } } }, {}]],
    ['channel.c.open', { channels: { c: channel } }, [{ channels: { c: { ...channel, opened: false } } }, {}]],
    ['channel.c.closed', { channels: { c: channel } }, [{ channels: { c: { ...channel, close: null } } }, {}]],
    ['channel.c.sent#2', { channels: { c: channel } }, [{ channels: { c: { ...channel, sent: [message] } } }, {}]],
    ['channel.c.message#2', { channels: { c: channel } }, [{ channels: { c: { ...channel, received: [message] } } }, {}]],
    ['exchange.x.head', { exchanges: { x: exchange } }, [{ exchanges: { x: { ...exchange, status: null } } }, {}]],
    ['exchange.x.completed', { exchanges: { x: exchange } }, [{ exchanges: { x: { ...exchange, end: 'failed' } } }, {}]],
    ['exchange.x.cancelled', { exchanges: { x: { ...exchange, end: 'cancelled' } } }, [{ exchanges: { x: exchange } }, {}]],
    ['exchange.x.failed', { exchanges: { x: { ...exchange, end: 'failed' } } }, [{ exchanges: { x: exchange } }, {}]],
    ['call.c.reported#2', { calls: { c: call } }, [{ calls: { c: { ...call, reports: [message] } } }, { calls: { other: call } }, {}]],
    ['call.c.late_result', { calls: { c: { ...call, late: 'result' } } }, [{ calls: { c: { ...call, late: 'stopped' } } }, { calls: { other: call } }, {}]],
    ...(['completed', 'failed', 'cancelled', 'timed_out'] as const).map((end): [string, Partial<SemanticRecord>, Array<Partial<SemanticRecord>>] =>
      [`call.c.${end}`, { calls: { c: { ...call, end } } }, [{ calls: { c: { ...call, end: 'pending' } } }, { calls: { other: { ...call, end } } }, {}]]),
    ['stream.s.event#2', { streams: { s: stream } }, [{ streams: { s: { ...stream, events: stream.events.slice(1) } } }, {}]],
  ]
  test.each(LABELS)('%s: hard where all of it came about, a break that may be run again where it did not', (label, came, never) => {
    expect(severity(label, came)).toBe('hard')
    expect(never.map((change) => severity(label, change))).toEqual(never.map(() => 'break'))
    expect(severity(label, { ...came, outcome: 'stalled' })).toBe('break')
  })
  test.each(['exceeded', 'completed', 'cancelled'])('deadline.d.%s came about when it has a tick', (event) => {
    expect(severity(`deadline.d.${event}`, {}, { [`deadline.d.${event}`]: 3 })).toBe('hard')
    expect(severity(`deadline.d.${event}`, {}, { 'deadline.other.exceeded': 3 })).toBe('break')
  })
  test('labels that a record does not count are taken to have come about', () => {
    for (const label of ['mark.n', 'timer.a.set', 'timer.a.cleared', 'channel.c.opening', 'stream.s.open', 'task.main.finished']) expect([label, severity(label, {})]).toEqual([label, 'hard'])
  })
  test('each chain is told, and one that holds is not', () => {
    const orders = [{ chain: ['mark.a', 'mark.b', 'mark.c'], holds: false }, { chain: ['mark.a', 'mark.c'], holds: true }, { chain: ['timer.t.fired', 'mark.c'], holds: false }]
    expect(told(record({ orders }))).toEqual(['hard order 2 orders: mark.a → mark.b → mark.c | broken', 'break order 2 orders: timer.t.fired → mark.c | broken'])
  })
  test('a crowd of timers out of order', () => {
    expect(told(record({ timers: { b: { ...timer, in_order: false }, a: { ...timer, in_order: false }, fine: timer } }))).toEqual([
      'hard order 2 timers.a.in_order: by due time, then first set | another order', 'hard order 2 timers.b.in_order: by due time, then first set | another order',
    ])
  })
})

describe('T0 every row: what is left alive', () => {
  const cleanup = { timers: 1, channels: 2, requests: 3, streams: 4 }
  const leaks = (severity: 'hard' | 'break'): string[] => ['channels: 0 | 2', 'requests: 0 | 3', 'streams: 0 | 4', 'timers: 0 | 1'].map((what) => `${severity} leak 2 cleanup.${what}`)
  const trapping = scenarioOf({ expect: { outcome: 'trap' } })
  test('is a hard break after a shutdown, and may be run again where the subject broke down', () => {
    expect(told(record({ cleanup }))).toEqual(leaks('hard'))
    expect(told(record({ cleanup, outcome: 'trap' }))).toEqual(leaks('break'))
    expect(told(record({ cleanup, outcome: 'stalled' }))).toEqual(leaks('break'))
  })
  test('is nothing where nobody said, where all is gone, or where the subject was to break down and did', () => {
    expect(told(record({ cleanup: null }))).toEqual([])
    expect(told(record({ cleanup: { timers: 0, channels: 0, requests: 0, streams: 0 } }))).toEqual([])
    expect(told(record({ cleanup, outcome: 'trap' }), trapping)).toEqual([])
  })
  test('counts where the subject was to break down and did not', () => expect(told(record({ cleanup }), trapping)).toEqual(leaks('hard')))
})
