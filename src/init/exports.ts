import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isNode, nameOf, nodesOf, textOf, type Node } from '../inspect/syntax.js'

/** Something that a package exports, as its types say, or its script where there are none. */
export interface SeenExport {
  name: string
  kind: 'function' | 'class' | 'value'
  /** `ms: number`, as written. */
  params: string[]
  /** As written; null where nothing says it. */
  returns: string | null
  /** Gives a promise. */
  async: boolean
  /** Of a class: its methods, static ones with their class before their name. */
  methods: SeenExport[]
}

const MOST_FILES = 50

/** Reads what a module exports from its declarations or its source, following its own re-exports; files that cannot be read are left out. */
export async function exportsOf(entry: string): Promise<SeenExport[]> {
  const { parseAst } = await import('vite')
  const found = new Map<string, SeenExport>()
  const queue = [entry]
  for (let at = 0; at < queue.length && at < MOST_FILES; at++) {
    const file = queue[at]!
    const source = readFileSync(file, 'utf8')
    const tree = parsed(() => parseAst(source, { lang: /\.d\.[mc]?ts$/.test(file) ? 'dts' : 'js' }) as unknown as Node)
    const declared = new Map(nodesOf(tree?.body).flatMap((node) => seenIn(node, source)).map((seen) => [seen.name, seen]))
    for (const node of nodesOf(tree?.body)) {
      for (const seen of exported(node, declared, source)) if (!found.has(seen.name)) found.set(seen.name, seen)
      const next = node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration' ? moduleAt(textOf(node.source), file) : null
      if (next !== null && !queue.includes(next)) queue.push(next)
    }
  }
  return [...found.values()]
}

function parsed(parse: () => Node): Node | null {
  try {
    return parse()
  } catch {
    return null
  }
}

/** Where the types of a package's entry stand: its `types`, or beside it; null without types. */
export function typesOf(folder: string, manifest: Record<string, unknown>, entry: string): string | null {
  const named = [manifest['types'], manifest['typings'], typesIn(manifest['exports'])].filter((one): one is string => typeof one === 'string')
  const beside = entry.replace(/\.([mc]?)js$/, '.d.$1ts')
  return [...named, beside, beside.replace(/\.d\.[mc]ts$/, '.d.ts')].map((name) => join(folder, name)).find((file) => /\.d\.[mc]?ts$/.test(file) && existsSync(file)) ?? null
}

/** The first `types` condition of the package's own entry. */
function typesIn(exports: unknown): string | null {
  if (typeof exports !== 'object' || exports === null) return null
  const tree = exports as Record<string, unknown>
  const own = tree['.'] ?? tree
  if (typeof own !== 'object' || own === null) return null
  if ('types' in own && typeof own.types === 'string') return own.types
  return Object.entries(own).filter(([name]) => !name.startsWith('.')).map(([, value]) => typesIn(value)).find((one) => one !== null) ?? null
}

function moduleAt(specifier: string | null, from: string): string | null {
  if (specifier === null || !specifier.startsWith('.')) return null
  const path = resolve(dirname(from), specifier)
  const typed = /\.d\.[mc]?ts$/.test(from) ? [path.replace(/\.([mc]?)js$/, '.d.$1ts'), path.replace(/\.[mc]?js$/, '.d.ts'), `${path}.d.ts`, join(path, 'index.d.ts')] : [path, `${path}.js`]
  return typed.find((file) => /\.[mc]?[jt]s$/.test(file) && existsSync(file)) ?? null
}

