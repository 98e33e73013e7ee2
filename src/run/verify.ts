import { join } from 'node:path'
import type { HostPacket } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import { LedgerSchema, PlanSchema, type Ledger, type Plan, type Verdict } from '../contract/verdict.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import { LanecheckError } from '../contract/errors.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { sumVerdicts } from '../judge/sums.js'
import { declareSubject } from '../lab/run-lab.js'
import { startLoopback } from '../loopback/loopback.js'
import { packageVersion } from '../package-root.js'
import type { Progress } from '../report/progress.js'
import { packetLine } from '../report/terminal.js'
import { findScenarios } from '../scenarios/catalogue.js'
import { findEngine } from '../../lanes/engines/find.js'
import { agentSource } from './agent-source.js'
import { loadArtifact } from './artifact.js'
import { openBridgeDesk } from './bridge-desk.js'
import { runEngine } from './engine-run.js'
import { keepCell } from './keep.js'
import { startLabRuns, type LabRuns } from './lab-runs.js'
import { makePlan } from './plan.js'
import { quietPhase } from './quiet.js'
import { openRunOutput, type RunOutput } from './run-output.js'

export interface VerifyOptions {
  engines: Engine[]
  roles: HostRole[]
  /** Globs over scenario ids; all when empty. */
  scenarios: string[]
  cell: string | null
  /** `reference`, `native`, or the path of a module. */
  subject: string
  seed: number
  out: string
  /** An output folder nobody named may be moved aside; a named one may not. */
  out_is_default: boolean
  /** Go on with the run that the output folder holds. */
  resume: boolean
  /** Realms at a time in an engine, beside its window. */
  frames: number
  max_attempts: number
  signal: AbortSignal
  progress: Progress
}

/** Runs a whole matrix and keeps its evidence. Throws what bad input throws; everything later is a verdict. */
export async function verify(options: VerifyOptions): Promise<Ledger> {
  const started_at = new Date().toISOString()
  const scenarios = wantedScenarios(options)
  const artifact = await loadArtifact(options.subject)
  const { declaration } = await declareSubject(artifact.source)
  const plan = makePlan({ ...options, scenarios, subject: declaration, artifact_sha256: artifact.sha256 })
  if (plan.cells.length === 0) throw new LanecheckError('unknown_cell', `no planned cell is called ${options.cell}`, { where: '--cell', hint: 'lanecheck lanes --json lists all cells' })
  PlanSchema.parse(plan)
  const output = await openRunOutput({ dir: options.out, is_default: options.out_is_default, resume: options.resume }, plan.run_id)
  const labs = startLabRuns(artifact.source, artifact.sha256, options.seed)
  try {
    await firstLabRun(labs, scenarios)
    const artifact_path = `artifacts/${artifact.sha256}.js`
    await output.writePlan(plan)
    await atomicWrite(join(options.out, artifact_path), artifact.source)
    const packets: HostPacket[] = []
    const verdicts = await runEngines(options, { plan, scenarios, artifact, labs, output, packets, artifact_path })
    const ordered = inPlanOrder(plan, verdicts)
    const ledger: Ledger = {
      schema: 'lanecheck.ledger.v1',
      run: {
        run_id: plan.run_id, lanecheck_version: packageVersion(), seed: plan.seed, subject: declaration,
        artifact_sha256: artifact.sha256, artifact_path, config_hash: plan.config_hash,
        engines: identities(packets), started_at, ended_at: new Date().toISOString(), node_version: process.version, interrupted: options.signal.aborted,
      },
      verdicts: ordered,
      sums: sumVerdicts(ordered),
    }
    await output.writeLedger(LedgerSchema.parse(ledger))
    return ledger
  } finally {
    output.close()
    await labs.close()
  }
}

function wantedScenarios(options: VerifyOptions): Scenario[] {
  const fromCell = options.cell === null ? [] : [options.cell.split('/')[1] ?? '']
  const globs = options.scenarios.length > 0 ? options.scenarios : fromCell
  const found = globs.length === 0 ? findScenarios('**') : globs.flatMap((glob) => findScenarios(glob))
  return [...new Map(found.map((scenario) => [scenario.id, scenario])).values()]
}

