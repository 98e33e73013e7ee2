import { Blob } from './blob.js'
import { bytesOf } from './bytes.js'
import { DOMException } from './dom-exception.js'
import { kernel } from './kernel.js'

const ERRORS: Record<string, ErrorConstructor> = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }
const WRAPPERS = [Boolean, Number, String, BigInt]
type View = { buffer: ArrayBuffer; byteOffset: number; byteLength: number; length?: number }
type ViewConstructor = new (buffer: ArrayBuffer, offset: number, length: number) => object

const cannot = (value: unknown): DOMException =>
  new DOMException(`${typeof value === 'symbol' ? 'A symbol' : `A ${typeof value}`} could not be cloned.`, 'DataCloneError')

/** HTML's structured clone. `moved` holds what is transferred and what it becomes. */
export function cloneValue(value: unknown, moved: Map<object, object> = new Map()): unknown {
  const known = new Map<object, unknown>(moved)
  const keep = <Made extends object>(original: object, made: Made): Made => {
    known.set(original, made)
    return made
  }
  const copy = (from: unknown): unknown => {
    if (typeof from === 'symbol' || typeof from === 'function') throw cannot(from)
    if (typeof from !== 'object' || from === null) return from
    if (known.has(from)) return known.get(from)
    return copyObject(from)
  }
  const copyObject = (from: object): unknown => {
    if (from instanceof Date) return keep(from, new Date(from.getTime()))
    if (from instanceof RegExp) return keep(from, new RegExp(from.source, from.flags))
    if (WRAPPERS.some((Wrapper) => from instanceof Wrapper)) return keep(from, Object(from.valueOf()) as object)
    if (from instanceof ArrayBuffer) return keep(from, from.slice(0))
    if (ArrayBuffer.isView(from)) return copyView(from as unknown as View)
    if (from instanceof Blob) return keep(from, from.slice(0, from.size, from.type))
    if (typeof WebAssembly === 'object' && from instanceof WebAssembly.Module) return from
    if (from instanceof Map) return copyMap(from)
    if (from instanceof Set) return copySet(from)
    if (from instanceof DOMException) return keep(from, new DOMException(from.message, from.name))
    if (from instanceof Error) return copyError(from)
    if (Array.isArray(from)) return copyMembers(from, keep(from, new Array<unknown>(from.length)))
    const prototype: unknown = Object.getPrototypeOf(from)
    if (prototype !== null && prototype !== Object.prototype && Symbol.toStringTag in from) throw cannot(from)
    return copyMembers(from, keep(from, {}))
  }
  const copyView = (from: View): object => {
    const buffer = copy(from.buffer) as ArrayBuffer
    return keep(from, new (from.constructor as ViewConstructor)(buffer, from.byteOffset, from.length ?? from.byteLength))
  }
  const copyMap = (from: Map<unknown, unknown>): Map<unknown, unknown> => {
    const made = keep(from, new Map<unknown, unknown>())
    for (const [key, item] of [...from]) made.set(copy(key), copy(item))
    return made
  }
  const copySet = (from: Set<unknown>): Set<unknown> => {
    const made = keep(from, new Set<unknown>())
    for (const item of [...from]) made.add(copy(item))
    return made
  }
  const copyError = (from: Error): Error => {
    const made = keep(from, new (ERRORS[from.name] ?? Error)(from.message))
    if ('cause' in from) made.cause = copy(from.cause)
    return made
  }
  const copyMembers = (from: object, made: object): object => {
    for (const key of Object.keys(from)) (made as Record<string, unknown>)[key] = copy((from as Record<string, unknown>)[key])
    return made
  }
  return copy(value)
}

/** Moves a buffer's bytes into a new one and detaches it. */
export function moveBuffer(buffer: ArrayBuffer): ArrayBuffer {
  const bytes = bytesOf(buffer).slice()
  kernel.detach(buffer)
  return bytes.buffer
}
