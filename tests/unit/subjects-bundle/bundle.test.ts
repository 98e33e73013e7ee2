import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { declareSubject, runLabOnce } from '../../../src/lab/run-lab.js'
import { observability } from '../../../src/judge/observability.js'
import { scenarioFacts } from '../../../src/judge/scenario-facts.js'
import { traceView } from '../../../src/judge/trace-view.js'
import { bundleArtifact, bundleOwn } from '../../../src/subjects/bundle.js'
import { scenarioOf } from '../judge/traces.js'
import { inFolder } from '../run/support.js'

/** A subject that takes its timer at the moment its module is evaluated: only a recorder that came first is in it. */
const SUBJECT = `
const { setTimeout: taken, clearTimeout } = globalThis
export default {
  name: 'taker', version: '1.0.0', requires: ['timers'], host_roles: ['window'], bridge: true,
  start: async () => ({ timers: { set: (ms, fire) => taken(fire, ms), clear: (timer) => clearTimeout(timer) }, shutdown: async () => {} }),
}
`
const scenario = scenarioOf({
  tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 2 }, { op: 'timer.wait', timer: 'a' }] },
  expect: { timers: { a: { outcome: 'fired', fired: 1 } } },
})

/** Bundles a module of this text; the folder can hold others beside it. */
const bundled = (source: string, beside: Record<string, string | Uint8Array> = {}, name = 'subject.js'): Promise<string> => inFolder(async (dir) => {
  for (const [file, content] of Object.entries(beside)) {
    await mkdir(join(dir, file, '..'), { recursive: true })
    await writeFile(join(dir, file), content)
  }
  await writeFile(join(dir, name), source)
  return bundleArtifact(join(dir, name))
})
const refusal = (source: string, beside?: Record<string, string>, name?: string): Promise<unknown> => bundled(source, beside, name).then(() => 'it was built', (error: unknown) => error)

