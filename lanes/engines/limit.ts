import { LanecheckError } from '../../src/contract/errors.js'

/** What `within` rejects with when time is up. */
export class LimitExceeded extends Error {}

/** Waits for `promise` no longer than `limit_ms`, or until `signal` aborts; throws `LimitExceeded` or `interrupted`. */
export async function within<Value>(limit_ms: number, what: string, promise: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  let stop = (): void => {}
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new LimitExceeded(`${what} took longer than ${limit_ms} ms`)), limit_ms)
    const onAbort = (): void => reject(new LanecheckError('interrupted', `${what} was interrupted`))
    if (signal?.aborted) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([promise, ended])
  } finally {
    stop()
  }
}

/** Waits for an ending that may fail or hang: no longer than `limit_ms`, and never throws. */
export async function settleWithin(limit_ms: number, promise: Promise<unknown>): Promise<void> {
  await within(limit_ms, 'ending', promise).catch(() => {})
}

/** The first line of an error's message, for a one-line reason. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split('\n', 1)[0]?.trim() ?? ''
}
