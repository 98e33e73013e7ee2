import { isBuiltin } from 'node:module'
import { parseAst } from 'vite'
import { needOf, GLOBAL_NEEDS } from './needs.js'
import { childrenOf, isNode, linesOf, nameOf, textOf, type Node } from './syntax.js'

/** A place where a script uses something that tells what it needs. `import_name`: the WASM import whose glue uses it. */
export interface ScriptUse { what: string; line: number; guarded: boolean; import_name: string | null }
export interface ScriptSeen {
  uses: ScriptUse[]
  /** Relative modules, and modules of other packages, in the order of the text. */
  modules: string[]
  /** Texts that end in `.wasm`. */
  wasm_names: string[]
  /** Long texts: WASM may be embedded in one. */
  long_texts: string[]
}

const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(['globalThis', 'self', 'window', 'global'])
const LEAST_LONG = 64

/** Reads a script's syntax tree: what it uses of its host, and what it loads. Throws what the parser says of a text that is none. */
export function seeScript(source: string): ScriptSeen {
  const tree = parseAst(source) as unknown as Node
  const lineOf = linesOf(source)
  const declared = new Set<string>()
  const asked = new Set<string>()
  const found: Array<Omit<ScriptUse, 'guarded'>> = []
  const seen: Omit<ScriptSeen, 'uses'> = { modules: [], wasm_names: [], long_texts: [] }

  const use = (what: string, node: Node, import_name: string | null): void => {
    if (needOf(what) !== null) found.push({ what, line: lineOf(node.start), import_name })
  }
  const loads = (specifier: string | null, node: Node, import_name: string | null): void => {
    if (specifier === null) return
    if (isBuiltin(specifier)) use(`node:${specifier.replace(/^node:/, '')}`, node, import_name)
    else seen.modules.push(specifier)
  }

  const visit = (node: Node, parent: Node | null, field: string, import_name: string | null, depth: number): void => {
    const within = importNameOf(node) ?? import_name
    if (node.type === 'Literal' && typeof node.value === 'string') {
      if (node.value.endsWith('.wasm')) seen.wasm_names.push(node.value)
      else if (node.value.length >= LEAST_LONG) seen.long_texts.push(node.value)
    }
    if (node.type === 'TemplateElement') {
      const { cooked } = node.value as { cooked: string | null }
      if (cooked !== null && cooked.length >= LEAST_LONG) seen.long_texts.push(cooked)
    }
    if (node.type === 'Identifier') {
      if (declares(node, parent, field)) declared.add(String(node.name))
      else if (refers(parent, field)) use(String(node.name), node, within)
    }
    if (node.type === 'MemberExpression' && node.computed !== true) {
      const property = nameOf(node.property)
      const object = nameOf(node.object)
      // What WASM reaches through a value that it was given has no name but the property's.
      if (property !== null && (within !== null || property === 'getRandomValues' || property === 'subtle' || (object !== null && GLOBAL_OBJECTS.has(object)))) use(property, node, within)
    }
    if (node.type === 'UnaryExpression' && node.operator === 'typeof') asked.add(nameOf(node.argument) ?? nameOf(isNode(node.argument) ? node.argument.property : null) ?? '')
    if (node.type === 'BinaryExpression' && node.operator === 'in') asked.add(textOf(node.left) ?? '')
    if (node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration' || node.type === 'ExportAllDeclaration') loads(textOf(node.source), node, within)
    if (node.type === 'ImportExpression') {
      use('import()', node, within)
      loads(textOf(node.source), node, within)
    }
    if (node.type === 'CallExpression' && nameOf(node.callee) === 'require' && Array.isArray(node.arguments)) loads(textOf(node.arguments[0]), node, within)
    if (node.type === 'AwaitExpression' && depth === 0) use('top-level await', node, within)
    const deeper = depth + (/Function/.test(node.type) || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition' ? 1 : 0)
    for (const [name, child] of childrenOf(node)) visit(child, node, name, within, deeper)
  }
  visit(tree, null, '', null, 0)
  const uses = found.filter(({ what }) => !(GLOBAL_NEEDS.has(what) && declared.has(what) && what !== 'getRandomValues')).map((one) => ({ ...one, guarded: asked.has(one.what) }))
  return { uses, ...seen }
}

/** The WASM import that a piece of glue is: a function, a method or a property with wasm-bindgen's name. */
function importNameOf(node: Node): string | null {
  const named = node.type === 'FunctionDeclaration' ? nameOf(node.id)
    : node.type === 'Property' ? nameOf(node.key) ?? textOf(node.key)
    : node.type === 'AssignmentExpression' && isNode(node.left) && node.left.type === 'MemberExpression' ? nameOf(node.left.property)
    : null
  return named !== null && /^__wb(g|indgen)_(?!get_imports|init|load|finalize|set_wasm)/.test(named) ? named : null
}

/** Whether an identifier names a new binding here. */
function declares(node: Node, parent: Node | null, field: string): boolean {
  if (parent === null) return false
  if (field === 'id' || field === 'local' || field === 'params' || field === 'param') return true
  // A pattern's own names: `const { TextDecoder } = …`.
  return (parent.type === 'Property' && field === 'value' && parent.shorthand === true && nameOf(node) === nameOf(parent.key)) || parent.type === 'ArrayPattern' || parent.type === 'RestElement'
}

/** Whether an identifier stands for a value that is looked up. */
function refers(parent: Node | null, field: string): boolean {
  if (parent === null) return true
  if (parent.type === 'MemberExpression') return field === 'object' || parent.computed === true
  if (parent.type === 'Property' || parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') return field === 'value' || parent.computed === true
  if (parent.type === 'UnaryExpression' && parent.operator === 'typeof') return false
  return !/^(Import|Export|Labeled|Break|Continue|MetaProperty)/.test(parent.type) || field === 'declaration' || field === 'expression' || parent.type === 'ImportExpression'
}
