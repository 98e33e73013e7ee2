import { LanecheckError } from '../contract/errors.js'
import type { Engine } from '../contract/vocabulary.js'

/** Called for an engine that is known, or will not be had; resolves once the run may write. Throws `interrupted`, and what the first writing threw. */
export type Begin = (engine: Engine) => Promise<void>

/**
 * Has a run write first when all its engines are known: one of them may be refused, and what the folder holds is then left as it is.
 * `write` is called once; never, when `signal` aborts before.
 */
export function beginTogether(engines: readonly Engine[], write: () => Promise<void>, signal: AbortSignal): Begin {
  const unknown = new Set(engines)
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve, reject) => {
    const stop = (): void => reject(new LanecheckError('interrupted', 'the run was interrupted before it had anything to keep'))
    begin = () => {
      signal.removeEventListener('abort', stop)
      write().then(resolve, reject)
    }
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
  })
  // Whoever asks hears of it.
  begun.catch(() => undefined)
  return async (engine) => {
    if (unknown.delete(engine) && unknown.size === 0 && !signal.aborted) begin()
    await begun
  }
}
