import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { packageRoot } from '../package-root.js'
import type { HostAnswer, HostRequest } from './host-protocol.js'

/** Where a worker's cells are run. */
export interface LaneHost {
  /** Resolves when the evidence is written. Throws what a run throws, and `deadline_exceeded_in_node` after `limit_ms`. */
  run(request: Omit<HostRequest, 'id'>, limit_ms: number): Promise<void>
  /** Ends what is under way, when something is; the next run starts anew. */
  cut(): Promise<void>
  /** Ends it with all it started; takes a bounded time. */
  close(): Promise<void>
}

/** Time to end the engines in order; what is left then is killed, in ms. */
const CLOSE_LIMIT_MS = 8_000

interface Host { child: ChildProcess; answers: Map<number, (answer: HostAnswer) => void>; gone: Promise<void> }

/** A host whose process starts with the first run. */
export function laneHost(): LaneHost {
  let host: Host | null = null
  let asked = 0
  const end = async (): Promise<void> => {
    const ending = host
    host = null
    if (ending !== null) await endHost(ending)
  }
  return {
    run: async (request, limit_ms) => {
      host ??= startHost()
      const answer = await ask(host, { ...request, id: ++asked }, limit_ms)
      if (answer === 'late') {
        await end()
        throw new LanecheckError('deadline_exceeded_in_node', `the run did not end within ${limit_ms} ms`, { where: request.cell ?? request.scenarios.join(', '), hint: 'give it more with limit_ms, or ask for fewer cells' })
      }
      if (answer.ok) return
      const { code, message, where, hint } = answer.error
      if (code === 'internal') await end()
      throw new LanecheckError(code, message, { ...(where === null ? {} : { where }), ...(hint === null ? {} : { hint }) })
    },
    cut: async () => { if ((host?.answers.size ?? 0) > 0) await end() },
    close: end,
  }
}

function startHost(): Host {
  // None of the test runner's own loaders, and nothing on the test's output but what goes wrong.
  const child = fork(join(packageRoot(), 'dist/src/playwright/host-process.js'), [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const answers: Host['answers'] = new Map()
  const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()) })
  const lose = (message: string): void => { for (const [id, answer] of answers) answer({ id, ok: false, error: { code: 'internal', message, where: null, hint: null } }) }
  child.on('message', (answer: HostAnswer) => answers.get(answer.id)?.(answer))
  child.once('error', (error) => lose(`the process that runs cells: ${error.message}`))
  child.once('exit', (code, signal) => lose(`the process that runs cells ended with ${signal ?? code}`))
  return { child, answers, gone }
}

function ask({ child, answers }: Host, request: HostRequest, limit_ms: number): Promise<HostAnswer | 'late'> {
  return new Promise((resolve) => {
    const settle = (answer: HostAnswer | 'late'): void => {
      clearTimeout(limit)
      answers.delete(request.id)
      resolve(answer)
    }
    const limit = setTimeout(() => settle('late'), limit_ms)
    answers.set(request.id, settle)
    child.send(request, (error) => {
      if (error !== null) settle({ id: request.id, ok: false, error: { code: 'internal', message: `the process that runs cells is gone: ${error.message}`, where: null, hint: null } })
    })
  })
}

/** Idle, it ends when it is let go; busy, SIGTERM makes it end its engines at once. */
async function endHost({ child, answers, gone }: Host): Promise<void> {
  if (answers.size > 0) child.kill('SIGTERM')
  else if (child.connected) child.disconnect()
  const limit = setTimeout(() => child.kill('SIGKILL'), CLOSE_LIMIT_MS)
  await gone
  clearTimeout(limit)
}
