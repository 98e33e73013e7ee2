/** Apart from the signals, since events need them and signals are targets of events. */
const algorithms = new WeakMap<object, Set<() => void>>()

export function takesAlgorithms(signal: object): void {
  algorithms.set(signal, new Set())
}

/** Runs an algorithm when the signal aborts, before its listeners; gives what takes it back. */
export function onAbort(signal: object, algorithm: () => void): () => void {
  const own = algorithms.get(signal)
  if (own === undefined) throw new TypeError('The signal is no AbortSignal')
  own.add(algorithm)
  return () => own.delete(algorithm)
}

export function runAlgorithms(signal: object): void {
  const own = [...algorithms.get(signal)!]
  algorithms.get(signal)!.clear()
  for (const algorithm of own) algorithm()
}
