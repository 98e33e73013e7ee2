import { setTimeout as sleep } from 'node:timers/promises'
import type { InfrastructureLoss } from '../contract/evidence.js'
import type { FromRealm } from '../contract/realm-protocol.js'
import type { TraceEvent } from '../contract/trace.js'
import type { WorkerEndHow, WorkerEndSeen, WorkerEndTime, WorkerInstance } from '../contract/worker-end.js'
import { pendingIn, workerEndLine, workerEndOf } from '../judge/worker-end.js'
import type { Attempt } from '../loopback/attempt.js'
import type { RealmPlace } from '../../lanes/session.js'

/** Longest that a worker may take to be gone, and another to say hello, in ms. */
const LIMITS = { gone_ms: 12_000, back_ms: 15_000 }
/** Longest to wait for what the peers and the bridge's server see of it, in ms. */
const [SETTLE_LIMIT_MS, LOOK_EVERY_MS] = [3_000, 50]

/** That a run ends its service workers; `how` left out: by the first way that the engine lets us between scenarios, by the next during them; `limits` left out: the kit's own. */
export interface EndingWorkers { when: WorkerEndTime; how?: WorkerEndHow; limits?: typeof LIMITS }

export interface WorkerLifeOptions {
  ending: EndingWorkers
  place: RealmPlace
  attempt: Attempt
  /** Of the result, as they are kept. */
  events: readonly TraceEvent[]
  /** Resolves when there is nobody to wait for any more. */
  over: Promise<unknown>
}

/** One service worker of an attempt, from its first start to the one that follows it. */
export interface WorkerLife {
  /** Resolves when an end would be quick; never throws. */
  ready(): Promise<void>
  /** To be told of every hello. */
  hello(instance: WorkerInstance | undefined): void
  /** To be told when the former realm's line closes. */
  gone(): void
  /** Ends it and waits for the next; every wait is bounded. Never throws. */
  end(phase: WorkerEndSeen['phase']): Promise<{ seen: WorkerEndSeen; came_back: boolean }>
  /** Whether this is the moment to end it in the middle of its scenario: something is pending, and has come to whom it is pending with. */
  ripe(): boolean
  /** Why the cell has no verdict of a whole run. */
  loss(seen: WorkerEndSeen): InfrastructureLoss
}

/** Watches a service worker's life. Null where the place makes none. */
export function workerLife({ ending, place, attempt, events, over }: WorkerLifeOptions): WorkerLife | null {
  const means = place.service_worker
  const { gone_ms, back_ms } = ending.limits ?? LIMITS
  if (means === undefined) return null
  const how = ending.how !== undefined && means.ways.includes(ending.how) ? ending.how : wayFor(ending.when, means.ways)
  let [instance, back, gone_at]: [WorkerInstance | null, WorkerInstance | null, number | null] = [null, null, null]
  let [asked, ended, followed] = [false, false, false]
  let stopped = false
  void over.then(() => { stopped = true })
  const until = async (done: () => boolean, limit_ms: number): Promise<boolean> => {
    for (const limit = performance.now() + limit_ms; !done() && !stopped && performance.now() < limit;) await sleep(LOOK_EVERY_MS)
    return done()
  }
  return {
    ready: () => means.ready(),
    hello: (told) => {
      if (!asked) instance = told ?? null
      else [back, followed] = [told ?? null, true]
    },
    gone: () => {
      ended = true
      gone_at ??= events.length
    },
    ripe: () => !asked && isRipe(events),
    end: async (phase) => {
      asked = true
      const asked_at = events.length
      try {
        attempt.send({ type: 'let_go' })
        attempt.expectAnother(how === 'updated')
        await means.end(attempt, how)
        await until(() => ended, gone_ms)
        if (how !== 'updated') means.wake(attempt)
        await until(() => followed, back_ms)
        if (phase === 'in_scenario') await until(() => settled(events), SETTLE_LIMIT_MS)
      } catch {
        // What was not seen is not claimed: the record says how far it came.
      }
      return { seen: { how, phase, instance, asked_at, gone_at, back }, came_back: followed }
    },
    loss: (seen) => ({ what: 'worker_ended', detail: workerEndLine(workerEndOf(1, seen, events)) }),
  }
}

/** What the engine itself does, where it lets us; else both other ways are tried, one at each time. */
const wayFor = (when: WorkerEndTime, ways: readonly WorkerEndHow[]): WorkerEndHow => (ways.includes('stopped') ? 'stopped' : when === 'between' ? 'updated' : 'unregistered')

/** Something is pending, and what is pending with a peer has come to that peer. */
function isRipe(events: readonly TraceEvent[]): boolean {
  const pending = pendingIn(events)
  const known = new Set(events.flatMap((event) => (event.witness === 'peer' ? [event.id] : [])))
  return pending.length > 0 && pending.every(({ kind, id }) => WITH_NOBODY.has(kind) || known.has(id))
}

const WITH_NOBODY: ReadonlySet<string> = new Set(['timer', 'deadline', 'host_timer', 'call'])

/** Whether the witnesses outside the worker have told an end of all that they began, the bridge's server too. */
function settled(events: readonly TraceEvent[]): boolean {
  const begun = events.filter(({ kind }) => kind === 'peer.connected' || kind === 'peer.request').length
  const over = events.filter(({ kind }) => kind === 'peer.closed' || kind === 'peer.terminated' || kind === 'peer.ended' || kind === 'peer.aborted' || kind === 'peer.destroyed' || kind === 'peer.rejected').length
  const sessions = (kind: string): number => events.filter((event) => event.witness === 'bridge' && event.side === 'server' && event.kind === kind).length
  return over >= begun && sessions('bridge.closed') >= sessions('bridge.accepted')
}

/** A hello's own word of who it is. */
export const instanceIn = (message: FromRealm): WorkerInstance | undefined => (message.type === 'hello' ? message.instance : undefined)
