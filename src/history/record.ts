import { z } from 'zod'
import { DigestSchema } from '../contract/evidence.js'
import { EngineIdentitySchema } from '../contract/host.js'
import type { CellId } from '../contract/lane.js'
import { ReasonCodeSchema, VerdictTokenSchema, type ReasonCode, type VerdictToken } from '../contract/vocabulary.js'

/** A run as the history keeps it: what it was about, and by which digest its evidence vouches for itself. */
export const RunAboutSchema = z.strictObject({
  /** `index_digest` of the run's `evidence.json`: a plan that runs again has the same `run_id`, and other evidence. */
  id: DigestSchema,
  run_id: z.string().min(1),
  subject: z.string().min(1),
  subject_version: z.string(),
  artifact_sha256: z.string(),
  lanecheck_version: z.string(),
  seed: z.number().int(),
  engines: z.array(EngineIdentitySchema),
  /** UTC; runs are in the order of this, then of `id`. */
  started_at: z.iso.datetime(),
})
export type RunAbout = z.infer<typeof RunAboutSchema>

/** How a cell came out. `reran`: it was run more than once, so it was compared with itself. */
export const OutcomeSchema = z.strictObject({ verdict: VerdictTokenSchema, reason_code: ReasonCodeSchema, reran: z.boolean(), reason: z.string().min(1) })
export type Outcome = z.infer<typeof OutcomeSchema>

/** What of an outcome makes it another one: the verdict, and the admission it rests on. */
export interface OutcomeClass { verdict: VerdictToken; reason_code: ReasonCode }

/** A run with the outcome of each of its cells, in the order of its plan. */
export interface NewRun { about: RunAbout; cells: Array<{ cell_id: CellId; outcome: Outcome }> }

/** A kept run: `cells[n]` of the history came out as `outcomes[n]` of it, both by index. */
export interface KeptRun { about: RunAbout; cells: Uint32Array; outcomes: Uint32Array }

/** All of a database, runs in order of time. */
export interface History { cells: CellId[]; outcomes: Outcome[]; runs: KeptRun[] }

export const sameClass = (one: OutcomeClass, other: OutcomeClass): boolean => one.verdict === other.verdict && one.reason_code === other.reason_code

/** By time, then by id: the order in which runs were added does not matter. */
export const byTime = (one: { about: RunAbout }, other: { about: RunAbout }): number => {
  const times = Date.parse(one.about.started_at) - Date.parse(other.about.started_at)
  return times !== 0 ? times : one.about.id < other.about.id ? -1 : 1
}

/** As much of an id as a person types. */
export const shortId = (id: string): string => id.slice(0, 12)

/** What became of a run that was to be added: `known` when this very evidence was there already, which changes nothing. */
export const AddedSchema = z.strictObject({ id: DigestSchema, run_id: z.string(), started_at: z.iso.datetime(), cells: z.number().int().min(0), how: z.enum(['added', 'known']) })
export type Added = z.infer<typeof AddedSchema>

/** Printed by `lanecheck history add --json`. */
export const HistoryAddedSchema = z.strictObject({ schema: z.literal('lanecheck.history-added.v1'), added: z.array(AddedSchema) })
