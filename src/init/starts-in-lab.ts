import { join } from 'node:path'
import { isLanecheckError } from '../contract/errors.js'
import { loadArtifact } from '../run/artifact.js'
import { startLabRuns } from '../run/lab-runs.js'
import { declaredInLab, firstLabRun } from '../run/subject-in-lab.js'
import { loadOwnScenarios } from '../scenarios/own/load.js'
import type { InitReport } from './record.js'

const SEED = 1

/** Runs the first scenario of a folder in the lab, without an engine: whether the subject loads, starts and is shut down as it stands. */
export async function startsInLab(folder: string, subject: string, scenario_files: readonly string[]): Promise<InitReport['starts']> {
  try {
    const [scenario] = await loadOwnScenarios(scenario_files, folder)
    const artifact = { ...await loadArtifact(join(folder, subject)), subject }
    await declaredInLab(artifact)
    const labs = startLabRuns(artifact.source, artifact.sha256, SEED)
    try {
      await firstLabRun(labs, [scenario!], artifact)
      const { run } = await labs.of(scenario!)
      return { ok: run.record.semantic.outcome === scenario!.expect.outcome, says: `${scenario!.id} ${run.record.semantic.outcome} in the lab` }
    } finally {
      await labs.close()
    }
  } catch (error) {
    if (!isLanecheckError(error)) throw error
    return { ok: false, says: `${error.code}: ${error.message}${error.where === null || error.message.includes(error.where) ? '' : ` (${error.where})`}` }
  }
}
