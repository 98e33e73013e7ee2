import { isLanecheckError } from '../contract/errors.js'
import type { InfrastructureLoss, LiveAttempt } from '../contract/evidence.js'
import type { HostPacket, SubjectDeclaration } from '../contract/host.js'
import type { Scenario } from '../contract/scenario.js'
import type { PlannedCell } from '../contract/verdict.js'
import { admittanceOf, packetPath } from '../contract/page-conditions.js'
import type { Engine, Route } from '../contract/vocabulary.js'
import { wellFormed } from '../contract/well-formed.js'
import { rerunDecision } from '../judge/rerun.js'
import type { EngineFound, EngineMissing } from '../../lanes/engines/launch.js'
import { placeOf as whereOf } from '../../lanes/where.js'
import type { AdmissionAsked } from './admit.js'
import type { AttemptResult } from './attempt.js'
import { bundlePaths } from './bundle-paths.js'
import { cellEvidence } from './cell-evidence.js'
import { openEngineAccess, type EngineAccess, type EngineAccessOptions, type PlaceOf } from './engine-access.js'
import { liveAttempt, lossOf } from './live-attempt.js'
import type { LabRuns } from './lab-runs.js'
import type { QuietPhase } from './quiet.js'

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
  quiet: QuietPhase
  /** How the engine is had, where it is kept from run to run. */
  open?: (options: EngineAccessOptions) => Promise<EngineAccess>
  onPacket(packet: HostPacket): Promise<void>
  onCell(seen: SeenCell): Promise<void>
}

/** Runs all cells of one engine; every cell reaches `onCell` exactly once, whatever happens. */
export async function runEngine(options: EngineRunOptions): Promise<void> {
  const { found } = options
  try {
    if (!found.found) return await giveUp(options, { what: 'engine_not_found', detail: `${found.reason}; to have it: ${found.install}` }, false)
    await runFound(options, found)
  } finally {
    void options.quiet.arrive(options.engine)
  }
}

async function runFound(options: EngineRunOptions, found: EngineFound): Promise<void> {
  const access = await (options.open ?? openEngineAccess)({ ...options, found })
  try {
    const packets = await startAndAdmit(options, access)
    if ('what' in packets) return await giveUp(options, packets, true)
    const again = await firstAttempts(options, access, packets)
    await options.quiet.arrive(options.engine)
    for (const waiting of again) {
      await options.quiet.alone(() => attemptsOf(options, access, waiting, options.max_attempts))
      await options.onCell(waiting.seen)
    }
  } finally {
    await access.close()
  }
}

/** Errors that mean that the engine cannot be had, rather than a fault of ours. */
const ENGINE_ERRORS: ReadonlySet<string> = new Set(['engine_launch_failed', 'realm_lost', 'deadline_exceeded_in_node'])

async function startAndAdmit(options: EngineRunOptions, access: EngineAccess): Promise<Packets | InfrastructureLoss> {
  try {
    const session = await access.session()
    // The canaries are out meanwhile; a session that turns out to give no verdicts gives no admission either.
    const first = await admitAll(options, access)
    const proven = await access.proven()
    if ('what' in proven) return proven
    const packets = proven.session === session ? first : await admitAll(options, access)
    for (const packet of packets.values()) await options.onPacket(packet)
    return packets
  } catch (error) {
    if (isLanecheckError(error) && error.code === 'interrupted') return { what: 'interrupted', detail: error.message }
    if (isLanecheckError(error) && ENGINE_ERRORS.has(error.code)) return { what: 'engine_launch_failed', detail: error.message }
    throw error
  }
}

/** By the path at which each is kept. */
type Packets = ReadonlyMap<string, HostPacket>

const askedOf = ({ scenarioOf, subject }: EngineRunOptions, { host_role, scenario_id }: PlannedCell): AdmissionAsked => ({ role: host_role, subject, ...admittanceOf(scenarioOf(scenario_id)) })

async function admitAll(options: EngineRunOptions, access: EngineAccess): Promise<Packets> {
  const asked = new Map(options.cells.map((cell) => [pathOf(options, cell), askedOf(options, cell)]))
  const packets = new Map<string, HostPacket>()
  const admitInTurn = async (many: ReadonlyArray<[string, AdmissionAsked]>): Promise<void> => {
    for (const [path, one] of many) packets.set(path, await access.admit(one))
  }
  // The window's page makes one realm at a time; frames do so side by side, a role in each.
  const queueOf = ({ role, page }: AdmissionAsked): string => (whereOf(role, page) === 'window' ? 'window' : role)
  const queues = [...new Set([...asked.values()].map(queueOf))]
  await Promise.all(queues.map((queue) => admitInTurn([...asked].filter(([, one]) => queueOf(one) === queue))))
  return new Map([...asked.keys()].map((path) => [path, packets.get(path)!]))
}

