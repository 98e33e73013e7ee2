import type { Code, Html, Nodes, Parent, Root } from 'mdast'
import remarkGfm from 'remark-gfm'
import remarkMdx from 'remark-mdx'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { LanecheckError } from '../contract/errors.js'
import type { Place } from './claim.js'

/** The language of a fenced block that holds claims. */
export const CLAIMS_LANGUAGE = 'lane-claims'

/** Prose of one block, code left out, and where each of its characters stands. */
export interface Prose { text: string; placeOf(index: number): Place }
/** A generated table between its markers; offsets are those of what stands between them. */
export interface TableMark { place: Place; attributes: string; start: number; end: number | null }

/** A document taken apart. */
export interface Document {
  file: string
  source: string
  /** Fenced blocks of claims; `place` is that of their first line. */
  blocks: Array<{ place: Place; yaml: string }>
  tables: TableMark[]
  prose: Prose[]
}

const OPENS = /^\s*lane-table\b(.*)$/s
const CLOSES = /^\s*\/lane-table\s*$/
const ALLOWS = /^\s*lane-claims-allow:\s*\S/

/** Takes a Markdown or MDX document apart. Throws `usage` when it cannot be parsed. */
export function readDocument(file: string, source: string): Document {
  const document: Document = { file, source, blocks: [], tables: [], prose: [] }
  let allowed: number | null = null
  for (const node of blocksOf(parse(file, source))) {
    const comment = commentOf(node)
    if (comment !== null) {
      if (ALLOWS.test(comment)) allowed = node.position?.end.line ?? null
      addMark(document, node, comment)
    } else if (node.type === 'code') addCode(document, node)
    else {
      // What is allowed is the block that follows at once.
      const line = node.position?.start.line ?? 0
      if (allowed === null || line > allowed + 2) document.prose.push(proseOf(node))
      allowed = null
    }
  }
  return document
}

function parse(file: string, source: string): Root {
  const processor = unified().use(remarkParse).use(remarkGfm)
  if (/\.mdx$/i.test(file)) processor.use(remarkMdx)
  try {
    return processor.parse(source) as Root
  } catch (error) {
    const line = typeof error === 'object' && error !== null && 'line' in error ? `:${String(error.line)}` : ''
    throw new LanecheckError('usage', `the document does not parse: ${error instanceof Error ? error.message.split('\n')[0] ?? '' : String(error)}`, { where: `${file}${line}`, cause: error })
  }
}

/** The nodes that hold text, code or a comment, in order; what is nested in lists and quotes too. */
function* blocksOf(node: Nodes): Generator<Nodes> {
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell' || !('children' in node)) yield node
  else for (const child of node.children) yield* blocksOf(child)
}

/** What an HTML or MDX comment says; null for anything else. */
function commentOf(node: Nodes): string | null {
  if (node.type === 'html') return /^<!--(.*)-->\s*$/s.exec((node as Html).value)?.[1] ?? null
  const expression = node as { type: string; value?: unknown }
  if (expression.type !== 'mdxFlowExpression' || typeof expression.value !== 'string') return null
  return /^\s*\/\*(.*)\*\/\s*$/s.exec(expression.value)?.[1] ?? null
}

function addMark(document: Document, node: Nodes, comment: string): void {
  const { position } = node
  if (position === undefined) return
  const opened = document.tables.find(({ end }) => end === null)
  const opens = OPENS.exec(comment)
  if (opens !== null) document.tables.push({ place: position.start, attributes: opens[1] ?? '', start: position.end.offset ?? 0, end: null })
  else if (CLOSES.test(comment) && opened !== undefined) opened.end = position.start.offset ?? null
}

function addCode(document: Document, { lang, value, position }: Code): void {
  if (lang === CLAIMS_LANGUAGE) document.blocks.push({ place: { line: (position?.start.line ?? 0) + 1, column: position?.start.column ?? 1 }, yaml: value })
}

function proseOf(node: Nodes): Prose {
  let text = ''
  const starts: Array<{ index: number; place: Place; text: string }> = []
  const walk = (inner: Nodes): void => {
    if (inner.type === 'text' && inner.position !== undefined) {
      starts.push({ index: text.length, place: inner.position.start, text: inner.value })
      text += inner.value
    } else if (inner.type === 'break') text += ' '
    else if ('children' in inner) (inner as Parent).children.forEach(walk)
    // Something was here: words on both sides of it are not one phrase.
    else text += '\u0000'
  }
  walk(node)
  return { text, placeOf: (index) => placeIn(starts.findLast((start) => start.index <= index), index) }
}

function placeIn(start: { index: number; place: Place; text: string } | undefined, index: number): Place {
  if (start === undefined) return { line: 1, column: 1 }
  const before = start.text.slice(0, index - start.index).split('\n')
  const last = before.at(-1) ?? ''
  return before.length === 1 ? { line: start.place.line, column: start.place.column + last.length } : { line: start.place.line + before.length - 1, column: last.length + 1 }
}
