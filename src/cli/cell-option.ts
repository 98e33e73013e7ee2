import { LanecheckError } from '../contract/errors.js'
import { cellId } from '../contract/lane.js'
import { ENGINES, HOST_ROLES, type Engine, type HostRole } from '../contract/vocabulary.js'
import type { Scenario } from '../contract/scenario.js'
import { CATALOGUE } from '../scenarios/catalogue.js'
import { nearest } from '../scenarios/nearest.js'
import { TASK_SCENARIOS } from '../scenarios/task/calls.js'

/** The one cell that a run is asked for. */
export interface NamedCell {
  cell: string
  engine: Engine
  role: HostRole
}

/** Finds a cell by its id, of the kit's scenarios or a maintainer's own. Throws `unknown_cell` with the nearest ids. */
export function findCell(text: string, own: readonly Scenario[]): NamedCell {
  const all = ENGINES.flatMap((engine) => HOST_ROLES.flatMap((role) => [...CATALOGUE, ...own, ...TASK_SCENARIOS].map(({ id }) => ({ cell: cellId(engine, role, id), engine, role }))))
  const found = all.find(({ cell }) => cell === text)
  if (found !== undefined) return found
  const near = nearest(text, all.map(({ cell }) => cell))
  throw new LanecheckError('unknown_cell', `there is no cell "${text}"`, {
    where: '--cell', hint: `want <engine>.<host_role>/<scenario id>; nearest: ${near.join(', ')}; lanecheck lanes --json lists all`,
  })
}
