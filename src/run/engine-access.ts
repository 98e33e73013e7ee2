import { randomUUID } from 'node:crypto'
import { LanecheckError } from '../contract/errors.js'
import type { InfrastructureLoss } from '../contract/evidence.js'
import type { HostPacket } from '../contract/host.js'
import { admittanceKey } from '../contract/page-conditions.js'
import type { TraceEvent } from '../contract/trace.js'
import { MATRIX_HOST_ROLES, type HostRole } from '../contract/vocabulary.js'
import type { Loopback } from '../loopback/loopback.js'
import { startRefusingProxy } from '../loopback/refusing-proxy.js'
import { openOwnDoor, type OwnDoor } from '../loopback/own-door.js'
import type { OwnServer } from '../../bridge/own-server.js'
import { BRIDGE_LIMITS } from '../../bridge/protocol.js'
import type { EngineFound } from '../../lanes/engines/launch.js'
import { openSession, type EngineSession, type RealmPlace } from '../../lanes/session.js'
import { placeOf } from '../../lanes/where.js'
import { admit, type AdmissionAsked, type ProbeRealm } from './admit.js'
import { runAttempt, type AttemptPlan, type AttemptResult } from './attempt.js'
import type { BridgeDesk } from './bridge-desk.js'
import { probeAgain } from './probe-again.js'
import { proveSession, type CanaryOptions, type Proof } from './canaries.js'
import { watchOutside, type Watched } from './outside-watch.js'
import { supervise } from './supervisor.js'

export interface EngineAccessOptions {
  found: EngineFound
  loopback: Loopback
  bridge: BridgeDesk
  window_slot: number
  worker_slots: number[]
  signal: AbortSignal
  /** Globals that its realms are to be without; for tests and the downgrade oracle. */
  take_away?: readonly string[] | undefined
  /** How the service workers of its cells are ended; left out where they are not. */
  end_worker?: AttemptPlan['end_worker']
  /** The subject's own server, which is the other side of its bridge; null when that is the kit's own. */
  own_server?: OwnServer | null | undefined
  /** What is sent out in each session before its cells count; left out where no cells will run, as for a probe. */
  canaries?: CanaryOptions
  /** Shows a line of what goes on. */
  report(line: string): void
}

export type PlaceOf = (session: EngineSession) => RealmPlace
export type AttemptShape = Pick<AttemptPlan, 'name' | 'role' | 'page' | 'scenario' | 'order' | 'silence_limit_ms' | 'script' | 'take_away'>

/** A running session whose canaries are good. */
export interface Proven { session: EngineSession; number: number | null }

/** An engine behind its wall: started when needed, started again when lost, reached by attempts alone. */
export interface EngineAccess {
  /** Throws `engine_launch_failed`, `interrupted`. */
  session(): Promise<EngineSession>
  /** The running session once its canaries are good, or why there is none; one with a bad canary is replaced once. Throws as `session` does. */
  proven(): Promise<Proven | InfrastructureLoss>
  /** Never throws: what went wrong is in the result. A cell's attempt waits for the session's canaries. */
  attempt(placeOf: PlaceOf, shape: AttemptShape): Promise<AttemptResult>
  /** Proves a role and climbs the ladder for a subject. */
  admit(asked: AdmissionAsked): Promise<HostPacket>
  /** What realms were seen to be is asked for anew: another artifact runs in them from here on. */
  forgetProbes(): void
  close(): Promise<void>
}

