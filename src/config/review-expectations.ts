import picomatch from 'picomatch'
import { cellId, laneId } from '../contract/lane.js'
import { rolesOf, type Scenario } from '../contract/scenario.js'
import type { Verdict } from '../contract/verdict.js'
import { ENGINES, HOST_ROLES, ROUTES, type Engine } from '../contract/vocabulary.js'
import { UNSEEN } from '../judge/exit-code.js'
import { expired, lastMatch, reviewed, type ExpectationEntry, type ProductOf } from './expectations.js'

/** What entries are held against. */
export interface Reviewing {
  verdicts: readonly Verdict[]
  /** Ids of the cells that the run planned to cover. */
  planned: Iterable<string>
  productOf: ProductOf
  /** All scenarios that a run takes by itself: what an entry could speak of. */
  catalogue: readonly Scenario[]
  /** Those that a run takes only when they are named; an entry speaks of them where it fits none of the others. */
  apart?: readonly Scenario[]
  /** There are scenarios besides that were not loaded: nothing is said of an entry for what it does not match, unless it names one that was. */
  some_unknown?: boolean
  /** `YYYY-MM-DD`, in UTC. */
  today: string
}

/** What a run shows of an entry. */
export interface EntryFacts {
  /** The run planned some cell that it could speak of; all of them. */
  touched: boolean
  covered: boolean
  /** Cells that were seen and that it matches; those of them that came out as it says. */
  matched: Verdict[]
  holding: Verdict[]
  /** Cells that it speaks of, as no later entry does, and that came out otherwise. */
  broken: Verdict[]
}

export const EXPECTATION_PROBLEMS = ['not_reviewed', 'expired', 'no_longer_holds', 'matches_nothing'] as const
export interface ExpectationProblem { at: number; entry: ExpectationEntry; problem: (typeof EXPECTATION_PROBLEMS)[number]; detail: string }

/** Verdicts that tell nothing of a cell. */
export const seen = ({ verdict, reason_code }: Verdict): boolean => verdict !== 'not_run' && verdict !== 'infrastructure_loss' && !UNSEEN.has(reason_code)

/** What the run shows of each entry, in the order of the file. */
export function factsOf(entries: readonly ExpectationEntry[], { verdicts, planned, productOf, catalogue, apart = [], some_unknown = false }: Reviewing): EntryFacts[] {
  const [here, told] = [new Set(planned), verdicts.filter(seen)]
  const toldOf = new Set<string>(told.map(({ cell_id }) => cell_id))
  const stands = lastMatch(entries, productOf)
  return entries.map((entry) => {
    const alone = lastMatch([entry], productOf)
    const [usual, rare] = [catalogue, apart].map((scenarios) => possibleCells(entry, scenarios)) as [PossibleCell[], PossibleCell[]]
    const possible = usual.length > 0 ? usual : rare
    const known = !some_unknown || (possible.length > 0 && !picomatch.scan(entry.scenario).isGlob)
    const matched = told.filter((verdict) => alone(verdict) !== null)
    // A product that did not run is not judged; nor is a cell that nobody saw.
    const judged = ({ cell, engine }: PossibleCell): boolean => here.has(cell) && toldOf.has(cell) && (entry.engine_product === undefined || entry.engine_product === productOf(engine))
    return {
      touched: [...usual, ...rare].some(({ cell }) => here.has(cell)),
      covered: known && possible.every(judged),
      matched,
      holding: matched.filter(({ verdict }) => verdict === entry.verdict),
      broken: matched.filter((verdict) => stands(verdict) === entry && verdict.verdict !== entry.verdict),
    }
  })
}

interface PossibleCell { cell: string; engine: Engine }

/** All cells that an entry could speak of, whatever their route turns out to be. */
function possibleCells({ lane, scenario }: ExpectationEntry, scenarios: readonly Scenario[]): PossibleCell[] {
  const [lanes, ids] = [picomatch(lane), picomatch(scenario)]
  const spoken = scenarios.filter(({ id }) => ids(id))
  const realms = ENGINES.flatMap((engine) => HOST_ROLES.map((role) => ({ engine, role }))).filter(({ engine, role }) => ROUTES.some((route) => lanes(laneId(engine, role, route))))
  return realms.flatMap(({ engine, role }) => spoken.filter((one) => rolesOf(one).includes(role)).map(({ id }) => ({ cell: cellId(engine, role, id), engine })))
}

/** What is wrong with the entries of a file, by what a run shows; entries that speak of what the run did not plan to cover are left alone. */
export function reviewExpectations(entries: readonly ExpectationEntry[], reviewing: Reviewing): ExpectationProblem[] {
  return factsOf(entries, reviewing).flatMap((facts, at): ExpectationProblem[] => {
    const entry = entries[at]!
    const say = (problem: ExpectationProblem['problem'], detail: string): ExpectationProblem[] => [{ at, entry, problem, detail }]
    if (facts.touched && !reviewed(entry)) return say('not_reviewed', 'its reason has still to be written; until then it excuses nothing')
    if (facts.touched && expired(entry, reviewing.today)) return say('expired', `its last day was ${entry.until}; it excuses nothing`)
    if (facts.covered && facts.matched.length === 0) return say('matches_nothing', facts.touched ? 'no cell of this run is one of these' : 'there is no such lane or scenario')
    if (facts.broken.length === 0) return []
    return say('no_longer_holds', `${facts.broken.length} of ${facts.matched.length} cells came out otherwise: ${some(facts.broken)}`)
  })
}

const SHOWN = 3
const some = (verdicts: readonly Verdict[]): string =>
  [...verdicts.slice(0, SHOWN).map(({ cell_id, verdict }) => `${cell_id} ${verdict}`), ...(verdicts.length > SHOWN ? [`and ${verdicts.length - SHOWN} more`] : [])].join(', ')
