import { existsSync, readFileSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BundleIndexSchema, CaptureLineSchema, CaptureManifestSchema, LabRunSchema, LiveRunMetadataSchema, LiveRunSchema, ReplayMetadataSchema } from '../../../src/contract/evidence.js'
import { ScenarioSchema } from '../../../src/contract/scenario.js'
import { VerdictSchema, type Verdict } from '../../../src/contract/verdict.js'
import { sha256Hex } from '../../../src/evidence/digest.js'
import { keepCell } from '../../../src/run/keep.js'
import { openRunOutput, type RunOutput } from '../../../src/run/run-output.js'
import type { SeenCell } from '../../../src/run/engine-run.js'
import { deadlineTrace } from '../judge/traces.js'
import { inFolder, packetOf, planOf, resultOf, seenCell } from './support.js'

const PLAN = planOf()
const DIRECT_BUNDLE = 'bundles/chromium.window.direct/timer.deadline.met'

async function kept<Result>(seen: SeenCell, look: (dir: string, verdict: Verdict, output: RunOutput) => Promise<Result>): Promise<Result> {
  return inFolder(async (dir) => {
    const output = await openRunOutput({ dir, is_default: false, resume: false }, PLAN.run_id)
    try {
      return await look(dir, await keepCell({ seen, plan: PLAN, output, subject: 'native', artifact_path: 'artifacts/x.js' }), output)
    } finally {
      output.close()
    }
  })
}
const read = (dir: string, name: string): unknown => JSON.parse(readFileSync(join(dir, name), 'utf8'))

