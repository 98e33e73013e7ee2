import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import wabt from 'wabt'
import { lanecheck } from './run.js'

let folder = ''
/** Stands in for a browser and leaves a mark when it is started. */
let engine = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanecheck-subject-'))
  engine = join(folder, 'engine')
  writeFileSync(engine, `#!/bin/sh\ntouch '${join(folder, 'started')}'\n`, { mode: 0o755 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TRAP = '(module (func (export "run") unreachable))'
const subject = (members: string): string => `export default { name: 'x', version: '1', requires: [], host_roles: ['window'], bridge: false, ${members} }\n`
const runtime = (members: string): string => subject(`async start() { return { ${members} } }`)

const own = (block: string): string => runtime('async shutdown() {}').replace('bridge: false,', `bridge: false, downgrade: { ${block} },`)

/** Each is a subject that cannot be put under test: said before any engine is started, with nothing written. */
const BAD: Array<[what: string, source: string | (() => Promise<string>), says: RegExp]> = [
  ['does not parse', 'export default {\n  name: "x",\n  version: ,\n}\n', /error subject_does_not_parse: .*Unexpected token \(\S*subject\.ts:3:11\)/],
  ['imports what is not there', 'import x from "./absent.js"\nexport default x\n', /error subject_does_not_parse: .*'\.\/absent\.js'.*subject\.ts:1:14\)/],
  ['imports a package that is not installed', 'import x from "no-such-package"\nexport default x\n', /error subject_does_not_parse: .*"no-such-package"/],
  ['awaits at its top', `await 1\n${subject('start() {}')}`, /error subject_does_not_parse: .*top-level await.*subject\.ts:1:0\)\n.*into start\(\)/],
  ['has no default export', 'export const subject = {}\n', /error subject_invalid: the module has no default export.*subject\.ts.*\n.*export default defineSubject/],
  ['has a default export of another kind', 'export default () => 1\n', /error subject_invalid: the subject has no \w+|error subject_invalid: the module has no default export/],
  ['has no host_roles', 'export default { name: "x", version: "1", requires: [], bridge: false, start() {} }\n', /error subject_invalid: the subject has no host_roles \(\S*subject\.ts: default\.host_roles\)/],
  ['has no start', subject(''), /error subject_invalid: the subject has no start\(\).*default\.start\)/],
  ['has a field that there is none of', subject('clasify() {}, start() {}'), /error subject_invalid: a subject has no "clasify".*default\.clasify\)/],
  ['has a family that there is none of', runtime('timer: { set() {}, clear() {} }, async shutdown() {}'), /error subject_throws: .*start\(\) gave "timer", which is no family: want timers, sockets/],
  ['requires what is no capability', 'export default { name: "x", version: "1", requires: ["timerz"], host_roles: [], bridge: false, start() {} }\n', /error subject_invalid: .*requires.*"timers"\|.*default\.requires\.0\)/],
  ['has its own server on another machine', own("server: { kind: 'address', url: 'http://192.0.2.1:80' }"), /error subject_invalid: .*only an address on this machine's loopback.* \(\S*subject\.ts: default\.downgrade\.server\.url\)/],
  ['names a detection that it does not export', own("classify: 'whereAmI'"), /error subject_invalid: .*exports no function "whereAmI" \(\S*subject\.ts: default\.downgrade\.classify\)\n.*export function whereAmI/],
  ['has its own server and takes no bridge', own("server: { kind: 'address', url: 'http://127.0.0.1:80' }"), /error subject_invalid: .*takes no bridge.* \(\S*subject\.ts: default\.bridge\)/],
  ['throws when it is imported', 'throw new Error("no room")\nexport default {}\n', /error subject_throws: Error: no room, when its module was evaluated \(\S*subject\.ts\)/],
  ['throws when it is started', subject('async start() { throw new TypeError("no luck") }'), /error subject_throws: TypeError: no luck, when it was started \(\S*subject\.ts\)/],
  ['gives no runtime', subject('async start() {}'), /error subject_throws: .*start\(\) gave no object with a shutdown\(\)/],
  ['gives a runtime without shutdown', runtime('timers: { set() {}, clear() {} }'), /error subject_throws: .*start\(\) gave no object with a shutdown\(\)/],
  ['never starts', subject('start() { return new Promise(() => {}) }'), /error subject_never_starts: start\(\) did not end within 10000 ms.*\n.*promise that nobody settles/],
  ['uses a module of Node', `import { readFileSync } from 'node:fs'\n${subject('async start() { readFileSync("x") }')}`, /error lab_missing_global: .*"node:fs\.readFileSync".* when it was started \(\S*subject\.ts: node:fs\.readFileSync\)\n.*a module of Node's own/],
  ['traps when it is started', async () => {
    const bytes = (await wabt()).parseWat('trap.wat', TRAP).toBinary({}).buffer
    return `const bytes = new Uint8Array([${bytes.join()}])\n${subject('async start() { const { instance } = await WebAssembly.instantiate(bytes); instance.exports.run() }')}`
  }, /error subject_throws: RuntimeError: unreachable, when it was started.*\n.*WASM trapped/],
]

describe('T0 browser_surface: a subject that', () => {
  const verify = (path: string): ReturnType<typeof lanecheck> =>
    lanecheck(folder, ['verify', '--quiet', '--subject', path, '--engine', 'chromium', '--role', 'window', '--scenario', 'timer.order.distinct', '--out', 'out'], { LANECHECK_CHROMIUM: engine })

  test.each(BAD)('%s is refused', async (_, source, says) => {
    writeFileSync(join(folder, 'subject.ts'), typeof source === 'string' ? source : await source())
    const { code, stdout, stderr } = await verify('./subject.ts')
    expect(stderr).toMatch(says)
    expect(stderr).not.toMatch(/\n +at /)
    expect([code, stdout, readdirSync(folder).sort()]).toEqual([64, '', ['engine', 'subject.ts']])
  })

  test.each([['is not there', './absent.ts'], ['is a folder', '.']])('%s is refused', async (_, path) => {
    const { code, stderr } = await verify(path)
    expect(stderr).toMatch(/^error subject_not_found: there is no module at \S+ \(--subject\)\n.*reference, native\n$/)
    expect([code, existsSync(join(folder, 'started')), existsSync(join(folder, 'out'))]).toEqual([64, false, false])
  })

  test('can be started leads to the engine, so the mark would have been seen', async () => {
    writeFileSync(join(folder, 'subject.ts'), runtime('async shutdown() {}'))
    const { code } = await verify('./subject.ts')
    expect([code, existsSync(join(folder, 'started'))]).toEqual([3, true])
  })
})
