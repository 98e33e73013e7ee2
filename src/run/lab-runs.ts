import { NO_ASSETS, type Assets } from '../contract/assets.js'
import { LanecheckError, type ErrorCode } from '../contract/errors.js'
import type { LabRun } from '../contract/evidence.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import { canonicalDigest } from '../evidence/digest.js'
import { normalize } from '../judge/normalize.js'
import { startLabThread } from './lab-thread.js'

/** The lab side of each scenario, made once, away from the thread that plays the peers. */
export interface LabRuns {
  of(scenario: Scenario): Promise<{ run: LabRun; events: TraceEvent[] }>
  close(): Promise<void>
}

/** Starts the lab's own thread. `of` throws what the lab throws: `subject_throws`, `subject_never_starts`, `lab_missing_global`, `lab_stalled`. */
export function startLabRuns(artifact: string, artifact_sha256: string, seed: number, assets: Assets = NO_ASSETS): LabRuns {
  const thread = startLabThread(artifact, assets)
  const known = new Map<string, Promise<{ run: LabRun; events: TraceEvent[] }>>()
  const make = async (scenario: Scenario): Promise<{ run: LabRun; events: TraceEvent[] }> => {
    const answer = await thread.ask(scenario, seed)
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
    close: () => thread.close(),
  }
}
