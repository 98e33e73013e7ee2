import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/lanecheck-config.js'
import { readLocated } from '../../../src/config/located.js'
import { isLanecheckError, type LanecheckError } from '../../../src/contract/errors.js'

let folder = ''
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-config-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function refusalOf(name: string, text: string): LanecheckError {
  writeFileSync(join(folder, name), text)
  try {
    loadConfig(folder)
  } catch (error) {
    if (isLanecheckError(error)) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('T0 browser_surface: the config of a folder', () => {
  it('is empty where there is none', () => expect(loadConfig(folder)).toEqual({}))
  it.each([
    ['lanecheck.config.json', '{ "schema": "lanecheck.config.v1", "subject": "./s.ts", "scenarios": ["lanes/*.ts"] }'],
    ['lanecheck.config.yaml', 'schema: lanecheck.config.v1\nsubject: ./s.ts\nscenarios: [lanes/*.ts]\n'],
    ['lanecheck.config.yml', 'schema: lanecheck.config.v1\nsubject: ./s.ts\nscenarios:\n  - lanes/*.ts\n'],
  ])('is read from %s', (name, text) => {
    writeFileSync(join(folder, name), text)
    expect(loadConfig(folder)).toEqual({ schema: 'lanecheck.config.v1', subject: './s.ts', scenarios: ['lanes/*.ts'] })
  })
  it.each<[string, string, string, string, RegExp]>([
    ['an unknown field', 'lanecheck.config.json', '{\n  "schema": "lanecheck.config.v1",\n  "subject": "x",\n  "subjct": "y"\n}', 'lanecheck.config.json:4', /^subjct: there is no such field/],
    ['a field of another kind', 'lanecheck.config.yaml', 'schema: lanecheck.config.v1\nsubject: x\nscenarios:\n  - a\n  - 3\n', 'lanecheck.config.yaml:5', /^scenarios\[1\]: .*expected string/],
    ['a text that is none of YAML', 'lanecheck.config.yaml', 'schema: lanecheck.config.v1\nsubject: [x\n', 'lanecheck.config.yaml:3', /cannot be read/],
    ['a glob that YAML takes for an alias', 'lanecheck.config.yaml', 'schema: lanecheck.config.v1\nsubject: x\nscenarios:\n  - *.scenario.yaml\n', 'lanecheck.config.yaml:4', /cannot be read: \*\.scenario\.yaml names no anchor before it; as a text it wants quotes/],
    ['an alias of what it is in', 'lanecheck.config.yaml', 'schema: lanecheck.config.v1\nsubject: x\nscenarios: &all\n  - *all\n', 'lanecheck.config.yaml:4', /\*all names what it is in/],
    ['aliases that grow without end', 'lanecheck.config.yaml', `schema: lanecheck.config.v1\nsubject: x\na0: &a0 [x, x, x, x, x, x, x, x, x]\n${[1, 2, 3, 4].map((n) => `a${n}: &a${n} [${Array(9).fill(`*a${n - 1}`).join(', ')}]\n`).join('')}`, 'lanecheck.config.yaml:4', /alias count/],
    ['a field twice', 'lanecheck.config.json', '{ "schema": "lanecheck.config.v1",\n"subject": "x",\n"subject": "y" }', 'lanecheck.config.json:3', /unique/],
    ['YAML that calls itself JSON', 'lanecheck.config.json', 'schema: lanecheck.config.v1\n', 'lanecheck.config.json:1', /cannot be read/],
    ['JSON that breaks off', 'lanecheck.config.json', '{\n  "schema": "lanecheck.config.v1",\n', 'lanecheck.config.json:3', /cannot be read/],
    ['no subject', 'lanecheck.config.json', '{ "schema": "lanecheck.config.v1" }', 'lanecheck.config.json:1', /^subject: /],
    ['another version', 'lanecheck.config.json', '{\n  "schema": "lanecheck.config.v9",\n  "subject": "x" }', 'lanecheck.config.json:2', /^schema: /],
  ])('refuses %s, with file and line', (_, name, text, where, says) => {
    const { code, message, where: place, hint } = refusalOf(name, text)
    expect({ code, place }).toEqual({ code: 'config_invalid', place: where })
    expect(message).toMatch(says)
    expect(hint).toMatch(/schema, subject, scenarios, expectations, out, package/)
  })
  it('that is no file, or a link that leads nowhere, is not taken for none', () => {
    const place = join(folder, 'lanecheck.config.yaml')
    mkdirSync(place)
    expect(() => loadConfig(folder)).toThrowError(expect.objectContaining({ code: 'config_invalid', message: 'the config cannot be read (EISDIR)', where: 'lanecheck.config.yaml' }))
    rmSync(place, { recursive: true })
    symlinkSync(join(folder, 'absent.yaml'), place)
    expect(() => loadConfig(folder)).toThrowError(expect.objectContaining({ code: 'config_invalid', message: 'the config cannot be read (ENOENT)', where: 'lanecheck.config.yaml' }))
  })
  it('refuses two at once', () => {
    writeFileSync(join(folder, 'lanecheck.config.json'), '{ "schema": "lanecheck.config.v1", "subject": "x" }')
    expect(refusalOf('lanecheck.config.yaml', 'schema: lanecheck.config.v1\nsubject: x\n').message).toMatch(/two configs: lanecheck\.config\.json and lanecheck\.config\.yaml/)
  })
})

describe('T0 browser_surface: the line of a field', () => {
  it.each([
    ['tasks.main[1].timer', 6], ['tasks.main[0]', 4], ['tasks.main[9].timer', 3], ["expect.at_ticks['timer.a.fired']", 9], ['expect.at_ticks.timer.a.fired', 9], ['nowhere', 1],
  ])('%s', (path, line) => {
    const read = readLocated('id: a.b\ntasks:\n  main:\n    - op: wait\n    - op: x\n      timer: a\nexpect:\n  at_ticks:\n    timer.a.fired: 3\n', 'yaml')
    expect(read.ok && read.lineOf(path)).toBe(line)
  })
})
