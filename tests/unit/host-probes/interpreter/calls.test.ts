import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Step } from '../../../../src/contract/scenario.js'
import type { JsonValue, SubjectTasks, TaskContext } from '../../../../src/contract/subject.js'
import { play, runtimeOf, scenarioOf, TICK_MS, type Play } from './support.js'

const deadlines = { budget: { budget_ticks: 4 } }
const later = (ticks: number, value?: JsonValue) => (): Promise<JsonValue | void> => new Promise((go) => { setTimeout(() => go(value), ticks * TICK_MS) })
const run = (steps: Step[], tasks: SubjectTasks, more = {}): Promise<Play> => play(scenarioOf({ main: steps }, { deadlines }), runtimeOf({ tasks, ...more }))
const call = (playing: Play): string[] => playing.said().filter((line) => /^(?:call|deadline)\./.test(line))
const start = (task: string, more: object = {}): Step => ({ op: 'call.start', call: 'c', task, ...more })
const WAIT: Step = { op: 'call.wait', call: 'c' }

describe('T0 timer_surface: calls of the subject\'s own tasks', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => { vi.useRealTimers() })

  it('a result, as canonical JSON, and the input that the scenario gives', async () => {
    const seen: unknown[] = []
    const playing = await run([start('work', { input: { b: 1, a: [true] } }), WAIT], { work: async (input) => (seen.push(input), { z: 1, a: 'é' }) })
    expect(seen).toEqual([{ a: [true], b: 1 }])
    expect(playing.events().slice(0, 2)).toMatchObject([
      { kind: 'call.started', task: 'work', input: { kind: 'text', text: '{"a":[true],"b":1}' } }, { kind: 'call.completed', result: { text: '{"a":"é","z":1}', length: 16 } },
    ])
    expect(playing.ended).toEqual({ stalled: false })
  })

  it('several at once, each by its own name; what a task does to its input is seen by no other', async () => {
    const input = { list: [1] }
    const playing = await run([
      start('change', { input }), { op: 'call.start', call: 'd', task: 'change', input }, { op: 'call.wait', call: 'd' }, WAIT,
    ], { change: async (given) => { (given as { list: number[] }).list.push(2); await later(2)(); return given } })
    await playing.pass(3)
    expect(call(playing)).toEqual(['call.started c', 'call.started d', 'call.completed c @2', 'call.completed d @2'])
    expect(playing.events().filter(({ kind }) => kind === 'call.completed')).toMatchObject([{ result: { text: '{"list":[1,2]}' } }, { result: { text: '{"list":[1,2]}' } }])
  })

  it('no result stands for null, no input too', async () => {
    const work = vi.fn(async () => undefined)
    const playing = await run([start('work'), WAIT], { work })
    expect(work).toHaveBeenCalledExactlyOnceWith(null, expect.anything())
    expect(playing.events()[1]).toMatchObject({ kind: 'call.completed', result: { text: 'null' } })
  })

  it.each<[string, unknown, RegExp]>([['bytes', new Uint8Array(2), /only plain objects/], ['a map', new Map(), /only plain objects/], ['not a number', Number.NaN, /NaN/], ['a bigint', 1n, /bigint/]])('a result that is %s fails the call, with a code', async (_, value, message) => {
    const playing = await run([start('work'), WAIT], { work: async () => value as JsonValue })
    expect(playing.events()[1]).toMatchObject({ kind: 'call.failed', error: 'result_not_json', message: expect.stringMatching(message) as string })
  })

  it('an error has its name; a task that throws at once has failed as one that rejects; the run goes on', async () => {
    const playing = await run([start('work'), WAIT, { op: 'call.start', call: 'd', task: 'throws' }, { op: 'call.wait', call: 'd' }, { op: 'mark', mark: 'on' }], {
      work: async () => { throw new RangeError('no') }, throws: () => { throw new TypeError('at once') },
    })
    expect(playing.events().filter(({ kind }) => kind === 'call.failed')).toMatchObject([{ id: 'c', error: 'RangeError', message: 'no' }, { id: 'd', error: 'TypeError', message: 'at once' }])
    expect(playing.said()).toContain('mark on')
  })

  it('a trap inside WebAssembly fails the call, and is the trap of the run', async () => {
    const playing = await run([start('work'), WAIT, { op: 'wait', ticks: 1 }], { work: async () => { throw new WebAssembly.RuntimeError('unreachable') } })
    expect(playing.events().slice(1, 3)).toMatchObject([{ kind: 'call.failed', error: 'RuntimeError' }, { kind: 'subject.threw', id: 'c', trap: true }])
    expect(playing.ended).toEqual({ stalled: false })
  })

  it('the deadline is the harness\'s: the call has timed out and its signal says so, whatever the subject does', async () => {
    const reasons: unknown[] = []
    const playing = await run([start('work', { deadline: 'budget' }), WAIT, { op: 'mark', mark: 'over' }, { op: 'wait', ticks: 4 }], {
      work: (_, { signal }) => new Promise((_go, stop) => signal.addEventListener('abort', () => { reasons.push(signal.reason); stop(signal.reason as Error) })),
    })
    await playing.pass(10)
    expect(call(playing)).toEqual(['call.started c', 'deadline.started budget', 'deadline.exceeded budget @4', 'call.timed_out c @4', 'call.stopped c @4'])
    expect(reasons).toMatchObject([{ name: 'TimeoutError' }])
    expect(playing.said()).toContain('mark over @4')
  })

  it('a call that ends in time ends its deadline, and leaves no timer of it', async () => {
    const playing = await run([start('work', { deadline: 'budget' }), WAIT, { op: 'wait', ticks: 5 }], { work: later(2) })
    await playing.pass(9)
    expect(call(playing)).toEqual(['call.started c', 'deadline.started budget', 'call.completed c @2', 'deadline.completed budget @2'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('cancelled: at once, for its caller; then its signal aborts, and the deadline is cancelled with it', async () => {
    const order: string[] = []
    const playing = await run([
      start('work', { deadline: 'budget' }), { op: 'wait', ticks: 1 }, { op: 'call.cancel', call: 'c' }, { op: 'call.cancel', call: 'c' }, WAIT, { op: 'wait', ticks: 6 },
    ], { work: (_, { signal }) => new Promise((_go, stop) => signal.addEventListener('abort', () => { order.push((signal.reason as Error).name); stop(new Error('mine')) })) })
    await playing.pass(9)
    expect(call(playing)).toEqual(['call.started c', 'deadline.started budget', 'call.cancelled c @1', 'deadline.cancelled budget @1', 'call.stopped c @1'])
    expect(order).toEqual(['AbortError'])
  })

  it('a task that takes no notice of its signal is heard of later: its result is none', async () => {
    const playing = await run([start('work', { deadline: 'budget' }), WAIT, { op: 'wait', ticks: 5 }], { work: later(6, 'late') })
    await playing.pass(12)
    expect(call(playing).slice(2)).toEqual(['deadline.exceeded budget @4', 'call.timed_out c @4', 'call.late_result c @6'])
  })

  it('cancelling what has ended does nothing', async () => {
    const playing = await run([start('work'), WAIT, { op: 'call.cancel', call: 'c' }], { work: async () => 1 })
    expect(call(playing)).toEqual(['call.started c', 'call.completed c'])
  })

  it('reports, counted by a wait; one that is not JSON fails the task that gives it', async () => {
    let told: TaskContext['report'] = () => undefined
    const playing = await run([start('work'), { op: 'call.wait', call: 'c', reports: 2 }, { op: 'mark', mark: 'two' }, WAIT], {
      work: async (_, { report }) => { told = report; report({ n: 1 }); await later(2)(); report(2); await later(2)(); report(3n as unknown as JsonValue) },
    })
    await playing.pass(5)
    expect(playing.said().slice(0, 5)).toEqual(['call.started c', 'call.reported c', 'call.reported c @2', 'mark two @2', 'call.failed c @4'])
    expect(playing.events()[1]).toMatchObject({ value: { text: '{"n":1}' } })
    told('after all')
    expect(playing.said().at(-1)).toBe('call.reported c @5')
  })

  it('what the shutdown finds under way stays pending, and its deadline is cancelled', async () => {
    const playing = await run([start('work', { deadline: 'budget' }), { op: 'shutdown' }, { op: 'wait', ticks: 6 }], { work: () => new Promise(() => undefined) })
    await playing.pass(9)
    expect(playing.said().slice(0, 4)).toEqual(['call.started c', 'deadline.started budget', 'deadline.cancelled budget', 'shutdown.started subject'])
    expect(call(playing)).toHaveLength(3)
  })

  it.each<[string, SubjectTasks | undefined, string]>([['no tasks', undefined, 'tasks'], ['not this one', { other: async () => 1 }, 'tasks.work']])('a subject that has %s lacks the family', async (_, tasks, family) => {
    const playing = await play(scenarioOf({ main: [start('work'), WAIT] }), runtimeOf(tasks === undefined ? {} : { tasks }))
    expect(playing.events()[0]).toMatchObject({ kind: 'family.absent', family })
    expect(playing.ended).toEqual({ stalled: false })
  })

  it('what every object has is no task; a task may be a method', async () => {
    const playing = await run([start('toString')], { other: async () => 1 })
    expect(playing.events()[0]).toMatchObject({ kind: 'family.absent', family: 'tasks.toString' })
    class Own { one = 1; async work() { return this.one } }
    const method = await run([start('work'), WAIT], new Own() as unknown as SubjectTasks)
    expect(method.events()[1]).toMatchObject({ kind: 'call.completed', result: { text: '1' } })
  })
})
