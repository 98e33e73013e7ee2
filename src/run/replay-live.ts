import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LiveRunSchema, type LiveAttempt } from '../contract/evidence.js'
import type { EngineIdentity } from '../contract/host.js'
import type { Verdict } from '../contract/verdict.js'
import { WORKER_END_TIMES } from '../contract/worker-end.js'
import { readRecord } from '../evidence/ledger-file.js'
import { agreementFindings } from '../judge/compare-agreement.js'
import type { Artifact } from './artifact.js'
import type { KeptBundle } from './kept-bundle.js'
import { sideOf, unequal, type Compared, type ReplaySide } from './replay-report.js'
import { declaredInLab } from './subject-in-lab.js'
import { verify, type VerifyOptions } from './verify.js'

/** As `verify` does it by default. */
const MOST_ATTEMPTS = 3

/** Runs the cell again in its lane, with the scenario and the artifact that were kept, and compares what it means and its verdict. */
export async function replayLive(kept: KeptBundle, { signal, progress }: Pick<VerifyOptions, 'signal' | 'progress'>): Promise<ReplaySide> {
  const { verdict, scenario, replay } = kept
  const subject = subjectOf(replay.repro_command)
  const artifact: Artifact = { subject, ...kept.artifact!, notes: [], made_of: [] }
  // Whoever made the bundle could have any command run here: asked is what would be run, not what the bundle tells of it.
  const own = (await declaredInLab(artifact)).downgrade?.server
  if (own !== undefined) return { answer: 'not_compared', because: [{ what: 'own_server', kept: own.kind === 'command' ? own.command.join(' ') : own.url, again: `not started from evidence; type: ${replay.repro_command}` }] }
  const out = await mkdtemp(join(tmpdir(), 'lanecheck-replay-'))
  try {
    const ledger = await verify({
      engines: [verdict.engine], roles: [verdict.host_role], scenarios: [], cell: verdict.cell_id, subject, seed: replay.seed,
      out, out_is_default: false, resume: false, frames: 1, max_attempts: MOST_ATTEMPTS, signal, progress,
      ...endedAs(replay.repro_command),
      given: { artifact, scenarios: [scenario] },
    })
    const again = ledger.verdicts[0]!
    const unlike = engineUnlike(kept.run.engine, ledger.run.engines[0] ?? null)
    if (unlike.length > 0) return { answer: 'not_compared', because: unlike }
    if (UNSEEN.has(again.verdict) && again.verdict !== verdict.verdict) return { answer: 'lost', because: [{ what: 'verdict', kept: verdict.verdict, again: `${again.verdict}: ${again.reason}` }] }
    const attempts = again.normalized_record_path === null ? [] : readRecord(join(out, again.normalized_record_path), LiveRunSchema).attempts
    return sideOf([...verdictUnlike(verdict, again), ...meaningUnlike(kept, attempts)])
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}

/** Verdicts that say that nothing was seen. */
const UNSEEN: ReadonlySet<Verdict['verdict']> = new Set(['not_run', 'infrastructure_loss'])

/** As the user named it then; here only for the messages. */
const subjectOf = (repro_command: string): string => /--subject (.+?) --cell /.exec(repro_command)?.[1] ?? 'the kept artifact'

/** A cell whose service worker was ended is run again in the same way. */
function endedAs(repro_command: string): Pick<VerifyOptions, 'end_service_worker'> {
  const when = WORKER_END_TIMES.find((time) => repro_command.includes(` --end-service-worker ${time} `))
  return when === undefined ? {} : { end_service_worker: when }
}

/** Another product or version is another experiment. An engine that is missing is left to the verdict. */
function engineUnlike(kept: EngineIdentity | null, again: EngineIdentity | null): Compared[] {
  if (kept === null || again === null) return []
  return [...unequal('engine_product', kept.engine_product, again.engine_product), ...unequal('engine_version', kept.engine_version, again.engine_version), ...unequal('driver', kept.driver, again.driver)]
}

const verdictUnlike = (kept: Verdict, again: Verdict): Compared[] => [...unequal('lane_id', kept.lane_id, again.lane_id), ...unequal('verdict', kept.verdict, again.verdict)]

/** The same as one that was kept; else what differs from the last, but for what the contract leaves open. */
function meaningUnlike({ attempts, scenario }: KeptBundle, again: readonly LiveAttempt[]): Compared[] {
  const digests = new Set(attempts.map(({ record }) => record.semantic_digest))
  const [before, now] = [attempts.at(-1), again.at(-1)]
  if (before === undefined || now === undefined) return unequal('attempts', String(attempts.length), String(again.length))
  if (again.some(({ record }) => digests.has(record.semantic_digest))) return []
  return agreementFindings(scenario, before.record, now.record, now.attempt)
    .filter(({ law, severity }) => law === 'lab_live_agreement' && severity === 'break')
    .map(({ field, expected, found }) => ({ what: field, kept: expected, again: found }))
}
