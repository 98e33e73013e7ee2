import { setTimeout as sleep } from 'node:timers/promises'

export interface ClockSeen {
  /** How late the latest of some short timers was, in ms. */
  late_ms: number
  /** By how much the wall clock and the monotonic one went apart meanwhile, in ms. */
  apart_ms: number
}

const TIMERS = 25
const EACH_MS = 10

/** Watches both clocks over some short timers; takes a quarter of a second where nothing is in the way. */
export async function measureClock(): Promise<ClockSeen> {
  const [wall, monotonic] = [Date.now(), performance.now()]
  let late_ms = 0
  for (let timer = 0; timer < TIMERS; timer += 1) {
    const asked = performance.now()
    await sleep(EACH_MS)
    late_ms = Math.max(late_ms, performance.now() - asked - EACH_MS)
  }
  return { late_ms, apart_ms: Math.abs(Date.now() - wall - (performance.now() - monotonic)) }
}
