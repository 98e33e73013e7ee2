import { describe, expect, it } from 'vitest'
import { ExpectationSchema, LabelSchema, MessageSpecSchema, PeerModelSchema, ScenarioSchema, StepSchema, SyncStepSchema, WaitStepSchema } from '../../../src/contract/scenario.js'
import { channelScenario, deadlineScenario } from '../judge/traces.js'

type Schema = { safeParse(value: unknown): { success: boolean } }
const accepts = (schema: Schema, value: unknown): boolean => schema.safeParse(value).success

describe('T0 timer_surface: a scenario as data', () => {
  it('is plain data: it travels as JSON and parses the same', () => {
    for (const scenario of [deadlineScenario(), channelScenario()]) expect(ScenarioSchema.parse(JSON.parse(JSON.stringify(scenario)))).toEqual(JSON.parse(JSON.stringify(scenario)))
  })

  it.each(Object.keys(deadlineScenario()))('without %s it does not load', (field) => {
    expect(accepts(ScenarioSchema, Object.fromEntries(Object.entries(deadlineScenario()).filter(([name]) => name !== field)))).toBe(false)
  })

  it.each([
    ['a field more', { owner: 'me' }], ['no clock', { scenario_clock_id: '' }], ['a tick of nothing', { tick_ms: 0 }], ['half a tick', { tick_ms: 2.5 }], ['no limit', { limit_ticks: 0 }], ['an endless limit', { limit_ticks: 10_001 }],
    ['no tier', { tiers: [] }], ['an unknown surface', { surface_family: 'gpu_surface' }], ['a task without steps', { tasks: { main: [] } }], ['a window to the past', { normalization_window: { early_ticks: -1, late_ticks: 0 } }],
  ])('with %s it does not load', (_, change) => {
    expect(accepts(ScenarioSchema, { ...deadlineScenario(), ...change })).toBe(false)
  })
})

describe('T0 timer_surface: steps', () => {
  it('a timer is set by ticks or by ms, not both, not neither', () => {
    const set = { op: 'timer.set', timer: 'a' }
    expect(accepts(StepSchema, { ...set, after_ticks: 1 })).toBe(true)
    expect(accepts(StepSchema, { ...set, after_ms: 2 ** 31 + 7 })).toBe(true)
    expect(accepts(StepSchema, { ...set, after_ms: -1 })).toBe(true)
    for (const wrong of [set, { ...set, after_ticks: 1, after_ms: 1 }, { ...set, after_ticks: -1 }, { ...set, after_ticks: 1.5 }]) expect(accepts(StepSchema, wrong), JSON.stringify(wrong)).toBe(false)
  })

  it('inside a callback only steps that end in its turn, however deep', () => {
    const inside = (step: object): object => ({ op: 'timer.set', timer: 'a', after_ticks: 1, on_fire: [step] })
    expect(accepts(StepSchema, inside(inside({ op: 'mark', mark: 'm' })))).toBe(true)
    for (const wait of [{ op: 'wait', ticks: 1 }, { op: 'shutdown' }, { op: 'timer.wait', timer: 'a' }]) {
      expect(accepts(WaitStepSchema, wait)).toBe(true)
      expect(accepts(StepSchema, wait)).toBe(true)
      expect(accepts(SyncStepSchema, wait)).toBe(false)
      expect(accepts(StepSchema, inside(wait))).toBe(false)
      expect(accepts(StepSchema, inside(inside(wait)))).toBe(false)
    }
  })

  it.each([
    { op: 'timer.sett', timer: 'a', after_ticks: 1 }, { op: 'mark', mark: 'Not A Name' }, { op: 'mark', mark: 'm', more: 1 }, { op: 'timer.interval', timer: 'a', every_ticks: 0 },
    { op: 'deadline.finish', deadline: 'd', how: 'somehow' }, { op: 'request.send', exchange: 'x', peer: 'p', path: '../a b' }, { op: 'request.send', exchange: 'x', peer: 'p', method: 'PATCH' },
    { op: 'socket.wait_message', channel: 'c', count: 0 },
  ])('%j is no step', (step) => {
    expect(accepts(StepSchema, step)).toBe(false)
  })
})

describe('T0 virtual_transport_surface: peers, messages and labels', () => {
  it.each([
    { kind: 'websocket', connections: [] }, { kind: 'http', exchanges: [] }, { kind: 'refused', connections: [] }, { kind: 'carrier_pigeon' }, { kind: 'websocket', connections: [{ handshake: { answer: 'reject', status: 200 } }] },
    { kind: 'websocket', connections: [{ handshake: { answer: 'maybe' } }] }, { kind: 'http', exchanges: [{ actions: [{ do: 'head', status: 199 }] }] },
  ])('%j is no peer', (peer) => {
    expect(accepts(PeerModelSchema, peer)).toBe(false)
  })

  it.each([
    { kind: 'hex', hex: 'abc' }, { kind: 'hex', hex: 'AB' }, { kind: 'fill_binary', length: 5 * 1024 * 1024 }, { kind: 'fill_text', length: -1 }, { kind: 'text', text: 'a', count: 0 }, { kind: 'text' },
  ])('%j is no message', (message) => {
    expect(accepts(MessageSpecSchema, message)).toBe(false)
  })

  it('labels name a kind, an id and an event, and which time', () => {
    for (const label of ['timer.a.fired', 'channel.c.message#2', 'mark.m', 'mark.m#10', 'task.main.finished', 'deadline.d.exceeded', 'stream.s.event', 'exchange.x.head']) expect(accepts(LabelSchema, label), label).toBe(true)
    for (const label of ['timer.a', 'timer.a.fired#0', 'timer.a.fired#01', 'timer.a.fired#', 'mark.m.x', 'host.timer.fired', 'peer.p.sent', 'Timer.a.fired', '']) expect(accepts(LabelSchema, label), label).toBe(false)
  })

  it('an expectation speaks of every kind of thing, even when it has none; an order has two at least', () => {
    const { expect: expectation } = channelScenario()
    for (const field of ['outcome', 'timers', 'deadlines', 'channels', 'exchanges', 'streams', 'orders']) {
      expect(accepts(ExpectationSchema, Object.fromEntries(Object.entries(expectation).filter(([name]) => name !== field))), field).toBe(false)
    }
    expect(accepts(ExpectationSchema, { ...expectation, orders: [['timer.a.fired']] })).toBe(false)
  })
})
