import type { InfrastructureLoss } from '../contract/evidence.js'
import type { RealmProbe, SubjectDeclaration } from '../contract/host.js'
import type { CanaryOrder, FromRealm, RunOrder, ToRealm } from '../contract/realm-protocol.js'
import type { PageCondition } from '../contract/page-conditions.js'
import type { Scenario } from '../contract/scenario.js'
import type { TraceEvent } from '../contract/trace.js'
import type { HostRole } from '../contract/vocabulary.js'
import type { Loopback } from '../loopback/loopback.js'
import type { Attempt } from '../loopback/attempt.js'
import type { OwnDoor } from '../loopback/own-door.js'
import type { RealmPlace } from '../../lanes/session.js'
import type { WorkerEndSeen } from '../contract/worker-end.js'
import { wellFormedIn } from '../contract/well-formed.js'
import { onLost } from './on-lost.js'
import { realmLine, type RealmLine } from './realm-line.js'
import { workerLife, type EndingWorkers } from './worker-life.js'

/** Longest a realm may take to say hello, in ms. */
export const HELLO_LIMIT_MS = 15_000
/** What a scenario may take beyond its own limit, for start and shutdown, in ms. */
export const SLACK_MS = 14_000
/** Longest to wait for the peers' connections to end once the realm is done, in ms. */
const SETTLE_LIMIT_MS = 1_500

export interface AttemptPlan {
  /** Unique in the run. */
  name: string
  role: HostRole
  /** What its page is served as. */
  page: PageCondition
  place: RealmPlace
  loopback: Loopback
  scenario: Scenario | null
  /** What to send after the hello; `run` gets its addresses from the attempt. */
  order: { type: 'run'; route: 'direct' | 'bridge'; seed: number } | { type: 'canary'; fault: CanaryOrder['fault']; sent: unknown } | { type: 'probe_bridge' } | { type: 'hello_only' }
  /** Evaluated in the realm instead of the run's artifact. */
  script?: string
  /** How long without a sign of life is too long, in ms; left out: the limit for cells. */
  silence_limit_ms?: number
  /** Resolves with the reason when the engine is lost. */
  lost: Promise<string>
  signal: AbortSignal
  /** What the bridge gave for this attempt; asked for when the order is made. */
  bridge_ticket?(): string
  /** Globals that the realm is to be without. */
  take_away?: readonly string[] | undefined
  /** The service worker is to be ended, and to come back; its scenario's verdict is none when that is in the middle of it. */
  end_worker?: EndingWorkers | undefined
  /** The door to the subject's own server, when that is the other side of the bridge. */
  own?: OwnDoor | undefined
  /** Called once with the order that was sent, so that the bridge knows what to expect. */
  onOrder?(order: RunOrder): void
  /** Adds events of witnesses outside the realm (bridge server, proxy) as they happen. */
  feed?(add: (event: TraceEvent) => void): void
  /** Called before the capture is closed: the last chance to add to it. */
  onEnd?(): void
  /** Called with each event of the realm as it comes in. */
  onRealmEvent?(event: TraceEvent): void
}

export interface AttemptResult {
  probe: RealmProbe | null
  subject: SubjectDeclaration | null
  /** All witnesses, in order of arrival; `seq` counts through. */
  events: TraceEvent[]
  end: Extract<FromRealm, { type: 'done' | 'failed' }> | null
  infrastructure: InfrastructureLoss | null
  notes: string[]
  wall_elapsed_ns: number
  /** How its service worker was ended; left out when it was not. */
  worker_end?: WorkerEndSeen
  /** The engine session it was made in; left out when there was none. */
  session?: number
}

