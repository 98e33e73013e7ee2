import {
  BundleIndexSchema, CaptureLineSchema, CaptureManifestSchema, LabRunSchema, LiveRunMetadataSchema, LiveRunSchema, ReplayMetadataSchema,
  type BundleIndex, type CaptureLine, type CaptureManifest, type LabRun, type LiveRun, type LiveRunMetadata, type ReplayMetadata,
} from '../contract/evidence.js'
import { DowngradeSchema, type Downgrade } from '../contract/downgrade.js'
import { ScenarioSchema, type Scenario } from '../contract/scenario.js'
import { WorkerEndSchema, type WorkerEndRecord } from '../contract/worker-end.js'
import { VerdictSchema, type Verdict } from '../contract/verdict.js'
import type { Folder } from './folder.js'
import type { BundleFile, BundlePlace } from './places.js'

/** A bundle as it was read; null for each record that is not there or is none. */
export interface Bundle {
  place: BundlePlace
  index: BundleIndex | null
  scenario: Scenario | null
  lab: LabRun | null
  live: LiveRun | null
  run: LiveRunMetadata | null
  replay: ReplayMetadata | null
  manifest: CaptureManifest | null
  downgrade: Downgrade | null
  worker_end: WorkerEndRecord | null
  capture: Array<CaptureLine | null> | null
  verdict: Verdict | null
}

/** Where a file of a bundle is. */
export const fileOf = ({ place }: Pick<Bundle, 'place'>, name: BundleFile): string => `${place.path}/${name}`

/** Reads a bundle, each record by its schema and in its kept form; what is wrong is said. */
export function readBundle(folder: Folder, place: BundlePlace): Bundle {
  const at = (name: BundleFile): string => fileOf({ place }, name)
  return {
    place,
    index: folder.record(at('bundle.json'), BundleIndexSchema),
    scenario: folder.record(at('scenario.json'), ScenarioSchema),
    lab: folder.record(at('lab.json'), LabRunSchema),
    live: folder.record(at('live.json'), LiveRunSchema),
    run: folder.record(at('live-run.json'), LiveRunMetadataSchema),
    replay: folder.record(at('replay.json'), ReplayMetadataSchema),
    manifest: folder.record(at('capture-manifest.json'), CaptureManifestSchema),
    downgrade: folder.record(at('downgrade.json'), DowngradeSchema),
    worker_end: folder.record(at('worker-end.json'), WorkerEndSchema),
    capture: folder.lines(at('capture.ndjson'), CaptureLineSchema),
    verdict: folder.record(at('verdict.json'), VerdictSchema),
  }
}
