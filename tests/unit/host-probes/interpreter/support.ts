import { vi } from 'vitest'
import type { Scenario, Step } from '../../../../src/contract/scenario.js'
import type { SubjectEventStreamEvents, SubjectExchangeEvents, SubjectRuntime, SubjectSocketEvents, SubjectTimers } from '../../../../src/contract/subject.js'
import type { RealmEvent } from '../../../../src/contract/trace.js'
import { freshRealm } from '../support.js'

export const TICK_MS = 10

type Parts = Partial<Pick<Scenario, 'deadlines' | 'limit_ticks'>>

export function scenarioOf(tasks: Record<string, Step[]>, parts: Parts = {}): Scenario {
  return {
    id: 'made.up', title: 'made up', surface_family: 'timer_surface', tiers: ['T0'], scenario_clock_id: 'clock', tick_ms: TICK_MS, normalization_window: { early_ticks: 0, late_ticks: 0 },
    logical_deadline_id: null, deadlines: {}, peers: {}, limit_ticks: 50, tasks, expect: { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [] }, ...parts,
  }
}

/** The host's own timers, virtual in these tests. */
export const hostTimers = (): SubjectTimers => ({
  set: (ms, fire) => setTimeout(fire, ms),
  interval: (ms, fire) => setInterval(fire, ms),
  clear: (timer) => { clearTimeout(timer as number) },
})

export const runtimeOf = (parts: Partial<SubjectRuntime>): SubjectRuntime => ({ shutdown: () => Promise.resolve(), ...parts })

/** A runtime whose other side is the test: what it opened is under the address it was given. */
export function handRuntime(parts: Partial<SubjectRuntime> = {}) {
  const sockets = new Map<string, SubjectSocketEvents & { sent: unknown[]; closes: unknown[][]; protocols: string[] }>()
  const exchanges = new Map<string, SubjectExchangeEvents & { plan: unknown; cancels: number }>()
  const streams = new Map<string, SubjectEventStreamEvents & { closes: number }>()
  const runtime = runtimeOf({
    timers: hostTimers(),
    sockets: {
      open: (url, protocols, events) => {
        const socket = { ...events, sent: [] as unknown[], closes: [] as unknown[][], protocols }
        sockets.set(url, socket)
        return { send: (data) => { socket.sent.push(data) }, close: (...given) => { socket.closes.push(given) } }
      },
    },
    requests: {
      send: (url, plan, events) => {
        const exchange = { ...events, plan, cancels: 0 }
        exchanges.set(url, exchange)
        return { cancel: () => { exchange.cancels += 1 } }
      },
    },
    events: {
      open: (url, events) => {
        const stream = { ...events, closes: 0 }
        streams.set(url, stream)
        return { close: () => { stream.closes += 1 } }
      },
    },
    ...parts,
  })
  return { runtime, sockets, exchanges, streams }
}

export interface Play {
  ended: { stalled: boolean } | null
  events(): RealmEvent[]
  /** `kind id`, with the tick where it is not 0. */
  said(): string[]
  /** Lets this many ticks go by. */
  pass(ticks: number): Promise<void>
}

/** Starts a scenario on the virtual clock that the test has set up; the address of a peer is `scheme:peer/id/path`. */
export async function play(scenario: Scenario, runtime: SubjectRuntime): Promise<Play> {
  const fresh = await freshRealm()
  const { runScenario } = await import('../../../../host-probes/interpreter/run.js')
  const playing: Play = {
    ended: null,
    events: fresh.events,
    said: () => fresh.events().map(({ kind, id, ticks }) => `${kind} ${id}${ticks === 0 ? '' : ` @${ticks}`}`),
    pass: async (ticks) => { await vi.advanceTimersByTimeAsync(ticks * TICK_MS) },
  }
  void runScenario(scenario, runtime, (peer, id, scheme, path) => `${scheme}:${peer}/${id}${path === undefined ? '' : `/${path}`}`).then((ended) => { playing.ended = ended })
  await playing.pass(0)
  return playing
}
