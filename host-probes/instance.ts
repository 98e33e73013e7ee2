import type { WorkerInstance } from '../src/contract/worker-end.js'

const STARTS = Symbol.for('lanecheck.starts')

/** Names this start of a service worker's script; null in other realms, which start once. A global that was there before would count two starts. */
export function instanceHere(): WorkerInstance | null {
  const scope = globalThis as unknown as Record<PropertyKey, unknown>
  if (typeof scope.skipWaiting !== 'function') return null
  const starts = (typeof scope[STARTS] === 'number' ? scope[STARTS] : 0) + 1
  scope[STARTS] = starts
  return { nonce: `${Math.random().toString(36).slice(2)}.${performance.timeOrigin.toString(36)}`, starts }
}
