import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runInWorker, startBridgeWorkers, type BridgeWorkers } from '../../../bridge/worker-host.js'
import type { Step } from '../../../src/contract/scenario.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import { packageRoot } from '../../../src/package-root.js'
import { bundleArtifact } from '../../../src/subjects/bundle.js'
import { until } from '../loopback/support.js'
import { orderOf } from './support.js'

describe('T4 timer_surface: a trap over the bridge', () => {
  let workers: BridgeWorkers
  const clean: boolean[] = []
  beforeAll(async () => {
    const own = startBridgeWorkers(await bundleArtifact(join(packageRoot(), 'tests/fixtures/glue/breaks.ts')), 0)
    workers = { ...own, give: (worker, is) => { clean.push(is); own.give(worker, is) } }
  })
  afterAll(() => workers.close())

  it.each<[string, Step[], object]>([
    ['in a call', [{ op: 'timer.set', timer: 'a', after_ticks: 1 }, { op: 'timer.clear', timer: 'a' }], { id: 'main[1] timer.clear', panic: expect.stringContaining('out of ideas') as string }],
    ['in a timer’s callback', [{ op: 'deadline.start', deadline: 'd' }, { op: 'deadline.wait', deadline: 'd' }], { id: 'uncaught', panic: expect.stringContaining('out of time') as string }],
    ['in an async export', [{ op: 'timer.interval', timer: 'a', every_ticks: 1 }, { op: 'timer.wait', timer: 'a', fired: 2 }], { panic: expect.stringContaining('out of patience') as string }],
  ])('%s is the subject’s, and the session ends as any other', async (_, main, threw) => {
    const order = orderOf()
    const events: RealmEvent[] = []
    const { message } = await runInWorker(workers, { ...order, scenario: { ...order.scenario, tasks: { main }, deadlines: { d: { budget_ticks: 20 } } } }, (more) => events.push(...more), new AbortController().signal)
    expect(message).toEqual({ type: 'done', stalled: false })
    const [first] = events.filter(({ kind }) => kind === 'subject.threw')
    expect(first).toMatchObject({ name: 'RuntimeError', message: 'unreachable', trap: true, ...threw })
    expect((first as { stack?: string }).stack).not.toMatch(/file:|\/dist\//)
    expect(events.filter(({ kind }) => kind === 'host.wasm.module')).toMatchObject([{ instances: 1 }])
  })

  it('what the recorder put in the way of WebAssembly and the console is gone with the run: its worker serves another', async () => {
    const order = orderOf()
    const before = clean.length
    await runInWorker(workers, order, () => undefined, new AbortController().signal)
    await until(() => clean.length > before)
    expect(clean.at(-1)).toBe(true)
  })
})
