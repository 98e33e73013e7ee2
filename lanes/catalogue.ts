import { laneId, type LaneId } from '../src/contract/lane.js'
import { ENGINES, MATRIX_HOST_ROLES, ROUTES, type Engine, type HostRole, type Route } from '../src/contract/vocabulary.js'

/** Where a subject may run before its route is known: an engine and a host role. */
export interface Realm { engine: Engine; host_role: HostRole }

/** Every engine × host role. */
export const REALMS: readonly Realm[] = ENGINES.flatMap((engine) => MATRIX_HOST_ROLES.map((host_role) => ({ engine, host_role })))

/** The realms of some engines and roles; an empty choice stands for all. */
export const realmsOf = (choice: { engines?: readonly Engine[]; host_roles?: readonly HostRole[] } = {}): Realm[] =>
  REALMS.filter(({ engine, host_role }) => chosen(choice.engines, engine) && chosen(choice.host_roles, host_role))

const chosen = <Token>(choice: readonly Token[] | undefined, token: Token): boolean => choice === undefined || choice.length === 0 || choice.includes(token)

/** The lanes that a realm may end in, one a route. */
export const lanesOf = ({ engine, host_role }: Realm): LaneId[] => ROUTES.map((route) => laneId(engine, host_role, route))

/** Every engine × host role × route. */
export const LANES: readonly LaneId[] = REALMS.flatMap(lanesOf)

/** A lane id taken apart. */
export function laneParts(lane_id: LaneId): Realm & { route: Route } {
  const [engine, host_role, route] = lane_id.split('.') as [Engine, HostRole, Route]
  return { engine, host_role, route }
}
