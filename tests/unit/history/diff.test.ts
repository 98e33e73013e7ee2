import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VERDICTS, type VerdictToken } from '../../../src/contract/vocabulary.js'
import { diffRuns, HistoryDiffSchema, type HistoryDiff } from '../../../src/history/diff.js'
import type { NewRun } from '../../../src/history/record.js'
import { findRun } from '../../../src/history/select.js'
import { historyOf, runOn } from './support.js'

function diff(from: NewRun, to: NewRun): HistoryDiff {
  const history = historyOf([from, to])
  const of = ({ about }: NewRun): NonNullable<(typeof history)['runs'][number]> => history.runs.find((run) => run.about.id === about.id)!
  return HistoryDiffSchema.parse(diffRuns(history, of(from), of(to)))
}

describe('T0 browser_surface: what changed between two runs', () => {
  test.each<[VerdictToken, VerdictToken, HistoryDiff['changes'][number]['how']]>([
    ['parity', 'bridge_only', 'worse'], ['bridge_only', 'parity', 'better'], ['bridge_only', 'unsupported', 'worse'], ['semantic_mismatch', 'unsupported', 'better'],
    ['parity', 'infrastructure_loss', 'worse'], ['semantic_mismatch', 'not_run', 'other'], ['not_run', 'irreproducible', 'other'],
  ])('%s to %s is %s', (from, to, how) => {
    expect(diff(runOn(1, { a: from }), runOn(2, { a: to })).changes.map((change) => change.how)).toEqual([how])
  })

  test('cells appear and vanish; the rest is counted', () => {
    const { changes, unchanged } = diff(runOn(1, { a: 'parity', b: 'parity' }), runOn(2, { b: 'parity', c: 'parity' }))
    expect(changes.map(({ how, from, to }) => [how, from?.verdict, to?.verdict])).toEqual([['appeared', undefined, 'parity'], ['vanished', 'parity', undefined]])
    expect(unchanged).toBe(1)
  })

  test('the context is told, and a change without one is unexplained', () => {
    const newer = runOn(2, { a: 'semantic_mismatch' }, { lanecheck_version: '0.2.0', engines: [{ engine: 'firefox', engine_product: 'custom-firefox', engine_version: '3', driver: 'none', os: 'none' }] })
    const { context, changes } = diff(runOn(1, { a: 'parity' }), newer)
    expect(context.map(({ field, from, to }) => [field, from, to])).toEqual([['lanecheck_version', '0.1.0', '0.2.0'], ['chromium', 'custom-chromium 1 (none; none)', null], ['firefox', null, 'custom-firefox 3 (none; none)']])
    expect(changes[0]?.unexplained).toBe(false)
    expect(diff(runOn(1, { a: 'parity' }), runOn(2, { a: 'semantic_mismatch' }))).toMatchObject({ context: [], changes: [{ unexplained: true }] })
  })

  const verdicts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(...VERDICTS), { minKeys: 1 })
  const MIRRORED = { better: 'worse', worse: 'better', other: 'other', appeared: 'vanished', vanished: 'appeared' } as const
  test('of a run with itself there is none, and backwards it is mirrored', () => {
    fc.assert(fc.property(verdicts, verdicts, (one, other) => {
      const [from, to] = [runOn(1, one), runOn(2, other)]
      expect(diff(from, from)).toMatchObject({ context: [], changes: [], unchanged: Object.keys(one).length })
      const told = (of: HistoryDiff, how = (word: keyof typeof MIRRORED): string => word): string[] => of.changes.map((change) => `${change.cell_id} ${how(change.how)}`).sort()
      expect(told(diff(to, from))).toEqual(told(diff(from, to), (word) => MIRRORED[word]))
    }))
  })
})

describe('T0 browser_surface: which run a word means', () => {
  const { runs } = historyOf([runOn(1, { a: 'parity' }), runOn(2, { a: 'parity' })])
  test('latest, latest~1, the start of an id', () => {
    expect(findRun(runs, 'latest')).toBe(runs[1])
    expect(findRun(runs, 'latest~0')).toBe(runs[1])
    expect(findRun(runs, 'latest~1')).toBe(runs[0])
    expect(findRun(runs, runs[0]!.about.id.slice(0, 12))).toBe(runs[0])
  })
  test.each([['latest~2', 'there are 2 runs'], ['newest', 'want latest'], ['abc', 'want latest'], ['ffffffffffff', 'no run has such an id']])('%s is none: %s', (word, why) => {
    expect(() => findRun(runs, word)).toThrow(why)
  })
})
