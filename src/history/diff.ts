import { z } from 'zod'
import { CellIdSchema, LaneIdSchema, type CellId } from '../contract/lane.js'
import { ReasonCodeSchema, VerdictTokenSchema } from '../contract/vocabulary.js'
import { supportOf } from '../judge/exit-code.js'
import { CONTEXT_FIELDS, contextChanges, contextKey, engineOfCell } from './context.js'
import { RunAboutSchema, sameClass, type History, type KeptRun, type Outcome } from './record.js'
import { classOf } from './show.js'

/** `better` and `worse` go by what a verdict supports: `parity`, `bridge_only`, `unsupported`, then all the rest alike; `other` is within one of these. */
export const CHANGES = ['worse', 'better', 'other', 'appeared', 'vanished'] as const
const SideSchema = z.strictObject({ verdict: VerdictTokenSchema, reason_code: ReasonCodeSchema, lane_id: LaneIdSchema, reason: z.string() })
export const CellChangeSchema = z.strictObject({
  cell_id: CellIdSchema,
  how: z.enum(CHANGES),
  /** Null when the cell appeared. */
  from: SideSchema.nullable(),
  /** Null when it vanished. */
  to: SideSchema.nullable(),
  /** True when artifact, engine and kit are the same on both sides: nothing that is known explains it. */
  unexplained: z.boolean(),
})
export type CellChange = z.infer<typeof CellChangeSchema>

/** Printed by `lanecheck history diff --json`. */
export const HistoryDiffSchema = z.strictObject({
  schema: z.literal('lanecheck.history-diff.v1'),
  from: RunAboutSchema,
  to: RunAboutSchema,
  /** What differs about the runs themselves; first, for it may explain the rest. */
  context: z.array(z.strictObject({ field: z.enum(CONTEXT_FIELDS), from: z.string().nullable(), to: z.string().nullable() })),
  changes: z.array(CellChangeSchema),
  /** Cells of both that came out alike. */
  unchanged: z.number().int().min(0),
})
export type HistoryDiff = z.infer<typeof HistoryDiffSchema>

/** What changed from one run to another. */
export function diffRuns(history: History, from: KeptRun, to: KeptRun): HistoryDiff {
  const [before, after] = [outcomesOf(history, from), outcomesOf(history, to)]
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  const changes = ids.flatMap((cell_id): CellChange[] => {
    const [was, is] = [before.get(cell_id) ?? null, after.get(cell_id) ?? null]
    if (was !== null && is !== null && sameClass(was, is)) return []
    const side = (outcome: Outcome | null): CellChange['from'] => (outcome === null ? null : { ...classOf(cell_id, outcome), reason: outcome.reason })
    return [{ cell_id, how: howOf(was, is), from: side(was), to: side(is), unexplained: was !== null && is !== null && sameContext(from, to, cell_id) }]
  })
  changes.sort((one, other) => CHANGES.indexOf(one.how) - CHANGES.indexOf(other.how))
  const both = [...before.keys()].filter((id) => after.has(id)).length
  const changed = changes.filter((change) => change.from !== null && change.to !== null).length
  return { schema: 'lanecheck.history-diff.v1', from: from.about, to: to.about, context: contextChanges(from.about, to.about), changes, unchanged: both - changed }
}

const outcomesOf = ({ cells, outcomes }: History, run: KeptRun): Map<CellId, Outcome> =>
  new Map(Array.from(run.cells, (at, index) => [cells[at]!, outcomes[run.outcomes[index]!]!]))

function howOf(was: Outcome | null, is: Outcome | null): CellChange['how'] {
  if (was === null) return 'appeared'
  if (is === null) return 'vanished'
  const step = supportOf(was.verdict) - supportOf(is.verdict)
  return step > 0 ? 'better' : step < 0 ? 'worse' : 'other'
}

function sameContext(from: KeptRun, to: KeptRun, cell_id: CellId): boolean {
  const engine = engineOfCell(cell_id)
  const key = contextKey(from.about, engine)
  return key !== null && key === contextKey(to.about, engine)
}
