import { describe, expect, test } from 'vitest'
import type { NormalizedRecord, SemanticRecord } from '../../../src/contract/record.js'
import type { Scenario } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { agreementFindings } from '../../../src/judge/compare-agreement.js'
import { expectationFindings } from '../../../src/judge/compare-expectation.js'
import { witnessFindings } from '../../../src/judge/compare-witness.js'
import { ranked } from '../../../src/judge/findings.js'
import { hardBreaks } from '../../../src/judge/hard-breaks.js'
import { channelScenario, channelTrace, deadlineScenario, deadlineTrace, recordOf, scenarioOf, trace } from './traces.js'

const timerScenario = deadlineScenario()
const timerRecord = recordOf(timerScenario, deadlineTrace(), 'lab')
const channel = (change: Partial<SemanticRecord['channels'][string]>): NormalizedRecord => {
  const record = recordOf(channelScenario(), channelTrace())
  return { ...record, semantic: { ...record.semantic, channels: { c: { ...record.semantic.channels['c']!, ...change } } } }
}
/** The same without the recorder at the boundary: the subject's word stands against the peer's. */
const unrecorded = (change: Partial<SemanticRecord['channels'][string]>): NormalizedRecord => {
  const record = channel(change)
  return { ...record, witnessed: { ...record.witnessed, page: { channels: {}, exchanges: {}, streams: {} } } }
}
const fields = (findings: Array<{ field: string }>): string[] => findings.map(({ field }) => field)
const live = (record: NormalizedRecord, scenario: Scenario): string[] => fields(expectationFindings(scenario, record, 'live', 1))

describe('T0 expectation', () => {
  test('sound runs break nothing', () => {
    expect(expectationFindings(timerScenario, timerRecord, 'lab', 0)).toEqual([])
    expect(live(channel({}), channelScenario())).toEqual([])
  })
  test.each<[string, Partial<SemanticRecord['channels'][string]>]>([
    ['channels.c.opened', { opened: false }], ['channels.c.received[0]', { received: [] }], ['channels.c.received[1]', { received: [summarize('hello'), summarize('again')] }],
    ['channels.c.peer_received[0]', { peer_received: [summarize('hullo')] }], ['channels.c.refused_sends', { refused_sends: 1 }], ['channels.c.close', { close: null }],
    ['channels.c.close.code', { close: { initiator: 'subject', code: 1001, reason: 'bye', clean: true } }], ['channels.c.close.initiator', { close: { initiator: 'peer', code: 1000, reason: 'bye', clean: true } }],
  ])('names %s', (field, change) => {
    expect(live(channel(change), channelScenario())).toEqual([field])
  })
  test('text and binary of the same bytes are different messages', () => {
    expect(live(channel({ received: [summarize(new TextEncoder().encode('hello'))] }), channelScenario())).toEqual(['channels.c.received[0]'])
  })
  test('what it does not name must not have happened', () => {
    const nothing = deadlineScenario({ expect: { timers: {}, deadlines: {}, orders: [], at_ticks: {} } })
    expect(live(recordOf(nothing, deadlineTrace()), nothing)).toEqual(['deadlines.budget', 'timers.work.fired'].sort().reverse())
    expect(live(channel({}), channelScenario({ expect: { channels: {} } }))).toEqual(['channels.c.opened'])
  })
  test('ticks are exact in the lab and left to the window live', () => {
    const record = recordOf(timerScenario, deadlineTrace({ fires: 3 }))
    expect(fields(expectationFindings(timerScenario, record, 'lab', 0))).toEqual(['at_ticks.timer.work.fired'])
    expect(live(record, timerScenario)).toEqual([])
  })
  test('exchanges and streams', () => {
    const scenario = scenarioOf({
      tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'p' }, { op: 'events.open', stream: 's', peer: 'p' }] }, peers: { p: { kind: 'http', exchanges: [{ actions: [] }] } },
      expect: {
        exchanges: { x: { end: 'completed', status: 200, body: [{ kind: 'text', text: 'do' }, { kind: 'hex', hex: '6e65' }], peer_saw: 'ended', requests: 1 } },
        streams: { s: { events: [{ id: '', event: 'message', data: 'a' }], connections: 1, last_event_ids: [''] } },
      },
    })
    const request = { method: 'GET', path: '', http_version: 'HTTP/1.1', last_event_id: '' }
    const run = (body: string, data: string) => recordOf(scenario, trace().subject('exchange.sent', 'x').peer('peer.request', 'x', request).peer('peer.ended', 'x').subject('exchange.head', 'x', { status: 200, redirected: false })
      .subject('exchange.completed', 'x', { body: summarize(new TextEncoder().encode(body)) }).subject('stream.opening', 's').peer('peer.request', 's', request).subject('stream.event', 's', { event_id: '', event: 'message', data }).end())
    expect(live(run('done', 'a'), scenario)).toEqual([])
    expect(live(run('don', 'b'), scenario)).toEqual(['exchanges.x.body', 'streams.s.events'])
  })
})