/** Makes a realm, has it do one thing and lets it go; never throws, always ends. */
export async function runAttempt(plan: AttemptPlan): Promise<AttemptResult> {
  const started = process.hrtime.bigint()
  const result: AttemptResult = { probe: null, subject: null, events: [], end: null, infrastructure: null, notes: [], wall_elapsed_ns: 0 }
  let over = false
  // What comes in once the attempt is over, as a bridge's last word may, is not of the record that is made of it, and so not of its capture.
  const add = (event: TraceEvent): void => { if (!over) result.events.push({ ...event, seq: result.events.length }) }
  plan.feed?.(add)
  let realm = realmLine(plan.silence_limit_ms)
  const strikes = strikesOn(() => realm)
  let unread: InfrastructureLoss | null = null
  const attempt = plan.loopback.attempt({
    attempt: plan.name, slot: plan.place.slot, role: plan.role, page: plan.page, scenario: plan.scenario,
    ...(plan.take_away === undefined ? {} : { take_away: plan.take_away }), ...(plan.script === undefined ? {} : { script: plan.script }),
    ...(plan.own === undefined ? {} : { own: plan.own }),
    onMessage: (message) => {
      hear(message)
      if (message.type === 'hello') life?.hello(message.instance)
      realm.receive(message)
      endIfRipe()
    },
    onClosed: () => realm.lose({ what: 'realm_crashed', detail: 'the realm\'s connection closed before it was done' }),
    onFormerMessage: hear,
    onFormerClosed: () => life?.gone(),
    onPeerEvent: (event) => {
      add(event)
      endIfRipe()
    },
    onAgentError: (message) => strikes.strike({ what: 'realm_not_started', detail: message }),
    onRefused: (what) => result.notes.push(`loopback refused: ${what}`),
    onUnread: (what) => {
      unread ??= { what: 'realm_crashed', detail: `a message of the realm could not be read, and what it told of is lost: ${what}` }
      strikes.strike(unread)
    },
  })
  const life = plan.end_worker !== undefined && plan.order.type === 'run' && plan.role === 'service_worker'
    ? workerLife({ ending: plan.end_worker, place: plan.place, attempt, events: result.events, over: strikes.struck }) : null
  let ending: ReturnType<NonNullable<typeof life>['end']> | null = null
  let ordered = false
  function endIfRipe(): void {
    if (!ordered || plan.end_worker?.when !== 'during' || life?.ripe() !== true) return
    ending = life.end('in_scenario')
    // From here on nothing that this realm says is the cell's.
    realm.lose({ what: 'worker_ended', detail: 'its end was asked for' })
  }
  function hear(message: FromRealm): void {
    if (message.type !== 'events') return
    for (const event of message.events) {
      plan.onRealmEvent?.(event)
      add(event)
    }
  }
  plan.place.onError(plan.name, (message) => strikes.strike({ what: 'realm_not_started', detail: message }))
  const unheard = [onLost(plan.lost, (why) => strikes.strike({ what: 'engine_crashed', detail: why }))]
  if (plan.own !== undefined) unheard.push(onLost(plan.own.lost, (why) => strikes.strike({ what: 'own_server_lost', detail: why })))
  const onAbort = (): void => strikes.strike({ what: 'interrupted', detail: 'the run was interrupted' })
  plan.signal.addEventListener('abort', onAbort)
  if (plan.signal.aborted) onAbort()
  try {
    await plan.place.make(plan.role, attempt).catch((error: Error) => strikes.strike({ what: 'realm_not_started', detail: error.message }))
    let hello = await realm.next('hello', HELLO_LIMIT_MS)
    await life?.ready()
    if (hello?.type === 'hello' && plan.end_worker?.when === 'between' && life !== null) {
      realm = realmLine(plan.silence_limit_ms)
      strikes.again()
      const { seen, came_back } = await life.end('before_scenario')
      result.worker_end = seen
      if (!came_back) strikes.strike(life.loss(seen))
      hello = await realm.next('hello', HELLO_LIMIT_MS)
    }
    if (hello?.type === 'hello') {
      result.probe = hello.probe
      result.subject = hello.subject
      const order = toOrder(plan, attempt)
      if (order !== null) {
        if (order.type === 'run') plan.onOrder?.(order)
        attempt.start()
        ordered = true
        attempt.send(order)
        const limit_ms = plan.scenario === null ? HELLO_LIMIT_MS : plan.scenario.limit_ticks * plan.scenario.tick_ms + SLACK_MS
        result.end = await realm.next('end', limit_ms) as AttemptResult['end']
        await plan.own?.settled(SETTLE_LIMIT_MS)
        if (plan.scenario !== null && result.end !== null && !(await attempt.settled(SETTLE_LIMIT_MS))) result.notes.push('a peer connection was still open when the realm was let go')
      }
    } else if (hello?.type === 'failed') result.end = hello
    // Whenever it came in: a capture with a hole in it is no attempt's.
    result.infrastructure = realm.loss() ?? unread
    if (ending !== null && life !== null) {
      result.worker_end = (await ending as Awaited<ReturnType<typeof life.end>>).seen
      result.infrastructure = strikes.first() ?? life.loss(result.worker_end)
    }
    if (plan.end_worker !== undefined && plan.role === 'service_worker' && plan.order.type === 'run' && result.worker_end === undefined) result.notes.push('its service worker was not ended: nothing was pending, or its page makes it by itself')
  } catch (error) {
    result.infrastructure = { what: 'realm_crashed', detail: error instanceof Error ? error.message : String(error) }
  } finally {
    plan.signal.removeEventListener('abort', onAbort)
    for (const stop of unheard) stop()
    letGo(plan, attempt, result.infrastructure !== null && HANGS.has(result.infrastructure.what))
  }
  if (result.infrastructure !== null) result.infrastructure = wellFormedIn(result.infrastructure)
  plan.onEnd?.()
  over = true
  result.wall_elapsed_ns = Number(process.hrtime.bigint() - started)
  return result
}

