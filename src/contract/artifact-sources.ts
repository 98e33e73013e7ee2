/** The name of the symbol under which an artifact says of its global object where its lines come from. */
export const SOURCES = 'lanecheck.sources'

/** Of the subject's sources alone; what is in none of them is the harness. */
export interface ArtifactSources {
  /** A stack written on the artifact's line `line`, counted from 1: an evaluator may have put the artifact further down. */
  at: string
  line: number
  /** By file, relative to the subject's module: runs of lines `[first, last, line in the file]`. */
  files: Record<string, Array<[from: number, to: number, source: number]>>
}
