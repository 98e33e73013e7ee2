import { describe, expect, it } from 'vitest'
import { isLanecheckError } from '../../../src/contract/errors.js'
import type { Expectation, Scenario, Step } from '../../../src/contract/scenario.js'
import { scenario } from '../../../src/scenarios/build.js'
import { CATALOGUE, findScenarios } from '../../../src/scenarios/catalogue.js'
import { TASK_SCENARIOS } from '../../../src/scenarios/task/calls.js'
import { checkScenario } from '../../../src/scenarios/validate.js'

const sample = (): Scenario => scenario({
  id: 'task.sample.one', title: 'A sample', deadlines: { budget: { budget_ticks: 8 } },
  tasks: { main: [{ op: 'call.start', call: 'c', task: 'encryptAll', input: { a: [1, null] }, deadline: 'budget' }, { op: 'call.wait', call: 'c', reports: 2 }, { op: 'call.cancel', call: 'c' }] },
  expect: { calls: { c: { end: 'cancelled' } }, deadlines: { budget: 'cancelled_before_deadline' }, orders: [['call.c.started', 'call.c.cancelled']], at_ticks: { 'call.c.cancelled': 3 } },
})
const call = (s: Scenario, change: object): void => { s.expect.calls = { c: { end: 'cancelled', ...change } as NonNullable<Expectation['calls']>[string] } }
const add = (s: Scenario, ...steps: Step[]): void => { s.tasks['main']!.push(...steps) }

const FAULTS: Array<[string, (scenario: Scenario) => void, string, RegExp]> = [
  ['a cancel of a call that no step makes', (s) => add(s, { op: 'call.cancel', call: 'd' }), 'tasks.main[3].call', /no step creates the call 'd'/],
  ['a wait for one', (s) => add(s, { op: 'call.wait', call: 'd' }), 'tasks.main[3].call', /no step creates the call 'd'/],
  ['a call nothing is expected of', (s) => { delete s.expect.calls }, 'tasks.main[0].call', /nothing is expected of the call 'c'/],
  ['an expected call no step makes', (s) => { s.expect.calls!['d'] = { end: 'completed' } }, 'expect.calls.d', /no step creates the call 'd'/],
  ['two calls of one name', (s) => add(s, { op: 'call.start', call: 'c', task: 'other' }), 'tasks.main[3].call', /call 'c' is created twice/],
  ['a deadline of two calls', (s) => { add(s, { op: 'call.start', call: 'd', task: 'x', deadline: 'budget' }); s.expect.calls!['d'] = { end: 'completed' } }, 'tasks.main[3].deadline', /deadline 'budget' is created twice/],
  ['a deadline of a call and of a step', (s) => add(s, { op: 'deadline.start', deadline: 'budget' }), 'tasks.main[3].deadline', /created twice/],
  ['a deadline that is not declared', (s) => { s.deadlines = {} }, 'tasks.main[0].deadline', /'budget' is not declared/],
  ['a deadline nothing is expected of', (s) => { s.expect.deadlines = {} }, 'tasks.main[0].deadline', /nothing is expected of the deadline 'budget'/],
  ['a deadline that is finished by hand', (s) => add(s, { op: 'deadline.finish', deadline: 'budget', how: 'completed' }), 'tasks.main[3].deadline', /ends with its call/],
  ['a call made by an interval', (s) => { add(s, { op: 'timer.interval', timer: 't', every_ticks: 2, on_fire: [{ op: 'call.start', call: 'd', task: 'x' }] }); s.expect.timers['t'] = { outcome: 'cancelled', fired: 1 }; s.expect.calls!['d'] = { end: 'completed' } }, 'tasks.main[3].on_fire[0]', /at every tick/],
  ['a call after the shutdown', (s) => { add(s, { op: 'shutdown' }, { op: 'call.start', call: 'd', task: 'x' }); s.expect.calls!['d'] = { end: 'completed' } }, 'tasks.main[4]', /after the shutdown/],
  ['a label of a call that no step makes', (s) => { s.expect.orders = [['call.z.started', 'call.c.cancelled']] }, 'expect.orders[0][0]', /no step makes the call 'z'/],
  ['a label of an unknown event', (s) => { s.expect.orders = [['call.c.started', 'call.c.aborted']] }, 'expect.orders[0][1]', /a call has no event 'aborted'/],
  ['a tick of a report', (s) => { s.expect.at_ticks = { 'call.c.reported': 2 } }, "expect.at_ticks['call.c.reported']", /no tick is kept/],
  ['a result of a call that was cancelled', (s) => call(s, { result: null }), 'expect.calls.c.result', /cancelled gives no result/],
  ['a result that is given and varies', (s) => call(s, { end: 'completed', result: 1, result_varies: true }), 'expect.calls.c.result_varies', /compared with nothing/],
  ['a late result that is given and varies', (s) => call(s, { late: 'result', late_result: 1, result_varies: true }), 'expect.calls.c.result_varies', /compared with nothing/],
  ['an error of a call that was cancelled', (s) => call(s, { error_name: 'E' }), 'expect.calls.c.error_name', /has no error/],
  ['something late of a call that completed', (s) => call(s, { end: 'completed', late: 'stopped' }), 'expect.calls.c.late', /nothing comes late/],
  ['a late result of one that stopped', (s) => call(s, { late_result: 1 }), 'expect.calls.c.late_result', /fulfils after its call has ended/],
]

