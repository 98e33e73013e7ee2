import { childrenOf, isNode, linesOf, nameOf, nodesOf, textOf, type Node } from '../../inspect/syntax.js'

/** Tells the line of a field of the scenario with an id, where both are written out in the file; null where the id is not. */
export type ModuleLines = (id: string | null, path: string) => number | null

const LANGUAGES: Readonly<Record<string, 'ts' | 'js'>> = { '.ts': 'ts', '.mts': 'ts', '.js': 'js', '.mjs': 'js' }

/** Reads the places of scenarios off a module's syntax tree; the module itself is not run. */
export async function moduleLines(source: string, extension: string): Promise<ModuleLines> {
  const { parseAst } = await import('vite')
  const lineAt = linesOf(source)
  const byId = new Map<string, Node>()
  const visit = (node: Node): void => {
    const id = node.type === 'ObjectExpression' ? textOf(fieldOf(node, 'id')?.value) : null
    if (id !== null && !byId.has(id)) byId.set(id, node)
    for (const [, child] of childrenOf(node)) visit(child)
  }
  visit(parseAst(source, { lang: LANGUAGES[extension] ?? 'js' }) as unknown as Node)
  return (id, path) => {
    const found = id === null ? undefined : byId.get(id)
    return found === undefined ? null : lineAt(placeOf(found, path, found.start))
  }
}

const keyOf = (property: Node): string | null => (property.computed === true ? null : nameOf(property.key) ?? textOf(property.key))
const fieldOf = (object: Node, name: string): Node | undefined => nodesOf(object.properties).find((property) => property.type === 'Property' && keyOf(property) === name)

/** What a type is asserted of. */
const bare = (node: unknown): Node | null => (!isNode(node) ? null : /^TS(?:As|Satisfies|NonNull)Expression$/.test(node.type) ? bare(node.expression) : node)

/** Of the field that a path names, or of the nearest above it that is written out. */
function placeOf(value: unknown, path: string, above: number): number {
  const node = bare(value)
  const rest = path.replace(/^\./, '')
  if (node === null || rest === '') return above
  if (node.type === 'ArrayExpression') {
    const [step = '', index = ''] = /^\[(\d+)\]/.exec(rest) ?? []
    const items = Array.isArray(node.elements) ? node.elements : []
    const spread = items.slice(0, Number(index) + 1).some((item) => !isNode(item) || item.type === 'SpreadElement')
    const item: unknown = items[Number(index)]
    return step === '' || spread || !isNode(item) ? above : placeOf(item, rest.slice(step.length), item.start)
  }
  if (node.type !== 'ObjectExpression') return above
  const fits = nodesOf(node.properties).flatMap((property) => {
    const key = property.type === 'Property' ? keyOf(property) : null
    const step = key === null ? undefined : [`['${key}']`, key].find((start) => rest.startsWith(start) && /^(?:$|[.[])/.test(rest.slice(start.length)))
    return step === undefined ? [] : [{ property, step }]
  }).sort((one, other) => other.step.length - one.step.length)
  const [fit] = fits
  return fit === undefined ? above : placeOf(fit.property.value, rest.slice(fit.step.length), fit.property.start)
}