/** What a statement exports; names of a list are looked up in the file's own declarations. */
function exported(node: Node, declared: ReadonlyMap<string, SeenExport>, source: string): SeenExport[] {
  if (node.type === 'ExportDefaultDeclaration') return seenIn(node.declaration, source, 'default').map((seen) => ({ ...seen, name: 'default' }))
  if (node.type === 'ExportNamedDeclaration') {
    const listed = nodesOf(node.specifiers).flatMap((specifier) => {
      const [local, name] = [nameOf(specifier.local), nameOf(specifier.exported)]
      return name === null || node.exportKind === 'type' ? [] : [{ ...(declared.get(local ?? '') ?? value(name)), name }]
    })
    return [...seenIn(node.declaration, source), ...listed]
  }
  // `--target no-modules` puts all under one name.
  if (node.type === 'TSModuleDeclaration' && isNode(node.body)) return nodesOf(node.body.body).flatMap((inner) => exported(inner, new Map(), source))
  const assigned = node.type === 'ExpressionStatement' && isNode(node.expression) && node.expression.type === 'AssignmentExpression' ? node.expression : null
  const name = assigned === null ? null : commonJsName(assigned.left)
  return name === null || assigned === null ? [] : [seenIn(assigned.right, source, name)[0] ?? declared.get(nameOf(assigned.right) ?? '') ?? value(name)].map((seen) => ({ ...seen, name }))
}

/** `exports.after = …`, `module.exports.after = …` */
function commonJsName(node: unknown): string | null {
  if (!isNode(node) || node.type !== 'MemberExpression') return null
  const object = node.object
  const exports = nameOf(object) === 'exports' || (isNode(object) && object.type === 'MemberExpression' && nameOf(object.object) === 'module' && nameOf(object.property) === 'exports')
  return exports ? nameOf(node.property) : null
}

const value = (name: string): SeenExport => ({ name, kind: 'value', params: [], returns: null, async: false, methods: [] })

/** The functions, classes and values that a declaration or an expression is. */
function seenIn(node: unknown, source: string, otherwise = ''): SeenExport[] {
  if (!isNode(node)) return []
  const name = nameOf(node.id) ?? otherwise
  if (/^(?:TSDeclareFunction|FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return name === '' ? [] : [callable(name, node, source)]
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return name === '' ? [] : [classOf(name, node, source)]
  if (node.type !== 'VariableDeclaration') return []
  return nodesOf(node.declarations).flatMap((one) => {
    const variable = nameOf(one.id)
    return variable === null ? [] : [seenIn(one.init, source, variable)[0] ?? value(variable)]
  })
}

function callable(name: string, node: Node, source: string): SeenExport {
  const returns = isNode(node.returnType) && isNode(node.returnType.typeAnnotation) ? textAt(node.returnType.typeAnnotation, source) : null
  return { name, kind: 'function', params: nodesOf(node.params).map((param) => textAt(param, source)), returns, async: node.async === true || /^Promise\b/.test(returns ?? ''), methods: [] }
}

function classOf(name: string, node: Node, source: string): SeenExport {
  const members = isNode(node.body) ? nodesOf(node.body.body).filter((member) => member.type === 'MethodDefinition' && member.computed !== true && isNode(member.value)) : []
  const made = members.find(({ kind }) => kind === 'constructor')
  const methods = members.filter((member) => member.kind === 'method' && member.accessibility !== 'private')
    .flatMap((member) => { const method = nameOf(member.key); return method === null || method === 'free' ? [] : [callable(member.static === true ? `${name}.${method}` : method, member.value as Node, source)] })
  return { name, kind: 'class', params: made === undefined ? [] : nodesOf((made.value as Node).params).map((param) => textAt(param, source)), returns: null, async: false, methods }
}

const textAt = (node: Node, source: string): string => source.slice(node.start, node.end).replace(/\s+/g, ' ')

/** `Alarms.set(ms: number, ring: Function): number`, as people read it. */
export const signature = ({ name, params, returns }: SeenExport, of = ''): string => `${of === '' || name.startsWith(`${of}.`) ? name : `${of}#${name}`}(${params.join(', ')})${returns === null ? '' : `: ${returns}`}`

/** All that can be called, methods with their class. */
export const callables = (seen: readonly SeenExport[]): Array<{ text: string; seen: SeenExport }> =>
  seen.flatMap((one) => (one.kind === 'class' ? one.methods.map((method) => ({ text: signature(method, one.name), seen: method })) : one.kind === 'function' ? [{ text: signature(one), seen: one }] : []))
