import { z } from 'zod'
import { RealmProbeSchema, SubjectDeclarationSchema } from './host.js'
import { RealmEventSchema } from './trace.js'
import type { Scenario } from './scenario.js'
import { WorkerInstanceSchema } from './worker-end.js'

/**
 * What crosses between Node and a realm. Node parses every message of a realm with these schemas;
 * a realm gets data that Node has parsed.
 */
export const FromRealmSchema = z.discriminatedUnion('type', [
  /** `instance`: of a service worker, which may start more than once. */
  z.strictObject({ type: z.literal('hello'), probe: RealmProbeSchema, subject: SubjectDeclarationSchema, instance: WorkerInstanceSchema.optional() }),
  /** Sent as things happen, batched by turn. */
  z.strictObject({ type: z.literal('events'), events: z.array(RealmEventSchema) }),
  z.strictObject({ type: z.literal('heartbeat'), beat: z.number().int() }),
  /** The scenario has ended and the subject is shut down. `stalled`: the limit in ticks ran out first. */
  z.strictObject({ type: z.literal('done'), stalled: z.boolean() }),
  /** The harness itself, the bridge, or the start of the subject failed; the code says which. `bridge_broken`: the server did not keep to the protocol. */
  z.strictObject({ type: z.literal('failed'), code: z.enum(['subject_throws', 'subject_never_starts', 'bridge_unreachable', 'bridge_broken', 'bridge_cancelled', 'harness']), message: z.string() }),
])
export type FromRealm = z.infer<typeof FromRealmSchema>

/** Where a realm finds the subject's own server, and the session that both ends log. */
export interface OwnServerOrder { url: string; session: string }

export interface RunOrder {
  type: 'run'
  scenario: Scenario
  /** `http://127.0.0.1:<port>`: where the peers are; the only origin the subject may reach. */
  origin: string
  /** `https://127.0.0.1:<port>`: where the peers are that speak h2; null when the scenario has none. */
  h2_origin: string | null
  /** Path before `<peer>/<id>`, as in `/<token>/peer/<attempt>/`. */
  peer_path: string
  /** Peers at which nothing listens: their own origins. */
  refused_origins: Record<string, string>
  seed: number
  route: 'direct' | 'bridge'
  /** `ws://…` of the bridge when the route is `bridge`; other carriers find it at the same path over HTTP. */
  bridge_url: string | null
  /** Of this attempt alone, and good for one session. */
  bridge_ticket?: string
  /** The subject's own server carries the bridge. */
  own_server?: OwnServerOrder
}
/** Runs a scenario with a fault of the realm itself in the middle of it. */
export interface CanaryOrder { type: 'canary'; fault: 'none' | 'hang' | 'crash'; run: RunOrder }
/** `probe_bridge`: try the bridge's handshake only, then answer `done` or `failed`. `let_go`: a service worker is no longer kept from being ended. */
export type ToRealm = RunOrder | CanaryOrder | { type: 'probe_bridge'; bridge_url: string; bridge_ticket: string; own?: { origin: string; server: OwnServerOrder } } | { type: 'stop' } | { type: 'let_go' }