/** What strikes a realm from outside strikes whichever follows it too. */
function strikesOn(realm: () => RealmLine): { strike(loss: InfrastructureLoss): void; again(): void; first(): InfrastructureLoss | null; struck: Promise<void> } {
  let [first, tell]: [InfrastructureLoss | null, () => void] = [null, () => undefined]
  const struck = new Promise<void>((resolve) => { tell = resolve })
  return {
    struck,
    first: () => first,
    again: () => { if (first !== null) realm().lose(first) },
    strike: (loss) => {
      first ??= loss
      realm().lose(loss)
      tell()
    },
  }
}

function toOrder(plan: AttemptPlan, attempt: Attempt): Exclude<ToRealm, { type: 'stop' }> | null {
  if (plan.order.type === 'hello_only') return null
  const own_server = plan.own === undefined ? null : { url: attempt.own_url, session: plan.own.session }
  if (plan.order.type === 'probe_bridge') return { ...(own_server === null ? {} : { own: { origin: attempt.origin, server: own_server } }), type: 'probe_bridge', bridge_url: attempt.bridge_url, bridge_ticket: plan.bridge_ticket?.() ?? '' }
  const { route, seed } = plan.order.type === 'run' ? plan.order : { route: 'direct' as const, seed: 0 }
  // The bridge's server knows no name but this machine's own.
  const origin = route === 'bridge' ? plan.loopback.origin(plan.place.slot) : attempt.origin
  const { h2_origin, peer_path, refused_origins } = attempt
  const bridged = own_server !== null ? { bridge_url: null, own_server } : route === 'bridge' ? { bridge_url: attempt.bridge_url, bridge_ticket: plan.bridge_ticket?.() ?? '' } : { bridge_url: null }
  const run: RunOrder = { type: 'run', scenario: plan.scenario!, origin, h2_origin, peer_path, refused_origins, seed, route, ...bridged }
  // What a canary sends may be no scenario at all.
  return plan.order.type === 'canary' ? { type: 'canary', fault: plan.order.fault, run: { ...run, scenario: plan.order.sent as Scenario } } : run
}

/** What a realm that hangs looks like from here; its place may hang with it. */
const HANGS: ReadonlySet<InfrastructureLoss['what']> = new Set(['realm_silent', 'realm_not_started'])

function letGo(plan: AttemptPlan, attempt: Attempt, hangs: boolean): void {
  try {
    if (attempt.connected()) attempt.send({ type: 'stop' })
  } catch {
    // It left by itself.
  }
  plan.place.release(plan.role, attempt, hangs)
  attempt.dispose()
}
