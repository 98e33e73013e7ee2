import type { LaneId } from '../contract/lane.js'
import { rolesOf, type Scenario } from '../contract/scenario.js'
import type { RunTiers } from '../contract/tiers.js'
import type { Verdict } from '../contract/verdict.js'
import { ENGINES, HOST_ROLES, SURFACE_FAMILIES, type Engine, type HostRole, type SurfaceFamily, type VerdictToken } from '../contract/vocabulary.js'

type Asked = RunTiers['asked']
type AskedOfRow = NonNullable<Asked[SurfaceFamily]>
type Seen = readonly Verdict[]

/** Verdicts that say that nothing was seen, or nothing that could be judged: no tier rests on them. */
const UNJUDGED: ReadonlySet<VerdictToken> = new Set(['not_run', 'infrastructure_loss', 'invalid_experiment'])
const judged = ({ verdict, support_class }: Verdict): boolean => support_class !== 'unsupported' && !UNJUDGED.has(verdict)

/** What a catalogue holds for some rows: scenarios of the tier T2, and all of the family. */
export function askedOf(catalogue: ReadonlyArray<Pick<Scenario, 'id' | 'surface_family' | 'tiers' | 'host_roles'>>, rows: Iterable<SurfaceFamily>): Asked {
  const wanted = new Set(rows)
  return Object.fromEntries(SURFACE_FAMILIES.filter((row) => wanted.has(row)).map((row) => {
    const family = catalogue.filter(({ surface_family }) => surface_family === row)
    const host_roles = Object.fromEntries(family.map((scenario) => [scenario.id, [...rolesOf(scenario)]]))
    return [row, { T2: family.filter(({ tiers }) => tiers.includes('T2')).map(({ id }) => id), T3: family.map(({ id }) => id), host_roles }]
  }))
}

/**
 * T2 and T3 of a run, from its verdicts alone. T2 of a row × lane: each smoke scenario of the row that is for the lane's role was judged in that lane.
 * T3 of a row: in each engine and each role, every scenario of the family that is for the role was judged, or was refused by the ladder, which named a cause.
 * `digest` is SHA-256 over canonical JSON.
 */
export function runTiers(run_id: string, asked: Asked, verdicts: Seen, digest: (value: unknown) => string): RunTiers {
  const rows = SURFACE_FAMILIES.filter((row) => asked[row] !== undefined)
  const of = (row: SurfaceFamily): Seen => verdicts.filter(({ surface_family }) => surface_family === row)
  return {
    schema: 'lanecheck.run-tiers.v1', run_id, asked,
    lanes: rows.flatMap((row) => lanesOf(of(row)).map((lane_id) => {
      const own = of(row).filter((verdict) => verdict.lane_id === lane_id)
      const role = lane_id.split('.')[1]
      return { surface_family: row, lane_id, T2: covered(forRole(asked[row]!, 'T2', role), own, judged), T3: covered(forRole(asked[row]!, 'T3', role), own, judged), verdicts_sha256: digest(own) }
    })),
    pilots: rows.map((row) => {
      const realms = ENGINES.flatMap((engine) => HOST_ROLES.filter((role) => forRole(asked[row]!, 'T3', role).length > 0).map((host_role) => ({ engine, host_role })))
      const missing = realms.filter((realm) => !piloted(asked[row]!, of(row), realm)).map(({ engine, host_role }) => `${engine}.${host_role}`)
      return { surface_family: row, met: realms.length > 0 && missing.length === 0, missing }
    }),
  }
}

/** What a role is asked for. */
const forRole = (asked: AskedOfRow, tier: 'T2' | 'T3', role: string | undefined): string[] => asked[tier].filter((id) => asked.host_roles[id]?.some((one) => one === role))
const lanesOf = (verdicts: Seen): LaneId[] => [...new Set(verdicts.map(({ lane_id }) => lane_id))]

function covered(asked: readonly string[], verdicts: Seen, counts: (verdict: Verdict) => boolean): { met: boolean; missing: string[] } {
  const seen = new Set(verdicts.filter(counts).map(({ scenario_id }) => scenario_id))
  const missing = asked.filter((id) => !seen.has(id))
  return { met: asked.length > 0 && missing.length === 0, missing }
}

/** The ladder named what stands against it; a realm or a bridge that could not be had is no such answer. */
const refused = ({ verdict, support_class, reason_code, cause }: Verdict): boolean =>
  verdict === 'unsupported' && support_class === 'unsupported' && cause !== null && reason_code !== 'bridge_unreachable'

function piloted(asked: AskedOfRow, verdicts: Seen, { engine, host_role }: { engine: Engine; host_role: HostRole }): boolean {
  const own = verdicts.filter((verdict) => verdict.engine === engine && verdict.host_role === host_role)
  return covered(forRole(asked, 'T3', host_role), own, (verdict) => judged(verdict) || refused(verdict)).met
}
