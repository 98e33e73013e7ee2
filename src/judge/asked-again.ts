import type { Verdict } from '../contract/verdict.js'
import type { VerdictToken } from '../contract/vocabulary.js'
import { UNSEEN } from './exit-code.js'

/** Verdicts that say that nothing was seen. */
export const SAW_NOTHING: ReadonlySet<VerdictToken> = new Set(['not_run', 'infrastructure_loss'])

/**
 * Whether a resumed run asks for a cell again: nothing was seen of it, or this machine could not give its realm or its bridge.
 * All cells of such a realm are, whatever their verdict: they share its one host packet. What the page rules out it would rule out again.
 */
export function askedAgain({ verdict, reason_code, cause }: Pick<Verdict, 'verdict' | 'reason_code' | 'cause'>): boolean {
  if (SAW_NOTHING.has(verdict)) return true
  return UNSEEN.has(reason_code) && !(reason_code === 'realm_unavailable' && cause !== null)
}
