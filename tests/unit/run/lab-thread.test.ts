import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LabAnswer, LabQuestion } from '../../../src/lab/lab-worker.js'
import { LAB_LIMIT_MS, LAB_LOSSES, startLabThread, type LabThread } from '../../../src/run/lab-thread.js'
import { scenarioOf } from '../lab/scripts.js'
import { fakeClock } from './support.js'

/** A thread that the test plays; like the lab's it takes one question after another. */
class Played extends EventEmitter {
  readonly asked: LabQuestion[] = []
  terminated = false
  constructor() {
    super()
    threads.push(this)
  }
  postMessage(question: LabQuestion): void { this.asked.push(question) }
  terminate(): Promise<number> {
    this.terminated = true
    this.emit('exit', 1)
    return Promise.resolve(1)
  }
  /** Answers the last question. */
  answers(): void { this.emit('message', good(this.asked.at(-1)!.id)) }
}
let threads: Played[] = []
vi.mock('node:worker_threads', () => ({ Worker: class { constructor() { return new Played() } } }))

const good = (id: number): LabAnswer => ({ id, events: [], stalled: false, deterministic: true, runs: [] })
let thread: LabThread
const ask = (id: string): Promise<LabAnswer> => thread.ask(scenarioOf({}, { id }), 1)
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

describe('T0 timer_surface: the lab\'s thread', () => {
  beforeEach(() => {
    fakeClock()
    threads = []
    thread = startLabThread('', new Map())
  })
  afterEach(async () => {
    await thread.close()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('the time that a question waits for others is none of its own', async () => {
    const [one, two] = [ask('lab.one'), ask('lab.two')]
    await pass(LAB_LIMIT_MS - 1)
    threads[0]!.answers()
    expect(await one).toEqual(good(1))
    await pass(LAB_LIMIT_MS - 1)
    threads[0]!.answers()
    expect(await two).toEqual(good(2))
    expect(threads).toHaveLength(1)
  })

  it('one that hangs is ended and costs the question it was at; another thread answers the rest', async () => {
    const [hangs, waits] = [ask('lab.hangs'), ask('lab.waits')]
    await pass(LAB_LIMIT_MS)
    expect(await hangs).toMatchObject({ error: { code: 'lab_stalled', message: expect.stringContaining(`did not end within ${LAB_LIMIT_MS} ms in lab.hangs`) as string } })
    expect([threads.length, threads[0]!.terminated]).toEqual([2, true])
    threads[1]!.answers()
    expect(await waits).toEqual(good(2))
  })

  it.each([
    ['exits', (lost: Played) => lost.emit('exit', 1), 'the lab ended by itself in lab.dies'],
    ['fails', (lost: Played) => { lost.emit('error', new Error('out of memory')); lost.emit('exit', 1) }, 'the lab ended (out of memory) in lab.dies'],
  ])('one that %s costs the question it was at; those that wait and come later are answered', async (_, dies, message) => {
    const [lost, waits] = [ask('lab.dies'), ask('lab.waits')]
    dies(threads[0]!)
    expect(await lost).toMatchObject({ error: { code: 'internal', message } })
    threads[1]!.answers()
    expect(await waits).toEqual(good(2))
    const later = ask('lab.later')
    threads[1]!.answers()
    expect(await later).toEqual(good(3))
    expect(threads).toHaveLength(2)
  })

  it('one that is lost too often is not started again; what is still asked hears why', async () => {
    const asked = Array.from({ length: LAB_LOSSES + 3 }, (_, at) => ask(`lab.n${at}`))
    for (let at = 0; at <= LAB_LOSSES; at++) threads[at]!.emit('exit', 1)
    const messages = (await Promise.all(asked)).map((answer) => ('error' in answer ? answer.error.message : ''))
    expect(messages.slice(0, LAB_LOSSES + 1)).toEqual(asked.slice(0, LAB_LOSSES + 1).map((_, at) => `the lab ended by itself in lab.n${at}`))
    expect(messages.slice(LAB_LOSSES + 1)).toEqual([1, 2].map(() => `the lab was lost ${LAB_LOSSES + 1} times; the last time it ended by itself`))
    expect(threads).toHaveLength(LAB_LOSSES + 1)
    expect(await ask('lab.later')).toMatchObject({ error: { code: 'internal' } })
  })

  it('a thread that is closed is started for nobody', async () => {
    await thread.close()
    expect(await ask('lab.one')).toMatchObject({ error: { message: 'the lab ended' } })
    expect(threads).toHaveLength(0)
  })
})
