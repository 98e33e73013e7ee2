import { createServer } from 'node:http'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOwnServer, type OwnServer } from '../../../bridge/own-server.js'
import { groupMembers, tracked } from '../../../lanes/processes.js'
import { KEPT_OUTPUT_BYTES, OwnServerRecordSchema, type ServerCommand } from '../../../src/contract/own-downgrade.js'

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'lanecheck-own-server-')) })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const LISTENS = `import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
writeFileSync('pid', String(process.pid))
createServer((_, answer) => answer.end()).listen(Number(process.env.LANECHECK_SERVER_PORT), process.env.LANECHECK_SERVER_HOST, () => console.log('listening at last'))
`
let count = 0
const start = (source: string, more: Partial<ServerCommand> = {}, { signal = new AbortController().signal, grace_ms = 10_000 } = {}): Promise<OwnServer> => {
  const file = `server-${++count}.mjs`
  writeFileSync(join(folder, file), source)
  return startOwnServer({ kind: 'command', command: ['node', file], ready: { path: '/' }, limit_ms: 20_000, ...more }, { cwd: folder, env: { HELLO: 'there' }, signal, grace_ms })
}
/** What `stop` gives, as it is kept; and nothing is left. */
const stopped = async (server: OwnServer) => {
  const before = tracked()
  const record = OwnServerRecordSchema.parse({ schema: 'lanecheck.own-server.v1', run_id: 'r', ...await server.stop() })
  expect(before.flatMap(groupMembers)).toEqual([])
  expect(tracked()).toEqual([])
  return record
}

describe('T0 browser_surface: a subject\'s own server', () => {
  it('is started where its subject is, told its port, waited for, and ended by SIGTERM', async () => {
    const server = await start(`console.error(process.env.HELLO, process.cwd())\n${LISTENS}`)
    expect(server.why()).toBeNull()
    expect((await fetch(server.origin)).status).toBe(200)
    const record = await stopped(server)
    expect(record).toMatchObject({ ready: true, lost: null, ended: { how: 'stopped', signal: 'SIGTERM' } })
    expect(record.stderr.kept).toMatch(/^there .*lanecheck-own-server-/)
    await expect(fetch(server.origin)).rejects.toThrow()
    expect(await server.stop()).toMatchObject({ ended: { how: 'stopped' } })
  })

  it('is ready when it prints the line', async () => {
    const server = await start(LISTENS, { ready: { line: 'at last' } })
    expect(server.why()).toBeNull()
    expect(await stopped(server)).toMatchObject({ ready: true, stdout: { bytes: 18, kept: 'listening at last\n' } })
  })

  it('one that ignores SIGTERM is killed, with all that it started', async () => {
    const server = await start(`import { spawn } from 'node:child_process'\nprocess.on('SIGTERM', () => {})\nspawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'])\n${LISTENS}`, {}, { grace_ms: 400 })
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    expect(groupMembers(pid).length).toBeGreaterThan(1)
    expect(await stopped(server)).toMatchObject({ ready: true, ended: { how: 'killed', signal: 'SIGKILL' } })
    expect(groupMembers(pid)).toEqual([])
  })

  it.each<[string, string, Partial<ServerCommand>, RegExp]>([
    ['that never listens', 'setInterval(() => {}, 1000)', { limit_ms: 500 }, /^it was not ready within 500 ms$/],
    ['that never prints its line', LISTENS, { ready: { line: 'no such line' }, limit_ms: 600 }, /^it was not ready within 600 ms$/],
    ['that answers with an error', LISTENS.replace('answer.end()', 'answer.writeHead(500).end()'), { limit_ms: 1_500 }, /^it was not ready within/],
    ['that ends at once', 'console.error("no room")\nprocess.exit(4)', {}, /^it ended before it was ready: exit code 4; the last line of its standard error: no room$/],
    ['that is no program', '', { command: ['no-such-program-here'] }, /^the command cannot be started: .*ENOENT/],
  ])('one %s is lost from the start, and nothing of it is left', async (_, source, more, says) => {
    const server = await start(source, more)
    expect(server.why()).toMatch(says)
    expect(await server.lost).toMatch(says)
    expect(await stopped(server)).toMatchObject({ ready: false, lost: expect.stringMatching(says) })
  })

  it('one whose port is another\'s is not taken for that other', async () => {
    const other = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1')
    await new Promise((go) => other.once('listening', go))
    const { port } = other.address() as AddressInfo
    const server = await start(LISTENS, { port })
    expect(server.why()).toBe(`somebody else listens on port ${port} already`)
    expect(await stopped(server)).toMatchObject({ ready: false, ended: null })
    other.close()
  })

  it('one that dies in the run says so at once', async () => {
    const server = await start(LISTENS.replace('(_, answer) => answer.end()', `({ url }, answer) => {
      if (url === '/') return answer.end()
      console.error('out of memory')
      process.exit(7)
    }`))
    expect(server.why()).toBeNull()
    await expect(fetch(`${server.origin}/die`)).rejects.toThrow()
    expect(await server.lost).toBe('it ended by itself in the run: exit code 7; the last line of its standard error: out of memory')
    expect(await stopped(server)).toMatchObject({ ready: true, lost: expect.stringContaining('exit code 7'), ended: { how: 'by_itself', code: 7 } })
  })

  it('an interrupt ends the waiting, and the server', async () => {
    const interrupt = new AbortController()
    setTimeout(() => interrupt.abort(), 300)
    const server = await start('setInterval(() => {}, 1000)', {}, { signal: interrupt.signal })
    expect(server.why()).toBe('the run was interrupted before it was ready')
    await stopped(server)
  })

  it('of what it says only the last is kept', async () => {
    const server = await start(`process.stdout.write('x'.repeat(200_000) + 'end\\n')\n${LISTENS}`, { ready: { line: 'at last' } })
    const { stdout } = await stopped(server)
    expect(stdout.bytes).toBe(200_000 + 4 + 18)
    expect(stdout.kept).toHaveLength(KEPT_OUTPUT_BYTES)
    expect(stdout.kept.endsWith('end\nlistening at last\n')).toBe(true)
  })

  it('one at an address is looked for, and left alone', async () => {
    const own = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1')
    await new Promise((go) => own.once('listening', go))
    const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}`
    const options = { cwd: folder, env: {}, signal: new AbortController().signal }
    const there = await startOwnServer({ kind: 'address', url }, options)
    expect(there.why()).toBeNull()
    expect(await stopped(there)).toMatchObject({ ready: true, ended: null })
    expect((await fetch(url)).status).toBe(200)
    await new Promise((closed) => { own.close(closed); own.closeAllConnections() })
    const gone = await startOwnServer({ kind: 'address', url }, options)
    expect(gone.why()).toBe(`nobody listens at ${url}`)
  })
})