export async function openEngineAccess(options: EngineAccessOptions): Promise<EngineAccess> {
  const proxy = await startRefusingProxy(options.loopback.leadsHere)
  const outside = watchOutside(proxy, options.found.engine)
  const proofs = new Map<EngineSession, Promise<Proof>>()
  let probes = 0
  let opened = (options.canaries?.first_session ?? 1) - 1
  let replaced: EngineSession | null = null

  const within = async (session: EngineSession, placeOf: PlaceOf, shape: AttemptShape, of_run: readonly string[] = options.take_away ?? []): Promise<AttemptResult> => {
    const watch: { own?: Watched } = {}
    let ticket = ''
    let add_event: (event: TraceEvent) => void = () => undefined
    const own = ownDoorFor(options, shape, (event) => add_event(event))
    try {
      return await runAttempt({
        ...shape,
        place: placeOf(session),
        loopback: options.loopback,
        lost: session.lost,
        signal: options.signal,
        own,
        feed: (add) => {
          add_event = add
          watch.own = outside.join(add)
          ticket = options.bridge.expect(shape.name, add)
        },
        bridge_ticket: () => ticket,
        take_away: [...of_run, ...(shape.take_away ?? [])],
        end_worker: options.end_worker,
        onEnd: () => {
          watch.own?.leave()
          own?.finish()
        },
        onOrder: (order) => options.bridge.ordered(shape.name, order),
        onRealmEvent: (event) => {
          if (event.kind === 'host.outside') watch.own?.recorded(event.url)
        },
      })
    } finally {
      watch.own?.leave()
      options.bridge.forget(shape.name)
    }
  }

  const prove = (session: EngineSession, number: number, canaries: CanaryOptions): Promise<Proof> => {
    let sent = 0
    return proveSession(number, session.identity, canaries, (canary, shape) => {
      const at = sent++ % session.workers.length
      return within(session, ({ workers }) => workers[at]!, { name: `canary.${session.engine}.${number}.${canary}`, role: 'dedicated_worker', page: 'plain', ...shape }, [])
    })
  }

  const supervisor = supervise(async () => {
    const session = await openSession({ ...options, proxy_url: proxy.url })
    if (options.canaries === undefined) return session
    const proof = prove(session, ++opened, options.canaries)
    // Whoever asks for it hears of a failure.
    proof.catch(() => undefined)
    proofs.set(session, proof)
    return session
  }, options.report)

  const proven = async (): Promise<Proven | InfrastructureLoss> => {
    for (let before: EngineSession | null = null; ;) {
      const session = await supervisor.current()
      const proof = await proofs.get(session)
      if (proof === undefined || proof.loss === null) return { session, number: proof?.session ?? null }
      // The engine that went while its canaries were out is started again by its supervisor; one that is still there is not asked twice.
      const went = proof.loss.what === 'engine_crashed' && session !== before
      if (!went && (proof.loss.what !== 'canary_failed' || (replaced !== null && replaced !== session))) return proof.loss
      before = session
      if (went) continue
      replaced = session
      await supervisor.replace(session, proof.loss.detail)
    }
  }

  const attempt = async (placeOf: PlaceOf, shape: AttemptShape): Promise<AttemptResult> => {
    const gone = overBridge(shape) ? options.own_server?.why() ?? null : null
    if (gone !== null) return nothing({ what: 'own_server_lost', detail: gone })
    try {
      const found = shape.order.type === 'run' ? await proven() : { session: await supervisor.current(), number: null }
      if ('what' in found) return nothing(found)
      const result = await within(found.session, placeOf, shape)
      return found.number === null ? result : { ...result, session: found.number }
    } catch (error) {
      return notStarted(error)
    }
  }

  const probe: ProbeRealm = probeAgain(({ role, page, without }, what) =>
    attempt((session) => (placeOf(role, page) === 'window' ? session.window : frameFor(session, role)), {
      name: `probe.${options.found.engine}.${role}.${++probes}`, role, page, scenario: null, order: { type: what }, take_away: without,
    }))
  // What a realm is does not hang on what a scenario needs of it: one probe a page tells for all of a session's.
  const seen = new Map<EngineSession, Map<string, Promise<AttemptResult>>>()
  const probeOnce: ProbeRealm = async (asked, what) => {
    const session = await supervisor.current()
    const of_session = seen.get(session) ?? new Map<string, Promise<AttemptResult>>()
    seen.set(session, of_session)
    const key = `${asked.role} ${admittanceKey({ page: asked.page, needs: [], without: asked.without })} ${what}`
    const result = of_session.get(key) ?? probe(asked, what)
    of_session.set(key, result)
    return await result
  }

  return {
    session: () => supervisor.current(),
    proven,
    attempt,
    forgetProbes: () => seen.clear(),
    admit: async (asked) => admit((await supervisor.current()).identity, asked, probeOnce),
    close: async () => {
      outside.close()
      await supervisor.close()
      await Promise.allSettled(proofs.values())
      await proxy.close()
    },
  }
}

const overBridge = ({ order }: AttemptShape): boolean => order.type === 'probe_bridge' || (order.type === 'run' && order.route === 'bridge')

function ownDoorFor({ own_server }: EngineAccessOptions, shape: AttemptShape, add: (event: TraceEvent) => void): OwnDoor | undefined {
  if (!own_server || !overBridge(shape)) return undefined
  return openOwnDoor({ origin: own_server.origin, session: randomUUID(), longest: BRIDGE_LIMITS.message_bytes, lost: own_server.lost, add })
}

function frameFor(session: EngineSession, role: HostRole): RealmPlace {
  // Roles are proven side by side where there is a frame for each: two realms in one place would share its connections.
  const workers: readonly HostRole[] = MATRIX_HOST_ROLES.filter((other) => other !== 'window')
  const place = session.workers[workers.indexOf(role) % session.workers.length]
  if (place === undefined) throw new LanecheckError('internal', `the session has no frame for a ${role}`)
  return place
}

function notStarted(error: unknown): AttemptResult {
  const detail = error instanceof Error ? error.message : String(error)
  const what = error instanceof LanecheckError && error.code === 'interrupted' ? 'interrupted' : 'engine_launch_failed'
  return nothing({ what, detail })
}

const nothing = (infrastructure: InfrastructureLoss): AttemptResult => ({ probe: null, subject: null, events: [], end: null, infrastructure, notes: [], wall_elapsed_ns: 0 })
