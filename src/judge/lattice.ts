import type { VerdictCounts } from '../contract/verdict.js'
import type { VerdictToken } from '../contract/vocabulary.js'

/**
 * From the most that can be claimed to the least: support, then what is only weak, then what is lost, then what is broken.
 * The same order as the exit codes 0, 2, 3, 1.
 */
export const VERDICT_ORDER = [
  'parity', 'bridge_only', 'unsupported', 'irreproducible', 'invalid_experiment', 'not_run', 'infrastructure_loss', 'bridge_mismatch', 'semantic_mismatch', 'policy_violation',
] as const satisfies readonly VerdictToken[]

const rank = (verdict: VerdictToken): number => VERDICT_ORDER.indexOf(verdict)

/** The join of two verdicts: what can be claimed where both hold. `parity` is the least element, so only parity joined with parity is parity. */
export const joinVerdicts = (one: VerdictToken, other: VerdictToken): VerdictToken => (rank(one) < rank(other) ? other : one)

/** What can be claimed of all cells that were counted; null when there are none, for of nothing there is nothing to claim. */
export const verdictOfCounts = (counts: VerdictCounts): VerdictToken | null => VERDICT_ORDER.findLast((verdict) => counts[verdict] > 0) ?? null
