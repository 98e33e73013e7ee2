import type { Downgrade } from '../contract/downgrade.js'
import type { CaptureLine, CaptureManifest, LabRun, LiveAttempt, LiveRun, LiveRunMetadata } from '../contract/evidence.js'
import { isLanecheckError } from '../contract/errors.js'
import { rowFor } from '../contract/matrix-rows.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import type { Verdict } from '../contract/verdict.js'
import type { WorkerEndRecord } from '../contract/worker-end.js'
import { canonicalDigest } from '../evidence/digest.js'
import { captureManifest, peersFromModel } from '../judge/capture-facts.js'
import { downgradeOf, firstDisagreement } from '../judge/downgrade.js'
import { judge } from '../judge/judge.js'
import { normalize } from '../judge/normalize.js'
import { judgedOf } from '../judge/validity.js'
import { toVerdict, underPolicy } from '../judge/verdict.js'
import { attemptEnds, workerEndRecord } from '../judge/worker-end.js'
import { bundlePaths } from '../run/bundle-paths.js'
import type { BundlePlace } from './places.js'

/** What a verdict is derived from: nothing but the files of one bundle. */
export interface Kept {
  place: BundlePlace
  scenario: Scenario
  lab: LabRun | null
  run: LiveRunMetadata
  /** Only for the route that each attempt says it took. */
  live: LiveRun | null
  capture: readonly CaptureLine[]
  capture_sha256: string
  repro_command: string
}

export interface Derived {
  attempts: LiveAttempt[]
  manifest: CaptureManifest
  /** Null where nothing ran over a bridge. */
  downgrade: Downgrade | null
  /** Null where no service worker was ended. */
  worker_end: WorkerEndRecord | null
  event_hash: string
  trace_fingerprint: string
  /** The contradiction, in words, when no verdict can be made. */
  verdict: Verdict | string
}

/** Makes everything again that a cell's run made of what its witnesses recorded. */
export function derive(kept: Kept): Derived {
  const byResult = kept.run.results.map((_, index) => kept.capture.filter(({ attempt }) => attempt === index + 1).map(({ event }) => event))
  const events = kept.capture.map(({ event }) => event)
  const attempts = attemptsOf(kept, byResult)
  const downgrade = downgradeIn(kept, byResult)
  const worker_end = workerEndIn(kept, byResult)
  return {
    attempts,
    manifest: captureManifest({
      scenario: kept.scenario, lane_id: kept.place.lane_id, virtualization_boundary: rowFor(kept.scenario.surface_family).virtualization_boundary,
      capture_sha256: kept.capture_sha256, events, records: judgedOf(attempts).map(({ record }) => record),
    }),
    event_hash: canonicalDigest(events.map(({ ms: _, ...event }) => event)),
    trace_fingerprint: canonicalDigest((byResult.at(-1) ?? []).map(({ witness, kind, id }) => [witness, kind, id])),
    downgrade, worker_end,
    verdict: verdictOf(kept, events, attempts, { downgrade, worker_end }),
  }
}

function downgradeIn({ place, run }: Kept, byResult: readonly TraceEvent[][]): Downgrade | null {
  const { cell_id, lane_id, scenario_id } = place
  const results = run.results.map(({ loss }, index) => ({ lost: loss !== null, proven_role: run.probes[index]?.proven_role ?? null, events: byResult[index] ?? [] }))
  return downgradeOf({ cell_id, lane_id, scenario_id, admission: run.admission, artifact_sha256: run.artifact_sha256, own_server: run.admitted?.subject.downgrade?.server, results, digest: canonicalDigest })
}

function workerEndIn({ place, run }: Kept, byResult: readonly TraceEvent[][]): WorkerEndRecord | null {
  const { cell_id, lane_id, scenario_id } = place
  return workerEndRecord({ cell_id, lane_id, scenario_id }, run.results.map(({ worker_end }, index) => ({ seen: worker_end ?? null, events: byResult[index] ?? [] })))
}

/** The results that were no loss, in order, each normalized again. */
function attemptsOf({ scenario, run, live }: Kept, byResult: readonly TraceEvent[][]): LiveAttempt[] {
  const attempts: LiveAttempt[] = []
  run.results.forEach(({ stalled, loss }, index) => {
    if (loss !== null) return
    const record = normalize({ scenario, events: byResult[index] ?? [], clock_source: 'performance_now', end: { stalled }, digest: canonicalDigest })
    attempts.push({ attempt: attempts.length + 1, route: live?.attempts[attempts.length]?.route ?? run.admission.route, record })
  })
  return attempts
}

function verdictOf({ place, scenario, lab, run, repro_command }: Kept, events: readonly TraceEvent[], attempts: LiveAttempt[], { downgrade, worker_end }: Pick<Derived, 'downgrade' | 'worker_end'>): Verdict | string {
  const { artifact_bundle, capture_manifest_path, normalized_record_path } = bundlePaths(place.lane_id, place.scenario_id)
  const captured = attempts.length > 0
  const paths = { capture_manifest_path: captured ? capture_manifest_path : null, normalized_record_path: captured ? normalized_record_path : null }
  const judgement = judge({
    scenario, lab, attempts, ...paths,
    admission: run.admission,
    ...(run.admitted === undefined ? {} : { admitted: { host_role: place.host_role, ...run.admitted } }),
    probes: run.probes,
    ran_in: { host_role: place.host_role, probes: run.results.flatMap(({ loss }, index) => (loss === null ? [run.probes[index] ?? null] : [])) },
    infrastructure: run.infrastructure,
    engine_available: run.infrastructure?.what !== 'engine_not_found',
    bridge_logs_agree: downgrade === null ? null : downgrade.complete,
    bridge_disagreement: firstDisagreement(downgrade),
    worker_ends: attemptEnds(worker_end, run.results.map(({ loss }) => loss !== null)),
    peers_from_model: peersFromModel(scenario, events),
  })
  try {
    const cell = { cell_id: place.cell_id, engine: place.engine, host_role: place.host_role, scenario }
    return underPolicy(toVerdict({ cell, admission: run.admission, judgement, attempts: attempts.length, paths: { artifact_bundle, ...paths }, repro_command }))
  } catch (error) {
    if (isLanecheckError(error)) return error.message
    throw error
  }
}
