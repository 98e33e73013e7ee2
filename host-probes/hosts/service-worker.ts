import { native } from '../natives.js'

interface Lifecycle extends Event { waitUntil(until: Promise<unknown>): void }

/** Longest a service worker is held alive for a cell, in ms; Node ends the cell long before. */
const HOLD_LIMIT_MS = 25_000

/** Takes over at once and keeps the worker from being stopped for idleness while a cell runs in it, whether it was installed or woken by a message. */
export function holdServiceWorker(setTimeout: (fire: () => void, ms: number) => number): { release(): void } {
  const scope = globalThis as unknown as { skipWaiting?: () => Promise<void>; addEventListener: typeof addEventListener }
  let release = (): void => undefined
  if (typeof scope.skipWaiting !== 'function') return { release }
  const held = new Promise<void>((go) => {
    release = go
    setTimeout(go, HOLD_LIMIT_MS)
  })
  // The realm's own: the recorder takes what comes after it for the subject's.
  const listen = native.addEventListener ?? scope.addEventListener
  listen('install', () => void scope.skipWaiting!())
  for (const wakes of ['activate', 'message']) listen(wakes, (event) => (event as Lifecycle).waitUntil(held))
  return { release: () => release() }
}
