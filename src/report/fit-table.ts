import { stripVTControlCharacters } from 'node:util'
import Table from 'cli-table3'
import { wrapTo } from './width.js'

export interface Column {
  head: string
  align?: 'right'
  /** It may be wrapped, down to so many columns; left out, it stands whole. */
  wraps_to?: number
  /** Never wider than this. */
  most?: number
}

/** Columns apart by two spaces, no rules: it reads the same in a log as on a terminal. */
const PLAIN = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
}
const GAP = 2

const lengthOf = (text: string): number => stripVTControlCharacters(text).length

/**
 * A table no wider than `width`: columns that may be wrapped give way first, by turns the widest;
 * where that is not enough each row becomes a block of lines, a column a line.
 */
export function fitTable(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>, width: number): string {
  const widths = fitted(columns, rows, width)
  if (widths === null) return rows.map((row) => block(columns, row, width)).join('\n')
  const table = new Table({
    head: columns.map(({ head }) => head), colWidths: widths, wordWrap: true, chars: PLAIN,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 }, colAligns: columns.map(({ align }) => align ?? 'left'),
  })
  for (const row of rows) table.push([...row])
  return table.toString().split('\n').map((line) => line.trimEnd()).join('\n')
}

/** The width of each column; null when they do not fit. */
function fitted(columns: readonly Column[], rows: ReadonlyArray<readonly string[]>, width: number): number[] | null {
  const widths = columns.map(({ head, most = Infinity, wraps_to }, at) => {
    const natural = Math.max(head.length, 1, ...rows.map((row) => lengthOf(row[at] ?? '')))
    return wraps_to === undefined ? natural : Math.min(natural, most)
  })
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + GAP * (columns.length - 1)
  while (total() > width) {
    const [widest] = columns.map((column, at) => ({ at, room: column.wraps_to === undefined ? 0 : widths[at]! - Math.max(column.wraps_to, column.head.length) })).filter(({ room }) => room > 0)
      .sort((one, other) => widths[other.at]! - widths[one.at]!)
    if (widest === undefined) return null
    widths[widest.at]! -= 1
  }
  return widths
}

/** A row where a table has no room: its first column, then the others that say something, each by its name. */
function block(columns: readonly Column[], row: readonly string[], width: number): string {
  const named = columns.map(({ head }, at) => ({ head, text: row[at] ?? '' })).filter(({ text }) => lengthOf(text) > 0)
  const label = Math.max(...named.map(({ head }) => head.length)) + GAP
  return named.flatMap(({ head, text }, at) => {
    const indent = at === 0 ? 0 : GAP
    const lead = head === '' || at === 0 ? '' : head.padEnd(label)
    const room = width - indent - lead.length
    // Colours are short texts, and stay whole.
    const lines = lengthOf(text) <= room ? [text] : wrapTo(stripVTControlCharacters(text), room)
    return lines.map((line, nth) => `${' '.repeat(indent)}${nth === 0 ? lead : ' '.repeat(lead.length)}${line}`)
  }).join('\n')
}
