import { join } from 'node:path'
import type { CaptureLine, LiveRunMetadata, ReplayMetadata } from '../contract/evidence.js'
import type { EngineIdentity } from '../contract/host.js'
import { laneId } from '../contract/lane.js'
import { rowFor } from '../contract/matrix-rows.js'
import type { TraceEvent } from '../contract/trace.js'
import type { Plan, Verdict } from '../contract/verdict.js'
import { ndjsonText, writeBundle } from '../evidence/bundle.js'
import { canonicalDigest, sha256Hex } from '../evidence/digest.js'
import { captureManifest } from '../judge/capture-facts.js'
import { judge } from '../judge/judge.js'
import { judgedOf } from '../judge/validity.js'
import { REALM_UNAVAILABLE, toVerdict, underPolicy } from '../judge/verdict.js'
import { bundlePaths } from './bundle-paths.js'
import { cellEvidence, downgradeOfCell, keepsAdmitted, workerEndOfCell } from './cell-evidence.js'
import type { SeenCell } from './engine-run.js'
import { labVersion } from './lab-version.js'
import { lossOf, stalledIn, withFailure } from './live-attempt.js'
import type { WasmDelivery } from '../vite/wasm-delivery.js'
import { reproCommand } from './repro-command.js'
import type { RunOutput } from './run-output.js'

interface Keeping {
  seen: SeenCell
  plan: Plan
  output: RunOutput
  /** As the user named it. */
  subject: string
  wasm?: WasmDelivery | undefined
  /** The globs that named the file of this scenario, where it is the maintainer's own and they were on the command line. */
  scenario_files?: readonly string[]
  artifact_path: string
}

/** Judges a cell, keeps its bundle, then appends its verdict to the ledger. Throws `disk_full`, `output_not_writable`. */
export async function keepCell(keeping: Keeping): Promise<Verdict> {
  const { seen, plan, output } = keeping
  const admission = seen.packet?.admission ?? REALM_UNAVAILABLE
  const lane_id = laneId(seen.cell.engine, seen.cell.host_role, admission.route)
  const paths = bundlePaths(lane_id, seen.scenario.id)
  const kept = seen.attempts.length > 0
  const verdict = underPolicy(toVerdict({
    cell: { ...seen.cell, scenario: seen.scenario },
    admission,
    judgement: judge(cellEvidence(seen, paths)),
    attempts: seen.attempts.length,
    paths: {
      artifact_bundle: paths.artifact_bundle,
      capture_manifest_path: kept ? paths.capture_manifest_path : null,
      normalized_record_path: kept ? paths.normalized_record_path : null,
    },
    repro_command: reproOf(keeping),
  }))
  await writeBundle(join(output.dir, paths.artifact_bundle), bundleFiles(keeping, lane_id, verdict, await labVersion()), { cell_id: verdict.cell_id, lane_id, run_id: plan.run_id })
  output.append(verdict)
  return verdict
}

function bundleFiles(keeping: Keeping, lane_id: Verdict['lane_id'], verdict: Verdict, lab_version: string): Record<string, unknown> {
  const { seen } = keeping
  const lines = seen.results.flatMap((result, index) => withFailure(result).map((event): CaptureLine => ({ attempt: index + 1, event })))
  const capture = ndjsonText(lines)
  const events = lines.map(({ event }) => event)
  const downgrade = downgradeOfCell(seen)
  const worker_end = workerEndOfCell(seen)
  const manifest = captureManifest({
    scenario: seen.scenario, lane_id, virtualization_boundary: rowFor(seen.scenario.surface_family).virtualization_boundary,
    capture_sha256: sha256Hex(capture), events, records: judgedOf(seen.attempts).map(({ record }) => record),
  })
  return {
    'scenario.json': plain(seen.scenario),
    ...(seen.lab === null ? {} : { 'lab.json': plain(seen.lab.run), 'replay.json': replayMetadata(keeping, lab_version) }),
    ...(seen.attempts.length === 0 ? {} : { 'live.json': plain({ schema: 'lanecheck.live-run.v1', scenario_id: seen.scenario.id, attempts: seen.attempts }), 'capture-manifest.json': plain(manifest) }),
    ...(seen.results.length === 0 ? {} : { 'capture.ndjson': capture }),
    ...(downgrade === null ? {} : { 'downgrade.json': plain(downgrade) }),
    ...(worker_end === null ? {} : { 'worker-end.json': plain(worker_end) }),
    'live-run.json': plain(liveMetadata(keeping, lane_id, events)),
    'verdict.json': plain(verdict),
  }
}

/** Optional members that are `undefined` have no place in JSON. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

function liveMetadata({ seen, plan }: Keeping, lane_id: Verdict['lane_id'], events: TraceEvent[]): LiveRunMetadata {
  const last = seen.results.at(-1)
  return {
    schema: 'lanecheck.live-run-metadata.v1',
    cell_id: seen.cell.cell_id,
    lane_id,
    engine: seen.packet === null ? null : identityOf(seen.packet),
    admission: seen.packet?.admission ?? REALM_UNAVAILABLE,
    ...(seen.packet === null || !keepsAdmitted(seen.packet, seen.scenario) ? {} : { admitted: { subject: seen.packet.subject, probe: seen.packet.probe } }),
    probes: seen.results.map(({ probe }) => probe),
    results: seen.results.map((result) => ({ session: result.session ?? null, stalled: lossOf(result) === null && stalledIn(result), loss: lossOf(result), ...(result.worker_end === undefined ? {} : { worker_end: result.worker_end }) })),
    config_hash: plan.config_hash,
    artifact_sha256: plan.artifact_sha256,
    trace_fingerprint: canonicalDigest((last === undefined ? [] : withFailure(last)).map(({ witness, kind, id }) => [witness, kind, id])),
    event_hash: canonicalDigest(plain(events.map(({ ms: _, ...event }) => event))),
    event_count: events.length,
    nondeterminism_notes: seen.results.flatMap(({ notes }) => notes),
    infrastructure: seen.infrastructure,
    started_at: new Date(Date.now() - (last?.wall_elapsed_ns ?? 0) / 1e6).toISOString(),
    wall_elapsed_ns: last?.wall_elapsed_ns ?? 0,
  }
}

const identityOf = ({ engine, engine_product, engine_version, driver, os }: EngineIdentity): EngineIdentity => ({ engine, engine_product, engine_version, driver, os })

const reproOf = ({ seen, plan, subject, wasm, scenario_files }: Keeping): string => reproCommand(seen.cell.cell_id, subject, plan.seed, plan.end_service_worker, scenario_files, wasm)

function replayMetadata(keeping: Keeping, lab_version: string): ReplayMetadata {
  const { seen, plan, artifact_path } = keeping
  const run = seen.lab!.run
  const [{ schedule_hash, event_hash, event_count }] = run.runs as [typeof run.runs[number]]
  return {
    schema: 'lanecheck.replay-metadata.v1',
    cell_id: seen.cell.cell_id,
    seed: plan.seed,
    schedule_hash, event_hash, event_count,
    semantic_digest: run.record.semantic_digest,
    artifact_sha256: plan.artifact_sha256,
    artifact_path,
    lab_version,
    config_hash: plan.config_hash,
    repro_command: reproOf(keeping),
  }
}

