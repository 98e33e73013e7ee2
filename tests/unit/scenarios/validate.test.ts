import { describe, expect, it } from 'vitest'
import type { Scenario } from '../../../src/contract/scenario.js'
import { isLanecheckError, type LanecheckError } from '../../../src/contract/errors.js'
import { BROKEN, body, closedBySubject, echoPeer, end, fired, h2, http, head, scenario, text, websocket } from '../../../src/scenarios/build.js'
import { checkScenario } from '../../../src/scenarios/validate.js'

const timers = (): Scenario => scenario({
  id: 'timer.sample.one', title: 'A sample', deadlines: { budget: { budget_ticks: 8 } },
  tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 2, on_fire: [{ op: 'mark', mark: 'm' }] }, { op: 'deadline.start', deadline: 'budget' }, { op: 'deadline.wait', deadline: 'budget' }] },
  expect: { timers: { a: fired() }, deadlines: { budget: 'deadline_exceeded' }, orders: [['timer.a.fired', 'mark.m']] },
})
const channel = { opened: true, received: [], peer_received: [], close: closedBySubject(1000) }
const transport = (): Scenario => scenario({
  id: 'websocket.sample.one', title: 'A sample', peers: { echo: echoPeer, web: http([head()]) },
  tasks: { main: [{ op: 'socket.open', channel: 'c', peer: 'echo' }, { op: 'request.send', exchange: 'x', peer: 'web' }, { op: 'shutdown' }] },
  expect: { channels: { c: channel }, exchanges: { x: { end: 'cancelled', status: 200, peer_saw: 'aborted' } } },
})

