import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { assetsOf, digestInName } from '../contract/assets.js'
import { LanecheckError } from '../contract/errors.js'
import { BundleIndexSchema, LabRunSchema, LiveRunMetadataSchema, LiveRunSchema, ReplayMetadataSchema, type LabRun, type LiveAttempt, type LiveRunMetadata, type ReplayMetadata } from '../contract/evidence.js'
import { ScenarioSchema, type Scenario } from '../contract/scenario.js'
import { VerdictSchema, type Verdict } from '../contract/verdict.js'
import { BUNDLE_INDEX } from '../evidence/bundle.js'
import { sha256Hex } from '../evidence/digest.js'
import { readRecord } from '../evidence/ledger-file.js'
import type { Artifact } from './artifact.js'

/** What a cell kept, as far as it takes to run it again. */
export interface KeptBundle {
  scenario: Scenario
  lab: LabRun
  replay: ReplayMetadata
  run: LiveRunMetadata
  /** Empty when nothing ran live. */
  attempts: LiveAttempt[]
  verdict: Verdict
  /** Null when the evidence folder does not hold the artifact any more. */
  artifact: Pick<Artifact, 'source' | 'sha256' | 'assets'> | null
}

/** Reads a bundle whose bytes are those that were kept. Throws `evidence_invalid`, naming file and field. */
export function readKept(bundle: string): KeptBundle {
  const dir = resolve(bundle)
  if (!existsSync(join(dir, BUNDLE_INDEX))) throw new LanecheckError('evidence_invalid', 'not a bundle: it has no bundle.json', { where: bundle, hint: 'name a folder bundles/<lane_id>/<scenario_id> of an evidence folder' })
  const { files } = readRecord(join(dir, BUNDLE_INDEX), BundleIndexSchema)
  const read = <Record>(name: string, schema: z.ZodType<Record>): Record => {
    const path = join(dir, name)
    const record = readRecord(path, schema)
    if (sha256Hex(readFileSync(path)) !== files[name]?.sha256) throw new LanecheckError('evidence_invalid', 'the bytes are not those that were kept', { where: path, hint: 'lanecheck audit tells all that was changed' })
    return record
  }
  const run = read('live-run.json', LiveRunMetadataSchema)
  if (files['replay.json'] === undefined) {
    throw new LanecheckError('evidence_invalid', `this cell kept no lab run: ${run.infrastructure?.detail ?? 'it never began'}`, { where: bundle, hint: 'run the cell with lanecheck verify --cell' })
  }
  const replay = read('replay.json', ReplayMetadataSchema)
  return {
    scenario: read('scenario.json', ScenarioSchema),
    lab: read('lab.json', LabRunSchema),
    replay, run,
    attempts: files['live.json'] === undefined ? [] : read('live.json', LiveRunSchema).attempts,
    verdict: read('verdict.json', VerdictSchema),
    artifact: readArtifact(dirname(dirname(dirname(dir))), replay.artifact_path),
  }
}

function readArtifact(evidence: string, path: string): KeptBundle['artifact'] {
  // A path from a file that anyone may have written stays inside the folder.
  if (!/^artifacts\/[0-9a-f]{64}\.js$/.test(path)) throw new LanecheckError('evidence_invalid', `not a path of an artifact: ${path}`, { where: 'replay.json: artifact_path' })
  const file = join(evidence, path)
  if (!existsSync(file)) return null
  const source = readFileSync(file, 'utf8')
  const assets = new Map(assetsOf(source).flatMap((name): Array<[string, Uint8Array]> => (existsSync(join(evidence, 'artifacts', name)) ? [[name, readFileSync(join(evidence, 'artifacts', name))]] : [])))
  for (const name of assetsOf(source)) {
    const bytes = assets.get(name)
    if (bytes === undefined) return null
    if (sha256Hex(bytes) !== digestInName(name)) throw new LanecheckError('evidence_invalid', 'the bytes are not those that the artifact fetched', { where: join(evidence, 'artifacts', name), hint: 'lanecheck audit tells all that was changed' })
  }
  return { source, sha256: sha256Hex(source), assets }
}
