import { describe, expect, it } from 'vitest'
import { FindingSchema, LAWS, LedgerSchema, PlanSchema, VerdictSchema, type Verdict } from '../../../src/contract/verdict.js'
import { VERDICTS } from '../../../src/contract/vocabulary.js'
import { tokenIn } from '../judge/verdicts.js'
import { ledgerOf } from '../report/support.js'
import { planOf } from '../run/support.js'

const PARITY = tokenIn('parity')
const refusedAt = (verdict: Verdict, change: Record<string, unknown>): string[] => {
  const parsed = VerdictSchema.safeParse({ ...verdict, ...change })
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}

describe('T0 browser_surface: what a verdict may say', () => {
  it.each(VERDICTS)('%s stands in a lane that allows it', (token) => {
    expect(VerdictSchema.safeParse(tokenIn(token)).success).toBe(true)
  })

  it.each(Object.keys(PARITY))('one without %s does not parse', (field) => {
    expect(VerdictSchema.safeParse(Object.fromEntries(Object.entries(PARITY).filter(([name]) => name !== field))).success).toBe(false)
  })

  it('no field is added, no token is unknown', () => {
    expect(refusedAt(PARITY, { note: 'mostly' })).not.toEqual([])
    expect(refusedAt(PARITY, { verdict: 'passed' })).toEqual(['verdict'])
    expect(refusedAt(PARITY, { eligibility_verdict: 'probably' })).toEqual(['eligibility_verdict'])
    expect(refusedAt(PARITY, { schema: 'lanecheck.verdict.v2' })).toEqual(['schema'])
  })

  describe('contradictions', () => {
    it('parity comes from the route direct alone', () => {
      expect(refusedAt(tokenIn('bridge_only'), { verdict: 'parity' })).toEqual(['verdict'])
      expect(refusedAt(tokenIn('unsupported'), { verdict: 'parity', unsupported_reason: null })).toEqual(['verdict'])
    })
    it('bridge_only comes from the route bridge alone', () => {
      expect(refusedAt(PARITY, { verdict: 'bridge_only' })).toEqual(['verdict'])
      expect(refusedAt(tokenIn('unsupported'), { verdict: 'bridge_only' })).toEqual(['verdict'])
    })
    it('support, reason and the lane\'s own route must agree', () => {
      expect(refusedAt(PARITY, { lane_id: 'firefox.window.bridge' })).toEqual(['reason_code'])
      expect(refusedAt(PARITY, { reason_code: 'downgrade_to_server_bridge' })).toEqual(['reason_code'])
      expect(refusedAt(tokenIn('bridge_only'), { reason_code: 'unsupported_runtime_context' })).toEqual(['reason_code'])
      expect(refusedAt(tokenIn('bridge_only'), { lane_id: 'firefox.window.direct' })).toEqual(['reason_code'])
    })
    it('parity needs an eligible experiment', () => {
      expect(refusedAt(PARITY, { eligibility_verdict: 'insufficient_observability' })).toEqual(['eligibility_verdict'])
    })
    it('unsupported needs its reason', () => {
      expect(refusedAt(tokenIn('unsupported'), { unsupported_reason: null })).toEqual(['unsupported_reason'])
    })
    it('a budget needs its deadline', () => {
      expect(refusedAt(PARITY, { logical_deadline_id: null, timeout_budget_class: 'bounded' })).toEqual(['logical_deadline_id'])
      expect(refusedAt(PARITY, { logical_deadline_id: null, timeout_budget_class: 'none' })).toEqual([])
    })
    it('a verdict that claims something rests on kept evidence', () => {
      expect(refusedAt(PARITY, { artifact_bundle: null })).toEqual(['artifact_bundle'])
      expect(refusedAt(tokenIn('bridge_only'), { artifact_bundle: null })).toEqual(['artifact_bundle'])
      expect(refusedAt(tokenIn('unsupported'), { artifact_bundle: null })).toEqual(['artifact_bundle'])
      expect(refusedAt(tokenIn('not_run'), { artifact_bundle: null })).toEqual([])
    })
    it('a verdict says why and how to run it again', () => {
      expect(refusedAt(PARITY, { reason: '' })).toEqual(['reason'])
      expect(refusedAt(PARITY, { repro_command: '' })).toEqual(['repro_command'])
    })
  })

  it('a finding rests on a law of the contract', () => {
    const finding = { severity: 'hard', attempt: 1, field: 'timers.a', expected: 'cancelled', found: 'fired' }
    for (const law of LAWS) expect(FindingSchema.safeParse({ ...finding, law }).success).toBe(true)
    expect(FindingSchema.safeParse({ ...finding, law: 'taste' }).success).toBe(false)
    expect(FindingSchema.safeParse({ ...finding, law: LAWS[0], severity: 'mild' }).success).toBe(false)
  })
})

describe('T0 browser_surface: plan and ledger', () => {
  it('a ledger keeps every verdict\'s count, each for itself', () => {
    const ledger = ledgerOf([PARITY, tokenIn('bridge_only', 'firefox', 'shared_worker')])
    expect(LedgerSchema.safeParse(ledger).success).toBe(true)
    for (const token of VERDICTS) {
      const { [token]: _, ...rest } = ledger.sums.all
      expect(LedgerSchema.safeParse({ ...ledger, sums: { ...ledger.sums, all: rest } }).success, token).toBe(false)
    }
    expect(LedgerSchema.safeParse({ ...ledger, sums: { ...ledger.sums, all: { ...ledger.sums.all, good: 2 } } }).success).toBe(false)
    expect(LedgerSchema.safeParse({ ...ledger, sums: { ...ledger.sums, by_lane: { 'firefox.everywhere': ledger.sums.all } } }).success).toBe(false)
  })

  it('a ledger with one verdict that contradicts itself does not load', () => {
    const ledger = ledgerOf([PARITY])
    expect(LedgerSchema.safeParse({ ...ledger, verdicts: [{ ...PARITY, artifact_bundle: null }] }).success).toBe(false)
  })

  it('a plan has at least one cell, each named as it is made up', () => {
    const plan = planOf()
    expect(PlanSchema.safeParse(plan).success).toBe(true)
    expect(PlanSchema.safeParse({ ...plan, cells: [] }).success).toBe(false)
    expect(PlanSchema.safeParse({ ...plan, cells: [{ ...plan.cells[0], cell_id: 'chromium.window.direct/timer.a.b' }] }).success).toBe(false)
  })
})
