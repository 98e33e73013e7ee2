import { isLanecheckError } from '../contract/errors.js'
import type { LabRun } from '../contract/evidence.js'
import type { Progress } from '../report/progress.js'
import { readKept, type KeptBundle } from './kept-bundle.js'
import { labVersion } from './lab-version.js'
import { startLabRuns } from './lab-runs.js'
import { replayLive } from './replay-live.js'
import { exitOf, sideOf, unequal, type Compared, type ReplayReport, type ReplaySide } from './replay-report.js'

export interface ReplayOptions {
  /** The folder of a bundle, in its evidence folder. */
  bundle: string
  /** Also runs the cell again in its lane. */
  live: boolean
  signal: AbortSignal
  progress: Progress
  /** Another lab than this package's own thread. */
  startLabs?: typeof startLabRuns
}

/**
 * Runs a kept cell again from its bundle and artifact alone, and compares.
 * Throws `evidence_invalid` for what is no sound bundle; with `live` also what `verify` throws.
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const kept = readKept(options.bundle)
  const unlike = await notComparable(kept)
  const lab = unlike.length > 0 ? notCompared(unlike) : await replayLab(kept, options.startLabs ?? startLabRuns)
  const live = !options.live ? null : unlike.length > 0 ? notCompared(unlike) : await replayLive(kept, options)
  return { schema: 'lanecheck.replay.v1', cell_id: kept.verdict.cell_id, lane_id: kept.verdict.lane_id, lab, live, exit_code: exitOf([lab, ...(live === null ? [] : [live])]) }
}

const notCompared = (because: Compared[]): ReplaySide => ({ answer: 'not_compared', because })

/** What must be as it was before a comparison says anything of the subject. */
async function notComparable({ artifact, replay }: KeptBundle): Promise<Compared[]> {
  return [
    ...unequal('artifact', replay.artifact_sha256, artifact?.sha256 ?? 'the evidence folder does not hold it'),
    ...unequal('lab_version', replay.lab_version, await labVersion()),
  ]
}

async function replayLab({ artifact, scenario, lab, replay }: KeptBundle, start: typeof startLabRuns): Promise<ReplaySide> {
  const labs = start(artifact!.source, artifact!.sha256, replay.seed, artifact!.assets)
  try {
    const { run } = await labs.of(scenario)
    return sideOf([...differing(replay, lab, run)])
  } catch (error) {
    if (!isLanecheckError(error)) throw error
    return { answer: 'differs', because: [{ what: 'lab', kept: 'ran to its end', again: `${error.code}: ${error.message}` }] }
  } finally {
    await labs.close()
  }
}

/** Both runs must come to what was kept, and so to the same. */
function differing(kept: KeptBundle['replay'], lab: LabRun, again: LabRun): Compared[] {
  const runs = again.runs.flatMap((run, at) => [
    ...unequal(`runs[${at}].schedule_hash`, kept.schedule_hash, run.schedule_hash),
    ...unequal(`runs[${at}].event_hash`, kept.event_hash, run.event_hash),
    ...unequal(`runs[${at}].event_count`, String(kept.event_count), String(run.event_count)),
  ])
  return [
    ...runs,
    ...unequal('semantic_digest', kept.semantic_digest, again.record.semantic_digest),
    ...unequal('full_digest', lab.record.full_digest, again.record.full_digest),
  ]
}
