import { isLanecheckError } from '../contract/errors.js'
import type { InfrastructureLoss, LiveAttempt } from '../contract/evidence.js'
import type { HostPacket, SubjectDeclaration } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import type { PlannedCell } from '../contract/verdict.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import { rerunDecision } from '../judge/rerun.js'
import type { EngineFound, EngineMissing } from '../../lanes/engines/launch.js'
import type { AttemptResult } from './attempt.js'
import { bundlePaths } from './bundle-paths.js'
import { cellEvidence } from './cell-evidence.js'
import { openEngineAccess, type EngineAccess, type EngineAccessOptions, type PlaceOf } from './engine-access.js'
import { liveAttempt } from './live-attempt.js'
import type { LabRuns } from './lab-runs.js'

/** All that was seen of a cell; what becomes of it is decided from this alone. */
export interface SeenCell {
  cell: PlannedCell
  scenario: Scenario
  /** Null when the engine could not be had. */
  packet: HostPacket | null
  lab: Awaited<ReturnType<LabRuns['of']>> | null
  results: AttemptResult[]
  attempts: LiveAttempt[]
  infrastructure: InfrastructureLoss | null
  engine_available: boolean
}

export interface EngineRunOptions extends Omit<EngineAccessOptions, 'found'> {
  engine: Engine
  found: EngineFound | EngineMissing
  cells: PlannedCell[]
  scenarioOf(id: string): Scenario
  subject: SubjectDeclaration
  labs: LabRuns
  max_attempts: number
  onPacket(packet: HostPacket): Promise<void>
  onCell(seen: SeenCell): Promise<void>
}

/** Runs all cells of one engine; every cell reaches `onCell` exactly once, whatever happens. */
export async function runEngine(options: EngineRunOptions): Promise<void> {
  const { found } = options
  if (!found.found) return giveUp(options, { what: 'engine_not_found', detail: `${found.reason}; to have it: ${found.install}` }, false)
  const access = await openEngineAccess({ ...options, found })
  try {
    await access.session()
    const packets = await admitAll(options, access)
    await runCells(options, access, packets)
  } catch (error) {
    if (!isLanecheckError(error) || (error.code !== 'interrupted' && error.code !== 'engine_launch_failed' && error.code !== 'realm_lost' && error.code !== 'deadline_exceeded_in_node')) throw error
    await giveUp(options, { what: error.code === 'interrupted' ? 'interrupted' : 'engine_launch_failed', detail: error.message }, true)
  } finally {
    await access.close()
  }
}

async function admitAll(options: EngineRunOptions, access: EngineAccess): Promise<Map<HostRole, HostPacket>> {
  const packets = new Map<HostRole, HostPacket>()
  for (const role of new Set(options.cells.map(({ host_role }) => host_role))) {
    const packet = await access.admit(role, options.subject)
    packets.set(role, packet)
    await options.onPacket(packet)
  }
  return packets
}

/** Window cells one after another in their page; the others in the frames, as each gets free. */
async function runCells(options: EngineRunOptions, access: EngineAccess, packets: Map<HostRole, HostPacket>): Promise<void> {
  const inWindow = options.cells.filter(({ host_role }) => host_role === 'window')
  const inFrames = options.cells.filter(({ host_role }) => host_role !== 'window')
  const work = async (queue: PlannedCell[], placeOf: PlaceOf): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      await options.onCell(await runCell(options, access, cell, packets.get(cell.host_role)!, placeOf))
    }
  }
  await Promise.all([
    work(inWindow, ({ window }) => window),
    ...options.worker_slots.map((_, index) => work(inFrames, ({ workers }) => workers[index]!)),
  ])
}

async function runCell(options: EngineRunOptions, access: EngineAccess, cell: PlannedCell, packet: HostPacket, placeOf: PlaceOf): Promise<SeenCell> {
  const scenario = options.scenarioOf(cell.scenario_id)
  const seen: SeenCell = { cell, scenario, packet, lab: null, results: [], attempts: [], infrastructure: null, engine_available: true }
  try {
    seen.lab = await options.labs.of(scenario)
  } catch (error) {
    seen.infrastructure = { what: 'lab_failed', detail: error instanceof Error ? error.message : String(error) }
    return seen
  }
  const { route } = packet.admission
  if (route === 'none') return seen
  for (let tries = 1; ; tries++) {
    if (options.signal.aborted) {
      seen.infrastructure = { what: 'interrupted', detail: 'the run was interrupted' }
      return seen
    }
    const result = await access.attempt(placeOf, { name: `${cell.cell_id.replace('/', '.')}.${tries}`, role: cell.host_role, scenario, order: { type: 'run', route, seed: cell.seed } })
    seen.results.push(result)
    // A realm lost with its engine may be another cell's fault: it gets a second chance, once; the first result is kept.
    if (result.infrastructure?.what === 'engine_crashed' && tries === 1) continue
    seen.infrastructure = result.infrastructure ?? harnessFailure(result)
    if (seen.infrastructure !== null) return seen
    seen.attempts.push(liveAttempt(scenario, seen.attempts.length + 1, route, result))
    const decision = rerunDecision(cellEvidence(seen, bundlePaths(packet.lane_id, scenario.id)), options.max_attempts)
    if (decision === 'not_needed' || decision === 'no_rerun_hard_break' || seen.attempts.length >= options.max_attempts) return seen
  }
}

/** A failure that is not the subject's: the harness's own, or a bridge that was there at the probe and is gone. */
function harnessFailure({ end }: AttemptResult): InfrastructureLoss | null {
  if (end?.type !== 'failed') return null
  if (end.code === 'harness') return { what: 'realm_crashed', detail: end.message }
  return end.code === 'bridge_unreachable' ? { what: 'loopback_failed', detail: end.message } : null
}

async function giveUp(options: EngineRunOptions, infrastructure: InfrastructureLoss, engine_available: boolean): Promise<void> {
  for (const cell of options.cells) {
    await options.onCell({ cell, scenario: options.scenarioOf(cell.scenario_id), packet: null, lab: null, results: [], attempts: [], infrastructure, engine_available })
  }
}