/** A subject that cannot start says so here, before any engine is started. */
async function firstLabRun(labs: LabRuns, scenarios: Scenario[]): Promise<void> {
  const fatal = ['subject_throws', 'subject_never_starts', 'subject_invalid']
  try {
    await labs.of(scenarios[0]!)
  } catch (error) {
    if (error instanceof LanecheckError && fatal.includes(error.code)) throw error
  }
  // The rest is made ahead of the engines' need; each cell asks for its own and hears of its own failure.
  for (const scenario of scenarios.slice(1)) labs.of(scenario).catch(() => undefined)
}

interface Parts {
  plan: Plan
  scenarios: Scenario[]
  artifact: Awaited<ReturnType<typeof loadArtifact>>
  labs: LabRuns
  output: RunOutput
  artifact_path: string
  packets: HostPacket[]
}

async function runEngines(options: VerifyOptions, parts: Parts): Promise<Verdict[]> {
  const { plan, artifact, labs, output, packets } = parts
  const byId = new Map(parts.scenarios.map((scenario) => [scenario.id, scenario]))
  const engines = options.engines.filter((engine) => plan.cells.some((cell) => cell.engine === engine))
  const perEngine = 1 + options.frames
  const bridge = openBridgeDesk(artifact.source, artifact.sha256, 0)
  const loopback = await startLoopback({ slots: engines.length * perEngine, artifact: artifact.source, agent: await agentSource(), onBridge: bridge.serve })
  const quiet = quietPhase(engines)
  const stop = new AbortController()
  const verdicts: Verdict[] = [...output.standing]
  const standing = new Set(verdicts.map(({ cell_id }) => cell_id))
  try {
    await allOrStop(engines, stop, async (engine, index) => {
      const cells = plan.cells.filter((cell) => cell.engine === engine && !standing.has(cell.cell_id))
      if (cells.length === 0) return void quiet.arrive(engine)
      options.progress.total(engine, cells.length)
      await runEngine({
        engine, cells, bridge, labs, loopback, quiet,
        found: findEngine(engine),
        scenarioOf: (id) => byId.get(id)!,
        subject: plan.subject,
        window_slot: index * perEngine,
        worker_slots: Array.from({ length: framesNeeded(cells, options.frames) }, (_, frame) => index * perEngine + 1 + frame),
        max_attempts: options.max_attempts,
        signal: AbortSignal.any([options.signal, stop.signal]),
        report: (line) => options.progress.say(line),
        onPacket: async (packet) => {
          packets.push(packet)
          options.progress.say(packetLine(packet))
          await output.writePacket(packet)
        },
        onCell: async (seen) => {
          verdicts.push(await keepCell({ seen, plan, output, subject: options.subject, artifact_path: parts.artifact_path }))
          options.progress.cell(engine)
        },
      })
    })
  } finally {
    options.progress.end()
    await loopback.close()
    await bridge.close()
  }
  return verdicts
}

/** Does work for each engine at once. When one fails, as on a full disk, the others are stopped and waited for, then its error is thrown. */
async function allOrStop(engines: Engine[], stop: AbortController, work: (engine: Engine, index: number) => Promise<void>): Promise<void> {
  const settled = await Promise.allSettled(engines.map((engine, index) => work(engine, index).catch((error: unknown) => {
    stop.abort()
    throw error
  })))
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** A run of window cells alone needs no frames; no run needs more frames than cells. */
function framesNeeded(cells: Plan['cells'], frames: number): number {
  return Math.min(frames, cells.filter(({ host_role }) => host_role !== 'window').length)
}

function inPlanOrder(plan: Plan, verdicts: Verdict[]): Verdict[] {
  const byCell = new Map(verdicts.map((verdict) => [verdict.cell_id, verdict]))
  return plan.cells.flatMap(({ cell_id }) => byCell.get(cell_id) ?? [])
}

function identities(packets: HostPacket[]): Ledger['run']['engines'] {
  const byEngine = new Map(packets.map(({ engine, engine_product, engine_version, driver, os }) => [engine, { engine, engine_product, engine_version, driver, os }]))
  return [...byEngine.values()]
}
