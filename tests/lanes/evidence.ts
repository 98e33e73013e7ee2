import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { BundleIndexSchema, CaptureLineSchema, CaptureManifestSchema, LabRunSchema, LiveRunMetadataSchema, LiveRunSchema, ReplayMetadataSchema } from '../../src/contract/evidence.js'
import { ScenarioSchema } from '../../src/contract/scenario.js'
import { VerdictSchema, type Verdict } from '../../src/contract/verdict.js'
import type { Judgement } from '../../src/judge/cell-evidence.js'
import { DowngradeSchema, type Downgrade } from '../../src/contract/downgrade.js'
import { peersFromModel } from '../../src/judge/capture-facts.js'
import { firstDisagreement } from '../../src/judge/downgrade.js'
import { judge } from '../../src/judge/judge.js'

/** A bundle's files, by architecture.md, each with its schema. */
const FILES = {
  'bundle.json': BundleIndexSchema,
  'scenario.json': ScenarioSchema,
  'lab.json': LabRunSchema,
  'live.json': LiveRunSchema,
  'capture-manifest.json': CaptureManifestSchema,
  'live-run.json': LiveRunMetadataSchema,
  'replay.json': ReplayMetadataSchema,
  'verdict.json': VerdictSchema,
} as const
type Parsed = { [Name in keyof typeof FILES]: z.infer<(typeof FILES)[Name]> }

/** Names of all files of a bundle that ran to its end, by its route. */
export const bundleFiles = (route: 'direct' | 'bridge'): string[] => [...Object.keys(FILES), 'capture.ndjson', ...(route === 'bridge' ? ['downgrade.json'] : [])].sort()

export interface Bundle extends Parsed {
  dir: string
  capture: Array<z.infer<typeof CaptureLineSchema>>
  /** Null where nothing ran over the bridge. */
  downgrade: Downgrade | null
}

/** Reads a whole bundle; a file that is missing or does not match its schema throws. */
export function readBundle(dir: string): Bundle {
  const parsed = Object.fromEntries(Object.entries(FILES).map(([name, schema]) => [name, (schema as z.ZodType).parse(JSON.parse(readFileSync(join(dir, name), 'utf8')))]))
  const downgrade = join(dir, 'downgrade.json')
  return { dir, ...(parsed as Parsed), downgrade: existsSync(downgrade) ? DowngradeSchema.parse(JSON.parse(readFileSync(downgrade, 'utf8'))) : null, capture: lines(join(dir, 'capture.ndjson')).map((line) => CaptureLineSchema.parse(line)) }
}

export const lines = (path: string): unknown[] => readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)

/** What `bundle.json` should say of the files beside it. */
export function digestsOf(dir: string): Record<string, { sha256: string; bytes: number }> {
  return Object.fromEntries(readdirSync(dir).filter((name) => name !== 'bundle.json').map((name) => {
    const data = readFileSync(join(dir, name))
    return [name, { sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length }]
  }))
}

/** The verdict as it comes out of the bundle's files alone, beside the same fields of the one that was kept. */
export function judgedAgain(bundle: Bundle): { kept: Partial<Verdict>; again: Judgement } {
  const { 'scenario.json': scenario, 'live-run.json': live, 'verdict.json': verdict } = bundle
  const events = bundle.capture.map(({ event }) => event)
  const beside = (name: string): string | null => (existsSync(join(bundle.dir, name)) ? `bundles/${verdict.lane_id}/${scenario.id}/${name}` : null)
  const again = judge({
    scenario,
    admission: live.admission,
    lab: bundle['lab.json'],
    attempts: bundle['live.json'].attempts,
    infrastructure: live.infrastructure,
    engine_available: live.engine !== null,
    bridge_logs_agree: bundle.downgrade === null ? null : bundle.downgrade.complete,
    bridge_disagreement: firstDisagreement(bundle.downgrade),
    peers_from_model: peersFromModel(scenario, events),
    capture_manifest_path: beside('capture-manifest.json'),
    normalized_record_path: beside('live.json'),
  })
  const kept = Object.fromEntries(Object.keys(again).map((key) => [key, verdict[key as keyof Judgement]]))
  return { kept, again }
}
