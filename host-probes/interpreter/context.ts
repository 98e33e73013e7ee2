import type { Scenario, SyncStep } from '../../src/contract/scenario.js'
import type { SubjectEventStream, SubjectExchange, SubjectRuntime, SubjectSocket, TimerHandle } from '../../src/contract/subject.js'

/** Whoever waits for a condition is asked again after each thing that happens. */
export interface Waiter { ready: () => boolean; go: () => void }

export interface TimerState { handle: TimerHandle | null; handles: TimerHandle[]; wanted: number; fired: number; cleared: boolean }
export interface ChannelState { socket: SubjectSocket | null; opened: boolean; closed: boolean; received: number }
export interface ExchangeState { exchange: SubjectExchange | null; head: boolean; bytes: number; ended: boolean }
export interface StreamState { stream: SubjectEventStream | null; events: number; ended: boolean }
export interface DeadlineState { handle: TimerHandle | null; settled: boolean }
export interface CallState {
  ended: boolean
  reports: number
  abort(reason: unknown): void
  /** Ends the deadline that came with the call, if one did; it changes nothing once that has settled. */
  endDeadline(how: 'completed' | 'cancelled'): void
}

/** Everything a running scenario knows. */
export interface Context {
  scenario: Scenario
  runtime: SubjectRuntime
  addressOf(peer: string, id: string, scheme: 'http' | 'ws', path?: string): string
  timers: Map<string, TimerState>
  deadlines: Map<string, DeadlineState>
  channels: Map<string, ChannelState>
  exchanges: Map<string, ExchangeState>
  streams: Map<string, StreamState>
  calls: Map<string, CallState>
  waiters: Set<Waiter>
  stopped: boolean
  /** Ends the run early: a family is absent, or the subject threw. */
  stop(): void
  shutdown(): Promise<void>
  /** Runs the steps of a callback in its turn. */
  runSync(steps: SyncStep[]): void
}

/** Thrown to end the run because the subject lacks a family; recorded before. */
export class FamilyAbsent extends Error {}

/** Wakes those whose condition now holds. */
export function happened(context: Context): void {
  for (const waiter of context.waiters) {
    if (!context.stopped && !waiter.ready()) continue
    context.waiters.delete(waiter)
    waiter.go()
  }
}

/** Resolves once `ready` holds, or the run is stopped. */
export function until(context: Context, ready: () => boolean): Promise<void> {
  if (context.stopped || ready()) return Promise.resolve()
  return new Promise((go) => context.waiters.add({ ready, go }))
}

/** The state under a name; a scenario that Node has checked never asks for one that is not there. */
export function of<State>(states: Map<string, State>, id: string): State {
  const state = states.get(id)
  if (state === undefined) throw new Error(`the scenario uses "${id}" before it makes it`)
  return state
}