describe('T0 browser_surface: the artifact', () => {
  let artifact: string
  beforeAll(async () => { artifact = await bundled(SUBJECT) })

  it('is one classic script: it evaluates as such and asks for nothing more', () => {
    expect(() => new Script(artifact)).not.toThrow()
    expect(artifact).not.toMatch(/^\s*(?:import|export)\b/m)
    expect(artifact).not.toMatch(/\bimport\s*\(|\bimport\.meta\b|\brequire\s*\(/)
  })

  it('carries no schemas and no path of the machine it was built on', () => {
    expect(artifact).not.toMatch(/\bzod\b|ZodError|z\.object/i)
    expect(artifact).not.toContain(process.cwd())
    expect(artifact).not.toContain('lanecheck-test-')
    expect(Buffer.byteLength(artifact)).toBeLessThan(200_000)
  })

  it('has the same bytes when it is built again, in another folder', async () => {
    expect(await bundled(SUBJECT) === artifact).toBe(true)
  })

  it('the recorder comes before the subject\'s own code: a timer taken at evaluation is recorded', async () => {
    const { events, end } = await runLabOnce({ artifact, scenario, seed: 1 })
    expect(end).toEqual({ type: 'done', stalled: false })
    expect(events.map(({ witness, kind }) => `${witness} ${kind}`).slice(0, 4)).toEqual(['subject timer.set', 'page host.timer.set', 'page host.timer.fired', 'subject timer.fired'])
    expect(events.at(-1)).toMatchObject({ kind: 'host.alive', timers: [] })
  })

  it('without the recorder nothing says that nothing is alive: timers and cleanup are not observed, though no timer fires', async () => {
    const blind = await inFolder(async (dir) => {
      await writeFile(join(dir, 'subject.js'), SUBJECT)
      return bundleArtifact(join(dir, 'subject.js'), { recorder: false })
    })
    const pending = scenarioOf({ tasks: { main: [{ op: 'timer.set', timer: 'a', after_ticks: 50 }, { op: 'shutdown' }] }, expect: { timers: { a: { outcome: 'pending', fired: 0 } } } })
    const classOf = async (script: string): Promise<unknown> => {
      const { events } = await runLabOnce({ artifact: script, scenario: pending, seed: 1 })
      const fields = observability(pending, scenarioFacts(pending), traceView(events), true)
      return Object.fromEntries(fields.filter(({ field }) => ['timer_outcomes', 'cleanup', 'outside'].includes(field)).map((field) => [field.field, field.class]))
    }
    expect(await classOf(blind)).toEqual({ timer_outcomes: 'inferred', cleanup: 'unsupported', outside: 'unsupported' })
    expect(await classOf(artifact)).toEqual({ timer_outcomes: 'observed', cleanup: 'observed', outside: 'observed' })
  })

  it('knows where each line of the subject comes from, package and TypeScript too, and nothing of the harness', async () => {
    const leaky = await bundled(`
import { wait } from './src/wait.ts'
import { twice } from 'twice'
export default {
  name: 'leaky', version: '1.0.0', requires: ['timers'], host_roles: ['window'], bridge: true,
  start: async () => ({ timers: { set: (ms, fire) => twice(() => wait(ms, fire)), clear: () => undefined }, shutdown: async () => {} }),
}`, {
      'src/wait.ts': 'interface Fire { (): void }\n\nexport function wait(ms: number, fire: Fire): unknown {\n  setTimeout(fire, 60_000)\n  return setTimeout(fire, ms)\n}\n',
      'node_modules/twice/package.json': '{"name":"twice","type":"module","main":"index.js"}', 'node_modules/twice/index.js': '// nothing\nexport const twice = (work) => {\n  return work()\n}\n',
    })
    const { events } = await runLabOnce({ artifact: leaky, scenario, seed: 1 })
    const told = events.at(-1)
    expect(told).toMatchObject({ kind: 'host.alive', left: [{ what: 'timer', call: 'setTimeout' }] })
    expect(told?.kind === 'host.alive' ? told.left![0]!.stack.map((frame) => frame.replace(/^.*\(|\)$/g, '')) : []).toEqual(['src/wait.ts:4', 'subject.js:6', 'twice/index.js:3', 'subject.js:6'])
    expect(leaky.slice(leaky.lastIndexOf('lanecheck.sources")]'))).not.toMatch(/host-probes|noble|comlink|\/tmp|lanecheck-test-/)
  })

  it('through a link to its folder it is the same artifact, and the harness\'s lines stay its own', () => inFolder(async (dir) => {
    await mkdir(join(dir, 'real'))
    await mkdir(join(dir, 'deep/inside'), { recursive: true })
    await writeFile(join(dir, 'real/subject.js'), SUBJECT)
    await symlink(join(dir, 'real'), join(dir, 'deep/inside/linked'))
    const [real, linked] = [await bundleArtifact(join(dir, 'real/subject.js')), await bundleArtifact(join(dir, 'deep/inside/linked/subject.js'))]
    const told = (code: string): string => code.slice(code.lastIndexOf('lanecheck.sources")]'))
    expect(told(linked)).toBe(told(real))
    expect(told(linked)).not.toContain('host-probes')
  }))

  it('declares the subject it holds', async () => {
    expect((await declareSubject(artifact)).declaration).toMatchObject({ name: 'taker', version: '1.0.0', host_roles: ['window'], bridge: true })
  })

  it('takes in what the subject imports: TypeScript, JSON, a chunk of its own, the bytes of a wasm module', async () => {
    const code = await bundled(`
      import { name } from './parts/name.ts'
      import data from './data.json'
      import wasm from './empty.wasm?url'
      export default { name, version: data.version, requires: [], host_roles: [], bridge: false, start: async () => { const { late } = await import('./late.js'); return late(wasm) } }
    `, {
      'parts/name.ts': 'export const name: string = \'typed\' satisfies string', 'data.json': '{"version":"4.5.6"}',
      'late.js': 'export const late = () => ({ shutdown: async () => {} })', 'empty.wasm': Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    })
    expect(() => new Script(code)).not.toThrow()
    expect(code).toContain('data:application/wasm;base64,AGFzbQEAAAA=')
    expect(code).not.toMatch(/\bimport\s*\(/)
    expect((await declareSubject(code)).declaration).toMatchObject({ name: 'typed', version: '4.5.6' })
  })
})

describe('T0 browser_surface: a subject that cannot be bundled', () => {
  it('is not there: the option is named', async () => {
    await expect(bundleArtifact('no/such/subject.ts')).rejects.toMatchObject({ name: 'LanecheckError', code: 'subject_not_found', where: '--subject' })
  })

  it.each([
    ['subject.js', 'export default {\n  name: \'x\',\n  version: = 1\n}'], ['subject.ts', 'export default {\n  name: \'x\' as string,\n  version: = 1\n}'],
  ])('%s does not parse: file and line', async (name, source) => {
    const error = await refusal(source, {}, name)
    expect(error).toMatchObject({ code: 'subject_does_not_parse', message: expect.stringMatching(/^the subject does not build: .{5,}/) as unknown, hint: expect.any(String) as unknown })
    expect((error as { where: string }).where).toMatch(new RegExp(`${name}:3:\\d+$`))
    expect((error as Error).message).not.toMatch(/\u001b|\n/)
  })

  it('a mistake in a module with types is laid at that module, too', async () => {
    const error = await refusal('import \'./part.ts\'\nexport default {}', { 'part.ts': 'const a = 1\nconst b: = 2' })
    expect(error).toMatchObject({ code: 'subject_does_not_parse', where: expect.stringMatching(/part\.ts:2:\d+$/) as unknown })
  })

  it('a part of it does not parse: that file and line', async () => {
    const error = await refusal('import \'./part.js\'\nexport default {}', { 'part.js': 'const a = 1\nconst a = ;' })
    expect(error).toMatchObject({ code: 'subject_does_not_parse' })
    expect((error as { where: string }).where).toMatch(/part\.js:2:\d+$/)
  })

  it('imports what is not there: that is named', async () => {
    const error = await refusal('import x from \'./missing.js\'\nexport default x')
    expect(error).toMatchObject({ code: 'subject_does_not_parse', message: expect.stringContaining('./missing.js') as unknown })
  })
})

describe('T0 browser_surface: the package\'s own scripts', () => {
  it.each(['host-probes/agent.js', 'src/lab/host/entry.js'])('%s is one classic script too', async (module) => {
    const code = await bundleOwn(module)
    expect(() => new Script(code)).not.toThrow()
    expect(code).not.toMatch(/^\s*(?:import|export)\b/m)
  })
})
