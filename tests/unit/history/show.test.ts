import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { VERDICTS } from '../../../src/contract/vocabulary.js'
import { addRuns } from '../../../src/history/add.js'
import { readHistory } from '../../../src/history/database.js'
import { HistoryReportSchema, showHistory } from '../../../src/history/show.js'
import { cellNamed, historyOf, outcome, runOn, somewhere } from './support.js'

const show = (...runs: Parameters<typeof historyOf>[0]): ReturnType<typeof showHistory> => HistoryReportSchema.parse(showHistory(historyOf(runs), {}))

describe('T0 browser_surface: since when a cell is as it is', () => {
  test('is the first of the runs that end in its present class, with the class before', () => {
    const { cells: [cell] } = show(runOn(1, { a: 'parity' }), runOn(2, { a: 'semantic_mismatch' }), runOn(3, { a: 'semantic_mismatch' }), runOn(4, { b: 'parity' }))
    expect(cell).toMatchObject({ cell_id: cellNamed('a'), verdict: 'semantic_mismatch', lane_id: 'chromium.window.direct', runs: 2, before: { verdict: 'parity' } })
    expect(cell?.since.started_at).toBe('2026-01-03T00:00:00.000Z')
    expect(cell?.last.started_at).toBe('2026-01-04T00:00:00.000Z')
  })

  test('another reason for the same verdict is another class, another wording is not', () => {
    const refused = outcome('unsupported')
    expect(show(runOn(1, { a: refused }), runOn(2, { a: outcome('unsupported', { reason_code: 'realm_unavailable' }) })).cells[0]).toMatchObject({ runs: 1, before: { reason_code: 'unsupported_runtime_context' } })
    expect(show(runOn(1, { a: refused }), runOn(2, { a: { ...refused, reason: 'in other words' } })).cells[0]).toMatchObject({ runs: 2, before: null, reason: 'in other words' })
  })

  test('bridge_only is counted apart from parity, by lane', () => {
    expect(show(runOn(1, { a: 'parity', b: 'bridge_only', c: 'unsupported' })).lanes.map(({ lane_id, verdicts }) => [lane_id, verdicts])).toEqual([
      ['chromium.window.bridge', { bridge_only: 1 }], ['chromium.window.direct', { parity: 1 }], ['chromium.window.none', { unsupported: 1 }],
    ])
  })

  test('subjects are kept apart; that of the latest run is shown', () => {
    const report = show(runOn(1, { a: 'parity' }, { subject: 'one' }), runOn(2, { b: 'parity' }, { subject: 'other' }))
    expect(report).toMatchObject({ subject: 'other', others: ['one'] })
    expect(report.cells.map(({ cell_id }) => cell_id)).toEqual([cellNamed('b')])
  })
})

describe('T0 browser_surface: what flakes', () => {
  test('a class that changed with the same artifact, engine and kit, though other runs lie between', () => {
    const other = { artifact_sha256: 'b'.repeat(64) }
    expect(show(runOn(1, { a: 'parity' }), runOn(2, { a: 'semantic_mismatch' }, other), runOn(3, { a: 'parity' })).cells[0]).toMatchObject({ trials: 1, flakes: 0 })
    expect(show(runOn(1, { a: 'parity' }), runOn(2, { a: 'parity' }, other), runOn(3, { a: 'semantic_mismatch' })).cells[0]).toMatchObject({ trials: 1, flakes: 1 })
  })

  test.each([['artifact_sha256', 'b'.repeat(64)], ['lanecheck_version', '0.2.0'], ['engines', [{ engine: 'chromium', engine_product: 'custom-chromium', engine_version: '2', driver: 'none', os: 'none' }]]])('none with another %s: nothing to compare with', (field, value) => {
    expect(show(runOn(1, { a: 'parity' }), runOn(2, { a: 'semantic_mismatch' }, { [field]: value })).cells[0]).toMatchObject({ trials: 0, flakes: 0, rate: null, low: null })
  })

  test('irreproducible, in its first run too', () => {
    const { cells, lanes } = show(runOn(1, { a: 'irreproducible', b: 'parity' }))
    expect(cells.map(({ flakes, trials }) => [flakes, trials])).toEqual([[1, 1], [0, 0]])
    expect(lanes[0]).toMatchObject({ flakes: 1, trials: 1, rate: 1, high: 1 })
  })

  test('a cell of which nothing was seen neither flakes nor holds', () => {
    const lost = outcome('infrastructure_loss')
    expect(show(runOn(1, { a: 'parity' }), runOn(2, { a: lost }), runOn(3, { a: 'not_run' }), runOn(4, { a: 'parity' })).cells[0]).toMatchObject({ trials: 1, flakes: 0 })
  })
})

const verdicts = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(...VERDICTS), { minKeys: 1 })
const someRuns = fc.array(fc.tuple(verdicts, fc.constantFrom('0.1.0', '0.2.0')), { minLength: 1, maxLength: 4 }).map((all) => all.map(([of, lanecheck_version], day) => runOn(day, of, { lanecheck_version })))

describe('T0 browser_surface: laws of a history', () => {
  test('the order in which runs are added does not matter', async () => {
    await fc.assert(fc.asyncProperty(someRuns.chain((runs) => fc.tuple(fc.constant(runs), fc.shuffledSubarray(runs, { minLength: runs.length }))), async ([inOrder, shuffled]) => {
      const [one, other] = [somewhere(), somewhere()]
      await addRuns(one, inOrder)
      for (const run of shuffled) await addRuns(other, [run])
      expect(showHistory(readHistory(other), {})).toEqual(showHistory(readHistory(one), {}))
    }), { numRuns: 6 })
  })

  test('a lane\'s trials and flakes are those of its cells\' observations, none twice', () => {
    fc.assert(fc.property(someRuns, (runs) => {
      const { lanes, cells } = show(...runs)
      const sum = (of: ReadonlyArray<{ flakes: number; trials: number }>): number[] => [of.reduce((all, { flakes }) => all + flakes, 0), of.reduce((all, { trials }) => all + trials, 0)]
      expect(sum(lanes)).toEqual(sum(cells))
    }))
  })
})
