/**
 * The second half of a run: when every engine is through with its first attempts, what has to be seen again
 * is seen with nothing else going on, one cell at a time in the whole run.
 */
export interface QuietPhase {
  /** An engine is through, or gives up; resolves when all are. Asking twice counts once. */
  arrive(party: string): Promise<void>
  /** Runs `work` when nobody else's runs. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
}

export function quietPhase(parties: readonly string[]): QuietPhase {
  const awaited = new Set(parties)
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => { begin = resolve })
  let last: Promise<unknown> = Promise.resolve()
  return {
    arrive: (party) => {
      awaited.delete(party)
      if (awaited.size === 0) begin()
      return begun
    },
    alone: (work) => {
      const mine = last.then(work)
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
