import { parentPort, workerData } from 'node:worker_threads'
import type { Assets } from '../contract/assets.js'
import { isLanecheckError } from '../contract/errors.js'
import type { LabRun } from '../contract/evidence.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import { hashNatively } from '../evidence/digest.js'
import { runLabTwice } from './run-lab.js'

export interface LabQuestion { id: number; scenario: Scenario; seed: number }
export type LabAnswer =
  | { id: number; events: TraceEvent[]; stalled: boolean; deterministic: boolean; runs: LabRun['runs'] }
  | { id: number; error: { code: string; message: string; where: string | null; hint: string | null } }

// The lab's own thread: its tasks run without a break and would hold the peers' clocks up.
const port = parentPort
const { artifact, assets } = (workerData ?? {}) as { artifact: string; assets: Assets }

async function answer({ id, scenario, seed }: LabQuestion): Promise<LabAnswer> {
  try {
    const { first, second, deterministic } = await runLabTwice({ artifact, assets, scenario, seed })
    if (first.end.type === 'failed') return { id, error: { code: first.end.code === 'harness' ? 'internal' : first.end.code, message: first.end.message, where: null, hint: null } }
    const runs = [first, second].map(({ schedule_hash, event_hash, event_count }) => ({ schedule_hash, event_hash, event_count }))
    return { id, events: first.events, stalled: first.end.stalled, deterministic, runs }
  } catch (error) {
    const known = isLanecheckError(error)
    return { id, error: { code: known ? error.code : 'internal', message: error instanceof Error ? error.message : String(error), where: known ? error.where : null, hint: known ? error.hint : null } }
  }
}

hashNatively()
let queue = Promise.resolve()
port?.on('message', (question: LabQuestion) => {
  queue = queue.then(async () => port.postMessage(await answer(question)))
})
