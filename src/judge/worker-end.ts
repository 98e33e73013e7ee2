import type { BridgeEvent, PeerEvent, TraceEvent } from '../contract/trace.js'
import type { Pending, WorkerEnd, WorkerEndRecord, WorkerEndSeen } from '../contract/worker-end.js'

type Kind = Pending['kind']
type Open = Omit<Pending, 'fate' | 'seen'>

/** What opens something that can be pending, and what settles it, as its own witness tells. */
const COURSES: ReadonlyArray<{ kind: Kind; opens: readonly string[]; settles: readonly string[] }> = [
  { kind: 'timer', opens: ['timer.set'], settles: ['timer.fired', 'timer.cleared'] },
  { kind: 'deadline', opens: ['deadline.started'], settles: ['deadline.exceeded', 'deadline.completed', 'deadline.cancelled'] },
  { kind: 'host_timer', opens: ['host.timer.set'], settles: ['host.timer.fired', 'host.timer.cleared'] },
  { kind: 'socket', opens: ['channel.opening', 'host.socket.created'], settles: ['channel.closed', 'host.socket.closed'] },
  { kind: 'request', opens: ['exchange.sent', 'host.fetch.sent'], settles: ['exchange.completed', 'exchange.cancelled', 'exchange.failed', 'host.fetch.ended', 'host.fetch.aborted', 'host.fetch.failed'] },
  { kind: 'stream', opens: ['stream.opening', 'host.events.created'], settles: ['stream.closed', 'host.events.close_called'] },
  { kind: 'call', opens: ['call.started'], settles: ['call.completed', 'call.failed', 'call.cancelled', 'call.timed_out'] },
]

/** Timers, sockets, requests, streams and calls that were begun in a capture and of which neither subject nor page tells an end; an interval's tick is none. */
export function pendingIn(events: readonly TraceEvent[]): Open[] {
  const own = events.filter(({ witness }) => witness === 'subject' || witness === 'page')
  const repeating = new Set(own.flatMap((event) => (event.kind === 'host.timer.set' && event.repeat ? [event.id] : [])))
  return COURSES.flatMap(({ kind, opens, settles }) => {
    const ids = [...new Set(own.flatMap((event) => (opens.includes(event.kind) ? [event.id] : [])))]
    return ids.filter((id) => {
      const last = own.findLast((event) => event.id === id && (opens.includes(event.kind) || settles.includes(event.kind)))
      return last !== undefined && (opens.includes(last.kind) || (last.kind === 'host.timer.fired' && repeating.has(id)))
    }).map((id) => ({ kind, id }))
  })
}

/** A step as a person knows it, as in `timer.set a`. */
const stepOf = (event: TraceEvent | undefined): string | null => (event === undefined ? null : `${event.kind} ${event.id}`)

/**
 * What comes of an end that Node saw, from the capture of its result alone.
 * What was pending is counted where the worker's line closed, so that its last words count; where it never did, where the end was asked for.
 */
export function workerEndOf(attempt: number, seen: WorkerEndSeen, events: readonly TraceEvent[]): WorkerEnd {
  const at = seen.gone_at ?? seen.asked_at
  const [before, after] = [events.slice(0, at), events.slice(at)]
  const fresh = seen.instance !== null && seen.back !== null && seen.back.starts === 1 && seen.back.nonce !== seen.instance.nonce
  const subject = (of: readonly TraceEvent[]): TraceEvent[] => of.filter(({ witness }) => witness === 'subject')
  return {
    attempt, ...seen,
    between: { before: stepOf(subject(before).at(-1)), after: stepOf(subject(after)[0]) },
    pending: pendingIn(before).map((open) => ({ ...open, ...fateOf(open, seen.gone_at !== null, events, at) })),
    bridge: bridgeOf(before, after),
    fresh,
  }
}

