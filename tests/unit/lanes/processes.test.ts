import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { afterEach, describe, expect, it } from 'vitest'
import { endAll, endGroup, groupByMarker, groupMembers, startGroup, tracked } from '../../../lanes/processes.js'

const groupOf = (child: { pid?: number | undefined }): number => child.pid ?? Number.NaN

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !condition() && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(condition()).toBe(true)
}

afterEach(endAll)

describe('T0: process groups', () => {
  it('ends a program with all it started', async () => {
    const group = groupOf(startGroup('sh', ['-c', 'sleep 60 & sleep 60 & wait']))
    await until(() => groupMembers(group).length === 3)
    expect(await endGroup(group, 5_000)).toBe(true)
    expect(groupMembers(group)).toEqual([])
    expect(tracked()).toEqual([])
  })

  it('ends one that ignores SIGTERM, by force', async () => {
    const group = groupOf(startGroup('sh', ['-c', 'trap "" TERM; while :; do sleep 0.05; done']))
    await until(() => groupMembers(group).length > 0)
    expect(await endGroup(group, 50)).toBe(true)
    expect(groupMembers(group)).toEqual([])
  })

  it('takes the ending of what has ended already for an ending', async () => {
    const child = startGroup('true', [])
    await once(child, 'close')
    expect(await endGroup(groupOf(child), 1_000)).toBe(true)
  })

  it('kills all at once', async () => {
    const groups = [startGroup('sleep', ['60']), startGroup('sleep', ['60'])].map(groupOf)
    endAll()
    await until(() => groups.every((group) => groupMembers(group).length === 0))
  })

  it('finds a child by its environment', async () => {
    const child = startGroup('sleep', ['60'], { env: { ...process.env, LANECHECK_TEST_MARK: 'a8c1' } })
    await until(() => groupByMarker('LANECHECK_TEST_MARK=a8c1') === child.pid)
    expect(groupByMarker('LANECHECK_TEST_MARK=none')).toBeNull()
  })

  it('does not throw for a program that is not there', async () => {
    const child = startGroup('/nowhere/program', [])
    expect(child.pid).toBeUndefined()
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves nothing behind when its own process is ended by %s', async (name) => {
    const source = await bundled()
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', `${source}\nconsole.log(startGroup('sleep', ['60']).pid); setInterval(() => {}, 1000)`])
    const [line] = (await once(owner.stdout, 'data')) as [Buffer]
    const group = Number(line.toString())
    expect(groupMembers(group)).toHaveLength(1)
    owner.kill(name)
    await until(() => groupMembers(group).length === 0)
  })
})

/** The module under test as plain JavaScript, for a process of its own. */
async function bundled(): Promise<string> {
  const input = fileURLToPath(new URL('../../../lanes/processes.ts', import.meta.url))
  const built = await build({ configFile: false, logLevel: 'silent', build: { write: false, ssr: true, minify: false, target: 'es2022', rolldownOptions: { input } } })
  if (!('output' in built)) throw new Error('no output')
  return built.output[0].code.replace(/^export \{.*$/m, '')
}