describe('T0 virtual_transport_surface: what a cell keeps', () => {
  it('every file of a bundle, each by its schema, with its digest in the index', () => kept(seenCell(), async (root, verdict) => {
    const dir = join(root, DIRECT_BUNDLE)
    expect(verdict).toMatchObject({ verdict: 'parity', lane_id: 'chromium.window.direct', artifact_bundle: DIRECT_BUNDLE, capture_manifest_path: `${DIRECT_BUNDLE}/capture-manifest.json`, normalized_record_path: `${DIRECT_BUNDLE}/live.json` })
    const schemas = {
      'scenario.json': ScenarioSchema, 'lab.json': LabRunSchema, 'live.json': LiveRunSchema, 'capture-manifest.json': CaptureManifestSchema, 'live-run.json': LiveRunMetadataSchema, 'replay.json': ReplayMetadataSchema, 'verdict.json': VerdictSchema,
    }
    for (const [name, schema] of Object.entries(schemas)) expect(schema.safeParse(read(dir, name)).error, name).toBeUndefined()
    const index = BundleIndexSchema.parse(read(dir, 'bundle.json'))
    expect(index).toMatchObject({ cell_id: verdict.cell_id, lane_id: verdict.lane_id, run_id: PLAN.run_id })
    expect(Object.keys(index.files).sort()).toEqual([...Object.keys(schemas), 'capture.ndjson'].sort())
    expect((await readdir(dir)).sort()).toEqual([...Object.keys(index.files), 'bundle.json'].sort())
    for (const [name, { sha256, bytes }] of Object.entries(index.files)) {
      const data = await readFile(join(dir, name))
      expect([sha256Hex(data), data.byteLength], name).toEqual([sha256, bytes])
    }
    expect(read(dir, 'verdict.json')).toEqual(verdict)
  }))

  it('the capture holds every event of every attempt, and the manifest its digest and counts', () => {
    const events = deadlineTrace().events
    const lost = resultOf({ events: events.slice(0, 3), end: null, infrastructure: { what: 'engine_crashed', detail: 'once' } })
    return kept(seenCell({ results: [lost, resultOf({ events })] }), async (root) => {
      const dir = join(root, DIRECT_BUNDLE)
      const capture = await readFile(join(dir, 'capture.ndjson'), 'utf8')
      const lines = capture.trimEnd().split('\n').map((line) => CaptureLineSchema.parse(JSON.parse(line)))
      expect(lines.map(({ attempt }) => attempt)).toEqual([...Array<number>(3).fill(1), ...Array<number>(events.length).fill(2)])
      expect(lines.slice(3).map(({ event }) => event)).toEqual(events)
      const manifest = CaptureManifestSchema.parse(read(dir, 'capture-manifest.json'))
      expect(manifest.capture_sha256).toBe(sha256Hex(capture))
      expect(manifest.events.subject! + manifest.events.page!).toBe(lines.length)
      expect(LiveRunMetadataSchema.parse(read(dir, 'live-run.json'))).toMatchObject({ event_count: lines.length, probes: [{}, {}] })
    })
  })

  it('wall time is in no digest: a run at other milliseconds has the same event hash and fingerprint', async () => {
    const hashes = (ms: number) => kept(seenCell({}, deadlineTrace().events.map((event) => ({ ...event, ms: event.ms + ms }))), async (root) => {
      const { event_hash, trace_fingerprint } = LiveRunMetadataSchema.parse(read(join(root, DIRECT_BUNDLE), 'live-run.json'))
      return { event_hash, trace_fingerprint }
    })
    expect(await hashes(1.5)).toEqual(await hashes(0))
    const other = await kept(seenCell({}, deadlineTrace({ fires: 3 }).events), async (root) => LiveRunMetadataSchema.parse(read(join(root, DIRECT_BUNDLE), 'live-run.json')).event_hash)
    expect(other).not.toBe((await hashes(0)).event_hash)
  })

  it('replay names what it takes to run the cell again', () => kept(seenCell(), async (root, verdict) => {
    const replay = ReplayMetadataSchema.parse(read(join(root, DIRECT_BUNDLE), 'replay.json'))
    const lab = LabRunSchema.parse(read(join(root, DIRECT_BUNDLE), 'lab.json'))
    expect(replay).toMatchObject({ seed: PLAN.seed, artifact_path: 'artifacts/x.js', artifact_sha256: PLAN.artifact_sha256, config_hash: PLAN.config_hash, semantic_digest: lab.record.semantic_digest, repro_command: verdict.repro_command })
    expect(replay.repro_command).toContain(`--subject native --cell ${verdict.cell_id} --seed ${PLAN.seed}`)
  }))

  it('the ledger line comes when the bundle is whole, and not at all when it cannot be', () => kept(seenCell(), async (dir, verdict, output) => {
    expect((await readFile(join(dir, 'ledger.ndjson'), 'utf8')).trimEnd()).toContain(verdict.cell_id)
    const seen: boolean[] = []
    const watching: RunOutput = { ...output, dir: join(dir, 'second'), append: () => { seen.push(existsSync(join(dir, 'second', DIRECT_BUNDLE, 'bundle.json'))) } }
    const keeping = { seen: seenCell(), plan: PLAN, output: watching, subject: 'native', artifact_path: 'artifacts/x.js' }
    await keepCell(keeping)
    expect(seen).toEqual([true])
    await writeFile(join(dir, 'third'), 'a file where a folder is wanted')
    await expect(keepCell({ ...keeping, output: { ...watching, dir: join(dir, 'third') } })).rejects.toMatchObject({ code: 'output_not_writable' })
    expect(seen).toEqual([true])
  }))

  it('a cell that saw nothing keeps why, and claims no record', () => kept(
    seenCell({ packet: null, lab: null, results: [], attempts: [], infrastructure: { what: 'engine_not_found', detail: 'not installed' }, engine_available: false }),
    async (root, verdict) => {
      expect(verdict).toMatchObject({ verdict: 'not_run', lane_id: 'chromium.window.none', reason_code: 'realm_unavailable', capture_manifest_path: null, normalized_record_path: null })
      const dir = join(root, 'bundles/chromium.window.none/timer.deadline.met')
      expect((await readdir(dir)).sort()).toEqual(['bundle.json', 'live-run.json', 'scenario.json', 'verdict.json'])
      expect(LiveRunMetadataSchema.parse(read(dir, 'live-run.json'))).toMatchObject({ engine: null, infrastructure: { what: 'engine_not_found' }, event_count: 0, probes: [] })
    },
  ))

  it('an attempt lost on the way keeps its capture but claims no record', () => kept(
    seenCell({ results: [resultOf({ events: deadlineTrace().events.slice(0, 2), end: null })], attempts: [], infrastructure: { what: 'realm_crashed', detail: 'gone' } }),
    async (root, verdict) => {
      expect(verdict).toMatchObject({ verdict: 'infrastructure_loss', capture_manifest_path: null })
      const names = await readdir(join(root, DIRECT_BUNDLE))
      expect(names).toContain('capture.ndjson')
      expect(names).not.toContain('live.json')
    },
  ))

  it('a subject that does not start in the lane, as it did in the lab, is found at it, and the capture says so', () => {
    const failed = resultOf({ end: { type: 'failed', code: 'subject_throws', message: 'TypeError: no' } })
    const base = seenCell({ results: [failed] })
    return kept({ ...base, attempts: seenCell({}, [{ witness: 'subject', kind: 'subject.threw', id: 'subject_throws', name: 'subject_throws', message: 'TypeError: no', trap: false, seq: 0, ticks: 0, ms: 0 }]).attempts }, async (root, verdict) => {
      expect(verdict.verdict).not.toBe('parity')
      expect(await readFile(join(root, DIRECT_BUNDLE, 'capture.ndjson'), 'utf8')).toContain('"message":"TypeError: no"')
    })
  })

  it('the engine is the one of the packet, whatever else a packet holds', () => kept(seenCell({ packet: packetOf({ findings: ['something'] }) }), async (root) => {
    expect(Object.keys(LiveRunMetadataSchema.parse(read(join(root, DIRECT_BUNDLE), 'live-run.json')).engine!)).toHaveLength(5)
  }))
})
