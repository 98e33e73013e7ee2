import { describe, expect, it } from 'vitest'
import { VERDICTS, type VerdictToken } from '../../../src/contract/vocabulary.js'
import { summaryTable } from '../../../src/report/summary-table.js'
import { tokenIn } from '../judge/verdicts.js'
import { ANSI, COLOURS, PLAIN, ledgerOf, rowsOf } from './support.js'

const tableOf = (tokens: VerdictToken[], paint = PLAIN): string => summaryTable(ledgerOf(tokens.map((token, index) => tokenIn(token, 'firefox', 'window', `timer.x.s${index}`))), paint)
/** The counts of a row by its column's head; an empty cell counts nothing. */
function counts(text: string, lane: string): Record<string, number> {
  const [head, ...rows] = rowsOf(text)
  const cells = rows.find((row) => row[0] === lane)!
  const columns = lane === 'all' ? head!.filter((name) => name !== 'surface') : head!
  return Object.fromEntries(columns.map((name, index) => [name, cells[index] === '.' ? 0 : Number(cells[index])]))
}

describe('T0 browser_surface: lanes × surfaces with counts per verdict', () => {
  it('bridge_only has a column of its own and is never counted as parity', () => {
    const text = tableOf(['parity', 'parity', 'bridge_only', 'bridge_only', 'bridge_only', 'unsupported'])
    expect(rowsOf(text)[0]).toEqual(['lane', 'surface', 'cells', 'parity', 'bridge_only', 'unsupported'])
    expect(counts(text, 'firefox.window.direct')).toMatchObject({ cells: 2, parity: 2, bridge_only: 0 })
    expect(counts(text, 'firefox.window.bridge')).toMatchObject({ cells: 3, parity: 0, bridge_only: 3 })
    expect(counts(text, 'firefox.window.none')).toMatchObject({ cells: 1, parity: 0, bridge_only: 0, unsupported: 1 })
    expect(counts(text, 'all')).toMatchObject({ cells: 6, parity: 2, bridge_only: 3, unsupported: 1 })
  })

  it('the three columns are there even when nothing has them', () => {
    expect(rowsOf(tableOf(['not_run']))[0]).toEqual(['lane', 'surface', 'cells', 'parity', 'bridge_only', 'unsupported', 'not_run'])
  })

  it('every verdict that occurs has a column, in the contract\'s order, and every row and column adds up', () => {
    const tokens = VERDICTS.flatMap((token, index) => Array<VerdictToken>(index + 1).fill(token))
    const text = tableOf(tokens)
    const [head, ...rows] = rowsOf(text)
    expect(head!.slice(3)).toEqual([...VERDICTS])
    const all = counts(text, 'all')
    expect(all.cells).toBe(tokens.length)
    for (const [index, token] of VERDICTS.entries()) expect(all[token], token).toBe(index + 1)
    const lanes = rows.filter(([lane]) => lane !== 'all').map(([lane]) => counts(text, lane!))
    for (const lane of lanes) expect(VERDICTS.reduce((sum, token) => sum + lane[token]!, 0)).toBe(lane.cells)
    for (const column of ['cells', ...VERDICTS]) expect(lanes.reduce((sum, lane) => sum + lane[column]!, 0), column).toBe(all[column])
  })

  it('plain, it is plain text without rules or trailing blanks; on a terminal it has colours and says the same', () => {
    const tokens: VerdictToken[] = ['parity', 'semantic_mismatch', 'bridge_only']
    const plain = tableOf(tokens)
    expect(plain).toMatch(/^[ -~\n]+$/)
    expect(plain).not.toMatch(/[|+─]| $/m)
    const coloured = tableOf(tokens, COLOURS)
    expect(coloured).toMatch(ANSI)
    expect(coloured.replace(/\u001b\[\d+m/g, '').split('\n').map((line) => line.trimEnd())).toEqual(plain.split('\n'))
  })
})
