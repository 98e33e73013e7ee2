import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { build, type Rolldown } from 'vite'
import { describe, expect, it } from 'vitest'
import type { Subject } from '../../../src/contract/subject.js'
import { BUILT_IN_SUBJECTS, type BuiltInSubject } from '../../../src/subjects/built-in.js'

async function classicScript(name: BuiltInSubject): Promise<string> {
  const built = await build({
    configFile: false, logLevel: 'silent', publicDir: false,
    build: {
      write: false, minify: false, target: 'es2022', assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      lib: { entry: BUILT_IN_SUBJECTS[name], formats: ['iife'], name: 'subject', fileName: () => 'subject.js' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  }) as Rolldown.RolldownOutput[]
  const outputs = built.flatMap(({ output }) => output)
  expect(outputs.map(({ type }) => type)).toEqual(['chunk'])
  return (outputs[0] as Rolldown.OutputChunk).code
}

/** What a realm of a browser has beyond ECMAScript, as far as these subjects reach. */
const realm = {
  setTimeout, clearTimeout, setInterval, performance, queueMicrotask, TextDecoder, TextEncoder, atob, WebAssembly, AbortController, fetch,
}

describe.each(Object.keys(BUILT_IN_SUBJECTS) as BuiltInSubject[])('T0 browser_surface: the built-in subject %s', (name) => {
  it('bundles into one classic script that starts in a fresh realm', async () => {
    const code = await classicScript(name)
    expect(code).not.toMatch(/\bimport\s*\(|import\.meta/)
    const subject = runInNewContext(`${code}; subject`, { ...realm }) as Subject
    expect(subject.name).toBe(name)
    expect(subject.bridge).toBe(true)
    const runtime = await subject.start({ log: () => undefined, origin: 'http://127.0.0.1' })
    expect(await new Promise((resolve) => runtime.timers!.set(1, () => resolve('fired')))).toBe('fired')
    expect(runtime.events).toBeUndefined()
    await runtime.shutdown()
  })
})

describe('T0 browser_surface: the built-in subject reference', () => {
  it('carries its wasm once', async () => {
    const wasm = readFileSync('subjects/reference/pkg/lanecheck_reference_bg.wasm').toString('base64')
    expect((await classicScript('reference')).split(wasm)).toHaveLength(2)
  })
})
