import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ENGINES, VERDICTS } from '../../../src/contract/vocabulary.js'
import { controlsTable } from '../../../src/report/controls-table.js'
import { doctorLines } from '../../../src/report/doctor-text.js'
import { fitTable } from '../../../src/report/fit-table.js'
import { summaryTable } from '../../../src/report/summary-table.js'
import { terminalReport } from '../../../src/report/terminal.js'
import { cutTo, widthOf, wrapTo } from '../../../src/report/width.js'
import { tokenIn } from '../judge/verdicts.js'
import { COLOURS, PLAIN, ledgerOf, rowsOf } from './support.js'

const WIDTHS = [60, 80, 200]
const widest = (text: string): number => Math.max(...stripVTControlCharacters(text).split('\n').filter((line) => !/again: |Evidence: /.test(line)).map(({ length }) => length))
const many = ledgerOf(ENGINES.flatMap((engine) => VERDICTS.map((token) => ({ ...tokenIn(token, engine, 'dedicated_worker', `timer.x.${token}`), reason: `live: timers.a.${'very_long_'.repeat(30)} expected 3, found 4` }))))

describe('T0: how wide', () => {
  it.each([
    [{ isTTY: true, columns: 80 }, {}, 80], [{ isTTY: true, columns: 10 }, {}, 40], [{ isTTY: true, columns: 0 }, {}, 120], [{}, {}, 120], [{}, { COLUMNS: '200' }, 200], [{}, { COLUMNS: 'wide' }, 120],
    [{ isTTY: true, columns: 80 }, { COLUMNS: '200' }, 80],
  ])('%j with %j', (stream, env, width) => {
    expect(widthOf(stream, env)).toBe(width)
  })

  it('words are wrapped, and one that is too long is cut with an ellipsis', () => {
    expect(wrapTo('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrapTo('abcdefghij k', 5)).toEqual(['abcd…', 'k'])
    expect([cutTo('abc', 3), cutTo('abcd', 3)]).toEqual(['abc', 'ab…'])
  })

  it.each(WIDTHS)('nothing that is laid out is wider than %i columns, with colours or without', (width) => {
    const doctor = (['ok', 'failed'] as const).map((status) => doctorLines({ check: 'output_writable', status, says: `the evidence cannot be written to ${'folder/'.repeat(20)} because of this and that`, mend: null }, COLOURS, width))
    const controls = controlsTable([{ id: 'clock.stops_in_the_middle', law: 'x', place: 'y', live: true, fault: 'a clock that stops in the middle of a run '.repeat(3), required: 'invalid_experiment, insufficient_observability' }],
      [{ id: 'clock.stops_in_the_middle', engine: 'chromium', given: 'invalid_experiment, insufficient_observability', right: true }], COLOURS, width)
    for (const paint of [PLAIN, COLOURS]) expect(widest(terminalReport(many, 'out', () => null, paint, width))).toBeLessThanOrEqual(width)
    for (const text of [...doctor, controls]) expect(widest(text)).toBeLessThanOrEqual(width)
  })

  it('a sum that has no room as a table keeps every verdict apart and by name', () => {
    const [wide, narrow] = [summaryTable(many, PLAIN, 240), summaryTable(many, PLAIN, 60)]
    expect(rowsOf(wide)[0]).toEqual(['lane', 'surface', 'cells', ...VERDICTS])
    const all = narrow.slice(narrow.lastIndexOf('all\n'))
    for (const token of VERDICTS) expect(all).toMatch(new RegExp(`^ {2}${token} +3$`, 'm'))
    // The lanes of the reference package fit a log of 120 columns.
    expect(widest(summaryTable(ledgerOf([tokenIn('parity', 'chromium', 'dedicated_worker'), tokenIn('semantic_mismatch', 'chromium', 'dedicated_worker', 'websocket.x.y')]), PLAIN, 120))).toBeLessThanOrEqual(120)
    expect(summaryTable(ledgerOf([tokenIn('parity'), tokenIn('semantic_mismatch')]), PLAIN, 120)).toMatch(/^lane +surface/)
  })

  it('columns that may be wrapped give way, the others stand whole', () => {
    const text = fitTable([{ head: 'id' }, { head: 'says', wraps_to: 8 }], [['chromium.window', 'one two three four five']], 30)
    expect(text.split('\n')).toEqual(['id               says', 'chromium.window  one two three', '                 four five'])
    expect(fitTable([{ head: 'id' }, { head: 'says', wraps_to: 20 }], [['chromium.window', 'one two three four five']], 30)).toBe('chromium.window\n  says  one two three four\n        five')
  })
})
