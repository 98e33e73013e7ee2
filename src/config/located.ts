import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document } from 'yaml'

/** What a JSON or YAML text says, and on which line it says it; or why it is no such text. */
export type Located = { ok: true; value: unknown; lineOf(path: string): number } | { ok: false; message: string; line: number }

/** Reads a text with the places of its fields: `lineOf('tasks.main[2].timer')` is the line of that field, or of the last one on the way to it that is there. Lines count from 1. */
export function readLocated(text: string, form: 'json' | 'yaml'): Located {
  const json = form === 'json' ? jsonFault(text) : null
  if (json !== null) return json
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [fault] = document.errors
  if (fault !== undefined) return { ok: false, message: fault.message, line: lines.linePos(fault.pos[0]).line }
  const aliases = aliasFault(document)
  if (aliases !== null) return { ok: false, message: aliases.message, line: lines.linePos(aliases.offset).line }
  return { ok: true, value: document.toJS() as unknown, lineOf: (path) => lines.linePos(offsetOf(document.contents, path, 0)).line }
}

/** An alias that names nothing, or what it is itself in; or so many that they are meant to fill the memory. */
function aliasFault(document: Document): { message: string; offset: number } | null {
  const aliases: Array<{ offset: number; message: string | null }> = []
  visit(document, {
    Alias: (_, alias, path) => {
      const meant = alias.resolve(document)
      const fault = meant === undefined ? `names no anchor before it; as a text it wants quotes: '*${alias.source}'` : path.includes(meant) ? 'names what it is in' : null
      aliases.push({ offset: rangeOf(alias) ?? 0, message: fault === null ? null : `*${alias.source} ${fault}` })
    },
  })
  const [first] = aliases
  if (first === undefined) return null
  for (const { message, offset } of aliases) if (message !== null) return { message, offset }
  try {
    document.toJS()
    return null
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), offset: first.offset }
  }
}

/** YAML takes more than JSON; a file that says it is JSON is held to it. */
function jsonFault(text: string): Extract<Located, { ok: false }> | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? text.trimEnd().length)
    return { ok: false, message: message.replace(/ \(line \d+ column \d+\)$/, ''), line: text.slice(0, at).split('\n').length }
  }
}

/** Of the field that a path names, or of the nearest above it. */
function offsetOf(node: unknown, path: string, above: number): number {
  const rest = path.replace(/^\./, '')
  if (rest === '') return above
  if (isSeq(node)) {
    const [step = '', index = ''] = /^\[(\d+)\]/.exec(rest) ?? []
    const item = step === '' ? undefined : node.items[Number(index)]
    return item === undefined ? above : offsetOf(item, rest.slice(step.length), rangeOf(item) ?? above)
  }
  if (!isMap(node)) return above
  // A key may hold dots itself, as labels do: the longest that fits is meant.
  const fits = node.items.flatMap((pair) => {
    const key = isScalar(pair.key) ? String(pair.key.value) : ''
    const step = [`['${key}']`, key].find((start) => key !== '' && rest.startsWith(start) && /^(?:$|[.[])/.test(rest.slice(start.length)))
    return step === undefined ? [] : [{ pair, step }]
  }).sort((one, other) => other.step.length - one.step.length)
  const [fit] = fits
  return fit === undefined ? above : offsetOf(fit.pair.value, rest.slice(fit.step.length), rangeOf(fit.pair.key) ?? above)
}

const rangeOf = (node: unknown): number | undefined => (node as { range?: [number, ...unknown[]] | null } | null)?.range?.[0]
