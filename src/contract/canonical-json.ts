import { LanecheckError } from './errors.js'
import { isWellFormed } from './well-formed.js'

/** Deeper than any record of ours; a limit gives deep nesting a code instead of a stack overflow. */
const DEPTH_LIMIT = 1000
const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/

type Path = Array<string | number>

/**
 * The RFC 8785 form of a value, or an error: nothing is dropped, replaced or guessed.
 * Throws `evidence_invalid`, naming the path.
 */
export function canonicalJson(value: unknown): string {
  return write(value, [], new Set())
}

function write(value: unknown, path: Path, ancestors: Set<object>): string {
  switch (typeof value) {
    case 'string':
      return quote(value, path)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      return writeNumber(value, path)
    case 'object':
      return value === null ? 'null' : writeContainer(value, path, ancestors)
    default:
      throw refused(path, `${article(typeof value)} has no JSON form`)
  }
}

const article = (type: string): string => (type === 'undefined' ? 'undefined' : `a ${type}`)

function writeNumber(value: number, path: Path): string {
  if (!Number.isFinite(value)) throw refused(path, `${value} has no JSON form`)
  // ECMAScript's own number-to-string is the RFC's; it writes minus zero as 0.
  return String(value)
}

function quote(text: string, path: Path): string {
  if (!isWellFormed(text)) throw refused(path, 'a string with a lone surrogate has no UTF-8 form')
  return JSON.stringify(text)
}

function writeContainer(value: object, path: Path, ancestors: Set<object>): string {
  if (ancestors.has(value)) throw refused(path, 'the value contains itself')
  if (path.length >= DEPTH_LIMIT) throw refused(path.slice(0, 8), `nested deeper than ${DEPTH_LIMIT} levels`)
  ancestors.add(value)
  const text = Array.isArray(value) ? writeArray(value, path, ancestors) : writeObject(value, path, ancestors)
  ancestors.delete(value)
  return text
}

function writeArray(items: readonly unknown[], path: Path, ancestors: Set<object>): string {
  const parts: string[] = []
  for (let index = 0; index < items.length; index += 1) parts.push(at(path, index, () => write(items[index], path, ancestors)))
  return `[${parts.join(',')}]`
}

function writeObject(value: object, path: Path, ancestors: Set<object>): string {
  if (!isPlain(value)) throw refused(path, 'only plain objects and arrays have a JSON form')
  if (Object.getOwnPropertySymbols(value).length > 0) throw refused(path, 'a member named by a symbol has no JSON form')
  // The default sort compares UTF-16 code units, which is what the RFC asks for.
  const parts = Object.keys(value).sort().map((key) =>
    at(path, key, () => `${quote(key, path)}:${write((value as Record<string, unknown>)[key], path, ancestors)}`))
  return `{${parts.join(',')}}`
}

function at(path: Path, key: string | number, inside: () => string): string {
  path.push(key)
  const text = inside()
  path.pop()
  return text
}

/** Also true for a plain object of another realm, as the lab's are. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return true
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf')
}

function refused(path: Path, why: string): LanecheckError {
  const where = path.map((key) => (PLAIN_KEY.test(String(key)) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('')
  return new LanecheckError('evidence_invalid', `cannot be written as canonical JSON: ${why}`, { where: `$${where}` })
}
