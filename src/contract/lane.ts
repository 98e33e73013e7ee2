import { z } from 'zod'
import { ENGINES, HOST_ROLES, ROUTES, EngineSchema, HostRoleSchema, type Engine, type HostRole, type Route } from './vocabulary.js'

/** `<engine>.<host_role>.<route>`, as in `firefox.shared_worker.bridge`. */
export type LaneId = `${Engine}.${HostRole}.${Route}`
/** `<engine>.<host_role>/<scenario id>`: a cell is named before its route is known. */
export type CellId = `${Engine}.${HostRole}/${string}`

const alternatives = (tokens: readonly string[]): string => `(?:${tokens.join('|')})`
const LANE_ID = new RegExp(`^${alternatives(ENGINES)}\\.${alternatives(HOST_ROLES)}\\.${alternatives(ROUTES)}$`)
const SCENARIO_ID = /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/

export const LaneIdSchema = z.custom<LaneId>((value) => typeof value === 'string' && LANE_ID.test(value), 'not a lane id: want <engine>.<host_role>.<route>')
export const ScenarioIdSchema = z.string().regex(SCENARIO_ID, 'not a scenario id: want lower-case words joined by dots, as in timer.cancel.before_fire')
export const CellIdSchema = z.custom<CellId>((value) => {
  if (typeof value !== 'string') return false
  const [realm, scenario, ...rest] = value.split('/')
  const [engine, role, ...more] = (realm ?? '').split('.')
  return rest.length === 0 && more.length === 0 && EngineSchema.safeParse(engine).success && HostRoleSchema.safeParse(role).success && SCENARIO_ID.test(scenario ?? '')
}, 'not a cell id: want <engine>.<host_role>/<scenario id>')

export const laneId = (engine: Engine, role: HostRole, route: Route): LaneId => `${engine}.${role}.${route}`
export const cellId = (engine: Engine, role: HostRole, scenarioId: string): CellId => `${engine}.${role}/${scenarioId}`
