import type { RealmEvent } from '../src/contract/trace.js'
import { wellFormedIn } from '../src/contract/well-formed.js'
import { native } from './natives.js'

type Unstamped<Event> = Event extends RealmEvent ? Omit<Event, 'seq' | 'ticks' | 'ms'> : never
export type RealmEventDraft = Unstamped<RealmEvent>

/** Where events go until somebody takes them, in order of happening. */
interface Trace {
  seq: number
  start_ms: number | null
  tick_ms: number
  pending: RealmEvent[]
  flushing: boolean
  deliver: ((events: RealmEvent[]) => void) | null
}

const trace: Trace = { seq: 0, start_ms: null, tick_ms: 1, pending: [], flushing: false, deliver: null }

/** Sets the scenario clock to zero; ticks are counted from here. */
export function startClock(tick_ms: number): void {
  trace.tick_ms = tick_ms
  trace.start_ms = native.now()
}

/** Whole ticks since the clock was started, to the nearest; 0 before. */
export const ticksNow = (): number => (trace.start_ms === null ? 0 : Math.round((native.now() - trace.start_ms) / trace.tick_ms))

/** Keeps an event; it is delivered at the end of this turn. What a subject hands on need have no form in UTF-8; what is kept of it has. */
export function record(draft: RealmEventDraft): void {
  const ms = trace.start_ms === null ? 0 : native.now() - trace.start_ms
  trace.pending.push({ ...wellFormedIn(draft), seq: trace.seq++, ticks: Math.round(ms / trace.tick_ms), ms } as RealmEvent)
  if (trace.flushing || trace.deliver === null) return
  trace.flushing = true
  native.queueMicrotask(flush)
}

export function deliverTo(deliver: (events: RealmEvent[]) => void): void {
  trace.deliver = deliver
}

/** Delivers what is pending now. */
export function flush(): void {
  trace.flushing = false
  if (trace.pending.length === 0 || trace.deliver === null) return
  const events = trace.pending
  trace.pending = []
  trace.deliver(events)
}

/** Passes on events that another host recorded and stamped, after what is pending here. */
export function deliverNow(events: RealmEvent[]): void {
  flush()
  trace.deliver?.(events)
}
