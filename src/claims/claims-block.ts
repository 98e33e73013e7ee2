import { LineCounter, parseDocument, isNode, type Document as YamlDocument } from 'yaml'
import { z } from 'zod'
import { ClaimsBlockSchema, type ClaimsBlock, type Place } from './claim.js'

export type ParsedBlock =
  | { block: ClaimsBlock; /** Where a claim stands in the document. */ placeOf(claim: number): Place; faults: [] }
  | { block: null; faults: Array<{ place: Place; says: string }> }

/** Reads a fenced block of claims whose first line is at `first`; every mistake has its line in the document. */
export function parseBlock(yaml: string, first: Place): ParsedBlock {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, uniqueKeys: true })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: first.line + Math.max(line, 1) - 1, column: Math.max(col, 1) + first.column - 1 }
  }
  const broken = document.errors[0]
  if (broken !== undefined) return { block: null, faults: [{ place: at(broken.pos[0]), says: `not YAML: ${broken.message.split('\n')[0] ?? ''}` }] }
  const parsed = ClaimsBlockSchema.safeParse(document.toJS())
  if (!parsed.success) return { block: null, faults: parsed.error.issues.map((issue) => ({ place: at(offsetOf(document, issue.path)), says: `${issue.path.join('.') || 'the block'}: ${messageOf(issue)}` })) }
  return { block: parsed.data, placeOf: (claim) => at(offsetOf(document, ['claims', claim])), faults: [] }
}

/** Of the innermost part of a path that is there. */
function offsetOf(document: YamlDocument, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

const messageOf = (issue: z.core.$ZodIssue): string => (issue.code === 'unrecognized_keys' ? `no such field: ${issue.keys.join(', ')}` : issue.message)
