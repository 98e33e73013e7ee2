import FakeTimers from '@sinonjs/fake-timers'
import type { Scenario } from '../src/contract/scenario.js'
import { runLabOnce } from '../src/lab/run-lab.js'
import { findScenarios } from '../src/scenarios/catalogue.js'
import { loadArtifact } from '../src/run/artifact.js'
import { best, beside, round, type Measure } from './measure.js'

const TIMERS = 100_000
const ROUNDS = 3

/** The least artifact there is: it says hello, does one thing and is done. */
const artifact = (work: string): string => `
const control = globalThis.__lanecheckHost.control
const sleep = (ms) => new Promise((go) => setTimeout(go, ms))
control.onmessage = async () => { ${work}; control.send({ type: 'done', stalled: false }) }
control.send(${JSON.stringify({ type: 'hello', probe: null, subject: null })})`

const AWAITED = `for (let n = 0; n < ${TIMERS}; n++) await sleep(1)`
const QUEUED = `await new Promise((go) => { let left = ${TIMERS}; for (let n = 0; n < ${TIMERS}; n++) setTimeout(() => { if (--left === 0) go() }, n % 97) })`

/** Timers and events a second in the lab, beside a fake clock that runs without a host around it. */
export async function labSpeed(): Promise<Measure[]> {
  const [scenario] = findScenarios('timer.many.thousand') as [Scenario]
  const crowd = manyTimers(scenario)
  const { source } = await loadArtifact('native')
  const probed = await helloOf(source)
  const perSecond = async (work: string): Promise<number> => {
    const started = performance.now()
    const { end, tasks } = await runLabOnce({ artifact: artifact(work).replace('"probe":null', `"probe":${JSON.stringify(probed.probe)}`).replace('"subject":null', `"subject":${JSON.stringify(probed.declaration)}`), scenario: { ...scenario, tick_ms: 1_000, limit_ticks: 10_000 }, seed: 1 })
    const elapsed = performance.now() - started
    if (end.type !== 'done' || end.stalled || tasks < TIMERS) throw new Error(`the lab ran ${tasks} tasks and ended with ${JSON.stringify(end)}`)
    return TIMERS / (elapsed / 1000)
  }
  const fakeAwaited: Measure = { name: '@sinonjs/fake-timers, awaited timers', value: round(await best(ROUNDS, 'more', fakeClockAwaited), 0), unit: 'timers/s' }
  const fakeQueued: Measure = { name: '@sinonjs/fake-timers, queued timers', value: round(await best(ROUNDS, 'more', fakeClockQueued), 0), unit: 'timers/s' }
  const events = await best(ROUNDS, 'more', async () => {
    const started = performance.now()
    const { event_count } = await runLabOnce({ artifact: source, scenario: crowd, seed: 1 })
    return event_count / ((performance.now() - started) / 1000)
  })
  return [
    fakeAwaited,
    beside({ name: 'lab, awaited timers', value: round(await best(ROUNDS, 'more', () => perSecond(AWAITED)), 0), unit: 'timers/s' }, fakeAwaited),
    fakeQueued,
    beside({ name: 'lab, queued timers', value: round(await best(ROUNDS, 'more', () => perSecond(QUEUED)), 0), unit: 'timers/s' }, fakeQueued),
    beside({ name: 'lab, recorded events (aim: 1,000,000)', value: round(events, 0), unit: 'events/s' }, fakeQueued),
  ]
}

async function helloOf(source: string): Promise<{ probe: unknown; declaration: unknown }> {
  const { declareSubject } = await import('../src/lab/run-lab.js')
  return declareSubject(source)
}

/** Ten thousand timers, each recorded as set and fired by two witnesses. */
function manyTimers(scenario: Scenario): Scenario {
  return { ...scenario, limit_ticks: 10_000, tasks: { main: [{ op: 'timer.set_many', timer: 'crowd', count: 10_000, after_ticks: [24, 4, 14] }, { op: 'timer.wait', timer: 'crowd' }] } }
}

async function fakeClockAwaited(): Promise<number> {
  const clock = FakeTimers.createClock(0, TIMERS + 1)
  const started = performance.now()
  const work = (async () => { for (let n = 0; n < TIMERS; n++) await new Promise<void>((go) => { clock.setTimeout(() => go(), 1) }) })()
  // One timer at a time is waiting; the next is set in the microtasks after it has fired.
  let done = false
  void work.then(() => { done = true })
  while (!done) {
    clock.next()
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
  }
  return TIMERS / ((performance.now() - started) / 1000)
}

function fakeClockQueued(): Promise<number> {
  const clock = FakeTimers.createClock(0, TIMERS + 1)
  const started = performance.now()
  let left = TIMERS
  for (let n = 0; n < TIMERS; n++) clock.setTimeout(() => { left -= 1 }, n % 97)
  clock.runAll()
  if (left !== 0) throw new Error('the fake clock left timers')
  return Promise.resolve(TIMERS / ((performance.now() - started) / 1000))
}
