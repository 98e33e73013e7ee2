import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../cli/run.js'

/** A table of a page: the heading above it, its own first line, its rows; cells as they are written. */
export interface Table { heading: string; head: string[]; rows: string[][] }

const cellsOf = (line: string): string[] => line.split('|').slice(1, -1).map((cell) => cell.trim())

export const pageText = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

/** What is not in a fenced block. */
export const proseOf = (markdown: string): string => markdown.replace(/^(`{3,})[^\n]*\n[^]*?^\1$/gm, '')

/** The tables of a page, in their order. */
export function tablesOf(markdown: string): Table[] {
  const tables: Table[] = []
  let [heading, open]: [string, Table | null] = ['', null]
  for (const line of proseOf(markdown).split('\n')) {
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading
    if (!line.startsWith('|')) open = null
    else if (open === null) tables.push(open = { heading, head: cellsOf(line), rows: [] })
    else if (!/^\|[-|]+\|$/.test(line)) open.rows.push(cellsOf(line))
  }
  return tables
}

/** What stands in backticks. */
export const codeIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, token = '']) => token)
