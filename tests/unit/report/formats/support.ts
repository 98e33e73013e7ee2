import type { ReportInput } from '../../../../src/report/formats/report-input.js'
import type { Verdict } from '../../../../src/contract/verdict.js'
import { VERDICTS } from '../../../../src/contract/vocabulary.js'
import { tokenIn } from '../../judge/verdicts.js'
import { ledgerOf } from '../support.js'

/** A reason with all that a format must not trip over. */
export const NASTY = 'broke at 100%: <b>"x"</b> & \'y\' | `z` \u0001 \ud800 ]]> \n::error::planted, a_b*c*'

/** A cell of each verdict; those that surprise say so nastily. */
export const oneOfEach: Verdict[] = VERDICTS.map((token, index) => ({ ...tokenIn(token, index % 2 === 0 ? 'firefox' : 'chromium', 'window', `timer.one.s${index}`), reason: NASTY }))

export const inputOf = (verdicts: Verdict[], change: Partial<ReportInput> = {}): ReportInput =>
  ({ ledger: ledgerOf(verdicts), folder: 'evidence', expectedOf: () => null, bundleOf: () => null, ...change })

/** Says of one cell that its mismatch is expected. */
export const expecting = (verdict: Verdict): ReportInput['expectedOf'] => ({ scenario_id }) =>
  (scenario_id === verdict.scenario_id ? { lane: '*', scenario: scenario_id, verdict: verdict.verdict, reason: 'known here' } : null)