/** A witness outside the worker tells what it saw end well; what it does not tell of was lost with the worker, if that is known to be gone. */
function fateOf({ kind, id }: Open, gone: boolean, events: readonly TraceEvent[], at: number): Pick<Pending, 'fate' | 'seen'> {
  const peers = events.filter((event): event is PeerEvent => event.witness === 'peer' && event.id === id)
  const ended = kind === 'socket' || kind === 'request' || kind === 'stream' ? peers.findLast((event) => ENDS.has(event.kind)) : undefined
  if (ended !== undefined && well(ended)) return { fate: 'completed', seen: ended.kind }
  // One that was not seen to go may tell of its own ends later.
  const told = events.slice(at).find((event) => event.id === id && (event.witness === 'subject' || event.witness === 'page') && COURSES.some((course) => course.kind === kind && course.settles.includes(event.kind)))
  if (told !== undefined) return { fate: 'completed', seen: told.kind }
  return { fate: gone ? 'lost' : 'unknown', seen: ended?.kind ?? null }
}

const ENDS: ReadonlySet<string> = new Set(['peer.closed', 'peer.terminated', 'peer.ended', 'peer.aborted', 'peer.destroyed', 'peer.rejected'])
const well = (event: PeerEvent): boolean => event.kind === 'peer.ended' || (event.kind === 'peer.closed' && event.clean)

/** The session that was running, as its server's log goes on without the worker. */
function bridgeOf(before: readonly TraceEvent[], after: readonly TraceEvent[]): WorkerEnd['bridge'] {
  const log = (events: readonly TraceEvent[]): BridgeEvent[] => events.filter((event): event is BridgeEvent => event.witness === 'bridge' && event.side === 'server')
  const session = log(before).findLast(({ kind }) => kind === 'bridge.accepted')?.session
  if (session === undefined) return null
  const all = [...log(before), ...log(after)].filter((event) => event.session === session)
  const lost = all.find(({ kind }) => kind === 'bridge.lost' || kind === 'bridge.refused' || kind === 'bridge.cancelled')
  return { session, ended: all.some(({ kind }) => kind === 'bridge.closed'), reason: lost?.reason ?? null }
}

/** An end as one line for a person. */
export function workerEndLine({ how, between, pending, fresh, back, gone_at }: WorkerEnd): string {
  const count = (fate: Pending['fate']): string => `${pending.filter((one) => one.fate === fate).length} ${fate}`
  const gone = gone_at === null ? 'it was not seen to end' : `${pending.length} pending: ${count('lost')}, ${count('completed')}, ${count('unknown')}`
  const again = back === null ? 'it did not come back' : fresh ? 'another start of it came back' : 'what came back is not known to be another start'
  return `the service worker was ${how} ${between.before === null ? 'before the scenario' : `after ${between.before}`}; ${gone}; ${again}`
}

/** `worker-end.json` of a cell from all its results; null when none had its worker ended. */
export function workerEndRecord(cell: Pick<WorkerEndRecord, 'cell_id' | 'lane_id' | 'scenario_id'>, results: ReadonlyArray<{ seen: WorkerEndSeen | null; events: readonly TraceEvent[] }>): WorkerEndRecord | null {
  const ends = results.flatMap(({ seen, events }, index) => (seen === null ? [] : [workerEndOf(index + 1, seen, events)]))
  return ends.length === 0 ? null : { schema: 'lanecheck.worker-end.v1', ...cell, ends }
}

/** The ends of those results that are attempts, by the attempt's number. */
export function attemptEnds(record: WorkerEndRecord | null, lost: readonly boolean[]): WorkerEnd[] {
  return (record?.ends ?? []).filter(({ attempt }) => lost[attempt - 1] === false)
    .map((end) => ({ ...end, attempt: lost.slice(0, end.attempt).filter((one) => !one).length }))
}

/** Whether an end fell into the scenario: whoever says so, or whatever the subject had done by then. */
export const endedInScenario = ({ phase, between }: WorkerEnd): boolean => phase === 'in_scenario' || between.before !== null
