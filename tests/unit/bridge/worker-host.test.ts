import { afterEach, describe, expect, it, vi } from 'vitest'
import { runInWorker, startBridgeWorkers, type BridgeWorkers } from '../../../bridge/worker-host.js'
import type { FromRealm } from '../../../src/contract/realm-protocol.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { until } from '../loopback/support.js'
import { within } from '../subjects/runtimes.js'
import { DONE, HELLO, alive, artifactOf, handWorkers, mark, orderOf } from './support.js'

const ALIVE = JSON.stringify({ type: 'events', events: [alive()] })
const SAY_DONE = `say(${JSON.stringify(DONE)});`

let workers: BridgeWorkers | null = null
/** Threads that served the runs, and whether each was clean afterwards. */
let [served, clean]: [number[], boolean[]] = [[], []]
afterEach(async () => {
  await workers?.close()
  workers = null
  ;[served, clean] = [[], []]
  vi.useRealTimers()
})

async function run(signal = new AbortController().signal, order = orderOf()): Promise<{ end: FromRealm; events: RealmEvent[] }> {
  const events: RealmEvent[] = []
  const { message: end } = await within(runInWorker(workers!, order, (more) => events.push(...more), signal))
  return { end, events }
}
function pool(body: string, spare = 0): void {
  const own = startBridgeWorkers(artifactOf(body), spare)
  workers = {
    ...own,
    take: () => { const worker = own.take(); served.push(worker.threadId); return worker },
    give: (worker, is) => { clean.push(is); own.give(worker, is) },
  }
}
/** A run, and what its worker was found to be after it. */
async function runAndGive(): Promise<{ end: FromRealm; events: RealmEvent[] }> {
  const seen = clean.length
  const ran = await run()
  await until(() => clean.length > seen)
  return ran
}

describe('T0 browser_surface: the bridge\'s worker, for real', () => {
  it('evaluates the artifact, gives it a direct order and passes on what it says', async () => {
    pool(`say({ type: 'events', events: [{ witness: 'subject', kind: 'log', id: 'x', text: order.route + ' ' + order.scenario.id, seq: 0, ticks: 0, ms: 0 }] }); ${SAY_DONE}`)
    const { end, events } = await run()
    expect(end).toEqual(DONE)
    expect(events).toMatchObject([{ text: 'direct test.bridge' }])
  })

  it('a worker that proves itself as it was before its run serves the next, with the artifact evaluated anew', async () => {
    pool(`globalThis.leftover = (globalThis.leftover ?? 0) + 1; if (leftover !== 1) throw new Error('the scope is not new'); say(${ALIVE}); ${SAY_DONE}`)
    expect((await runAndGive()).end).toEqual(DONE)
    expect((await runAndGive()).end).toEqual(DONE)
    expect(clean).toEqual([true, true])
    expect(served[1]).toBe(served[0])
  })

  it.each([
    ['left a timer alive, by its own word', `say(${JSON.stringify({ type: 'events', events: [alive(['1'])] })}); ${SAY_DONE}`],
    ['left a listener alive, by its own word', `say(${JSON.stringify({ type: 'events', events: [{ ...alive(), left: [{ what: 'listener', id: '1', call: 'addEventListener', stack: [] }] }] })}); ${SAY_DONE}`],
    ['never told what it left alive', SAY_DONE],
    ['stalled', `say(${ALIVE}); say({ type: 'done', stalled: true });`],
    ['failed', `say(${ALIVE}); say({ type: 'failed', code: 'subject_throws', message: 'no' });`],
    // These say that nothing is left, and lie.
    ['left a timer alive that it hid', `setTimeout(() => undefined, 60_000); say(${ALIVE}); ${SAY_DONE}`],
    ['changed a prototype that the next would find', `Array.prototype.mine = 1; say(${ALIVE}); ${SAY_DONE}`],
    ['replaced a function of the language', `Math.max = () => 0; say(${ALIVE}); ${SAY_DONE}`],
    ['took something away', `delete Array.prototype.flat; say(${ALIVE}); ${SAY_DONE}`],
    ['reached Node\'s own global', `Function('return globalThis')().mine = 1; say(${ALIVE}); ${SAY_DONE}`],
    ['changed what fetch gives', `Response.prototype.mine = 1; say(${ALIVE}); ${SAY_DONE}`],
  ])('one whose run %s serves no other', async (_, body) => {
    pool(body)
    await runAndGive()
    await runAndGive()
    expect(clean).toEqual([false, false])
    expect(served[1]).not.toBe(served[0])
  })

  it('says what it evaluated, by its own count', async () => {
    const artifact = artifactOf(SAY_DONE)
    workers = startBridgeWorkers(artifact, 0)
    const { evaluated_sha256 } = await within(runInWorker(workers, orderOf(), () => undefined, new AbortController().signal))
    expect(evaluated_sha256).toBe(sha256Hex(artifact))
  })

  it.each([
    ['an error', 'error', 'setTimeout(() => { throw new TypeError(\'out of reach\') }, 0)'],
    ['a rejection', 'unhandledrejection', 'void Promise.reject(new TypeError(\'out of reach\'))'],
  ])('%s that nobody caught reaches whoever listens, as in a realm', async (_, kind, thrown) => {
    pool(`addEventListener('${kind}', (event) => { say({ type: 'events', events: [{ witness: 'subject', kind: 'log', id: 'x', text: String(event.error ?? event.reason), seq: 0, ticks: 0, ms: 0 }] }); ${SAY_DONE} }); ${thrown}`)
    const { end, events } = await run()
    expect(end).toEqual(DONE)
    expect(events).toMatchObject([{ text: 'TypeError: out of reach' }])
  })

  it('where nobody listens it is the subject\'s own failure, and no loss', async () => {
    pool('setTimeout(() => { throw new TypeError(\'out of reach\') }, 0)')
    expect((await run()).end).toEqual({ type: 'failed', code: 'subject_throws', message: 'TypeError: out of reach' })
  })

  it.each([
    ['says what is no message', 'say({ type: \'nonsense\' })', /does not parse/],
    ['says an event that is none', 'say({ type: \'events\', events: [{ kind: \'mark\' }] })', /does not parse: .*mark/],
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
    expect((await ended).message).toMatchObject({ type: 'failed', code: 'harness', message: 'the bridge\'s worker was ended because the realm left' })
  })

  it('close ends them all, also those that wait for work', async () => {
    pool(SAY_DONE, 2)
    workers!.warm()
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
    expect((await ended).message).toMatchObject({ type: 'failed', message: 'the bridge\'s worker did not end in time' })
    expect(hand.given).toEqual([false])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a worker that exits', async () => {
    const { hand, ended, worker } = start()
    worker.emit('exit', 1)
    expect((await ended).message).toMatchObject({ type: 'failed', message: 'the bridge\'s worker exited' })
    expect(hand.given).toEqual([false])
  })

  it('after its end, it is told to stop and listened to no more', async () => {
    const { hand, ended, worker } = start()
    worker.says(HELLO)
    worker.says({ type: 'heartbeat', beat: 1 })
    worker.says({ type: 'events', events: [alive()] })
    worker.says(DONE)
    expect((await ended).message).toEqual(DONE)
    expect(worker.heard.slice(-2)).toEqual([{ type: 'stop' }, { type: 'inspect' }])
    worker.says({ type: 'left', left: [] })
    await until(() => hand.given.length === 1)
    expect(worker.eventNames()).toEqual([])
    expect(hand.given).toEqual([true])
  })
})
