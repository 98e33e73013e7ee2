import { vi } from 'vitest'
import { RealmEventSchema, type LeftAlive, type RealmEvent } from '../../../src/contract/trace.js'

export const ORIGIN = 'http://127.0.0.1:4000'
export const H2_ORIGIN = 'https://127.0.0.1:4001'
export const PEER_PATH = '/token/peer/attempt/'
export const REFUSED_ORIGIN = 'http://127.0.0.1:9'
/** Where a peer is found under the name of a channel, exchange or stream. */
export const at = (id: string, scheme = 'http'): string => `${ORIGIN}${PEER_PATH}p/${id}`.replace('http', scheme)

export interface FreshRealm {
  /** Everything recorded so far; each event must match its schema. */
  events(): RealmEvent[]
  /** Kind and id of each event, as one word. */
  said(): string[]
  kinds(): string[]
  alive(): { timers: string[]; sockets: string[]; requests: string[]; streams: string[]; left?: LeftAlive[] }
  /** `what: call` of all that is alive. */
  left(): string[]
}

/** The probes keep their state in modules: forgets them, so that what is imported next starts as in a new realm. */
export async function freshRealm(): Promise<FreshRealm> {
  vi.resetModules()
  const { deliverTo, flush } = await import('../../../host-probes/trace.js')
  const { drawBoundary } = await import('../../../host-probes/recorder/boundary.js')
  const { aliveNow } = await import('../../../host-probes/recorder/alive.js')
  const recorded: RealmEvent[] = []
  deliverTo((events) => recorded.push(...events))
  drawBoundary({ origin: ORIGIN, h2_origin: H2_ORIGIN, peer_path: PEER_PATH, refused_origins: [REFUSED_ORIGIN] })
  const events = (): RealmEvent[] => {
    flush()
    return recorded.map((event) => RealmEventSchema.parse(event))
  }
  return { events, said: () => events().map(({ kind, id }) => `${kind} ${id}`), kinds: () => events().map(({ kind }) => kind), alive: aliveNow, left: () => (aliveNow().left ?? []).map(({ what, call }) => `${what}: ${call}`) }
}

/** The parts of a global that a recorder is to see. */
export const realmWith = (parts: Record<string, unknown>): typeof globalThis => parts as unknown as typeof globalThis

export const turn = (): Promise<void> => new Promise((go) => { setTimeout(go, 0) })
