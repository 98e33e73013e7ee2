import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LedgerSchema } from '../../../src/contract/verdict.js'
import { ENGINES, HOST_ROLES, VERDICTS } from '../../../src/contract/vocabulary.js'
import { defaultExpectation, exitCode, surprises, worstExit } from '../../../src/judge/exit-code.js'
import { countVerdicts, mergeCounts, mergeSums, noCounts, sumVerdicts } from '../../../src/judge/sums.js'
import { tokenIn, verdictOf } from './verdicts.js'

const anyVerdict = fc.tuple(fc.constantFrom(...VERDICTS), fc.constantFrom(...ENGINES), fc.constantFrom(...HOST_ROLES)).map(([token, engine, role]) => tokenIn(token, engine, role))
const anyVerdicts = fc.array(anyVerdict, { maxLength: 12 })
const law = <Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void => fc.assert(property, { numRuns: 60 })

describe('T0 sums', () => {
  test('law: order is irrelevant', () => law(fc.property(anyVerdicts, (verdicts) => { expect(sumVerdicts([...verdicts].reverse())).toEqual(sumVerdicts(verdicts)) })))
  test('law: sums of sums agree', () => law(fc.property(anyVerdicts, anyVerdicts, (one, other) => { expect(mergeSums(sumVerdicts(one), sumVerdicts(other))).toEqual(sumVerdicts([...one, ...other])) })))
  test('law: nothing becomes parity, nothing is lost, every count stands apart', () => law(fc.property(anyVerdicts, (verdicts) => {
    const { all, by_lane, by_lane_and_surface } = sumVerdicts(verdicts)
    for (const token of VERDICTS) expect(all[token]).toBe(verdicts.filter(({ verdict }) => verdict === token).length)
    expect(Object.values(by_lane).reduce(mergeCounts, noCounts())).toEqual(all)
    expect(Object.values(by_lane_and_surface).flatMap((surfaces) => Object.values(surfaces)).reduce(mergeCounts, noCounts())).toEqual(all)
    for (const [lane, counts] of Object.entries(by_lane)) if (!lane.endsWith('.direct')) expect(counts.parity).toBe(0)
  })))
  test('they fit the ledger', () => {
    expect(LedgerSchema.shape.sums.safeParse(sumVerdicts([tokenIn('parity'), tokenIn('bridge_only'), tokenIn('unsupported', 'webkit')])).success).toBe(true)
    expect(countVerdicts([])).toEqual(noCounts())
  })
})

describe('T0 exit code', () => {
  test.each<[string, number]>([
    ['parity', 0], ['bridge_only', 0], ['unsupported', 0], ['semantic_mismatch', 1], ['bridge_mismatch', 1], ['policy_violation', 1],
    ['invalid_experiment', 2], ['irreproducible', 2], ['infrastructure_loss', 3], ['not_run', 3],
  ])('%s alone gives %i', (token, code) => expect(exitCode([tokenIn('parity', 'webkit'), tokenIn(token as never)])).toBe(code))
  test('when several hold: 70, 1, 3, 2', () => {
    const [weak, lost, wrong] = [tokenIn('irreproducible'), tokenIn('not_run'), tokenIn('semantic_mismatch')]
    expect(exitCode([weak, lost])).toBe(3)
    expect(exitCode([weak, lost, wrong])).toBe(1)
    expect(exitCode([weak, lost, wrong], undefined, { errors: [70] })).toBe(70)
    expect(worstExit([2, 3, 1, 70, 64])).toBe(64)
    expect(worstExit([])).toBe(0)
  })
  test('law: it is decided by the set of cells, not by their order, and one bad cell is enough', () => law(fc.property(anyVerdicts, anyVerdict, (verdicts, one) => {
    expect(exitCode([...verdicts].reverse())).toBe(exitCode(verdicts))
    if (exitCode([one]) !== 0) expect(exitCode([...verdicts, one])).not.toBe(0)
  })))
  test('a planned cell without a verdict is missing', () => expect(exitCode([tokenIn('parity')], undefined, { planned: ['firefox.window/timer.deadline.met', 'webkit.window/timer.deadline.met'] })).toBe(3))
  test('a lab that is not deterministic is our fault', () => {
    const finding = { law: 'deterministic_lab' as const, severity: 'break' as const, attempt: 0, field: 'lab.runs', expected: 'equal', found: 'different' }
    expect(exitCode([verdictOf({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization', findings: [finding] })])).toBe(70)
  })
  test('a verdict that erases a break by noise counts as a violation, whatever it calls itself', () => {
    expect(exitCode([verdictOf({ findings: [{ law: 'leak', severity: 'hard', attempt: 1, field: 'cleanup.timers', expected: '0', found: '1' }] })])).toBe(1)
  })
})

describe('T0 expectations', () => {
  test('a subject without a family is expected to be unsupported there', () => {
    const absent = verdictOf({ verdict: 'unsupported', unsupported_reason: 'no timers.interval', findings: [{ law: 'family_absent', severity: 'note', attempt: 0, field: 'absent_families', expected: '[]', found: '["timers.interval"]' }] })
    expect(defaultExpectation(absent)).toBe('unsupported')
    expect(defaultExpectation(verdictOf({ verdict: 'unsupported' }))).toBe('parity')
  })
  test('a known mismatch that is expected is as expected; one that is gone is better, and said so', () => {
    const known = (): 'semantic_mismatch' => 'semantic_mismatch'
    expect(exitCode([tokenIn('semantic_mismatch')], known)).toBe(0)
    expect(surprises([tokenIn('parity')], known)).toMatchObject([{ expected: 'semantic_mismatch', how: 'better' }])
    expect(exitCode([tokenIn('parity')], known)).toBe(2)
  })
  test('less than expected is a claim beyond its evidence', () => {
    expect(exitCode([tokenIn('bridge_only')], () => 'parity')).toBe(1)
    expect(surprises([tokenIn('unsupported')], () => 'bridge_only')).toMatchObject([{ how: 'otherwise' }])
  })
})
