import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellId } from '../../../src/contract/lane.js'
import { LedgerSchema, VerdictSchema, type Verdict, type VerdictCounts } from '../../../src/contract/verdict.js'
import { ENGINES, HOST_ROLES, VERDICTS } from '../../../src/contract/vocabulary.js'
import { canonicalJson } from '../../../src/evidence/canonical-json.js'
import { defaultExpectation, exitCode, surprises, worstExit, type ExitCode } from '../../../src/judge/exit-code.js'
import { ranked } from '../../../src/judge/findings.js'
import { joinVerdicts, VERDICT_ORDER, verdictOfCounts } from '../../../src/judge/lattice.js'
import { countVerdicts, mergeCounts, mergeSums, noCounts, sumVerdicts, type Sums } from '../../../src/judge/sums.js'
import { underPolicy } from '../../../src/judge/verdict.js'
import { tokenIn, verdictOf } from './verdicts.js'

const anyVerdict = fc.tuple(fc.constantFrom(...VERDICTS), fc.constantFrom(...ENGINES), fc.constantFrom(...HOST_ROLES)).map(([token, engine, role]) => tokenIn(token, engine, role))
const anyVerdicts = fc.array(anyVerdict, { maxLength: 12 })
const law = <Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void => fc.assert(property, { numRuns: 40 })

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

