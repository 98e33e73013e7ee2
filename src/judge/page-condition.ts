import type { RealmProbe } from '../contract/host.js'
import type { PageCondition } from '../contract/page-conditions.js'
import type { HostRole } from '../contract/vocabulary.js'

/** Where an engine that isolates at all shows it: whether other workers are isolated is the engine's own affair. */
const SHOWS_ISOLATION: ReadonlySet<HostRole> = new Set(['window', 'dedicated_worker'])

/**
 * Whether a realm saw from inside that its page is what the scenario asks for. What a page was meant to be and was not
 * must never be laid at the engine's door. A realm that could not be had saw nothing.
 */
export function conditionSeen(page: PageCondition, role: HostRole, probe: RealmProbe | null): boolean {
  if (probe === null) return false
  const { secure_context, cross_origin_isolated, wasm_blocked } = probe
  switch (page) {
    case 'isolated': return secure_context && !wasm_blocked && (cross_origin_isolated || !SHOWS_ISOLATION.has(role))
    case 'wasm_forbidden': return secure_context && wasm_blocked
    case 'insecure': return !secure_context && !wasm_blocked
    case 'plain': return secure_context && !cross_origin_isolated && !wasm_blocked
  }
}
