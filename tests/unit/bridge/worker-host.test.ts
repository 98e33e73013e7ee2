import { afterEach, describe, expect, it, vi } from 'vitest'
import { runInWorker, startBridgeWorkers, type BridgeWorkers } from '../../../bridge/worker-host.js'
import type { FromRealm } from '../../../src/contract/realm-protocol.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import { within } from '../subjects/runtimes.js'
import { DONE, HELLO, alive, artifactOf, handWorkers, mark, orderOf } from './support.js'

const ALIVE = JSON.stringify({ type: 'events', events: [alive()] })
/** Says how many runs this worker has seen: intrinsics outlive a run, the artifact's scope does not. */
const COUNT = 'Array.runs = (Array.runs ?? 0) + 1; say({ type: \'events\', events: [{ witness: \'subject\', kind: \'mark\', id: `run-${Array.runs}`, seq: 0, ticks: 0, ms: 0 }] });'
const SAY_DONE = `say(${JSON.stringify(DONE)});`

let workers: BridgeWorkers | null = null
afterEach(async () => {
  await workers?.close()
  workers = null
  vi.useRealTimers()
})

async function run(signal = new AbortController().signal, order = orderOf()): Promise<{ end: FromRealm; events: RealmEvent[] }> {
  const events: RealmEvent[] = []
  const end = await within(runInWorker(workers!, order, (more) => events.push(...more), signal))
  return { end, events }
}
const pool = (body: string, ready = 0): void => { workers = startBridgeWorkers(artifactOf(body), ready) }

describe('T0 browser_surface: the bridge\'s worker, for real', () => {
  it('evaluates the artifact, gives it a direct order and passes on what it says', async () => {
    pool(`say({ type: 'events', events: [{ witness: 'subject', kind: 'log', id: 'x', text: order.route + ' ' + order.scenario.id, seq: 0, ticks: 0, ms: 0 }] }); ${SAY_DONE}`)
    const { end, events } = await run()
    expect(end).toEqual(DONE)
    expect(events).toMatchObject([{ text: 'direct test.bridge' }])
  })

  it('a worker that a run left clean serves the next, with the artifact evaluated anew', async () => {
    pool(`${COUNT} globalThis.leftover = (globalThis.leftover ?? 0) + 1; if (leftover !== 1) throw new Error('the scope is not new'); say(${ALIVE}); ${SAY_DONE}`, 1)
    expect((await run()).events[0]).toMatchObject({ id: 'run-1' })
    const second = await run()
    expect(second.end).toEqual(DONE)
    expect(second.events[0]).toMatchObject({ id: 'run-2' })
  })

  it.each([
    ['left a timer alive', `say(${JSON.stringify({ type: 'events', events: [alive(['1'])] })}); ${SAY_DONE}`],
    ['never told what it left alive', SAY_DONE],
    ['stalled', `say(${ALIVE}); say({ type: 'done', stalled: true });`],
    ['failed', `say(${ALIVE}); say({ type: 'failed', code: 'subject_throws', message: 'no' });`],
  ])('one whose run %s serves no other', async (_, ending) => {
    pool(`${COUNT} ${ending}`)
    await run()
    expect((await run()).events[0]).toMatchObject({ id: 'run-1' })
  })

  it.each([
    ['throws out of reach', 'setTimeout(() => { throw new Error(\'out of reach\') }, 0)', /failed: out of reach/],
    ['says what is no message', 'say({ type: \'nonsense\' })', /does not parse/],
    ['says an event that is none', 'say({ type: \'events\', events: [{ kind: \'mark\' }] })', /does not parse: events/],
  ])('an artifact that %s costs its own run alone', async (_, body, message) => {
    pool(body)
    const { end } = await run()
    expect(end).toMatchObject({ type: 'failed', code: 'harness' })
    expect((end as { message: string }).message).toMatch(message)
  })

  it('an artifact that does not parse', async () => {
    workers = startBridgeWorkers('this is no script', 0)
    expect((await run()).end).toMatchObject({ type: 'failed', code: 'harness' })
  })

  it('one that is busy for ever is ended when the realm has left', async () => {
    pool(`say(${JSON.stringify({ type: 'events', events: [mark('busy')] })}); for (;;);`)
    const left = new AbortController()
    const ended = within(runInWorker(workers!, orderOf(), () => left.abort(), left.signal))
    expect(await ended).toMatchObject({ type: 'failed', code: 'harness', message: 'the bridge\'s worker was ended because the realm left' })
  })

  it('close ends them all, also those that wait for work', async () => {
    pool(SAY_DONE, 2)
    const [one, other] = [workers!.take(), workers!.take()]
    workers!.give(one, true)
    await within(workers!.close())
    expect([one.threadId, other.threadId]).toEqual([-1, -1])
  })
})

describe('T0 browser_surface: limits of a bridged run', () => {
  const start = () => {
    const hand = handWorkers()
    const ended = runInWorker(hand, orderOf(), () => undefined, new AbortController().signal)
    return { hand, ended, worker: hand.taken[0]! }
  }

  it('a silent worker is given up some time after the scenario\'s own limit', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { hand, ended } = start()
    vi.advanceTimersByTime(orderOf().scenario.limit_ticks * orderOf().scenario.tick_ms)
    expect(hand.given).toEqual([])
    vi.advanceTimersByTime(60_000)
    expect(await ended).toMatchObject({ type: 'failed', message: 'the bridge\'s worker did not end in time' })
    expect(hand.given).toEqual([false])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a worker that exits', async () => {
    const { hand, ended, worker } = start()
    worker.emit('exit', 1)
    expect(await ended).toMatchObject({ type: 'failed', message: 'the bridge\'s worker exited' })
    expect(hand.given).toEqual([false])
  })

  it('after its end, it is told to stop and listened to no more', async () => {
    const { hand, ended, worker } = start()
    worker.says(HELLO)
    worker.says({ type: 'heartbeat', beat: 1 })
    worker.says({ type: 'events', events: [alive()] })
    worker.says(DONE)
    expect(await ended).toEqual(DONE)
    expect(worker.heard.at(-1)).toEqual({ type: 'stop' })
    expect(worker.eventNames()).toEqual([])
    expect(hand.given).toEqual([true])
  })
})
