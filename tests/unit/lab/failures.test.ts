import { describe, expect, it } from 'vitest'
import { declareSubject, runLabOnce } from '../../../src/lab/run-lab.js'
import { artifactOf, logs, run, scenarioOf } from './scripts.js'

const codeOf = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: { code: string; message: string }) => `${error.code}: ${error.message}`)

describe('T4 browser_surface: a subject that reaches for what the lab lacks', () => {
  it('gets an error that names it', async () => {
    expect(await codeOf(run(`localStorage.getItem('x')`))).toMatch(/^lab_missing_global: the subject reached for "localStorage", which the lab has no virtual form of/)
    expect(await codeOf(run(`new Worker('x.js')`))).toMatch(/"Worker"/)
    expect(await codeOf(run(`globalThis.caches.open('x')`))).toMatch(/"caches"/)
    expect(await codeOf(run(`await navigator.locks.request('x', () => 1)`))).toMatch(/"navigator.locks"/)
    expect(await codeOf(run(`performance.memory.usedJSHeapSize`))).toMatch(/"performance.memory"/)
    expect(await codeOf(run(`await crypto.subtle.generateKey({}, false, [])`))).toMatch(/"crypto.subtle.generateKey"/)
    expect(await codeOf(run(`require('fs')`))).toMatch(/"require"/)
  })

  it('gets it too when the artifact breaks on it while it is evaluated', async () => {
    expect(await codeOf(declareSubject(`const x = new XMLHttpRequest()`))).toMatch(/^lab_missing_global: .*"XMLHttpRequest"/)
  })

  it('may ask whether it is there; what it asked for is told', async () => {
    const trace = await run(`log([typeof process, typeof localStorage, 'Worker' in globalThis, typeof navigator.gpu, 'locks' in navigator, typeof WebTransport].join())`)
    expect(logs(trace)).toEqual(['undefined,undefined,false,undefined,false,undefined'])
    expect(trace.reached_for).toEqual(['process', 'localStorage', 'Worker', 'navigator.gpu', 'navigator.locks', 'WebTransport'])
  })

  it('an error of its own is its own, whatever it asked before', async () => {
    const trace = await run(`typeof process; globalThis.Buffer; throw new RangeError('the process is open')`)
    expect(trace.end).toEqual({ type: 'failed', code: 'subject_throws', message: 'RangeError: the process is open' })
  })
})

describe('T4 timer_surface: a lab run that does not end', () => {
  it('stalls when nothing is left to run', async () => {
    expect((await run('await new Promise(() => {})')).end).toEqual({ type: 'done', stalled: true })
  })

  it('stalls at its limit of virtual time', async () => {
    const trace = await run(`setInterval(() => {}, 1000); await new Promise(() => {})`)
    expect(trace.end).toEqual({ type: 'done', stalled: true })
    expect(trace.tasks).toBeLessThan(100)
  })

  it('is cut off when a task, or its microtasks, never yield', async () => {
    for (const endless of ['setTimeout(() => { for (;;); }, 1)', 'setTimeout(() => { (function again() { Promise.resolve().then(again) })() }, 1)', 'for (;;);']) {
      expect(await codeOf(run(`${endless}; await sleep(10)`, {}, { limits: { turn_ms: 300 } }))).toMatch(/^lab_stalled: .* without yielding/)
    }
    expect(await codeOf(declareSubject('for (;;);', { turn_ms: 200 }))).toMatch(/^lab_stalled/)
  })

  it('is cut off after too many tasks', async () => {
    expect(await codeOf(run('const again = () => setTimeout(again, 0); again(); await new Promise(() => {})', {}, { limits: { tasks: 1000 } }))).toMatch(/^lab_stalled: .*1000 tasks/)
  })

  it('leaves the process free of what it was doing', async () => {
    const before = Object.getOwnPropertyDescriptor(process, 'domain')
    const trace = await run(`Promise.reject(new Error('never handled')); await sleep(1)`)
    expect(trace.console).toEqual(['Uncaught (in promise) Error: never handled'])
    expect(Object.getOwnPropertyDescriptor(process, 'domain')).toEqual(before)
  })
})

describe('T4 browser_surface: artifacts that are wrong', () => {
  it.each([
    ['does not parse', 'const = ;', /^subject_does_not_parse/],
    ['throws while it is evaluated', 'throw new Error("no")', /^subject_throws: .*Error: no/],
    ['throws something odd', 'throw null', /^subject_throws: .*null/],
    ['never says hello', 'setTimeout(() => {}, 5)', /^subject_never_starts/],
    ['fails before its hello', '__lanecheckHost.control.send({ type: "failed", code: "subject_throws", message: "E: x" })', /^subject_throws: E: x/],
    ['declares a subject that is none', artifactOf('', { name: '', version: '1' }), /^subject_invalid/],
    ['breaks its protocol', '__lanecheckHost.control.send({ type: "nonsense" })', /^internal: the artifact broke its protocol/],
  ])('%s', async (_what, artifact, error) => {
    expect(await codeOf(declareSubject(artifact))).toMatch(error)
    expect(await codeOf(runLabOnce({ artifact, scenario: scenarioOf(), seed: 1 }))).toMatch(error)
  })

  it('a good one is declared', async () => {
    const { declaration, probe } = await declareSubject(artifactOf(''))
    expect(declaration).toMatchObject({ name: 'script', bridge: false })
    expect(probe.proven_role).toBeNull()
  })
})