describe('T0 lab and live', () => {
  const against = (tracer: ReturnType<typeof deadlineTrace>) => agreementFindings(timerScenario, timerRecord, recordOf(timerScenario, tracer), 1)
  test('the same trace agrees; a difference is named with both values', () => {
    expect(against(deadlineTrace())).toEqual([])
    expect(against(deadlineTrace({ alive: ['1'] }))).toEqual([{ law: 'lab_live_agreement', severity: 'break', attempt: 1, field: 'cleanup.timers', expected: '0', found: '1' }])
  })
  test('late within the window is nothing, beyond it noise, and early beyond it a broken timer', () => {
    expect(against(deadlineTrace({ fires: 5 }))).toEqual([])
    expect(new Set(against(deadlineTrace({ fires: 6 })).map(({ severity, law }) => `${severity} ${law}`))).toEqual(new Set(['noise noise_window']))
    const early = against(deadlineTrace({ fires: 1 }))
    expect(early.filter(({ severity }) => severity === 'hard')).toMatchObject([{ law: 'early_timer', field: 'at_ticks.timer.work.fired', found: 'tick 1' }])
  })
  test('a timer set sooner than in the lab may fire sooner by as much and no more', () => {
    const scenario = scenarioOf({ tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 4 }] }, expect: { timers: { a: { outcome: 'fired', fired: 1 } } } })
    const run = (set: number, fired: number) => recordOf(scenario, trace().subject('mark', 'm').at(set).subject('timer.set', 'a', { delay_ms: 40 }).at(fired).subject('timer.fired', 'a').end())
    expect(agreementFindings(scenario, run(2, 6), run(1, 5), 1).filter(({ severity }) => severity === 'hard')).toEqual([])
    expect(agreementFindings(scenario, run(2, 6), run(1, 4), 1).filter(({ severity }) => severity === 'hard')).toHaveLength(1)
  })
  test('a timer set later than in the lab may not fire sooner since its set, but for a tick of rounding', () => {
    const scenario = scenarioOf({ tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 6 }] }, expect: { timers: { a: { outcome: 'fired', fired: 1 } } } })
    const run = (set: number, fired: number) => recordOf(scenario, trace().subject('mark', 'm').at(set).subject('timer.set', 'a', { delay_ms: 60 }).at(fired).subject('timer.fired', 'a').end())
    const hard = (set: number, fired: number) => agreementFindings(scenario, run(2, 8), run(set, fired), 1).filter(({ severity }) => severity === 'hard')
    expect(hard(4, 10)).toEqual([])
    expect(hard(5, 8)).toHaveLength(1)
  })
  test('a host that adds less to a nested delay than the lab does is not early when it waited as long as was asked', () => {
    const run = (asked: number, fired: number) => {
      const scenario = scenarioOf({ tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: asked }] }, expect: { timers: { a: { outcome: 'fired', fired: 1 } } } })
      const record = (tick: number) => recordOf(scenario, trace().subject('timer.set', 'a', { delay_ms: 0 }).at(tick).subject('timer.fired', 'a').end())
      return agreementFindings(scenario, record(4), record(fired), 1).map(({ severity }) => severity)
    }
    expect(run(0, 0)).not.toContain('hard')
    expect(run(3, 3)).not.toContain('hard')
    expect(run(3, 2)).toContain('hard')
  })
  test('what the peer still sent to a subject that was leaving may differ in number, never in kind', () => {
    const more = { peer_sent: [summarize('hello'), summarize('still there?')] }
    expect(agreementFindings(channelScenario(), channel({}), channel(more), 1)).toEqual([])
    expect(agreementFindings(channelScenario(), channel({}), channel({ peer_sent: [summarize('hullo')] }), 1).length).toBeGreaterThan(0)
    const byPeer = { close: { initiator: 'peer' as const, code: 1000, reason: 'bye', clean: true } }
    expect(agreementFindings(channelScenario(), channel(byPeer), channel({ ...byPeer, ...more }), 1)).toHaveLength(1)
  })
})

