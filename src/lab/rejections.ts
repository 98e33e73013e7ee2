/** Told of promises of the lab that were rejected with nobody listening. */
export interface RejectionSink {
  /** A promise was rejected in this turn; somebody may still come to listen. */
  rejected(): void
  /** Nobody came. */
  unhandled(reason: unknown): void
}

/**
 * Runs `work` so that promises rejected in it go to the sink, and not to the process, which they would end.
 * Node gives a script no hook for the rejections of one context; but it reads `process.domain` at the moment of each
 * rejection, and later tells that domain instead of the process. So the sink stands there while the lab's code runs.
 * `unhandled` comes after Node's own next tick, so a turn with a rejection must be followed by a turn of Node's loop.
 */
export function withRejections<Result>(sink: RejectionSink, work: () => Result): Result {
  const former = Object.getOwnPropertyDescriptor(process, 'domain')
  const domain = {
    emit(_event: string, reason: unknown): boolean {
      sink.unhandled(reason)
      return true
    },
  }
  Object.defineProperty(process, 'domain', {
    configurable: true,
    get() {
      sink.rejected()
      return domain
    },
  })
  try {
    return work()
  } finally {
    if (former === undefined) delete (process as { domain?: unknown }).domain
    else Object.defineProperty(process, 'domain', former)
  }
}
