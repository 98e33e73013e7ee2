import { laneId, type LaneId } from '../contract/lane.js'
import type { Scenario } from '../contract/scenario.js'
import type { RunTiers } from '../contract/tiers.js'
import type { Verdict } from '../contract/verdict.js'
import { ENGINES, MATRIX_HOST_ROLES, SURFACE_FAMILIES, type Engine, type HostRole, type SurfaceFamily, type VerdictToken } from '../contract/vocabulary.js'

type Asked = RunTiers['asked']
type Seen = readonly Verdict[]

/** Verdicts that say that nothing was seen, or nothing that could be judged: no tier rests on them. */
const UNJUDGED: ReadonlySet<VerdictToken> = new Set(['not_run', 'infrastructure_loss', 'invalid_experiment'])
const judged = ({ verdict, support_class }: Verdict): boolean => support_class !== 'unsupported' && !UNJUDGED.has(verdict)

/** What a catalogue holds for some rows: scenarios of the tier T2, and all of the family. */
export function askedOf(catalogue: ReadonlyArray<Pick<Scenario, 'id' | 'surface_family' | 'tiers'>>, rows: Iterable<SurfaceFamily>): Asked {
  const wanted = new Set(rows)
  return Object.fromEntries(SURFACE_FAMILIES.filter((row) => wanted.has(row)).map((row) => {
    const family = catalogue.filter(({ surface_family }) => surface_family === row)
    return [row, { T2: family.filter(({ tiers }) => tiers.includes('T2')).map(({ id }) => id), T3: family.map(({ id }) => id) }]
  }))
}

/**
 * T2 and T3 of a run, from its verdicts alone. T2 of a row × lane: each of the row's smoke scenarios was judged in that lane.
 * T3 of a row: the whole family was judged in every realm of the catalogue, but for realms whose lane the ladder rules out.
 * `digest` is SHA-256 over canonical JSON.
 */
export function runTiers(run_id: string, asked: Asked, verdicts: Seen, digest: (value: unknown) => string): RunTiers {
  const rows = SURFACE_FAMILIES.filter((row) => asked[row] !== undefined)
  const of = (row: SurfaceFamily): Seen => verdicts.filter(({ surface_family }) => surface_family === row)
  return {
    schema: 'lanecheck.run-tiers.v1', run_id, asked,
    lanes: rows.flatMap((row) => lanesOf(of(row)).map((lane_id) => {
      const own = of(row).filter((verdict) => verdict.lane_id === lane_id)
      return { surface_family: row, lane_id, T2: covered(asked[row]!.T2, own), T3: covered(asked[row]!.T3, own), verdicts_sha256: digest(own) }
    })),
    pilots: rows.map((row) => {
      const missing = REALMS.filter((realm) => !piloted(asked[row]!.T3, of(row), realm)).map(({ engine, host_role }) => `${engine}.${host_role}`)
      return { surface_family: row, met: asked[row]!.T3.length > 0 && missing.length === 0, missing }
    }),
  }
}

const REALMS = ENGINES.flatMap((engine) => MATRIX_HOST_ROLES.map((host_role) => ({ engine, host_role })))
const lanesOf = (verdicts: Seen): LaneId[] => [...new Set(verdicts.map(({ lane_id }) => lane_id))]

function covered(asked: readonly string[], verdicts: Seen): { met: boolean; missing: string[] } {
  const seen = new Set(verdicts.filter(judged).map(({ scenario_id }) => scenario_id))
  const missing = asked.filter((id) => !seen.has(id))
  return { met: asked.length > 0 && missing.length === 0, missing }
}

/** A realm where the whole family was judged, or that the ladder ruled out by what it proved of itself. */
function piloted(asked: readonly string[], verdicts: Seen, { engine, host_role }: { engine: Engine; host_role: HostRole }): boolean {
  const own = verdicts.filter((verdict) => verdict.engine === engine && verdict.host_role === host_role)
  const refused = own.length > 0 && own.every((verdict) => verdict.lane_id === laneId(engine, host_role, 'none') && verdict.verdict === 'unsupported' && verdict.reason_code === 'unsupported_runtime_context')
  return refused || covered(asked, own).met
}
