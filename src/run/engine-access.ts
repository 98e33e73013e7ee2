import { LanecheckError } from '../contract/errors.js'
import type { HostPacket, SubjectDeclaration } from '../contract/host.js'
import { HOST_ROLES, type HostRole } from '../contract/vocabulary.js'
import type { Loopback } from '../loopback/loopback.js'
import { startRefusingProxy } from '../loopback/refusing-proxy.js'
import type { EngineFound } from '../../lanes/engines/launch.js'
import { openSession, type EngineSession, type RealmPlace } from '../../lanes/session.js'
import { admit } from './admit.js'
import { runAttempt, type AttemptPlan, type AttemptResult } from './attempt.js'
import type { BridgeDesk } from './bridge-desk.js'
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
  /** Shows a line of what goes on. */
  report(line: string): void
}

export type PlaceOf = (session: EngineSession) => RealmPlace
export type AttemptShape = Pick<AttemptPlan, 'name' | 'role' | 'scenario' | 'order'>

/** An engine behind its wall: started when needed, started again when lost, reached by attempts alone. */
export interface EngineAccess {
  /** Throws `engine_launch_failed`, `interrupted`. */
  session(): Promise<EngineSession>
  /** Never throws: what went wrong is in the result. */
  attempt(placeOf: PlaceOf, shape: AttemptShape): Promise<AttemptResult>
  /** Proves a role and climbs the ladder for a subject. */
  admit(role: HostRole, subject: SubjectDeclaration): Promise<HostPacket>
  close(): Promise<void>
}

export async function openEngineAccess(options: EngineAccessOptions): Promise<EngineAccess> {
  const proxy = await startRefusingProxy()
  const outside = watchOutside(proxy, options.found.engine)
  const supervisor = supervise(() => openSession({ ...options, proxy_url: proxy.url }), options.report)
  let probes = 0

  const attempt = async (placeOf: PlaceOf, shape: AttemptShape): Promise<AttemptResult> => {
    const watch: { own?: Watched } = {}
    let ticket = ''
    try {
      const session = await supervisor.current()
      return await runAttempt({
        ...shape,
        place: placeOf(session),
        loopback: options.loopback,
        lost: session.lost,
        signal: options.signal,
        feed: (add) => {
          watch.own = outside.join(add)
          ticket = options.bridge.expect(shape.name, add)
        },
        bridge_ticket: () => ticket,
        take_away: options.take_away,
        onEnd: () => watch.own?.leave(),
        onOrder: (order) => options.bridge.ordered(shape.name, order),
        onRealmEvent: (event) => {
          if (event.kind === 'host.outside') watch.own?.recorded(event.url)
        },
      })
    } catch (error) {
      return notStarted(error)
    } finally {
      watch.own?.leave()
      options.bridge.forget(shape.name)
    }
  }

  const probe = (role: HostRole, what: 'hello_only' | 'probe_bridge'): Promise<AttemptResult> =>
    attempt((session) => placeFor(session, role), { name: `probe.${options.found.engine}.${role}.${++probes}`, role, scenario: null, order: { type: what } })

  return {
    session: () => supervisor.current(),
    attempt,
    admit: async (role, subject) => admit((await supervisor.current()).identity, role, subject, probe),
    close: async () => {
      outside.close()
      await supervisor.close()
      await proxy.close()
    },
  }
}

function placeFor(session: EngineSession, role: HostRole): RealmPlace {
  // Roles are proven side by side where there is a frame for each: two realms in one place would share its connections.
  const workers = HOST_ROLES.filter((other) => other !== 'window')
  const place = role === 'window' ? session.window : session.workers[workers.indexOf(role) % session.workers.length]
  if (place === undefined) throw new LanecheckError('internal', `the session has no frame for a ${role}`)
  return place
}

function notStarted(error: unknown): AttemptResult {
  const detail = error instanceof Error ? error.message : String(error)
  const what = error instanceof LanecheckError && error.code === 'interrupted' ? 'interrupted' : 'engine_launch_failed'
  return { probe: null, subject: null, events: [], end: null, infrastructure: { what, detail }, notes: [], wall_elapsed_ns: 0 }
}
