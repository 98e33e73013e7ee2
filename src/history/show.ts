import { z } from 'zod'
import { admissionOf } from '../contract/host.js'
import { CellIdSchema, LaneIdSchema, type CellId, type LaneId } from '../contract/lane.js'
import { ReasonCodeSchema, VerdictTokenSchema, VERDICTS, type VerdictToken } from '../contract/vocabulary.js'
import { contextKey, engineOfCell } from './context.js'
import { flakeRate } from './flake-rate.js'
import { RunAboutSchema, sameClass, type History, type KeptRun, type Outcome, type OutcomeClass } from './record.js'
import { runsOf } from './select.js'

const share = z.number().min(0).max(1).nullable()
const flakeFields = { trials: z.number().int().min(0), flakes: z.number().int().min(0), rate: share, low: share, high: share }
const classFields = { verdict: VerdictTokenSchema, reason_code: ReasonCodeSchema, lane_id: LaneIdSchema }
const SinceSchema = z.strictObject({ run: z.string(), started_at: z.string() })

/** A cell as it is since a run: its present class, and the one before. */
export const CellHistorySchema = z.strictObject({
  cell_id: CellIdSchema, ...classFields, reason: z.string(),
  /** The first of the runs, up to its last one, in which it came out in this class. */
  since: SinceSchema,
  /** How many runs those are. */
  runs: z.number().int().min(1),
  /** The last run that planned it; earlier than the latest run when that one left it out. */
  last: SinceSchema,
  before: z.strictObject(classFields).nullable(),
  ...flakeFields,
})
export type CellHistory = z.infer<typeof CellHistorySchema>

/** A lane: its cells as they are, since when all of them are so, and how many of its observations flaked. */
export const LaneHistorySchema = z.strictObject({ lane_id: LaneIdSchema, cells: z.number().int().min(0), verdicts: z.partialRecord(VerdictTokenSchema, z.number().int().min(1)), since: SinceSchema.nullable(), ...flakeFields })
export type LaneHistory = z.infer<typeof LaneHistorySchema>

/** A run with the counts of its verdicts. */
export const RunCountsSchema = z.strictObject({ ...RunAboutSchema.shape, verdicts: z.partialRecord(VerdictTokenSchema, z.number().int().min(1)) })
export type RunCounts = z.infer<typeof RunCountsSchema>

/** Printed by `lanecheck history show --json`. */
export const HistoryReportSchema = z.strictObject({
  schema: z.literal('lanecheck.history.v1'),
  subject: z.string(),
  /** Other subjects of the same database. */
  others: z.array(z.string()),
  runs: z.array(RunCountsSchema),
  lanes: z.array(LaneHistorySchema),
  cells: z.array(CellHistorySchema),
})
export type HistoryReport = z.infer<typeof HistoryReportSchema>

/** Nothing was seen of these cells, so they neither flake nor hold. */
const UNSEEN: ReadonlySet<VerdictToken> = new Set(['not_run', 'infrastructure_loss'])

interface Track { outcome: Outcome; since: KeptRun; last: KeptRun; runs: number; before: Outcome | null; flakes: number; trials: number }

/** Since when each cell of a subject is as it is, and how often it was otherwise for no reason. Throws `usage`. */
export function showHistory(history: History, { subject: wanted, cell = () => true }: { subject?: string; cell?: (id: CellId) => boolean }): HistoryReport {
  const { subject, runs, others } = runsOf(history, wanted)
  const tracks: Array<Track | undefined> = []
  const lanes = new Map<LaneId, { flakes: number; trials: number }>()
  const wantedCells = history.cells.map(cell)
  const seenBefore = seenInContext(history)
  for (const run of runs) {
    run.cells.forEach((at, index) => {
      if (wantedCells[at] !== true) return
      const outcome = history.outcomes[run.outcomes[index]!]!
      const track = follow(tracks[at], run, outcome)
      tracks[at] = track
      if (UNSEEN.has(outcome.verdict)) return
      const earlier = seenBefore(run, at, outcome)
      // Nothing to compare with, neither an earlier run nor itself: no trial.
      if (earlier === null && !outcome.reran && outcome.verdict !== 'irreproducible') return
      const flaked = outcome.verdict === 'irreproducible' || (earlier !== null && !sameClass(earlier, outcome))
      const lane = laneOf(history.cells[at]!, outcome)
      const counts = lanes.get(lane) ?? { flakes: 0, trials: 0 }
      lanes.set(lane, counts)
      for (const count of [track, counts]) {
        count.trials += 1
        if (flaked) count.flakes += 1
      }
    })
  }
  const cells = tracks.flatMap((track, at) => (track === undefined ? [] : [cellHistory(history.cells[at]!, track)])).sort((one, other) => (one.cell_id < other.cell_id ? -1 : 1))
  return {
    schema: 'lanecheck.history.v1', subject, others,
    runs: runs.map((run) => ({ ...run.about, verdicts: countsOf(Array.from(run.outcomes, (outcome) => history.outcomes[outcome]!.verdict)) })),
    lanes: laneHistories(cells, lanes),
    cells,
  }
}

