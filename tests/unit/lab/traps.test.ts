import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import wabt from 'wabt'
import type { Scenario } from '../../../src/contract/scenario.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import { normalize } from '../../../src/judge/normalize.js'
import { runLabOnce, runLabTwice, type LabTrace } from '../../../src/lab/run-lab.js'
import { packageRoot } from '../../../src/package-root.js'
import { bundleArtifact } from '../../../src/subjects/bundle.js'
import { scenarioOf } from './scripts.js'

const FIXTURES = join(packageRoot(), 'tests/fixtures/glue')

/** The delay of the scenario's timer says how it breaks down. */
const subjectWith = (beyond: number[]): string => `import init, * as glue from './glue.js'
const BEYOND = ${JSON.stringify(beyond)}
const HOW = {
  1: () => glue.panics(),
  2: () => glue.panics_later(15),
  3: () => void glue.panics_awaited(15),
  4: () => glue.recurse(0),
  5: () => new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(BEYOND))).exports.load(),
  6: () => { try { glue.panics() } catch (cause) { throw new Error('the package broke down', { cause }) } },
  7: () => { const memory = new WebAssembly.Memory({ initial: 2 }); glue.grow(3); memory.grow(4) },
  8: () => { (function again() { again() })() },
  9: () => { queueMicrotask(() => glue.panics()) },
  10: () => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => glue.panics(); port2.postMessage(1) },
  11: () => { indexedDB.open('x').onsuccess = () => glue.panics() },
  12: () => { void glue.refuse(5) },
}
export default { name: 'breaks', version: '1.0.0', requires: ['webassembly'], host_roles: ['window'], bridge: false, start: async () => {
  await init()
  return { timers: { set: (ms, fire) => { HOW[ms]?.(); return setTimeout(fire, 1000) }, clear: (timer) => clearTimeout(timer) }, shutdown: async () => {} }
} }`