type Fold = (sums: readonly Sums[]) => Sums
/** Ways to put the sums of shards together. */
const FOLDS: Record<string, Fold> = {
  'from the left': (sums) => sums.reduce(mergeSums, sumVerdicts([])),
  'from the right': (sums) => sums.reduceRight((all, one) => mergeSums(one, all), sumVerdicts([])),
  'by halves': function halves(sums): Sums {
    if (sums.length < 2) return sums[0] ?? sumVerdicts([])
    const middle = sums.length >> 1
    return mergeSums(halves(sums.slice(0, middle)), halves(sums.slice(middle)))
  },
}
const anyShards = fc.array(fc.array(anyVerdict, { maxLength: 5 }), { maxLength: 6 })
const total = (counts: VerdictCounts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

describe('T0 sums of shards', () => {
  test.each(Object.entries(FOLDS))('law: put together %s they are the sums of all', (_, fold) => law(fc.property(anyShards, (shards) => {
    expect(fold(shards.map(sumVerdicts))).toEqual(sumVerdicts(shards.flat()))
  })))
  test('law: a shard of nothing changes nothing, and two may change places', () => law(fc.property(anyVerdicts, anyVerdicts, (one, other) => {
    expect(mergeSums(sumVerdicts(one), sumVerdicts([]))).toEqual(sumVerdicts(one))
    expect(mergeSums(sumVerdicts(one), sumVerdicts(other))).toEqual(mergeSums(sumVerdicts(other), sumVerdicts(one)))
  })))
  test('law: nothing that is merged is changed by it', () => law(fc.property(anyVerdicts, anyVerdicts, (one, other) => {
    const [left, right] = [sumVerdicts(one), sumVerdicts(other)]
    mergeSums(left, right)
    expect([left, right]).toEqual([sumVerdicts(one), sumVerdicts(other)])
  })))

  /** Anything that is done to verdicts and sums on their way; none may make parity, and none may lose a cell. */
  const operations: Record<string, (verdicts: readonly Verdict[]) => readonly Verdict[]> = {
    reversed: (verdicts) => [...verdicts].reverse(),
    'kept and read back': (verdicts) => verdicts.map((verdict) => VerdictSchema.parse(JSON.parse(canonicalJson(verdict)))),
    'put under policy': (verdicts) => verdicts.map(underPolicy),
    'findings ranked': (verdicts) => verdicts.map((verdict) => ({ ...verdict, findings: ranked(verdict.findings) })),
    'blamed on noise': (verdicts) => verdicts.map((verdict) => underPolicy({ ...verdict, suppression_reason: 'noise_within_window' })),
    'found broken': (verdicts) => verdicts.map((verdict) => underPolicy({ ...verdict, findings: [{ law: 'order', severity: 'break', attempt: 1, field: 'orders', expected: '', found: 'broken' }] })),
  }
  test('law: no sequence of operations makes parity of what was not, or loses a count', () => law(fc.property(
    anyShards, fc.array(fc.constantFrom(...Object.keys(operations)), { maxLength: 6 }), fc.constantFrom(...Object.keys(FOLDS)),
    (shards, names, fold) => {
      const named = shards.map((shard, place) => shard.map((verdict, index): Verdict => ({ ...verdict, repro_command: `npx lanecheck verify --cell ${place}.${index}` })))
      const done = named.map((shard) => names.reduce((verdicts, name) => operations[name]!(verdicts), shard as readonly Verdict[]))
      const { all } = FOLDS[fold]!(done.map(sumVerdicts))
      const before = countVerdicts(shards.flat())
      expect(total(all)).toBe(total(before))
      expect(all.parity).toBeLessThanOrEqual(before.parity)
      expect(all.bridge_only).toBeLessThanOrEqual(before.bridge_only)
      const parity = (verdicts: readonly Verdict[]): string[] => verdicts.filter(({ verdict }) => verdict === 'parity').map(({ repro_command }) => repro_command)
      expect(parity(named.flat())).toEqual(expect.arrayContaining(parity(done.flat())))
    },
  )))
})

describe('T0 lattice of verdicts', () => {
  const token = fc.constantFrom(...VERDICTS)
  test('every verdict has its place, once', () => expect([...VERDICT_ORDER].sort()).toEqual([...VERDICTS].sort()))
  test('law: joins are idempotent, commutative and associative, and parity is the least', () => law(fc.property(token, token, token, (a, b, c) => {
    expect(joinVerdicts(a, a)).toBe(a)
    expect(joinVerdicts(a, b)).toBe(joinVerdicts(b, a))
    expect(joinVerdicts(a, joinVerdicts(b, c))).toBe(joinVerdicts(joinVerdicts(a, b), c))
    expect([a, b]).toContain(joinVerdicts(a, b))
    expect(joinVerdicts('parity', a)).toBe(a)
    expect(joinVerdicts(a, b) === 'parity').toBe(a === 'parity' && b === 'parity')
  })))
  test('law: what is claimed of sums together is the join of what is claimed of each', () => law(fc.property(anyVerdicts, anyVerdicts, (one, other) => {
    const [left, right] = [verdictOfCounts(countVerdicts(one)), verdictOfCounts(countVerdicts(other))]
    const both = verdictOfCounts(mergeCounts(countVerdicts(one), countVerdicts(other)))
    expect(both).toBe(left === null ? right : right === null ? left : joinVerdicts(left, right))
    expect(both).toBe([...one, ...other].map(({ verdict }) => verdict).reduce<Verdict['verdict'] | null>((all, verdict) => (all === null ? verdict : joinVerdicts(all, verdict)), null))
  })))
  test('it goes by the exit codes: 0, then 2, then 3, then 1', () => {
    const codes = VERDICT_ORDER.map((verdict) => exitCode([tokenIn(verdict)]))
    expect(codes).toEqual([0, 0, 0, 2, 2, 3, 3, 1, 1, 1])
  })
})

/** A cell, what is expected of it, and the exit code it has by contract when it stands alone. */
type ExitCase = [title: string, verdict: Verdict, expected: Verdict['verdict'] | null, code: ExitCode]
const undetermined = { law: 'deterministic_lab' as const, severity: 'break' as const, attempt: 0, field: 'lab.runs', expected: 'equal', found: 'different' }
const unseen = (reason_code: 'realm_unavailable' | 'bridge_unreachable'): Verdict => verdictOf({ verdict: 'unsupported', support_class: 'unsupported', reason_code, unsupported_reason: reason_code })
const EXIT_CASES: ExitCase[] = [
  ...VERDICTS.map((token): ExitCase => [`${token}, as expected`, tokenIn(token), token, 0]),
  ['parity without expectations', tokenIn('parity'), null, 0], ['bridge_only without expectations', tokenIn('bridge_only'), null, 0], ['unsupported without expectations', tokenIn('unsupported'), null, 0],
  ['semantic_mismatch', tokenIn('semantic_mismatch'), null, 1], ['bridge_mismatch', tokenIn('bridge_mismatch'), null, 1], ['policy_violation', tokenIn('policy_violation'), null, 1],
  ['bridge_only where parity was claimed', tokenIn('bridge_only'), 'parity', 1], ['unsupported where parity was claimed', tokenIn('unsupported'), 'parity', 1], ['unsupported where a bridge was claimed', tokenIn('unsupported'), 'bridge_only', 1],
  ['irreproducible', tokenIn('irreproducible'), null, 2], ['invalid_experiment', tokenIn('invalid_experiment'), null, 2],
  ['parity where a bridge was expected', tokenIn('parity'), 'bridge_only', 2], ['parity where nothing was expected', tokenIn('parity'), 'unsupported', 2], ['bridge_only where nothing was expected', tokenIn('bridge_only'), 'unsupported', 2],
  ['parity where a mismatch is known', tokenIn('parity'), 'semantic_mismatch', 2], ['unsupported where a mismatch is known', tokenIn('unsupported'), 'semantic_mismatch', 2],
  ['infrastructure_loss', tokenIn('infrastructure_loss'), null, 3], ['not_run', tokenIn('not_run'), null, 3],
  ['a realm that could not be had', unseen('realm_unavailable'), null, 3], ['a bridge that could not be reached', unseen('bridge_unreachable'), null, 3],
  ['our own lab is not deterministic', verdictOf({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization', findings: [undetermined] }), null, 70],
]
/** The contract's order, by hand: 70, 1, 3, 2. */
const STANDS: Record<number, number> = { 70: 5, 1: 4, 3: 3, 2: 2, 0: 0 }
const stands = (one: ExitCode, other: ExitCode): ExitCode => (STANDS[one]! >= STANDS[other]! ? one : other)

describe('T0 exit codes, alone and in pairs', () => {
  const run = (cases: readonly ExitCase[]): ExitCode => {
    const cells = cases.map(([, verdict, expected], index) => ({ verdict: { ...verdict, cell_id: cellId('firefox', 'window', `pair.cell_${index}`) }, expected }))
    return exitCode(cells.map(({ verdict }) => verdict), ({ cell_id }) => cells.find(({ verdict }) => verdict.cell_id === cell_id)?.expected ?? null)
  }
  test.each(EXIT_CASES)('%s', (...one) => expect(run([one])).toBe(one[3]))
  test('every pair: the worse stands, whichever comes first', () => {
    const pairs = EXIT_CASES.flatMap((one) => EXIT_CASES.map((other) => [one, other] as const))
    expect(pairs.filter(([one, other]) => run([one, other]) !== stands(one[3], other[3])).map(([one, other]) => `${one[0]} / ${other[0]}`)).toEqual([])
  })
  test('every pair of codes', () => {
    const codes = [0, 2, 3, 1, 70, 64] as const
    for (const [place, code] of codes.entries()) for (const lower of codes.slice(0, place + 1)) expect([code, lower, worstExit([code, lower]), worstExit([lower, code])]).toEqual([code, lower, code, code])
  })
  test.each<[string, Verdict['verdict'], Verdict['verdict'], 'better' | 'otherwise']>([
    ['more than was expected', 'parity', 'bridge_only', 'better'], ['more than nothing', 'bridge_only', 'unsupported', 'better'], ['support where none was expected', 'unsupported', 'not_run', 'better'],
    ['less', 'bridge_only', 'parity', 'otherwise'], ['none', 'not_run', 'unsupported', 'otherwise'], ['none either', 'irreproducible', 'not_run', 'otherwise'],
  ])('a surprise: %s', (_, token, expected, how) => {
    const verdict = tokenIn(token)
    expect(surprises([verdict], () => expected)).toEqual([{ verdict, expected, how }])
    expect(surprises([verdict], () => token)).toEqual([])
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
  test('every planned cell must be there, and nothing more is asked for', () => {
    const [one, other] = [tokenIn('parity'), tokenIn('parity', 'webkit')]
    expect(exitCode([one, other], undefined, { planned: [one.cell_id, other.cell_id] })).toBe(0)
    expect(exitCode([one], undefined, { planned: [other.cell_id] })).toBe(3)
    expect(exitCode([], undefined, { planned: [one.cell_id] })).toBe(3)
    expect(exitCode([one], undefined, { planned: [], errors: [] })).toBe(0)
    expect(exitCode([], undefined, {})).toBe(0)
  })
  test('one report that erases a break among sound ones is enough', () => {
    const erasing = verdictOf({ findings: [{ law: 'leak', severity: 'hard', attempt: 1, field: 'cleanup.timers', expected: '0', found: '1' }] })
    expect(exitCode([tokenIn('parity', 'webkit'), erasing])).toBe(1)
  })
  test.each<[string, Partial<typeof undetermined>, number]>([
    ['the hashes of its runs differ', {}, 70], ['there is none', { field: 'lab' }, 2], ['another law names the field', { law: 'time_contract' as never }, 2],
  ])('a lab that cannot be compared with: %s', (_, change, code) => {
    const invalid = verdictOf({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_missing_virtualization', findings: [{ ...undetermined, ...change }] })
    expect(exitCode([invalid])).toBe(code)
  })
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
    expect(defaultExpectation({ ...absent, verdict: 'semantic_mismatch' })).toBe('parity')
    expect(defaultExpectation({ ...absent, findings: [{ ...absent.findings[0]!, law: 'order' }] })).toBe('parity')
    expect(defaultExpectation(tokenIn('bridge_only'))).toBe('bridge_only')
    expect(defaultExpectation(tokenIn('unsupported'))).toBe('unsupported')
  })
  test('a realm that could not be had, or a bridge out of reach, is nobody\'s expectation', () => {
    for (const reason_code of ['realm_unavailable', 'bridge_unreachable'] as const) expect(defaultExpectation(unseen(reason_code))).toBe('bridge_only')
  })
  test('a surprise is one without expectations too', () => {
    expect(surprises([tokenIn('irreproducible'), tokenIn('parity')])).toMatchObject([{ expected: 'parity', how: 'otherwise' }])
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