/** A track with one more run on it. */
function follow(track: Track | undefined, run: KeptRun, outcome: Outcome): Track {
  if (track === undefined) return { outcome, since: run, last: run, runs: 1, before: null, flakes: 0, trials: 0 }
  if (sameClass(track.outcome, outcome)) return again(track, run, outcome)
  return Object.assign(track, { outcome, since: run, last: run, runs: 1, before: track.outcome })
}

function again(track: Track, run: KeptRun, outcome: Outcome): Track {
  track.outcome = outcome
  track.last = run
  track.runs += 1
  return track
}

/** The class in which a cell was last seen with the same artifact, engine and kit; runs must come in order of time. */
function seenInContext({ cells }: History): (run: KeptRun, at: number, outcome: OutcomeClass) => OutcomeClass | null {
  // Lists by place, not maps: there may be half a million observations.
  const contexts = new Map<string, Array<OutcomeClass | undefined>>()
  const engines = cells.map(engineOfCell)
  let current: KeptRun | null = null
  let ofEngine = new Map<string, Array<OutcomeClass | undefined> | null>()
  return (run, at, outcome) => {
    if (run !== current) [current, ofEngine] = [run, new Map()]
    const engine = engines[at]!
    let seen = ofEngine.get(engine)
    if (seen === undefined) {
      const key = contextKey(run.about, engine)
      seen = key === null ? null : contexts.get(key) ?? []
      if (key !== null && seen !== null) contexts.set(key, seen)
      ofEngine.set(engine, seen)
    }
    if (seen === null) return null
    const earlier = seen[at] ?? null
    seen[at] = outcome
    return earlier
  }
}

/** A cell's lane, by the admission that an outcome rests on. */
export const laneOf = (cell_id: CellId, { reason_code }: OutcomeClass): LaneId => `${cell_id.slice(0, cell_id.indexOf('/'))}.${admissionOf(reason_code).route}` as LaneId

export const classOf = (cell_id: CellId, outcome: OutcomeClass): Pick<CellHistory, 'verdict' | 'reason_code' | 'lane_id'> =>
  ({ verdict: outcome.verdict, reason_code: outcome.reason_code, lane_id: laneOf(cell_id, outcome) })

const sinceOf = ({ about }: KeptRun): CellHistory['since'] => ({ run: about.id, started_at: about.started_at })

const cellHistory = (cell_id: CellId, { outcome, since, last, runs, before, flakes, trials }: Track): CellHistory => ({
  cell_id, ...classOf(cell_id, outcome), reason: outcome.reason, since: sinceOf(since), runs, last: sinceOf(last), before: before === null ? null : classOf(cell_id, before), ...flakeRate(flakes, trials),
})

function laneHistories(cells: readonly CellHistory[], flaked: ReadonlyMap<LaneId, { flakes: number; trials: number }>): LaneHistory[] {
  const ids = [...new Set([...cells.map(({ lane_id }) => lane_id), ...flaked.keys()])].sort()
  return ids.map((lane_id) => {
    const own = cells.filter((cell) => cell.lane_id === lane_id)
    const { flakes, trials } = flaked.get(lane_id) ?? { flakes: 0, trials: 0 }
    const since = own.map((cell) => cell.since).reduce<CellHistory['since'] | null>((late, one) => (late === null || Date.parse(one.started_at) > Date.parse(late.started_at) ? one : late), null)
    return { lane_id, cells: own.length, verdicts: countsOf(own.map(({ verdict }) => verdict)), since, ...flakeRate(flakes, trials) }
  })
}

/** How often each verdict occurs, in the order of the vocabulary, those that do not left out. */
export function countsOf(verdicts: readonly VerdictToken[]): Partial<Record<VerdictToken, number>> {
  const counts = new Map<VerdictToken, number>()
  for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  return Object.fromEntries(VERDICTS.flatMap((verdict) => (counts.has(verdict) ? [[verdict, counts.get(verdict)!]] : [])))
}
