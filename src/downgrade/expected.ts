import type { DowngradeAnswer } from '../contract/downgrade-report.js'
import type { CauseDetail, SubjectDeclaration } from '../contract/host.js'
import type { PageCondition } from '../contract/page-conditions.js'
import type { Capability, HostRole, TakenGlobal } from '../contract/vocabulary.js'
import type { Trial } from './trials.js'

const NOT_ISOLATED: CauseDetail = { cause: 'prerequisite_missing', prerequisite: 'cross_origin_isolation' }
const NO_SECURE_CONTEXT: CauseDetail = { cause: 'prerequisite_missing', prerequisite: 'secure_context' }
const WASM_BLOCKED: CauseDetail = { cause: 'wasm_blocked' }

/** What a page withholds from every realm of every engine, and what the contract calls that. */
export const WITHHELD_BY_PAGE: Readonly<Record<PageCondition, Partial<Record<Capability, CauseDetail>>>> = {
  plain: { shared_array_buffer: NOT_ISOLATED },
  isolated: {},
  wasm_forbidden: { shared_array_buffer: NOT_ISOLATED, webassembly: WASM_BLOCKED },
  // Marked [SecureContext] in Web Cryptography, File System, WebTransport and WebSocketStream.
  insecure: { shared_array_buffer: NOT_ISOLATED, crypto_subtle: NO_SECURE_CONTEXT, opfs: NO_SECURE_CONTEXT, webtransport: NO_SECURE_CONTEXT, websocket_stream: NO_SECURE_CONTEXT },
}

/** Roles of which a page has no realm at all: Service Workers, 3.4, wants a secure context. */
export const NO_REALM: Readonly<Record<PageCondition, readonly HostRole[]>> = { plain: [], isolated: [], wasm_forbidden: [], insecure: ['service_worker'] }

/** What goes with a global. */
export const GOES_WITH: Readonly<Record<TakenGlobal, readonly Capability[]>> = {
  WebAssembly: ['webassembly', 'jspi'],
  WebSocket: ['websocket'],
  ReadableStream: ['fetch_streaming'],
  fetch: ['fetch'],
  Worker: ['worker'],
  crypto: ['crypto_random', 'crypto_subtle'],
  'crypto.subtle': ['crypto_subtle'],
  SharedArrayBuffer: ['shared_array_buffer'],
}

/** What engines differ in, by role: here what the realm's own probe found is taken for what there is. Of all else every realm has all. */
export const UP_TO_THE_ENGINE: ReadonlySet<Capability> = new Set<Capability>([
  'eventsource', 'indexeddb', 'opfs', 'worker', 'shared_array_buffer', 'webtransport', 'websocket_stream', 'scheduler', 'jspi',
])

/** What the contract asks for where nothing stands against the subject. */
const DIRECT: DowngradeAnswer = { support_class: 'direct', reason_code: 'admitted_direct', cause: null, carrier: null, verdict: 'parity' }

/** Whether a realm has something that is up to its engine; null when nobody knows. */
export type Has = (capability: Capability) => boolean | null

/**
 * What the contract asks of a trial in a realm of this role, from what was taken away, what the page withholds and what the subject says of itself.
 * Written from the contract's text; the ladder that decides it in a run has no part in it.
 */
export function expectedAnswer(trial: Trial, role: HostRole, subject: SubjectDeclaration, has: Has): DowngradeAnswer {
  const refused = { support_class: 'unsupported', carrier: null, verdict: 'unsupported' } as const
  if (NO_REALM[trial.page].includes(role)) return { ...refused, reason_code: 'realm_unavailable', cause: NO_SECURE_CONTEXT }
  const cause = expectedCause(trial, role, subject, has)
  if (cause === null) return DIRECT
  if (!subject.bridge) return { ...refused, reason_code: 'unsupported_runtime_context', cause }
  // How a subject reaches a server of its own is its own affair.
  const carrier = subject.downgrade?.server === undefined ? trial.carrier : null
  return { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge', cause, carrier, verdict: 'bridge_only' }
}

/** The subject's own refusal, else what the page withholds, else the first that is missing of what is needed, in the order of the list; null when nothing is. */
function expectedCause(trial: Trial, role: HostRole, subject: SubjectDeclaration, has: Has): CauseDetail | null {
  if (!subject.host_roles.includes(role)) return { cause: 'subject_declines_host_role' }
  const needed = [...subject.requires, ...trial.needs]
  const gone = new Set(trial.without.flatMap((name) => GOES_WITH[name]))
  const byPage = needed.flatMap((capability) => WITHHELD_BY_PAGE[trial.page][capability] ?? [])
  const missing = needed.filter((capability) => gone.has(capability) || (UP_TO_THE_ENGINE.has(capability) && has(capability) === false))
  return byPage[0] ?? (missing[0] === undefined ? null : { cause: 'missing_capability', capability: missing[0] })
}
