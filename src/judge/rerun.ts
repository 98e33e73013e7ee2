import type { LiveAttempt } from '../contract/evidence.js'
import type { RerunDecision } from '../contract/vocabulary.js'
import type { CellEvidence } from './cell-evidence.js'
import { breaks, hard, noisy, type Finding } from './findings.js'
import { attemptFindings, labFindings } from './run-findings.js'
import { absentFamilies, invalidExperiment, judgedOf } from './validity.js'

/** What the attempts so far call for, or called for; reruns add observations and take none away. */
export function rerunClass(perAttempt: readonly Finding[][]): RerunDecision {
  if (perAttempt.some((findings) => hard(findings).length > 0)) return 'no_rerun_hard_break'
  if (perAttempt.some((findings) => breaks(findings).length > 0)) return 'rerun_for_mismatch'
  return perAttempt.some((findings) => noisy(findings).length > 0) ? 'rerun_for_noise' : 'not_needed'
}

/**
 * Whether to run the live side once more. `not_needed` also when another attempt could not change the answer:
 * the attempts are used up, the experiment is invalid, the lab itself is broken, or one attempt that met the capture floor was clean already.
 */
export function rerunDecision(evidence: CellEvidence, max_attempts: number): RerunDecision {
  if (evidence.infrastructure !== null || evidence.attempts.length === 0 || absentFamilies(evidence).length > 0) return 'not_needed'
  const invalid = invalidExperiment(evidence)
  if (invalid) {
    if (invalid.finding.severity === 'hard') return 'no_rerun_hard_break'
    // A witness that saw too little of one attempt may see all of the next, as when a request was given up before the peer had it.
    const live_only = invalid.signal === 'field_under_observed' && invalid.finding.attempt > 0
    return live_only && evidence.attempts.length < max_attempts ? 'rerun_for_noise' : 'not_needed'
  }
  const lab = labFindings(evidence)
  const perAttempt = evidence.attempts.map((attempt) => attemptFindings(evidence, attempt))
  const wanted = hard(lab).length > 0 ? 'no_rerun_hard_break' : rerunClass(perAttempt)
  if (wanted === 'no_rerun_hard_break') return wanted
  const judged = judgedOf(evidence.attempts)
  const clean = perAttempt.some((findings, at) => judged.includes(evidence.attempts[at] as LiveAttempt) && breaks(findings).length === 0 && noisy(findings).length === 0)
  const settled = clean || breaks(lab).length > 0 || evidence.attempts.length >= max_attempts
  return settled ? 'not_needed' : wanted
}
