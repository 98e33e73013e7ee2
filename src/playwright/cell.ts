import { join } from 'node:path'
import type { Verdict } from '../contract/verdict.js'

const FOOTPRINT: unique symbol = Symbol.for('lanecheck.cell')

/** One scenario in one lane, as it was judged. */
export interface Cell {
  readonly verdict: Verdict
  /** The evidence folder of its run: `lanecheck audit` and `lanecheck report` take it. */
  readonly folder: string
  /** The cell's own bundle in it; null when nothing was kept. */
  readonly bundle: string | null
  readonly [FOOTPRINT]: true
}

/** A cell from what its run kept. */
export const cellOf = (verdict: Verdict, folder: string): Cell =>
  ({ verdict, folder, bundle: verdict.artifact_bundle === null ? null : join(folder, verdict.artifact_bundle), [FOOTPRINT]: true })

/** True for cells, also those made by a second copy of this module. */
export const isCell = (value: unknown): value is Cell => typeof value === 'object' && value !== null && FOOTPRINT in value
