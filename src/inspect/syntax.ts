/** A node of a syntax tree, as the parser gives it (ESTree, and TypeScript's kinds beside it). */
export interface Node { type: string; start: number; end: number; [field: string]: unknown }

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
export const childrenOf = (node: Node): Array<[string, Node]> =>
  Object.entries(node).flatMap(([field, value]) => (Array.isArray(value) ? value : [value]).filter(isNode).map((child): [string, Node] => [field, child]))
export const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : [])
export const nameOf = (node: unknown): string | null => (isNode(node) && node.type === 'Identifier' ? String(node.name) : null)
export const textOf = (node: unknown): string | null => (isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : null)

/** Tells the line of an offset, from 1. */
export function linesOf(source: string): (start: number) => number {
  const ends = [...source.matchAll(/\n/g)].map(({ index }) => index)
  return (start) => {
    let low = 0
    for (let high = ends.length; low < high;) {
      const middle = (low + high) >> 1
      if (ends[middle]! < start) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
