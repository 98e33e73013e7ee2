import { runAlgorithms, takesAlgorithms } from './abort-algorithms.js'
import { DOMException } from './dom-exception.js'
import { defineHandlers, dispatch, Event, EventTarget } from './events.js'
import { post } from './tasks.js'

const MAKER = Symbol('AbortSignal maker')
let abortNow: (signal: AbortSignal, reason: unknown) => void

const abortError = (): DOMException => new DOMException('signal is aborted without reason', 'AbortError')

export class AbortSignal extends EventTarget {
  #aborted = false
  #reason: unknown = undefined
  /** Those that this one was made of with `any`, none of them made so itself. */
  readonly #sources = new Set<AbortSignal>()
  readonly #dependents = new Set<AbortSignal>()
  constructor(maker?: symbol) {
    if (maker !== MAKER) throw new TypeError('Illegal constructor')
    super()
    takesAlgorithms(this)
  }
  static {
    abortNow = (signal, reason) => {
      if (signal.#aborted) return
      const marked = [signal, ...[...signal.#dependents].filter((dependent) => !dependent.#aborted)]
      const given = reason === undefined ? abortError() : reason
      // All are aborted before the first of them tells anybody.
      for (const one of marked) [one.#aborted, one.#reason] = [true, given]
      for (const one of marked) one.#tell()
    }
  }
  #tell(): void {
    runAlgorithms(this)
    dispatch(this, new Event('abort'))
  }
  get aborted(): boolean { return this.#aborted }
  get reason(): unknown { return this.#reason }
  throwIfAborted(): void { if (this.#aborted) throw this.#reason }
  static abort(reason?: unknown): AbortSignal {
    const signal = makeSignal()
    abortNow(signal, reason)
    return signal
  }
  static timeout(ms: number): AbortSignal {
    const delay_ms = Math.trunc(Number(ms))
    if (!(delay_ms >= 0 && delay_ms <= Number.MAX_SAFE_INTEGER)) throw new TypeError('AbortSignal.timeout wants a number of milliseconds')
    const signal = makeSignal()
    post(() => abortNow(signal, new DOMException('signal timed out', 'TimeoutError')), delay_ms)
    return signal
  }
  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const all = [...signals]
    const made = makeSignal()
    const first = all.find((signal) => signal.aborted)
    if (first !== undefined) {
      abortNow(made, first.reason)
      return made
    }
    for (const source of all.flatMap((signal) => (signal.#sources.size > 0 ? [...signal.#sources] : [signal]))) {
      made.#sources.add(source)
      source.#dependents.add(made)
    }
    return made
  }
}
defineHandlers(AbortSignal.prototype, ['abort'])

const makeSignal = (): AbortSignal => new AbortSignal(MAKER)

export class AbortController {
  readonly signal = makeSignal()
  abort(reason?: unknown): void {
    abortNow(this.signal, reason)
  }
}
