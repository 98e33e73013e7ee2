import type { PageCondition } from '../contract/page-conditions.js'

/** A name that no name server knows: only the run's own proxy leads to it, so that no engine takes its origin for trustworthy. */
export const INSECURE_HOST = 'insecure.lanecheck.invalid'

/** Faults that can be planted in how pages are served. */
export type PlantedPageFault = 'no_opener_policy'

/** The headers that make a page, and the scripts of its workers, what the condition says. Sources: HTML, cross-origin isolation; CSP 3, `wasm-unsafe-eval`. */
export function pageHeaders(page: PageCondition, planted: PlantedPageFault | null): Record<string, string> {
  if (page === 'wasm_forbidden') return { 'content-security-policy': "script-src 'self' 'unsafe-inline'" }
  if (page !== 'isolated') return {}
  const opener: Record<string, string> = planted === 'no_opener_policy' ? {} : { 'cross-origin-opener-policy': 'same-origin' }
  return { ...opener, 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-resource-policy': 'same-origin' }
}
