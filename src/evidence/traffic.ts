import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LanecheckError } from '../contract/errors.js'
import { CaptureLineSchema, LiveRunMetadataSchema, type CaptureLine, type LiveRunMetadata } from '../contract/evidence.js'
import { ScenarioSchema, type Scenario } from '../contract/scenario.js'
import type { Verdict } from '../contract/verdict.js'
import { readRecord } from './ledger-file.js'

/** Reads what a cell's bundle holds of its traffic; null when the cell kept no capture. Throws `evidence_invalid`. */
export function readTraffic(folder: string, { artifact_bundle }: Pick<Verdict, 'artifact_bundle'>): { scenario: Scenario; run: LiveRunMetadata; capture: CaptureLine[] } | null {
  if (artifact_bundle === null) return null
  const bundle = join(folder, artifact_bundle)
  const path = join(bundle, 'capture.ndjson')
  if (!existsSync(path)) return null
  return {
    scenario: readRecord(join(bundle, 'scenario.json'), ScenarioSchema),
    run: readRecord(join(bundle, 'live-run.json'), LiveRunMetadataSchema),
    capture: readFileSync(path, 'utf8').split('\n').flatMap((line, index) => (line === '' ? [] : [captureLine(line, `${path}:${index + 1}`)])),
  }
}

function captureLine(line: string, where: string): CaptureLine {
  try {
    return CaptureLineSchema.parse(JSON.parse(line))
  } catch (error) {
    throw new LanecheckError('evidence_invalid', 'not a captured event', { where, hint: 'lanecheck audit tells all that was changed', cause: error })
  }
}
