import { join } from 'node:path'
import type { BridgeFault } from '../../bridge/faults.js'
import type { Scenario } from '../contract/scenario.js'
import type { ShardChoice, Times } from '../contract/shard.js'
import { LedgerSchema, PlanSchema, type Ledger, type Plan, type PlannedCell, type Verdict } from '../contract/verdict.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import type { WorkerEndHow, WorkerEndTime } from '../contract/worker-end.js'
import { LanecheckError } from '../contract/errors.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { dropEvidenceIndex, writeEvidenceIndex } from '../evidence/evidence-index.js'
import { kitDigest } from '../gate/kit-digest.js'
import { writeOwnServer } from '../evidence/own-server-file.js'
import { sumVerdicts } from '../judge/sums.js'
import { packageVersion } from '../package-root.js'
import type { Progress } from '../report/progress.js'
import { findScenarios } from '../scenarios/catalogue.js'
import { loadArtifact, type Artifact } from './artifact.js'
import type { CanaryOptions } from './canaries.js'
import { startLabRuns } from './lab-runs.js'
import { makePlan } from './plan.js'
import { enginesOf, runEngines, slotsPerEngine, type Prepared } from './run-engines.js'
import { findEngine } from '../../lanes/engines/find.js'
import { openRunOutput, type RunOutput } from './run-output.js'
import { hostsIn } from './same-engine.js'
import { cutShard } from './shards.js'
import { serveArtifact, type ServedOptions } from './served.js'
import { onSubjectsPage } from './subject-page.js'
import { declaredInLab, firstLabRun } from './subject-in-lab.js'
import type { WarmEngine } from './warm.js'
import type { WasmDelivery } from '../vite/wasm-delivery.js'

export interface VerifyOptions {
  engines: Engine[]
  roles: HostRole[]
  /** Globs over scenario ids; all when empty. */
  scenarios: string[]
  cell: string | null
  /** Scenarios of the maintainer's own beside the kit's, and the globs of the command line that named their files; none when those of the folder's config were taken. */
  own?: { scenarios: readonly Scenario[]; named: readonly string[] }
  /** `reference`, `native`, or the path of a module. */
  subject: string
  /** How its wasm comes into the realms: within the artifact, which is so when left out, or by URL. */
  wasm?: WasmDelivery
  seed: number
  /** Only this part of the plan; all of it when left out. */
  shard?: ShardChoice
  /** What cells are shared out by. */
  times?: Times
  out: string
  /** A run in an output folder that no option named may be moved aside; one in a named folder may not. */
  out_is_default: boolean
  /** Go on with the run that the output folder holds. */
  resume: boolean
  /** First of the ports that serve the realms; free ones when left out. */
  port?: number
  /** Realms at a time in an engine, beside its window. */
  frames: number
  max_attempts: number
  /** Ends each service worker before its scenario or in the middle of it, and has it start again. */
  end_service_worker?: WorkerEndTime
  /** Other plants than the kit's own canaries; a control of the canaries themselves. */
  canaries?: CanaryOptions['plants'] & object
  signal: AbortSignal
  progress: Progress
  /** Gives engines that are kept from run to run; `frames` must be theirs. */
  warm?(artifact: Artifact): Promise<WarmEngine>
  /** Only for tests that plant a fault. */
  planted?: ServedOptions['planted']
  /** Kept earlier and to be run again as they are, instead of what `subject`, `scenarios` and `cell` name today; a server that the artifact names is not started. */
  given?: { artifact: Artifact; scenarios: Scenario[] }
  /** For tests, controls and the downgrade oracle: what is wrong with the bridge, and what the realms are to be without. */
  trial?: BridgeTrial
}

export interface BridgeTrial {
  bridge_fault?(attempt: string): BridgeFault | null
  take_away?: readonly string[]
  /** How `end_service_worker` does it, where the engine lets us. */
  end_worker_how?: WorkerEndHow
}

