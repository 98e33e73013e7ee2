import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import {
  BundleIndexSchema, CaptureManifestSchema, LabRunSchema, LiveRunMetadataSchema, LiveRunSchema, ReplayMetadataSchema,
  type BundleIndex, type CaptureLine, type CaptureManifest, type LabRun, type LiveRun, type LiveRunMetadata, type ReplayMetadata,
} from '../contract/evidence.js'
import { HostPacketSchema, type HostPacket } from '../contract/host.js'
import { admittanceOf, packetPath } from '../contract/page-conditions.js'
import { ScenarioSchema, type Scenario } from '../contract/scenario.js'
import type { Verdict } from '../contract/verdict.js'
import { BUNDLE_INDEX } from './bundle.js'
import { readRecord } from './ledger-file.js'
import { readTraffic } from './traffic.js'

/** All that a cell's bundle tells a reader, and the host packet it ran under; null for files that the cell did not come to. */
export interface CellBundle {
  scenario: Scenario
  run: LiveRunMetadata
  capture: CaptureLine[]
  lab: LabRun | null
  live: LiveRun | null
  replay: ReplayMetadata | null
  manifest: CaptureManifest | null
  index: BundleIndex | null
  packet: { path: string; packet: HostPacket } | null
}

/** Reads a cell's whole bundle; null when it kept none. Throws `evidence_invalid`. */
export function readCellBundle(folder: string, verdict: Pick<Verdict, 'artifact_bundle' | 'engine' | 'host_role'>): CellBundle | null {
  if (verdict.artifact_bundle === null) return null
  const bundle = join(folder, verdict.artifact_bundle)
  const read = <Record>(name: string, schema: z.ZodType<Record>): Record | null => (existsSync(join(bundle, name)) ? readRecord(join(bundle, name), schema) : null)
  const scenario = readRecord(join(bundle, 'scenario.json'), ScenarioSchema)
  const path = packetPath(verdict.engine, verdict.host_role, admittanceOf(scenario))
  return {
    scenario,
    run: readRecord(join(bundle, 'live-run.json'), LiveRunMetadataSchema),
    capture: readTraffic(folder, verdict)?.capture ?? [],
    lab: read('lab.json', LabRunSchema),
    live: read('live.json', LiveRunSchema),
    replay: read('replay.json', ReplayMetadataSchema),
    manifest: read('capture-manifest.json', CaptureManifestSchema),
    index: read(BUNDLE_INDEX, BundleIndexSchema),
    packet: existsSync(join(folder, path)) ? { path, packet: readRecord(join(folder, path), HostPacketSchema) } : null,
  }
}
