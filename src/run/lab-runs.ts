import { Worker } from 'node:worker_threads'
import { join } from 'node:path'
import { NO_ASSETS, type Assets } from '../contract/assets.js'
import { LanecheckError, type ErrorCode } from '../contract/errors.js'
import type { LabRun } from '../contract/evidence.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import { canonicalDigest } from '../evidence/digest.js'
import { normalize } from '../judge/normalize.js'
import type { LabAnswer, LabQuestion } from '../lab/lab-worker.js'
import { packageRoot } from '../package-root.js'

/** Longest both lab runs of a scenario may take together, in ms. */
const LAB_LIMIT_MS = 60_000

/** The lab side of each scenario, made once, away from the thread that plays the peers. */
export interface LabRuns {
  of(scenario: Scenario): Promise<{ run: LabRun; events: TraceEvent[] }>
  close(): Promise<void>
}

/** Starts the lab's own thread. `of` throws what the lab throws: `subject_throws`, `subject_never_starts`, `lab_missing_global`, `lab_stalled`. */
export function startLabRuns(artifact: string, artifact_sha256: string, seed: number, assets: Assets = NO_ASSETS): LabRuns {
  const worker = new Worker(join(packageRoot(), 'dist/src/lab/lab-worker.js'), { workerData: { artifact, assets } })
  const known = new Map<string, Promise<{ run: LabRun; events: TraceEvent[] }>>()
  const open = new Map<number, (answer: LabAnswer) => void>()
  let asked = 0
  let ended: string | null = null
  const gone = (id: number, message: string): LabAnswer => ({ id, error: { code: 'internal', message, where: null, hint: null } })
  const answerAll = (message: string): void => {
    ended ??= message
    for (const [id, answer] of open) answer(gone(id, message))
  }
  worker.on('message', (answer: LabAnswer) => open.get(answer.id)?.(answer))
  worker.on('error', (error) => answerAll(error instanceof Error ? error.message : String(error)))
  worker.on('exit', () => answerAll('the lab ended'))
  const ask = (scenario: Scenario): Promise<LabAnswer> => new Promise((resolve) => {
    const question: LabQuestion = { id: ++asked, scenario, seed }
    if (ended !== null) return resolve(gone(question.id, ended))
    const limit = setTimeout(() => settle({ id: question.id, error: { code: 'lab_stalled', message: `the lab did not end ${scenario.id} within ${LAB_LIMIT_MS} ms`, where: null, hint: null } }), LAB_LIMIT_MS)
    const settle = (answer: LabAnswer): void => {
      clearTimeout(limit)
      open.delete(question.id)
      resolve(answer)
    }
    open.set(question.id, settle)
    worker.postMessage(question)
  })
  const make = async (scenario: Scenario): Promise<{ run: LabRun; events: TraceEvent[] }> => {
    const answer = await ask(scenario)
    if ('error' in answer) {
      const { code, message, where, hint } = answer.error
      throw new LanecheckError(code as ErrorCode, message, { ...(where === null ? {} : { where }), ...(hint === null ? {} : { hint }) })
    }
    const record = normalize({ scenario, events: answer.events, clock_source: 'virtual_clock', end: { stalled: answer.stalled }, digest: canonicalDigest })
    return { run: { schema: 'lanecheck.lab-run.v1', scenario_id: scenario.id, seed, artifact_sha256, runs: answer.runs, deterministic: answer.deterministic, record }, events: answer.events }
  }
  return {
    of: (scenario) => {
      const run = known.get(scenario.id) ?? make(scenario)
      known.set(scenario.id, run)
      return run
    },
    close: async () => { await worker.terminate() },
  }
}
