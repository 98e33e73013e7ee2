/** One thing that was kept, beside what it is now. */
export interface Compared { what: string; kept: string; again: string }

/** `same` and `differs` compare; `not_compared` says what differs beforehand; `lost`: it could not be run. `because` is empty only for `same`. */
export interface ReplaySide { answer: 'same' | 'differs' | 'not_compared' | 'lost'; because: Compared[] }

export interface ReplayReport {
  schema: 'lanecheck.replay.v1'
  cell_id: string
  lane_id: string
  lab: ReplaySide
  /** Null when nobody asked for it. */
  live: ReplaySide | null
  exit_code: 0 | 1 | 2 | 3
}

/** Nothing when two values are equal. */
export const unequal = (what: string, kept: string, again: string): Compared[] => (kept === again ? [] : [{ what, kept, again }])
/** What a comparison answers. */
export const sideOf = (because: Compared[]): ReplaySide => ({ answer: because.length === 0 ? 'same' : 'differs', because })

/** A difference says most; then what could not be run, then what could not be compared. */
export function exitOf(sides: readonly ReplaySide[]): ReplayReport['exit_code'] {
  const answers = sides.map(({ answer }) => answer)
  if (answers.includes('differs')) return 1
  if (answers.includes('lost')) return 3
  return answers.includes('not_compared') ? 2 : 0
}
