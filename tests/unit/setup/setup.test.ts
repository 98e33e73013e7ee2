import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ROOT, run } from '../cli/run.js'

const urlOf = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href)
const RUN = `import { run } from ${urlOf('scripts/setup/run.mjs')}\n`
const asScript = (text: string): string[] => ['--input-type=module', '-e', text]
/** What a script in Node prints as JSON. */
async function told(text: string): Promise<unknown> {
  const { stdout, stderr } = await run(process.execPath, asScript(text), { cwd: ROOT, limit_ms: 20_000 })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}
/** One that has ended and waits for its parent to hear of it runs no more. */
function runs(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] !== 'Z'
  } catch {
    return false
  }
}

describe('T0 browser_surface: set-up', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('after it, %s goes to what it hands over to, and that one\'s exit code is ours', async (signal) => {
    const child = `process.on(${JSON.stringify(signal)}, () => { console.log('heard'); process.exit(7) }); setInterval(() => {}, 1000); console.log('ready')`
    const parent = spawn(process.execPath, asScript(`${RUN}import { handOver } from ${urlOf('scripts/hand-over.mjs')}
      await run(process.execPath, ['-e', ''], { limit_ms: 10_000 })
      handOver(['-e', ${JSON.stringify(child)}])`), { stdio: ['ignore', 'pipe', 'inherit'] })
    const limit = setTimeout(() => parent.kill('SIGKILL'), 20_000)
    let heard = ''
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      if (text.includes('ready')) parent.kill(signal)
    })
    const code = await new Promise((resolve) => parent.once('exit', (ended, by) => resolve(ended ?? by)))
    // A child that was left behind would hold the pipe for ever.
    parent.stdout.destroy()
    clearTimeout(limit)
    expect([code, heard]).toEqual([7, 'ready\nheard\n'])
  })

  test('a signal while it runs something ends that too', async () => {
    const parent = spawn(process.execPath, asScript(`${RUN}await run(process.execPath, ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'], { limit_ms: 20_000, show: true })`), { stdio: ['ignore', 'pipe', 'inherit'] })
    let pid = 0
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      pid = Number(text)
      parent.kill('SIGTERM')
    })
    const code = await new Promise((resolve) => parent.once('exit', (ended, by) => resolve(ended ?? by)))
    expect(code).toBe(143)
    await expect.poll(() => runs(pid), { timeout: 5_000 }).toBe(false)
  })

  const LEAVES = `const { pid } = require('node:child_process').spawn('sleep', ['30'], { detached: true, stdio: 'inherit' }); console.log(pid);`
  test.each([
    ['ends', LEAVES, { code: 0, why: null }],
    ['is ended at its limit', `${LEAVES} setInterval(() => {}, 1000)`, { code: 1, why: 'took longer than 2 s' }],
  ])('a program that %s while what left its group holds its output is not waited for', async (_, program, end) => {
    const result = await told(`${RUN}const started = performance.now()
      const result = await run(process.execPath, ['-e', ${JSON.stringify(`${program}${program === LEAVES ? 'process.exit(0)' : ''}`)}], { limit_ms: 2_000 })
      try { process.kill(Number(result.output), 'SIGKILL') } catch {}
      console.log(JSON.stringify({ ...result, soon: performance.now() - started < 8_000 }))`)
    expect(result).toEqual({ ...end, output: expect.stringMatching(/^\d+\n$/) as unknown, soon: true })
  })

  test('builds anew when anything changed that dist/ is made of', async () => {
    const sources = await told(`import { SOURCES } from ${urlOf('scripts/setup/build.mjs')}; console.log(JSON.stringify(SOURCES))`) as string[]
    const build = readFileSync(join(ROOT, 'scripts/build.mjs'), 'utf8')
    const imported = [...build.matchAll(/from '\.\/([^']+)'/g)].map(([, name = '']) => `scripts/${name}`)
    const inputs = [...readFileSync(join(ROOT, 'vite.config.ts'), 'utf8').matchAll(/'([a-z-]+\/[^'*]+\.ts)'/g)].map(([, path = '']) => path)
    expect([imported.length > 0, inputs.includes('bench/main.ts')]).toEqual([true, true])
    expect([...imported, ...inputs].filter((path) => !sources.some((source) => path === source || path.startsWith(`${source}/`)))).toEqual([])
  })
})
