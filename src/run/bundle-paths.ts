import type { LaneId } from '../contract/lane.js'

/** Where a cell's bundle and its two most asked-for files are, relative to the evidence folder. */
export interface BundlePaths {
  artifact_bundle: string
  capture_manifest_path: string
  normalized_record_path: string
}

export function bundlePaths(lane: LaneId, scenario_id: string): BundlePaths {
  const artifact_bundle = `bundles/${lane}/${scenario_id}`
  return { artifact_bundle, capture_manifest_path: `${artifact_bundle}/capture-manifest.json`, normalized_record_path: `${artifact_bundle}/live.json` }
}