const pathOf = ({ engine, scenarioOf }: EngineRunOptions, { host_role, scenario_id }: PlannedCell): string => packetPath(engine, host_role, admittanceOf(scenarioOf(scenario_id)))

/** A cell under way, and where its realms are made. */
interface CellUnderWay {
  seen: SeenCell
  placeOf: PlaceOf
}

/** Window cells one after another in their page; the others in the frames, as each gets free. Returns the cells that call for another attempt. */
async function firstAttempts(options: EngineRunOptions, access: EngineAccess, packets: Packets): Promise<CellUnderWay[]> {
  const where = (cell: PlannedCell): 'window' | 'frame' => whereOf(cell.host_role, admittanceOf(options.scenarioOf(cell.scenario_id)).page)
  const inWindow = options.cells.filter((cell) => where(cell) === 'window')
  const inFrames = options.cells.filter((cell) => where(cell) === 'frame')
  const again: CellUnderWay[] = []
  const keeping = backlog()
  const work = async (queue: PlannedCell[], placeOf: PlaceOf): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined && !keeping.failed(); cell = queue.shift()) {
      const seen: SeenCell = {
        cell, scenario: options.scenarioOf(cell.scenario_id), packet: packets.get(pathOf(options, cell))!, lab: null, results: [], attempts: [], infrastructure: null, engine_available: true,
      }
      const settled = await attemptsOf(options, access, { seen, placeOf }, 1)
      if (settled) keeping.add(options.onCell(seen))
      else again.push({ seen, placeOf })
    }
  }
  await Promise.all([
    work(inWindow, ({ window }) => window),
    ...options.worker_slots.map((_, index) => work(inFrames, ({ workers }) => workers[index]!)),
  ])
  await keeping.done()
  return again
}

/** Work that goes on beside the next cell's; a failure stops what adds to it and is thrown at the end. */
function backlog(): { add(work: Promise<void>): void; failed(): boolean; done(): Promise<void> } {
  const all: Promise<void>[] = []
  let failed = false
  return {
    add: (work) => {
      all.push(work)
      work.catch(() => { failed = true })
    },
    failed: () => failed,
    done: async () => { await Promise.all(all) },
  }
}

/** Makes attempts at a cell until there are `most` or none is called for; says whether none is. */
async function attemptsOf(options: EngineRunOptions, access: EngineAccess, { seen, placeOf }: CellUnderWay, most: number): Promise<boolean> {
  const { cell, scenario, packet } = seen
  try {
    seen.lab ??= await options.labs.of(scenario)
  } catch (error) {
    seen.infrastructure = { what: 'lab_failed', detail: messageOf(error) }
    return true
  }
  const { route } = packet!.admission
  if (route === 'none') return true
  while (seen.attempts.length < most) {
    if (options.signal.aborted) {
      seen.infrastructure = { what: 'interrupted', detail: 'the run was interrupted' }
      return true
    }
    const name = `${cell.cell_id.replace('/', '.')}.${seen.results.length + 1}`
    const result = await access.attempt(placeOf, { name, role: cell.host_role, page: admittanceOf(scenario).page, take_away: scenario.without, scenario, order: { type: 'run', route, seed: cell.seed } })
    seen.results.push(result)
    // A realm lost with its engine may be another cell's fault: it gets a second chance, once; the first result is kept.
    if (result.infrastructure?.what === 'engine_crashed' && seen.results.length === 1) continue
    seen.infrastructure = lossOf(result)
    if (seen.infrastructure !== null) return true
    const attempt = keptAttempt(scenario, seen.attempts.length + 1, route, result)
    if (attempt === null) {
      seen.infrastructure = lossOf(result)
      return true
    }
    seen.attempts.push(attempt)
    const decision = rerunDecision(cellEvidence(seen, bundlePaths(packet!.lane_id, scenario.id)), options.max_attempts)
    if (decision === 'not_needed' || decision === 'no_rerun_hard_break') return true
  }
  return false
}

/** Null when no record can be made of what was seen: the result is lost then, with the reason, and costs its own cell alone. */
function keptAttempt(scenario: Scenario, nth: number, route: Route, result: AttemptResult): LiveAttempt | null {
  try {
    return liveAttempt(scenario, nth, route, result)
  } catch (error) {
    result.infrastructure = { what: 'realm_crashed', detail: `no record can be made of what its witnesses saw: ${messageOf(error)}` }
    result.events = []
    return null
  }
}

/** For a file: what is thrown may quote the subject. */
const messageOf = (error: unknown): string => wellFormed(error instanceof Error ? error.message : String(error))

async function giveUp(options: EngineRunOptions, infrastructure: InfrastructureLoss, engine_available: boolean): Promise<void> {
  for (const cell of options.cells) {
    await options.onCell({ cell, scenario: options.scenarioOf(cell.scenario_id), packet: null, lab: null, results: [], attempts: [], infrastructure, engine_available })
  }
}
