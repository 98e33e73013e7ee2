import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestInfo } from '@playwright/test'
import { loadConfig } from '../config/lanecheck-config.js'
import { isLanecheckError, LanecheckError } from '../contract/errors.js'
import { cellId } from '../contract/lane.js'
import { EngineSchema, ENGINES, HOST_ROLES, HostRoleSchema, MATRIX_HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import { atomicWrite } from '../evidence/atomic-write.js'
import { readLedger } from '../evidence/ledger-file.js'
import { BUILT_IN_SUBJECTS } from '../subjects/built-in.js'
import { cellOf, type Cell } from './cell.js'
import type { KeptVerdicts } from './kept-verdicts.js'
import type { LaneHost } from './lane-host.js'
import { tarGz } from './tar.js'

/** Where a cell is run: an engine and a host role. What route it takes there is for the kit to find out. */
export interface Lane { engine: Engine; host_role: HostRole }

/** What a test may say of a run; what it leaves out is as its options have it. */
export interface RunRequest {
  lane?: Partial<Lane>
  subject?: string
  seed?: number
  /** Most live attempts at a cell. */
  attempts?: number
  /** Longest the run may take, in ms. */
  limit_ms?: number
}
export interface CellRequest extends RunRequest {
  /** The id of a scenario, as in `timer.order.distinct`. */
  scenario: string
}
export interface CellsRequest extends RunRequest {
  /** Globs over scenario ids, as in `timer.*`. */
  scenarios: string | readonly string[]
  /** Instead of the lane's own role. */
  host_roles?: readonly HostRole[]
}

export interface Defaults { lane: Partial<Lane>; engine: Engine; subject: string | null; scenario_files: readonly string[] | null; seed: number }
export interface Runner { runCell(request: CellRequest): Promise<Cell>; cells(request: CellsRequest): Promise<Cell[]> }

const DEFAULT_SUBJECT = 'reference'
const DEFAULT_ATTEMPTS = 3
const CELL_LIMIT_MS = 90_000
const CELLS_LIMIT_MS = 10 * 60_000
/** Cells listed by name among a test's attachments; the archive has all. */
const ANNOTATED = 40

/** Runs cells for one try at a test: the evidence goes to its output folder and is attached, the verdicts are kept for its retries. */
export function runner(host: LaneHost, defaults: Defaults, kept: KeptVerdicts, info: TestInfo): Runner {
  let runs = 0
  const run = async (request: RunRequest, what: { engine: Engine; roles: HostRole[]; scenarios: string[]; cell: string | null }, limit_ms: number): Promise<Cell[]> => {
    const folder = info.outputPath(`lanecheck-${++runs}`)
    const base = baseOf(info)
    const config = loadConfig(base)
    const named = request.subject ?? defaults.subject
    const subject = named === null ? configured(base, config.subject) : subjectFor(named, info)
    const own = { globs: [...defaults.scenario_files ?? config.scenarios ?? []], folder: base }
    const seed = request.seed ?? defaults.seed
    await host.run({ ...what, subject, own, seed, out: folder, max_attempts: request.attempts ?? DEFAULT_ATTEMPTS }, request.limit_ms ?? limit_ms)
    const cells = readLedger(folder).verdicts.map((verdict) => cellOf(verdict, folder))
    await attach(cells, folder, info)
    for (const { verdict } of cells) await kept.add({ cell_id: verdict.cell_id, subject, seed, verdict: verdict.verdict, reason: verdict.reason, folder })
    return cells
  }
  return spelledOut({
    runCell: async (request) => {
      const { engine, host_role } = laneFor(defaults, request)
      const [cell] = await run(request, { engine, roles: [host_role], scenarios: [], cell: cellId(engine, host_role, request.scenario) }, CELL_LIMIT_MS)
      if (cell === undefined) throw new LanecheckError('internal', `the run has no verdict of ${request.scenario}`)
      return cell
    },
    cells: async (request) => {
      const { engine, host_role } = laneFor(defaults, request)
      const roles = request.host_roles?.map(roleOf) ?? [host_role]
      return run(request, { engine, roles, scenarios: [request.scenarios].flat(), cell: null }, CELLS_LIMIT_MS)
    },
  })
}

/** The test runner shows an error's message alone: place and hint go into it. */
function spelledOut({ runCell, cells }: Runner): Runner {
  const spell = (error: unknown): never => {
    if (!isLanecheckError(error)) throw error
    const { code, message, where, hint } = error
    const place = where === null || message.includes(where) ? '' : ` (${where})`
    throw new LanecheckError(code, `${code}: ${message}${place}${hint === null ? '' : `\n  ${hint}`}`, { ...(where === null ? {} : { where }), ...(hint === null ? {} : { hint }), cause: error })
  }
  return { runCell: async (request) => runCell(request).catch(spell), cells: async (request) => cells(request).catch(spell) }
}

/** The lane of a request. Throws `unknown_engine`, `unknown_host_role`. */
export function laneFor({ lane, engine }: Pick<Defaults, 'lane' | 'engine'>, request: RunRequest): Lane {
  const named = request.lane?.engine ?? lane.engine ?? engine
  if (!EngineSchema.safeParse(named).success) throw new LanecheckError('unknown_engine', `there is no engine "${named}"`, { where: 'lane.engine', hint: `one of: ${ENGINES.join(', ')}` })
  return { engine: named, host_role: roleOf(request.lane?.host_role ?? lane.host_role ?? MATRIX_HOST_ROLES[0]) }
}

function roleOf(named: HostRole): HostRole {
  if (!HostRoleSchema.safeParse(named).success) throw new LanecheckError('unknown_host_role', `there is no host role "${named}"`, { where: 'lane.host_role', hint: `one of: ${HOST_ROLES.join(', ')}` })
  return named
}

/** A path is meant from the folder of the Playwright configuration; it comes out as a person would type it in the current folder, for the command that runs the cell again. */
export function subjectFor(subject: string, { config }: { config: Pick<TestInfo['config'], 'configFile' | 'rootDir'> }): string {
  if (!/^(file:|\.|\/)/.test(subject) && !isAbsolute(subject)) return subject
  return fromHere(baseOf({ config }), subject.startsWith('file:') ? fileURLToPath(subject) : subject)
}

/** As the config of a folder has it: one of the kit's own by name, else a path from there. */
export const configured = (base: string, subject: string = DEFAULT_SUBJECT): string => (Object.hasOwn(BUILT_IN_SUBJECTS, subject) ? subject : fromHere(base, subject))

const baseOf = ({ config }: { config: Pick<TestInfo['config'], 'configFile' | 'rootDir'> }): string => (config.configFile === undefined ? config.rootDir : dirname(config.configFile))

function fromHere(base: string, file: string): string {
  const path = relative('.', resolve(base, file))
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`
}

/** The evidence travels with the test's result: the folder whole, and each verdict for whoever reads the report. */
async function attach(cells: readonly Cell[], folder: string, info: TestInfo): Promise<void> {
  for (const { verdict } of cells.slice(0, ANNOTATED)) info.annotations.push({ type: 'lanecheck', description: `${verdict.lane_id} ${verdict.scenario_id}: ${verdict.verdict}` })
  if (cells.length > ANNOTATED) info.annotations.push({ type: 'lanecheck', description: `and ${cells.length - ANNOTATED} more cells` })
  const name = folder.split(/[\\/]/).at(-1)!
  const archive = `${folder}.evidence.tar.gz`
  await atomicWrite(archive, tarGz(folder, name))
  await info.attach(`${name} evidence`, { path: archive, contentType: 'application/gzip' })
  for (const { verdict, bundle } of cells.length === 1 ? cells : []) {
    const path = bundle === null ? null : join(bundle, 'verdict.json')
    if (path !== null && existsSync(path)) await info.attach(`${verdict.cell_id} verdict`, { path, contentType: 'application/json' })
  }
}
