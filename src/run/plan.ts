import { cellId } from '../contract/lane.js'
import type { SubjectDeclaration } from '../contract/host.js'
import { rolesOf, type Scenario } from '../contract/scenario.js'
import type { Plan, PlannedCell } from '../contract/verdict.js'
import type { Engine, HostRole } from '../contract/vocabulary.js'
import type { WorkerEndTime } from '../contract/worker-end.js'
import { canonicalDigest } from '../evidence/digest.js'

export interface PlanInput {
  engines: Engine[]
  roles: HostRole[]
  scenarios: Scenario[]
  /** Keeps only this cell; null for all. */
  cell: string | null
  seed: number
  subject: SubjectDeclaration
  artifact_sha256: string
  end_service_worker?: WorkerEndTime | undefined
  /** Over the built kit; it is no part of what the run is about. */
  kit_sha256?: string
}

/** All cells of a run, in the order engine, role, scenario. The run's id is a digest of what it is about: no time, no chance. */
export function makePlan(input: PlanInput): Plan {
  const cells = input.engines.flatMap((engine) => input.roles.flatMap((role) => input.scenarios.filter((scenario) => rolesOf(scenario).includes(role)).map((scenario): PlannedCell => ({
    cell_id: cellId(engine, role, scenario.id), engine, host_role: role, scenario_id: scenario.id, surface_family: scenario.surface_family, seed: input.seed,
  })))).filter(({ cell_id }) => input.cell === null || cell_id === input.cell)
  const planned = input.scenarios.filter((scenario) => input.cell !== null || cells.some(({ scenario_id }) => scenario_id === scenario.id))
  const { seed, subject, artifact_sha256, end_service_worker, kit_sha256 } = input
  const config_hash = configHash(planned, seed, artifact_sha256, end_service_worker)
  return { schema: 'lanecheck.plan.v1', run_id: runId(cells, config_hash), seed, subject, artifact_sha256, config_hash, ...(kit_sha256 === undefined ? {} : { kit_sha256 }), ...(end_service_worker === undefined ? {} : { end_service_worker }), cells }
}

/** The same cells under the same configuration are the same run. */
export const runId = (cells: ReadonlyArray<Pick<PlannedCell, 'cell_id'>>, config_hash: string): string =>
  canonicalDigest({ cells: cells.map(({ cell_id }) => cell_id), config_hash }).slice(0, 16)

/** What decides how cells come out, apart from engine and role; in whatever order the scenarios come. */
export const configHash = (scenarios: Scenario[], seed: number, artifact_sha256: string, end_service_worker?: WorkerEndTime): string =>
  canonicalDigest({ scenarios: scenarios.map((scenario) => canonicalDigest(withoutUndefined(scenario))).sort(), seed, artifact_sha256, ...(end_service_worker === undefined ? {} : { end_service_worker }) })

/** Parsed data may hold optional members as `undefined`; JSON has none. */
const withoutUndefined = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown
