import { setMaxListeners } from 'node:events'
import { admittanceOf, type PageCondition } from '../contract/page-conditions.js'
import type { Scenario } from '../contract/scenario.js'
import type { ShardRecord } from '../contract/shard.js'
import type { Plan, PlannedCell, Verdict } from '../contract/verdict.js'
import type { Engine } from '../contract/vocabulary.js'
import { packetLine } from '../report/terminal.js'
import { findEngine } from '../../lanes/engines/find.js'
import { canarySource } from './agent-source.js'
import { placeOf } from '../../lanes/where.js'
import type { Artifact } from './artifact.js'
import { beginTogether } from './beginning.js'
import { keepCell } from './keep.js'
import type { LabRuns } from './lab-runs.js'
import { quietPhase } from './quiet.js'
import type { RunOutput } from './run-output.js'
import type { Served } from './served.js'
import type { VerifyOptions } from './verify.js'
import type { WarmEngine } from './warm.js'

/** All that can be made ready before anything is written. */
export interface Prepared {
  plan: Plan
  /** Null for the whole plan. */
  shard: ShardRecord | null
  /** Of the plan, those that this run is to run. */
  cells: readonly PlannedCell[]
  scenarios: Scenario[]
  artifact: Artifact
  labs: LabRuns
  served: Served
  /** Null when the engines are started for this run and ended with it. */
  warm: WarmEngine | null
  /** Provenance only. */
  started_at: string
}

export interface Parts extends Prepared {
  output: RunOutput
  artifact_path: string
  /** Writes what comes before any cell, and takes away what says that the folder's run is complete. */
  begin(): Promise<void>
}

/** In the order of the plan. */
export const enginesOf = (cells: readonly PlannedCell[]): Engine[] => [...new Set(cells.map(({ engine }) => engine))]
/** Pages of an engine: its window and the frames. */
export const slotsPerEngine = ({ frames }: VerifyOptions): number => 1 + frames

/** Runs all engines side by side, each cell kept as it ends. Throws `disk_full`, `output_not_writable`, when all have stopped. */
export async function runEngines(options: VerifyOptions, parts: Parts): Promise<Verdict[]> {
  const { plan, labs, output, served: { loopback, bridge, own_server } } = parts
  // Not before the input is known to be good: the engines' drivers take longer to load than all the rest.
  const { runEngine } = await import('./engine-run.js')
  const script = await canarySource()
  const byId = new Map(parts.scenarios.map((scenario) => [scenario.id, scenario]))
  const engines = enginesOf(parts.cells)
  const quiet = quietPhase(engines)
  const verdicts: Verdict[] = [...output.standing]
  const standing = new Set(verdicts.map(({ cell_id }) => cell_id))
  const starting = enginesOf(parts.cells.filter(({ cell_id }) => !standing.has(cell_id)))
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  // Every realm under way listens.
  setMaxListeners(0, signal)
  // Only a complete run has something to lose: waiting for each other costs the faster engine time.
  const together = output.complete && starting.length > 0
  if (!together) await parts.begin()
  const begin = together ? beginTogether(starting, () => parts.begin(), signal) : async () => undefined
  await allOrStop(engines, stop, async (engine, index) => {
    const cells = parts.cells.filter((cell) => cell.engine === engine && !standing.has(cell.cell_id))
    if (cells.length === 0) return void quiet.arrive(engine)
    options.progress.total(engine, cells.length)
    const window_slot = index * slotsPerEngine(options)
    await runEngine({
      engine, cells, bridge, own_server, labs, loopback, quiet, window_slot, signal,
      found: findEngine(engine),
      scenarioOf: (id) => byId.get(id)!,
      subject: plan.subject,
      worker_slots: Array.from({ length: framesNeeded(cells, options.frames, (id) => admittanceOf(byId.get(id)!).page) }, (_, frame) => window_slot + 1 + frame),
      max_attempts: options.max_attempts,
      ...(parts.warm === null ? {} : { open: parts.warm.open }),
      take_away: options.trial?.take_away,
      end_worker: options.end_service_worker === undefined ? undefined : { when: options.end_service_worker, ...(options.trial?.end_worker_how === undefined ? {} : { how: options.trial.end_worker_how }) },
      report: (line) => options.progress.say(line),
      canaries: {
        script,
        first_session: output.lastSession(engine) + 1,
        ...(options.canaries === undefined ? {} : { plants: options.canaries }),
        onSession: async (seen) => {
          output.sameEngine(seen)
          await begin(engine)
          await output.writeCanaries({ schema: 'lanecheck.canary.v1', run_id: plan.run_id, artifact_sha256: plan.artifact_sha256, ...seen })
        },
      },
      onPacket: async (packet) => {
        await begin(engine)
        options.progress.say([packetLine(packet), ...packet.findings.map((finding) => `  finding: ${finding}`)].join('\n'))
        await output.writePacket(packet)
      },
      onCell: async (seen) => {
        await begin(engine)
        verdicts.push(await keepCell({ seen, plan, output, subject: options.subject, wasm: options.wasm, scenario_files: ownFiles(options, seen.scenario.id), artifact_path: parts.artifact_path }))
        options.progress.cell(engine)
      },
    })
  }).finally(() => options.progress.end())
  return verdicts
}

/** Does work for each engine at once. When one fails, as on a full disk, the others are stopped and waited for, then its error is thrown. */
async function allOrStop(engines: Engine[], stop: AbortController, work: (engine: Engine, index: number) => Promise<void>): Promise<void> {
  const failures: unknown[] = []
  await Promise.all(engines.map((engine, index) => work(engine, index).catch((error: unknown) => {
    // The first is why the others end.
    failures.push(error)
    stop.abort()
  })))
  if (failures.length > 0) throw failures[0]
}

/** No run needs more frames than cells in them; one is needed even without, for the canaries. */
function framesNeeded(cells: Plan['cells'], frames: number, pageOf: (scenario_id: string) => PageCondition): number {
  return Math.max(1, Math.min(frames, cells.filter(({ host_role, scenario_id }) => placeOf(host_role, pageOf(scenario_id)) === 'frame').length))
}

const ownFiles = ({ own }: VerifyOptions, id: string): readonly string[] => (own?.scenarios.some((one) => one.id === id) === true ? own.named : [])
