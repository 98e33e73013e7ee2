import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isLanecheckError, type LanecheckError } from '../../../../src/contract/errors.js'
import { loadOwnScenarios } from '../../../../src/scenarios/own/load.js'
import { readModule } from '../../../../src/scenarios/own/read-module.js'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-own-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (files: Record<string, string>): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}
async function refusalOf(files: Record<string, string>, ...globs: string[]): Promise<LanecheckError> {
  write(files)
  try {
    await loadOwnScenarios(globs, folder)
  } catch (error) {
    if (isLanecheckError(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

/** Root may read everything: it is another meanwhile. */
async function asNobody(shut: string, act: () => Promise<void>): Promise<void> {
  const [root, NOBODY] = [process.getuid?.() === 0, 65_534]
  chmodSync(folder, 0o755)
  chmodSync(shut, 0)
  if (root) process.seteuid?.(NOBODY)
  try {
    await act()
  } finally {
    if (root) process.seteuid?.(0)
    chmodSync(shut, 0o755)
  }
}

const YAML = `id: mine.timer.one
title: One timer
tasks:
  main:
    - { op: timer.set, timer: a, after_ticks: 3 }
    - op: timer.wait
      timer: a
expect:
  timers:
    a: { outcome: fired, fired: 1 }
`
const TS = `import { defineScenario, type ScenarioDefinition } from 'lanecheck'
import { mark } from './shared'

const extra: Partial<ScenarioDefinition> = { limit_ticks: 90 }
export default [
  defineScenario({
    ...extra,
    id: 'mine.module.one',
    title: 'From a module',
    tasks: {
      main: [
        mark('up'),
        { op: 'mark', mark: 'down' },
      ],
    },
    expect: { orders: [['mark.up', 'mark.down']] },
  }),
]
`
const SHARED = "export const mark = (name: string) => ({ op: 'mark', mark: name }) as const\n"
const JSON_TEXT = JSON.stringify({ id: 'mine.json.one', title: 'From JSON', deadlines: { due: { budget_ticks: 20 } }, tasks: { main: [{ op: 'deadline.start', deadline: 'due' }, { op: 'deadline.wait', deadline: 'due' }] }, expect: { deadlines: { due: 'deadline_exceeded' } } }, null, 2)

describe('T0 timer_surface: scenarios of a maintainer\'s own', () => {
  it('are read from TypeScript, YAML and JSON, and completed as the house does it', async () => {
    write({ 'lanes/a.scenario.ts': TS, 'lanes/shared.ts': SHARED, 'lanes/deep/b.scenario.yaml': YAML, 'lanes/c.scenario.json': JSON_TEXT, 'node_modules/x/d.scenario.yaml': YAML })
    const scenarios = await loadOwnScenarios(['./**/*.scenario.{ts,yaml,json}'], folder)
    expect(scenarios.map(({ id }) => id)).toEqual(['mine.module.one', 'mine.json.one', 'mine.timer.one'])
    expect(scenarios[0]).toMatchObject({ surface_family: 'timer_surface', tiers: ['T3'], limit_ticks: 90, tick_ms: 10, normalization_window: { early_ticks: 0, late_ticks: 5 }, logical_deadline_id: null })
    expect(scenarios[1]).toMatchObject({ logical_deadline_id: 'due' })
  })
  it('with peers are of the transport surface, and have the wider window', async () => {
    write({ 'a.yaml': 'id: mine.socket.one\ntitle: t\npeers: { echo: { kind: websocket, connections: [{ handshake: { answer: accept } }] } }\ntasks: { main: [{ op: socket.open, channel: c, peer: echo }, { op: socket.wait_open, channel: c }, { op: socket.close, channel: c, code: 1000 }, { op: socket.wait_close, channel: c }] }\nexpect: { channels: { c: { opened: true, received: [], peer_received: [], close: { initiator: subject, code: 1000, reason: "", clean: true } } } }\n' })
    expect((await loadOwnScenarios(['a.yaml'], folder))[0]).toMatchObject({ surface_family: 'virtual_transport_surface', normalization_window: { late_ticks: 10 } })
  })

  it('that cannot be read are named, not left out', async () => {
    write({ 'lanes/a.scenario.yaml': YAML })
    mkdirSync(join(folder, 'lanes/shut'))
    symlinkSync('absent', join(folder, 'lanes/b.scenario.yaml'))
    symlinkSync('absent', join(folder, 'lanes/other.txt'))
    await expect(loadOwnScenarios(['lanes/*.yaml'], folder)).rejects.toMatchObject({ code: 'scenario_invalid', message: 'lanes/b.scenario.yaml cannot be read (ENOENT)', where: 'lanes/b.scenario.yaml' })
    rmSync(join(folder, 'lanes/b.scenario.yaml'))
    await asNobody(join(folder, 'lanes/shut'), async () => {
      await expect(loadOwnScenarios(['lanes/**/*.yaml'], folder)).rejects.toMatchObject({ code: 'scenario_invalid', message: expect.stringMatching(/lanes\/shut cannot be looked into for scenarios \(EACCES\)$/) as unknown })
      // No glob of this depth means what is in there.
      expect(await loadOwnScenarios(['lanes/*.yaml'], folder)).toHaveLength(1)
    })
  })

  it.each<[string, Record<string, string>, string, string, RegExp]>([
    ['a text that YAML takes for an alias', { 'a.yaml': YAML.replace('One timer', '*one') }, 'a.yaml', 'a.yaml:2', /a\.yaml:2: \*one names no anchor before it/],
    ['an unknown field in YAML', { 'a.yaml': YAML.replace('after_ticks: 3', 'after_ticks: 3, soon: true') }, 'a.yaml', 'a.yaml:5', /tasks\.main\[0\]\.soon: there is no such field/],
    ['an unknown field at the top', { 'a.yaml': `${YAML}owner: me\n` }, 'a.yaml', 'a.yaml:11', /owner: there is no such field/],
    ['an unknown step in YAML', { 'a.yaml': YAML.replace('timer.wait', 'timer.wat') }, 'a.yaml', 'a.yaml:6', /tasks\.main\[1\]\.op/],
    ['a bad label in YAML', { 'a.yaml': `${YAML}  orders:\n    - [timer.a.set, timer.a.rang]\n` }, 'a.yaml', 'a.yaml:12', /a timer has no event 'rang'/],
    ['a thing no step creates, in the second of a list', { 'a.yaml': `- ${YAML.trimEnd().replaceAll('\n', '\n  ')}\n- ${YAML.replace('mine.timer.one', 'mine.timer.two').replace('timer: a\n', 'timer: z\n').trimEnd().replaceAll('\n', '\n  ')}\n` }, 'a.yaml', 'a.yaml:17', /no step creates the timer 'z'/],
    ['JSON with a field of another kind', { 'a.json': JSON_TEXT.replace('"From JSON"', '7') }, 'a.json', 'a.json:3', /title: .*expected string/],
    ['JSON that is none', { 'a.json': '{\n  "id": "a.b"\n  "title": "t"\n}' }, 'a.json', 'a.json:3', /JSON/],
    ['an unknown field in TypeScript', { 'a.ts': TS.replace("mark: 'down'", "mark: 'down', soon: 1"), 'shared.ts': SHARED }, 'a.ts', 'a.ts:13', /tasks\.main\[1\]\.soon: there is no such field/],
    ['a bad label in TypeScript', { 'a.ts': TS.replace("'mark.down']", "'mark.gone']"), 'shared.ts': SHARED }, 'a.ts', 'a.ts:16', /no step makes the mark 'gone'/],
    ['an id that is not written out', { 'a.ts': TS.replace("'mine.module.one'", "['mine', 'Module'].join('.')"), 'shared.ts': SHARED }, 'a.ts', 'a.ts (mine.Module)', /not a scenario id/],
    ['TypeScript that does not parse', { 'a.ts': 'export default {\n' }, 'a.ts', 'a.ts:2:0', /does not build/],
    ['a module that throws', { 'a.ts': 'throw new TypeError("no luck")\n' }, 'a.ts', 'a.ts', /TypeError: no luck/],
    ['a module that exports a function', { 'a.ts': 'export default () => ({})\n' }, 'a.ts', 'a.ts', /could not be cloned/],
    ['a module that leaves', { 'a.ts': 'process.exit(0)\n' }, 'a.ts', 'a.ts', /ended before it exported anything/],
    ['a module without a default export', { 'a.ts': 'export const a = 1\n' }, 'a.ts', 'a.ts', /no default export/],
    ['an empty list', { 'a.yaml': '[]\n' }, 'a.yaml', 'a.yaml', /holds no scenario/],
    ['a file of another kind', { 'a.md': '# a\n' }, 'a.md', 'a.md', /no scenario file/],
  ])('%s is refused, with file and line', async (_, files, glob, place, says) => {
    const { code, message, where } = await refusalOf(files, glob)
    expect(code).toBe('scenario_invalid')
    expect(where?.replace(`${folder}/`, '')).toMatch(new RegExp(`^${place.replace(/[.()]/g, '\\$&')}(?::|$)`))
    expect(message).toMatch(says)
  })
  it('a glob that matches no file is refused', async () => {
    expect(await refusalOf({ 'a.yaml': YAML }, 'a.yaml', 'lanes/*.yaml')).toMatchObject({ code: 'scenario_file_not_found', where: 'scenarios: lanes/*.yaml' })
  })
  it('files are found by a relative path, a whole one, and one that leads out of the folder', async () => {
    write({ 'a.yaml': YAML, 'in/x.txt': '' })
    for (const [glob, from] of [['./a.yaml', ''], [join(folder, '*.yaml'), ''], ['../*.yaml', 'in']] as const) {
      expect((await loadOwnScenarios([glob], join(folder, from))).map(({ id }) => id)).toEqual(['mine.timer.one'])
    }
  })
  it('an id of the kit\'s, or of another file, is refused with both places', async () => {
    expect(await refusalOf({ 'a.yaml': YAML.replace('mine.timer.one', 'timer.order.distinct') }, 'a.yaml')).toMatchObject({ code: 'scenario_id_taken', where: 'a.yaml:1', message: expect.stringContaining('lanecheck itself') as string })
    expect(await refusalOf({ 'a.yaml': YAML, 'b.yaml': `# again\n${YAML}` }, '*.yaml')).toMatchObject({ code: 'scenario_id_taken', where: 'b.yaml:2', message: expect.stringContaining('a.yaml:1') as string })
  })
  it('a module that never ends is given up, and its thread with it', async () => {
    write({ 'a.ts': 'for (;;);\n' })
    await expect(readModule('a.ts', folder, { limit_ms: 300 })).rejects.toMatchObject({ code: 'scenario_invalid', message: expect.stringContaining('did not end within 300 ms') as string })
  })
})
