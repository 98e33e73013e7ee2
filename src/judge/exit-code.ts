import type { Verdict } from '../contract/verdict.js'
import type { VerdictToken } from '../contract/vocabulary.js'
import { checkReport } from './report-check.js'

export type ExitCode = 0 | 1 | 2 | 3 | 64 | 70

/** Names what is expected of a cell; null leaves it to the default. */
export type Expectations = (verdict: Verdict) => VerdictToken | null

/** Answers that say what this machine could not give, not what the subject can do: nobody expects them. */
export const UNSEEN: ReadonlySet<string> = new Set(['realm_unavailable', 'bridge_unreachable'])

/** Without an expectations file: a direct lane gives parity, a bridge gives `bridge_only`, and what the ladder or the subject rules out is `unsupported`. */
export function defaultExpectation(verdict: Verdict): VerdictToken {
  const absent = verdict.verdict === 'unsupported' && verdict.findings.some(({ law }) => law === 'family_absent')
  if (UNSEEN.has(verdict.reason_code)) return 'bridge_only'
  if (verdict.support_class === 'unsupported' || absent) return 'unsupported'
  return verdict.support_class === 'direct' ? 'parity' : 'bridge_only'
}

/** From most to least: how much a verdict supports. Verdicts that support nothing share the last place. */
const SUPPORT: readonly VerdictToken[] = ['parity', 'bridge_only', 'unsupported']
/** Its place in that order, 0 for the most. */
export const supportOf = (verdict: VerdictToken): number => (SUPPORT.includes(verdict) ? SUPPORT.indexOf(verdict) : SUPPORT.length)

export interface Surprise { verdict: Verdict; expected: VerdictToken; how: 'better' | 'otherwise' }

/** Every cell that did better or otherwise than expected. */
export function surprises(verdicts: readonly Verdict[], expectations: Expectations = () => null): Surprise[] {
  return verdicts.flatMap((verdict) => {
    const expected = expectations(verdict) ?? defaultExpectation(verdict)
    return expected === verdict.verdict ? [] : [{ verdict, expected, how: supportOf(verdict.verdict) < supportOf(expected) ? 'better' as const : 'otherwise' as const }]
  })
}

export interface RunFaults {
  /** Planned cells; one without a verdict counts as missing. */
  planned?: Iterable<string>
  /** Exit codes of errors met on the way. */
  errors?: readonly ExitCode[]
}

const PRECEDENCE: readonly ExitCode[] = [64, 70, 1, 3, 2]

/** The one that stands when several hold. Wrong use is found before anything runs, so it stands alone. */
export const worstExit = (codes: readonly ExitCode[]): ExitCode => PRECEDENCE.find((code) => codes.includes(code)) ?? 0

/** The run's exit code: 0 all as expected · 1 mismatch or claim beyond evidence · 2 weak · 3 lost or missing · 64 wrong use · 70 our own fault. */
export function exitCode(verdicts: readonly Verdict[], expectations?: Expectations, faults: RunFaults = {}): ExitCode {
  const codes: ExitCode[] = [...(faults.errors ?? []), ...surprises(verdicts, expectations).map(codeOf)]
  if (verdicts.some((verdict) => checkReport(verdict).length > 0)) codes.push(1)
  if (withoutVerdict(faults.planned ?? [], verdicts).length > 0) codes.push(3)
  return worstExit(codes)
}

/** Planned cells that nothing was kept of. */
export function withoutVerdict(planned: Iterable<string>, verdicts: readonly Verdict[]): string[] {
  const judged = new Set<string>(verdicts.map(({ cell_id }) => cell_id))
  return [...planned].filter((cell) => !judged.has(cell))
}

function codeOf({ verdict, how }: Surprise): ExitCode {
  switch (verdict.verdict) {
    case 'semantic_mismatch':
    case 'bridge_mismatch':
    case 'policy_violation':
      return 1
    case 'irreproducible':
      return 2
    case 'invalid_experiment':
      // The lab is ours, and so is its determinism.
      return verdict.findings.some(({ law, field }) => law === 'deterministic_lab' && field === 'lab.runs') ? 70 : 2
    case 'infrastructure_loss':
    case 'not_run':
      return 3
    case 'parity':
    case 'bridge_only':
    case 'unsupported':
      if (UNSEEN.has(verdict.reason_code)) return 3
      // Expected more than there is evidence for: a claim beyond it. Expected less: out of date.
      return how === 'better' ? 2 : 1
  }
}
