import { Worker } from 'node:worker_threads'
import { join } from 'node:path'
import type { Assets } from '../contract/assets.js'
import type { Scenario } from '../contract/scenario.js'
import type { LabAnswer, LabQuestion } from '../lab/lab-worker.js'
import { packageRoot } from '../package-root.js'

/** Longest both lab runs of a scenario may take together, in ms. */
export const LAB_LIMIT_MS = 60_000
/** Threads that may be lost in one run; after that what is still asked has no answer. */
export const LAB_LOSSES = 4

/** The lab's thread: answers one question at a time; one that dies or hangs costs the question that it was at. */
export interface LabThread {
  /** Never throws, always answers. */
  ask(scenario: Scenario, seed: number): Promise<LabAnswer>
  close(): Promise<void>
}

interface Asked { question: LabQuestion; answer(given: LabAnswer): void }

export function startLabThread(artifact: string, assets: Assets): LabThread {
  const waiting: Asked[] = []
  /** With the thread now. */
  let at: Asked | null = null
  let limit: NodeJS.Timeout | undefined
  let worker: Worker | null = null
  let [last, losses] = [0, 0]
  let ended: string | null = null

  const failed = ({ question: { id } }: Asked, code: 'internal' | 'lab_stalled', message: string): LabAnswer => ({ id, error: { code, message, where: null, hint: null } })
  const settle = (given: (asked: Asked) => LabAnswer): void => {
    const asked = at
    clearTimeout(limit)
    at = null
    asked?.answer(given(asked))
  }
  const end = (why: string): void => {
    ended ??= why
    settle((asked) => failed(asked, 'internal', why))
    for (const asked of waiting.splice(0)) asked.answer(failed(asked, 'internal', why))
  }
  const lose = (lost: Worker, code: 'internal' | 'lab_stalled', why: string): void => {
    if (worker !== lost) return
    worker = null
    void lost.terminate()
    settle((asked) => failed(asked, code, `the lab ${why} in ${asked.question.scenario.id}`))
    if (++losses > LAB_LOSSES) end(`the lab was lost ${losses} times; the last time it ${why}`)
    else next()
  }
  const start = (): Worker => {
    const started = new Worker(join(packageRoot(), 'dist/src/lab/lab-worker.js'), { workerData: { artifact, assets } })
    started.on('message', (answer: LabAnswer) => {
      if (worker !== started || at?.question.id !== answer.id) return
      settle(() => answer)
      next()
    })
    started.on('error', (error) => lose(started, 'internal', `ended (${error instanceof Error ? error.message : String(error)})`))
    started.on('exit', () => lose(started, 'internal', 'ended by itself'))
    return started
  }
  function next(): void {
    if (at !== null || ended !== null) return
    at = waiting.shift() ?? null
    if (at === null) return
    const own = (worker ??= start())
    // From here on, not from when it was asked: what waits for others has done nothing yet.
    limit = setTimeout(() => lose(own, 'lab_stalled', `did not end within ${LAB_LIMIT_MS} ms`), LAB_LIMIT_MS)
    own.postMessage(at.question)
  }
  return {
    ask: (scenario, seed) => new Promise((answer) => {
      const asked: Asked = { question: { id: ++last, scenario, seed }, answer }
      if (ended !== null) return answer(failed(asked, 'internal', ended))
      waiting.push(asked)
      next()
    }),
    close: async () => {
      const closing = worker
      worker = null
      end('the lab ended')
      await closing?.terminate()
    },
  }
}
