import { LanecheckError } from '../contract/errors.js'
import type { HostPacket } from '../contract/host.js'
import { admittanceKey } from '../contract/page-conditions.js'
import { MATRIX_HOST_ROLES, type HostRole } from '../contract/vocabulary.js'
import type { Loopback } from '../loopback/loopback.js'
import { startRefusingProxy } from '../loopback/refusing-proxy.js'
import type { EngineFound } from '../../lanes/engines/launch.js'
import { openSession, type EngineSession, type RealmPlace } from '../../lanes/session.js'
import { placeOf } from '../../lanes/where.js'
import { admit, type AdmissionAsked, type ProbeRealm } from './admit.js'
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
  /** Shows a line of what goes on. */
  report(line: string): void
}

export type PlaceOf = (session: EngineSession) => RealmPlace
export type AttemptShape = Pick<AttemptPlan, 'name' | 'role' | 'page' | 'scenario' | 'order'>

/** An engine behind its wall: started when needed, started again when lost, reached by attempts alone. */
export interface EngineAccess {
  /** Throws `engine_launch_failed`, `interrupted`. */
  session(): Promise<EngineSession>
  /** Never throws: what went wrong is in the result. */
  attempt(placeOf: PlaceOf, shape: AttemptShape): Promise<AttemptResult>
  /** Proves a role and climbs the ladder for a subject. */
  admit(asked: AdmissionAsked): Promise<HostPacket>
  close(): Promise<void>
}

export async function openEngineAccess(options: EngineAccessOptions): Promise<EngineAccess> {
  const proxy = await startRefusingProxy(options.loopback.leadsHere)
  const outside = watchOutside(proxy, options.found.engine)
  const supervisor = supervise(() => openSession({ ...options, proxy_url: proxy.url }), options.report)
  let probes = 0

  const attempt = async (placeOf: PlaceOf, shape: AttemptShape): Promise<AttemptResult> => {
    const watch: { own?: Watched } = {}
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
          options.bridge.expect(shape.name, add)
        },
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

  const probe: ProbeRealm = ({ role, page }, what) =>
    attempt((session) => (placeOf(role, page) === 'window' ? session.window : frameFor(session, role)), {
      name: `probe.${options.found.engine}.${role}.${++probes}`, role, page, scenario: null, order: { type: what },
    })
  // What a realm is does not hang on what a scenario needs of it: one probe a page tells for all.
  const seen = new Map<string, Promise<AttemptResult>>()
  const probeOnce: ProbeRealm = (asked, what) => {
    const key = `${asked.role} ${admittanceKey({ page: asked.page, needs: [] })} ${what}`
    const result = seen.get(key) ?? probe(asked, what)
    seen.set(key, result)
    return result
  }

  return {
    session: () => supervisor.current(),
    attempt,
    admit: async (asked) => admit((await supervisor.current()).identity, asked, probeOnce),
    close: async () => {
      outside.close()
      await supervisor.close()
      await proxy.close()
    },
  }
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
  return { probe: null, subject: null, events: [], end: null, infrastructure: { what, detail }, notes: [], wall_elapsed_ns: 0 }
}