/** A valid scenario with one change. */
const broken = (valid: Scenario, change: (scenario: Scenario) => void): Scenario => {
  change(valid)
  return valid
}
function refusalOf(candidate: unknown): LanecheckError {
  try {
    checkScenario(candidate, 'sample.json')
  } catch (error) {
    if (isLanecheckError(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}
const steps = (valid: Scenario): Scenario['tasks'][string] => valid.tasks['main'] ?? []

const TIMER_FAULTS: Array<[string, (scenario: Scenario) => void, string, RegExp]> = [
  ['a clear of a timer no step sets', (s) => steps(s).push({ op: 'timer.clear', timer: 'b' }), 'tasks.main[3].timer', /no step creates the timer 'b'/],
  ['a wait for a timer no step sets', (s) => steps(s).push({ op: 'timer.wait', timer: 'b' }), 'tasks.main[3].timer', /no step creates/],
  ['a bad step inside a callback', (s) => steps(s).push({ op: 'timer.set', timer: 'a', after_ticks: 1, on_fire: [{ op: 'timer.clear', timer: 'b' }] }), 'tasks.main[3].on_fire[0].timer', /no step creates/],
  ['a timer nothing is expected of', (s) => { s.expect.timers = {} }, 'tasks.main[0].timer', /nothing is expected of the timer 'a'/],
  ['an expected timer no step sets', (s) => { s.expect.timers['b'] = fired() }, 'expect.timers.b', /no step creates the timer 'b'/],
  ['an expected leak', (s) => { s.expect.timers['a'] = { outcome: 'pending', fired: 0 } }, 'expect.timers.a.outcome', /leak/],
  ['fired, zero times', (s) => { s.expect.timers['a'] = { outcome: 'fired', fired: 0 } }, 'expect.timers.a.fired', /at least once/],
  ['two timers of different kinds under one name', (s) => steps(s).push({ op: 'timer.interval', timer: 'a', every_ticks: 2 }), 'tasks.main[3].timer', /created twice/],
  ['a deadline that is not declared', (s) => { s.deadlines = {} }, 'tasks.main[1].deadline', /not declared/],
  ['a deadline that no step starts', (s) => { s.deadlines['idle'] = { budget_ticks: 9 } }, 'deadlines.idle', /no step starts/],
  ['a deadline expected to have no outcome', (s) => { s.expect.deadlines['budget'] = 'no_deadline' }, 'expect.deadlines.budget', /has an outcome/],
  ['deadlines without a logical_deadline_id', (s) => { s.logical_deadline_id = null }, 'logical_deadline_id', /which one its verdict reports on/],
  ['a logical_deadline_id that is not declared', (s) => { s.logical_deadline_id = 'other' }, 'logical_deadline_id', /'other' is not declared/],
  ['a margin under two ticks', (s) => { s.deadlines['budget'] = { budget_ticks: 1 } }, 'deadlines.budget.budget_ticks', /margin of 1/],
  ['a finish too close to its deadline', (s) => { s.expect.at_ticks = { 'deadline.budget.completed': 7 } }, 'deadlines.budget.budget_ticks', /margin of 1/],
  ['a label of an unknown timer', (s) => { s.expect.orders = [['timer.z.fired', 'mark.m']] }, 'expect.orders[0][0]', /no step makes the timer 'z'/],
  ['a label of an unknown event', (s) => { s.expect.orders = [['timer.a.rang', 'mark.m']] }, 'expect.orders[0][0]', /no event 'rang'/],
  ['a label of an unknown mark', (s) => { s.expect.orders = [['timer.a.fired', 'mark.n']] }, 'expect.orders[0][1]', /no step makes the mark 'n'/],
  ['a label twice in a chain', (s) => { s.expect.orders = [['mark.m', 'timer.a.fired', 'mark.m']] }, 'expect.orders[0][2]', /twice/],
  ['a tick of a label that has none', (s) => { s.expect.at_ticks = { 'mark.m': 2 } }, "expect.at_ticks['mark.m']", /no tick is kept/],
  ['a step after the shutdown', (s) => steps(s).push({ op: 'shutdown' }, { op: 'timer.clear', timer: 'a' }), 'tasks.main[4]', /after the shutdown/],
]

const TRANSPORT_FAULTS: Array<[string, (scenario: Scenario) => void, string, RegExp]> = [
  ['a peer that is not declared', (s) => { delete s.peers['web'] }, 'tasks.main[1].peer', /no peer 'web'/],
  ['a peer named like a member of every object', (s) => steps(s).unshift({ op: 'socket.open', channel: 'd', peer: 'constructor' }), 'tasks.main[0].peer', /no peer 'constructor'/],
  ['a peer nobody talks to', (s) => { s.peers['idle'] = { kind: 'refused' } }, 'peers.idle', /no step talks/],
  ['a channel to an HTTP peer', (s) => { s.peers['echo'] = http([head()]) }, 'tasks.main[0].peer', /needs websocket or refused/],
  ['a request to a WebSocket peer', (s) => { s.peers['web'] = websocket({}) }, 'tasks.main[1].peer', /needs http or refused/],
  ['a send on a channel no step opens', (s) => steps(s).unshift({ op: 'socket.send', channel: 'd', message: { kind: 'text', text: '' } }), 'tasks.main[0].channel', /no step creates the channel 'd'/],
  ['a channel opened twice', (s) => steps(s).unshift({ op: 'socket.open', channel: 'c', peer: 'echo' }), 'tasks.main[1].channel', /created twice/],
  ['a channel and an exchange of one name', (s) => steps(s).unshift({ op: 'socket.open', channel: 'x', peer: 'echo' }), 'tasks.main[2].exchange', /already names a channel/],
  ['a channel opened by an interval', (s) => steps(s).unshift({ op: 'timer.interval', timer: 't', every_ticks: 2, on_fire: [{ op: 'socket.open', channel: 'd', peer: 'echo' }] }), 'tasks.main[0].on_fire[0]', /at every tick/],
  ['messages on a channel that never opened', (s) => { s.expect.channels['c'] = { ...channel, opened: false, received: [{ kind: 'text', text: 'a' }], close: BROKEN } }, 'expect.channels.c.opened', /never opened/],
  ['a clean 1006', (s) => { s.expect.channels['c'] = { ...channel, close: { ...BROKEN, clean: true } } }, 'expect.channels.c.close.clean', /never clean/],
  ['a completed exchange without a status', (s) => { s.expect.exchanges['x'] = { end: 'completed', status: null, peer_saw: 'ended' } }, 'expect.exchanges.x.status', /has a status/],
  ['a body before its head', (s) => { s.peers['web'] = http([{ do: 'body', message: { kind: 'hex', hex: '00' } }, head(), { do: 'end' }]) }, 'peers.web.exchanges[0].actions[0]', /'body' before any head/],
  ['an end without a head', (s) => { s.peers['web'] = http([head()], [{ do: 'end' }]) }, 'peers.web.exchanges[1].actions[0]', /'end' before any head/],
  ['two heads', (s) => { s.peers['web'] = http([head(), head()]) }, 'peers.web.exchanges[0].actions[1]', /second head/],
  ['an action after the end', (s) => { s.peers['web'] = http([head(), { do: 'destroy' }, { do: 'wait', ticks: 1 }]) }, 'peers.web.exchanges[0].actions[2]', /never runs/],
  ['an echo of nothing', (s) => { s.peers['echo'] = websocket({ on_open: [{ do: 'echo' }] }) }, 'peers.echo.connections[0].on_open[0]', /no message to echo/],
  ['a close code that may not be sent', (s) => { s.peers['echo'] = websocket({ on_open: [{ do: 'close', code: 1006 }] }) }, 'peers.echo.connections[0].on_open[0].code', /may not be sent/],
  ['a send after the close', (s) => { s.peers['echo'] = websocket({ on_message: [{ actions: [{ do: 'terminate' }, { do: 'echo' }] }] }) }, 'peers.echo.connections[0].on_message[0].actions[1]', /never runs/],
  ['actions of a connection that is rejected', (s) => { s.peers['echo'] = { kind: 'websocket', connections: [{ handshake: { answer: 'reject', status: 500 }, on_open: [] }] } }, 'peers.echo.connections[0].handshake', /never opens/],
]

describe('T0 timer_surface: a scenario that contradicts itself is refused at its field', () => {
  it('accepts the samples the faults are planted in', () => expect([checkScenario(timers(), 't'), checkScenario(transport(), 't')]).toHaveLength(2))

  it.each(TIMER_FAULTS)('%s', (_fault, change, path, message) => expectRefusal(broken(timers(), change), path, message))
})

describe('T0 virtual_transport_surface: a scenario that contradicts itself is refused at its field', () => {
  it.each(TRANSPORT_FAULTS)('%s', (_fault, change, path, message) => expectRefusal(broken(transport(), change), path, message))
})

const overHttp2 = (): Scenario => scenario({
  id: 'http.sample.one', title: 'A sample', peers: { web: h2([head(), body(text('a')), end]) }, tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'web' }, { op: 'request.wait_end', exchange: 'x' }] },
  expect: { exchanges: { x: { end: 'completed', status: 200, peer_saw: 'ended' } } },
})
const HTTP2_FAULTS: Array<[string, (scenario: Scenario) => void, string, RegExp]> = [
  ['raw text in HTTP/2', (s) => { s.peers['web'] = h2([{ do: 'raw', text: 'HTTP/1.1 200 OK' }, { do: 'destroy' }]) }, 'peers.web.exchanges[0].actions[0]', /HTTP\/2 has no raw text/],
  ['a field of the connection in HTTP/2', (s) => { s.peers['web'] = h2([head(200, { 'Transfer-Encoding': 'chunked' }), end]) }, 'peers.web.exchanges[0].actions[0].headers', /no field 'Transfer-Encoding'/],
  ['an event stream over HTTP/2', (s) => { steps(s).push({ op: 'events.open', stream: 's', peer: 'web' }); s.expect.streams['s'] = { events: [], connections: 1 } }, 'tasks.main[2].peer', /no event stream/],
  ['a body before its head in HTTP/2', (s) => { s.peers['web'] = h2([body(text('a')), end]) }, 'peers.web.exchanges[0].actions[0]', /'body' before any head/],
]