function refusal(candidate: Scenario): { where: string | null; message: string } {
  try {
    checkScenario(candidate, 'sample.json')
  } catch (error) {
    if (isLanecheckError(error)) return { where: error.where, message: error.message }
    throw error
  }
  throw new Error('it was accepted')
}

describe('T0 timer_surface: scenarios with calls', () => {
  it('takes a sound one, each end that a call can have, and a deadline that a step waits for', () => {
    expect(checkScenario(sample(), 's').id).toBe('task.sample.one')
    for (const one of [{ end: 'completed', result: { a: 1 } }, { end: 'completed', result_varies: true }, { end: 'failed', error_name: 'E' }, { end: 'timed_out', late: 'result', late_result: 2 }, { late: 'running' }, { end: 'pending' }]) {
      const other = sample()
      call(other, one)
      add(other, { op: 'deadline.wait', deadline: 'budget' })
      expect(checkScenario(other, 's').expect.calls!['c']).toMatchObject(one)
    }
  })
  it('a call may share its name with a channel: it has no address', () => {
    const other = sample()
    add(other, { op: 'socket.open', channel: 'c', peer: 'gone' })
    other.peers['gone'] = { kind: 'refused' }
    other.expect.channels['c'] = { opened: false, received: [], peer_received: [], close: { initiator: 'network', code: 1006, reason: '', clean: false } }
    expect(checkScenario(other, 's').expect.channels).toHaveProperty('c')
  })
  it.each(FAULTS)('%s', (_, change, path, message) => {
    const candidate = sample()
    change(candidate)
    const { where, message: said } = refusal(candidate)
    expect(where).toBe(`sample.json: ${path}`)
    expect(said).toMatch(message)
  })
  it.each<[string, unknown]>([['a function', () => 1], ['not a number', Number.NaN], ['nothing', { a: undefined }]])('an input that is %s has no form in JSON', (_, input) => {
    const { tasks, ...rest } = sample()
    expect(() => checkScenario({ ...rest, tasks: { main: [{ ...tasks['main']![0], input }, ...tasks['main']!.slice(1)] } }, 's')).toThrow(/tasks.main\[0\].input/)
  })
})

describe('T0 timer_surface: the kit\'s own scenarios of tasks', () => {
  it('are found by their ids, and planned by nobody who does not ask', () => {
    expect(findScenarios('task.*')).toEqual(TASK_SCENARIOS)
    expect(findScenarios('**')).toHaveLength(CATALOGUE.length)
    expect(CATALOGUE.filter(({ id }) => id.startsWith('task.'))).toEqual([])
    expect(TASK_SCENARIOS.length).toBeLessThanOrEqual(6)
  })
})
