interface Ears { why: string | null; listeners: Set<(why: string) => void> }
const all = new WeakMap<Promise<string>, Ears>()

/**
 * Hears of a loss, also of one that was before; gives what ends the listening.
 * A promise keeps whatever waits for it as long as it is pending itself, and an engine's is for a whole session.
 */
export function onLost(lost: Promise<string>, listener: (why: string) => void): () => void {
  const { why, listeners } = all.get(lost) ?? listenTo(lost)
  listeners.add(listener)
  if (why !== null) queueMicrotask(() => { if (listeners.has(listener)) listener(why) })
  return () => void listeners.delete(listener)
}

function listenTo(lost: Promise<string>): Ears {
  const ears: Ears = { why: null, listeners: new Set() }
  all.set(lost, ears)
  void lost.then((why) => {
    ears.why = why
    for (const listener of ears.listeners) listener(why)
  })
  return ears
}