describe('T0 http_surface: a scenario that asks of HTTP/2 what it does not have is refused', () => {
  it('takes one that does not', () => expect(checkScenario(overHttp2(), 'sample.json').surface_family).toBe('http_surface'))
  it.each(HTTP2_FAULTS)('%s', (_fault, change, path, message) => expectRefusal(broken(overHttp2(), change), path, message))
  it('an unknown version', () => expect(refusalOf({ ...overHttp2(), peers: { web: { kind: 'http', http_version: 'h3', exchanges: [{ actions: [] }] } } })).toMatchObject({ code: 'scenario_invalid' }))
})

function expectRefusal(candidate: Scenario, path: string, message: RegExp): void {
  const error = refusalOf(candidate)
  expect(error).toMatchObject({ code: 'scenario_invalid', where: `sample.json: ${path}` })
  expect(error.message).toMatch(message)
  expect(error.message.startsWith(`sample.json: ${path}: `)).toBe(true)
  expect(error.hint).not.toBe('')
}

describe('T0 timer_surface: a scenario that does not parse is refused at its field', () => {
  const withStep = (step: unknown): unknown => ({ ...timers(), tasks: { main: [step] } })
  it.each<[string, unknown, string, RegExp]>([
    ['not an object', 42, 'scenario', /expected object/i],
    ['an unknown field', { ...timers(), colour: 'red' }, 'colour', /no such field/],
    ['a missing field', { ...timers(), tick_ms: undefined }, 'tick_ms', /expected number/i],
    ['an unknown step', withStep({ op: 'timer.sett', timer: 'a' }), 'tasks.main[0].op', /no step or shape of this name/],
    ['a step with a wrong field', withStep({ op: 'timer.clear', timer: 'Not a name' }), 'tasks.main[0].timer', /lower-case word/],
    ['a step inside a callback with a wrong field', withStep({ op: 'timer.set', timer: 'a', after_ticks: 1, on_fire: [{ op: 'mark', mark: '7' }] }), 'tasks.main[0].on_fire[0].mark', /lower-case word/],
    ['a waiting step inside a callback', withStep({ op: 'timer.set', timer: 'a', after_ticks: 1, on_fire: [{ op: 'wait', ticks: 1 }] }), 'tasks.main[0].on_fire[0].op', /no step or shape of this name/],
    ['a timer with two delays', withStep({ op: 'timer.set', timer: 'a', after_ticks: 1, after_ms: 1 }), 'tasks.main[0]', /exactly one of after_ticks and after_ms/],
    ['an unknown outcome', { ...timers(), expect: { ...timers().expect, outcome: 'fine' } }, 'expect.outcome', /completed/],
    ['a label that is none', { ...timers(), expect: { ...timers().expect, orders: [['timer', 'mark.m']] } }, 'expect.orders[0][0]', /not an event label/],
  ])('%s', (_fault, candidate, path, message) => {
    const error = refusalOf(candidate)
    expect(error).toMatchObject({ code: 'scenario_invalid', where: `sample.json: ${path}` })
    expect(error.message).toMatch(message)
  })

  it('tells how many more faults there are', () => {
    const twice = broken(timers(), (s) => steps(s).push({ op: 'timer.clear', timer: 'x' }, { op: 'timer.clear', timer: 'y' }))
    expect(refusalOf(twice).message).toMatch(/\(and 1 more\)$/)
  })
})