describe('T0 witnesses of one run', () => {
  const found = (change: Partial<SemanticRecord['channels'][string]>): string[] => fields(witnessFindings(channelScenario(), unrecorded(change), 1))
  const close = (initiator: 'subject' | 'peer' | 'network') => ({ initiator, code: initiator === 'network' ? 1006 : 1000, reason: 'bye', clean: initiator !== 'network' })
  test('a message lost before the subject closed is a finding; lost with the connection it is none', () => {
    expect(found({ peer_received: [] })).toEqual(['channels.c.peer_received.length'])
    expect(found({ peer_received: [], close: close('network'), peer_close: { code: 1006, reason: '', clean: false } })).toEqual([])
    expect(found({ received: [] })).toEqual([])
    expect(found({ received: [], close: close('peer') })).toEqual(['channels.c.received.length'])
  })
  test('nobody receives what was not sent, or in another order', () => {
    expect(found({ received: [summarize('hello'), summarize('ghost')] })).toEqual(['channels.c.received[1]'])
    expect(found({ sent: [summarize('1'), summarize('2')], peer_received: [summarize('2'), summarize('1')] })).toEqual(['channels.c.peer_received[0]'])
  })
  test('a gap is allowed only across connections of a reopened channel', () => {
    const open = { op: 'socket.open' as const, channel: 'c', peer: 'p' }
    const record = unrecorded({ sent: [summarize('lost'), summarize('hello')], close: close('network'), peer_close: { code: 1006, reason: '', clean: false } })
    expect(witnessFindings(channelScenario(), record, 1)).toHaveLength(1)
    expect(witnessFindings(channelScenario({ tasks: { main: [open, open] } }), record, 1)).toEqual([])
  })
  test('both ends see one close', () => {
    expect(found({ peer_close: null })).toEqual(['channels.c.peer_close'])
    expect(found({ peer_close: { code: 1001, reason: 'bye', clean: true } })).toEqual(['channels.c.peer_close.code'])
    expect(found({ peer_close: { code: 1000, reason: 'ciao', clean: true } })).toEqual(['channels.c.peer_close.reason'])
  })
  test('exchanges that only one end believes in', () => {
    const scenario = scenarioOf({})
    const base = recordOf(scenario, trace().end())
    const exchange = { end: 'completed', status: 200, redirected: false, body: null, cancelled: { page: false, peer: false }, chunks_after_cancel: 0, peer_saw: 'ended', requests: 1, request_body: null, protocol_version: 'http/1.1', shares_connection: [] } satisfies SemanticRecord['exchanges'][string]
    const contradictions = (change: Partial<SemanticRecord['exchanges'][string]>): string[] => fields(witnessFindings(scenario, { ...base, semantic: { ...base.semantic, exchanges: { x: { ...exchange, ...change } } } }, 1))
    expect(contradictions({})).toEqual([])
    expect(contradictions({ requests: 0 })).toEqual(['exchanges.x.requests'])
    expect(contradictions({ peer_saw: 'aborted' })).toEqual(['exchanges.x.peer_saw'])
    expect(contradictions({ end: 'cancelled' })).toEqual(['exchanges.x.cancelled.page'])
    expect(contradictions({ end: 'cancelled', cancelled: { page: true, peer: false }, peer_saw: 'pending' })).toEqual(['exchanges.x.cancelled.peer'])
  })
})

describe('T0 hard breaks', () => {
  const hard = (record: NormalizedRecord): string[] => hardBreaks(timerScenario, record, 1).map(({ law, severity, field }) => `${severity} ${law} ${field}`)
  test('none in a sound run', () => expect(hard(timerRecord)).toEqual([]))
  test('a cancelled timer fired', () => expect(hard(recordOf(timerScenario, deadlineTrace({ doomedFires: true })))).toEqual(['hard cancellation timers.doomed.fired_after_clear']))
  test('something is left alive', () => expect(hard(recordOf(timerScenario, deadlineTrace({ alive: ['4'] })))).toEqual(['hard leak cleanup.timers']))
  test('a declared order is broken; where a part of it never came, or the run stalled, it can be run again', () => {
    const wrong = scenarioOf({ ...timerScenario, expect: { ...timerScenario.expect, orders: [['timer.doomed.cleared', 'timer.work.fired']] } })
    expect(hardBreaks(wrong, recordOf(wrong, deadlineTrace()), 1)).toMatchObject([{ law: 'order', severity: 'hard' }])
    expect(hardBreaks(wrong, recordOf(wrong, deadlineTrace(), 'live', true), 1)).toMatchObject([{ law: 'order', severity: 'break' }])
    const missing = trace().subject('deadline.started', 'budget', { budget_ticks: 6 }).subject('deadline.completed', 'budget').subject('timer.cleared', 'doomed').end()
    expect(hardBreaks(timerScenario, recordOf(timerScenario, missing), 1)).toMatchObject([{ law: 'order', severity: 'break' }])
  })
  test('a deadline that ended goes off all the same', () => {
    const tracer = trace().subject('deadline.started', 'budget', { budget_ticks: 6 }).at(2).subject('deadline.completed', 'budget').at(6).subject('deadline.exceeded', 'budget').end()
    const unordered = scenarioOf({ ...timerScenario, expect: { ...timerScenario.expect, orders: [] } })
    expect(hardBreaks(unordered, recordOf(unordered, tracer), 1)).toMatchObject([{ law: 'cancellation', field: 'deadlines.budget' }])
  })
  test('messages after the close', () => expect(fields(hardBreaks(channelScenario(), channel({ messages_after_close: 2 }), 1))).toEqual(['channels.c.messages_after_close']))
})

describe('T0 findings', () => {
  test('the worst come first, and a crowd is counted, not copied', () => {
    const one = (severity: 'hard' | 'noise', field: string) => ({ law: 'order' as const, severity, attempt: 1, field, expected: '', found: '' })
    const sorted = ranked([...Array.from({ length: 40 }, (_, index) => one('noise', `n${index}`)), one('hard', 'h')])
    expect(sorted[0]?.field).toBe('h')
    expect(sorted).toHaveLength(14)
    expect(sorted.at(-1)).toMatchObject({ severity: 'note', found: '28 more' })
  })
})