async function bundled(subject: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lanecheck-traps-'))
  try {
    await copyFile(join(FIXTURES, 'web/glue.js'), join(folder, 'glue.js'))
    await copyFile(join(FIXTURES, 'glue_bg.wasm'), join(folder, 'glue_bg.wasm'))
    await writeFile(join(folder, 'subject.js'), subject)
    return await bundleArtifact(join(folder, 'subject.js'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const breaking = (how: number): Scenario => scenarioOf({}, { tasks: { main: [{ op: 'timer.set', timer: 'a', after_ms: how }, { op: 'wait', ticks: 5 }, { op: 'timer.clear', timer: 'a' }] } })
const thrown = (trace: LabTrace): Array<Extract<TraceEvent, { kind: 'subject.threw' }>> => trace.events.filter((event) => event.kind === 'subject.threw')
const recordOf = (scenario: Scenario, trace: LabTrace): ReturnType<typeof normalize> =>
  normalize({ scenario, events: trace.events, clock_source: 'virtual_clock', end: { stalled: false }, digest: canonicalDigest })

describe('T4 timer_surface: a trap inside WASM is the subject’s outcome', () => {
  let artifact: string
  beforeAll(async () => {
    const module = (await wabt()).parseWat('t.wat', '(module (memory 1) (func (export "load") (result i32) i32.const -4 i32.load))')
    artifact = await bundled(subjectWith([...module.toBinary({}).buffer]))
    module.destroy()
  })
  const broken = async (how: number): Promise<{ outcome: string; threw: ReturnType<typeof thrown>; trace: LabTrace }> => {
    const scenario = breaking(how)
    const { first, deterministic } = await runLabTwice({ artifact, scenario, seed: 1 })
    expect([deterministic, first.end]).toEqual([true, { type: 'done', stalled: false }])
    return { outcome: recordOf(scenario, first).semantic.outcome, threw: thrown(first), trace: first }
  }

  it.each([
    ['a panic in a sync call', 1, { id: 'main[0] timer.set', name: 'RuntimeError', message: 'unreachable', panic: 'panicked at src/lib.rs:65:5:\nout of ideas' }],
    ['a panic in a timer’s callback', 2, { id: 'uncaught', name: 'RuntimeError', message: 'unreachable', panic: 'panicked at src/lib.rs:70:52:\nout of time' }],
    ['a panic in an async export', 3, { name: 'RuntimeError', message: 'unreachable', panic: 'panicked at src/lib.rs:77:5:\nout of patience' }],
    ['running out of stack', 4, { id: 'main[0] timer.set', name: 'RangeError', message: 'Maximum call stack size exceeded' }],
    ['reaching beyond the memory', 5, { id: 'main[0] timer.set', name: 'RuntimeError', message: 'memory access out of bounds' }],
    ['a trap that the package wraps', 6, { name: 'Error', message: 'the package broke down', panic: expect.stringContaining('out of ideas') as string }],
    ['a panic in a microtask', 9, { id: 'uncaught', name: 'RuntimeError' }],
    ['a panic where a message comes in', 10, { id: 'uncaught', name: 'RuntimeError' }],
    ['a panic where IndexedDB answers', 11, { id: 'uncaught', name: 'RuntimeError' }],
  ])('%s', async (_, how, expected) => {
    const { outcome, threw } = await broken(how)
    expect(outcome).toBe('trap')
    expect(threw[0]).toMatchObject({ trap: true, ...expected })
    expect(threw[0]!.stack).toMatch(/wasm:\/\/|lanecheck-artifact|subject/)
  })

  it.each([['running out of stack in JavaScript alone', 8, 'RangeError'], ['an error that Rust gave back and nobody caught', 12, 'Error']])('%s is an error, and no trap', async (_, how, name) => {
    const { outcome, threw } = await broken(how)
    expect([outcome, threw[0]!.name, threw[0]!.trap, threw[0]!.panic]).toEqual(['subject_error', name, false, undefined])
  })

  it('a stack holds no address of a machine', async () => {
    const { threw } = await broken(1)
    expect(threw[0]!.stack).toMatch(/wasm-function\[\d+\]/)
    expect(threw[0]!.stack).not.toMatch(/file:|\/src\/lab|node_modules|http:/)
  })

  it('message, stack and panic are in no semantic digest: engines word them differently', async () => {
    const scenario = breaking(1)
    const { trace } = await broken(1)
    const reworded = { ...trace, events: trace.events.map((event) => (event.kind === 'subject.threw' ? { ...event, message: 'unreachable executed', stack: 'elsewhere', panic: 'x' } : event)) }
    expect(recordOf(scenario, reworded).semantic_digest).toBe(recordOf(scenario, trace).semantic_digest)
  })

  it('growth of each memory is recorded, and one start of the module', async () => {
    const { trace } = await broken(7)
    const grown = trace.events.flatMap((event) => (event.kind === 'host.wasm.memory' ? [event.pages_after - event.pages_before] : []))
    expect(grown).toEqual([3, 4])
    expect(trace.events.flatMap((event) => (event.kind === 'host.wasm.module' ? [event.instances] : []))).toEqual([1])
  })
})

describe('T4 timer_surface: a subject that breaks down before its scenario', () => {
  const start = (body: string): string => `import init, * as glue from './glue.js'
export default { name: 'breaks', version: '1.0.0', requires: ['webassembly'], host_roles: ['window'], bridge: false, start: async () => {
  await init(); ${body}
  return { shutdown: async () => {} }
} }`
  const scenario = scenarioOf()

  it('in a callback while it starts: kept, and the outcome is a trap', async () => {
    const trace = await runLabOnce({ artifact: await bundled(start('glue.panics_later(5); await new Promise((go) => setTimeout(go, 20))')), scenario, seed: 1 })
    expect(thrown(trace)).toMatchObject([{ id: 'uncaught', trap: true, panic: expect.stringContaining('out of time') as string }])
    expect(recordOf(scenario, trace).semantic.outcome).toBe('trap')
  })

  it('in its start(): told with its kind', async () => {
    const trace = await runLabOnce({ artifact: await bundled(start('glue.panics()')), scenario, seed: 1 })
    expect(trace.end).toEqual({ type: 'failed', code: 'subject_throws', message: 'RuntimeError: unreachable' })
    expect(thrown(trace)).toMatchObject([{ id: 'start', trap: true }])
  })

  it('in a callback without which it never starts: the trap is named', async () => {
    const trace = await runLabOnce({ artifact: await bundled(start('await glue.panics_awaited(5)')), scenario, seed: 1 })
    expect(trace.end).toMatchObject({ type: 'failed', code: 'subject_never_starts', message: expect.stringMatching(/nobody caught RuntimeError: unreachable \(panicked at .*\s.*out of patience\)$/) as string })
  })

  it('a module that is instantiated again was started again', async () => {
    const again = `import url from './glue_bg.wasm?url'\n${start(`const { module, instance } = await WebAssembly.instantiate(await (await fetch(url)).arrayBuffer(), new Proxy({}, { get: () => new Proxy({}, { get: () => () => 0 }) })); void instance`)}`
    const trace = await runLabOnce({ artifact: await bundled(again), scenario, seed: 1 })
    expect(trace.events.flatMap((event) => (event.kind === 'host.wasm.module' ? [event.instances] : []))).toEqual([2])
    expect(trace.events.filter(({ kind }) => kind === 'host.wasm.memory')).toHaveLength(2)
  })
})