/** Runs a whole matrix and keeps its evidence. Throws what bad input throws, before any engine is started, `interrupted` before anything is written, and `disk_full`; everything else is a verdict. */
export async function verify(options: VerifyOptions): Promise<Ledger> {
  const started_at = new Date().toISOString()
  const wanted = options.given?.scenarios ?? wantedScenarios(options)
  const artifact = options.given?.artifact ?? await loadArtifact(options.subject, { signal: options.signal, ...(options.wasm === undefined ? {} : { wasm: options.wasm }) })
  for (const note of artifact.notes) options.progress.say(note)
  const subject = await declaredInLab(artifact)
  const scenarios = onSubjectsPage(wanted, subject)
  const kit_sha256 = kitDigest()
  const plan = makePlan({ ...options, scenarios, subject, artifact_sha256: artifact.sha256, kit_sha256 })
  if (plan.cells.length === 0) {
    const message = options.cell === null ? 'none of these scenarios is planned in these host roles' : `no planned cell is called ${options.cell}`
    throw new LanecheckError('unknown_cell', message, { where: options.cell === null ? '--role' : '--cell', hint: 'lanecheck lanes --json lists all cells' })
  }
  PlanSchema.parse(plan)
  const shard = options.shard === undefined ? null : cutShard(plan, options.shard, options.times ?? null, kit_sha256)
  const own = shard === null ? null : new Set<string>(shard.cells)
  const cells = plan.cells.filter(({ cell_id }) => own?.has(cell_id) ?? true)
  const labs = startLabRuns(artifact.source, artifact.sha256, options.seed, artifact.assets)
  try {
    // A subject that cannot start and a port that cannot be had are known before anything is written.
    await firstLabRun(labs, scenarios, artifact)
    const warm = await options.warm?.(artifact) ?? null
    const served = warm?.served ?? await serveArtifact(artifact, {
      scenarios, slots: Math.max(1, enginesOf(cells).length) * slotsPerEngine(options), port: options.port ?? null, ...(options.planted === undefined ? {} : { planted: options.planted }), bridge_fault: options.trial?.bridge_fault, signal: options.signal,
      // What was kept names any command that its maker likes; started is what the user named.
      ...(options.given === undefined ? { subject } : {}),
    })
    if (warm !== null && subject.downgrade?.server !== undefined) options.progress.say('the subject\'s own server is not started where engines are kept; bridged lanes have none')
    const lost = served.own_server?.why() ?? null
    if (lost !== null) options.progress.say(`the subject's own server: ${lost}; bridged lanes have none`)
    try {
      return await keepRun(options, { plan, shard, cells, scenarios, artifact, labs, served, warm, started_at })
    } finally {
      if (warm === null) await served.close()
    }
  } finally {
    await labs.close()
  }
}

async function keepRun(options: VerifyOptions, prepared: Prepared): Promise<Ledger> {
  const { plan, shard, cells, artifact, started_at } = prepared
  const artifact_path = `artifacts/${artifact.sha256}.js`
  // What the folder holds makes way for a run that has something to keep, and for no other.
  if (options.signal.aborted) throw new LanecheckError('interrupted', 'the run was interrupted before it had anything to keep', { where: options.out })
  const output = await openRunOutput({ dir: options.out, is_default: options.out_is_default, resume: options.resume, ...(plan.kit_sha256 === undefined ? {} : { kit_sha256: plan.kit_sha256 }) }, plan.run_id, shard)
  try {
    // Known by what was found, before it is started; its version is known once it runs.
    const standing = new Set(output.standing.map(({ cell_id }) => cell_id))
    for (const engine of enginesOf(cells.filter(({ cell_id }) => !standing.has(cell_id)))) output.sameEngine(productOf(engine))
    const begin = async (): Promise<void> => {
      await output.writePlan(plan)
      await dropEvidenceIndex(options.out)
      // Before the artifact that names them: a run cut off here holds nothing that lacks something.
      for (const [name, bytes] of artifact.assets) await atomicWrite(join(options.out, 'artifacts', name), bytes)
      await atomicWrite(join(options.out, artifact_path), artifact.source)
    }
    const verdicts = inPlanOrder(cells, await runEngines(options, { ...prepared, output, begin, artifact_path }))
    const ledger: Ledger = {
      schema: 'lanecheck.ledger.v1',
      run: {
        run_id: plan.run_id, lanecheck_version: packageVersion(), seed: plan.seed, subject: plan.subject,
        artifact_sha256: artifact.sha256, artifact_path, config_hash: plan.config_hash,
        engines: enginesIn(options.out, plan), started_at, ended_at: new Date().toISOString(), node_version: process.version, interrupted: options.signal.aborted,
      },
      verdicts,
      sums: sumVerdicts(verdicts),
    }
    if (prepared.served.own_server !== null) await writeOwnServer(options.out, shard, { run_id: plan.run_id, ...await prepared.served.own_server.stop() })
    await output.writeLedger(LedgerSchema.parse(ledger))
    await writeEvidenceIndex(options.out, plan.run_id)
    return ledger
  } finally {
    output.close()
  }
}

/** The scenarios that a run is about, as they are now. */
export function wantedScenarios(options: Pick<VerifyOptions, 'scenarios' | 'cell' | 'own'>): Scenario[] {
  const fromCell = options.cell === null ? [] : [options.cell.split('/')[1] ?? '']
  const globs = options.scenarios.length > 0 ? options.scenarios : fromCell
  const own = options.own?.scenarios ?? []
  const found = (globs.length === 0 ? ['**'] : globs).flatMap((glob) => findScenarios(glob, own))
  return [...new Map(found.map((scenario) => [scenario.id, scenario])).values()]
}

function productOf(engine: Engine): Parameters<RunOutput['sameEngine']>[0] {
  const found = findEngine(engine)
  return found.found ? { engine, engine_product: found.engine_product } : { engine }
}

function inPlanOrder(cells: readonly PlannedCell[], verdicts: Verdict[]): Verdict[] {
  const byCell = new Map(verdicts.map((verdict) => [verdict.cell_id, verdict]))
  return cells.flatMap(({ cell_id }) => byCell.get(cell_id) ?? [])
}

/** All that a host packet of the folder names, in the order of the plan: of an engine whose cells all stand there is none of this try. */
function enginesIn(dir: string, plan: Plan): Ledger['run']['engines'] {
  const named = new Map(hostsIn(dir).map((identity) => [identity.engine, identity]))
  return enginesOf(plan.cells).flatMap((engine) => named.get(engine) ?? [])
}
