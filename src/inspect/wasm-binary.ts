import { LanecheckError } from '../contract/errors.js'
import type { Memory } from './inspection.js'

const IMPORT_SECTION = 2
const MEMORY_SECTION = 5

/** Reads a WASM module's own bytes from a place on. Source: WebAssembly Core, 5.2 (values) and 5.5 (modules). */
class Cursor {
  constructor(readonly bytes: Uint8Array, public at: number, readonly end = bytes.length) {}
  byte(): number {
    const value = this.at < this.end ? this.bytes[this.at] : undefined
    if (value === undefined) throw new LanecheckError('wasm_invalid', 'the module ends too early')
    this.at += 1
    return value
  }
  /** Unsigned LEB128, up to 64 bits; pages and counts stay exact well below that. */
  number(): number {
    for (let value = 0, shift = 1; ; shift *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * shift
      if (byte < 0x80) return value
      if (shift > 2 ** 56) throw new LanecheckError('wasm_invalid', 'a number is too long')
    }
  }
  skip(length: number): void {
    this.at += length
  }
}

function* sections(bytes: Uint8Array): Generator<{ id: number; body: Cursor }> {
  for (const cursor = new Cursor(bytes, 8); cursor.at < bytes.length;) {
    const id = cursor.byte()
    const length = cursor.number()
    yield { id, body: new Cursor(bytes, cursor.at, cursor.at + length) }
    cursor.skip(length)
  }
}

function limits(cursor: Cursor, imported: boolean): Memory {
  const flags = cursor.byte()
  const least_pages = cursor.number()
  return { imported, shared: (flags & 2) !== 0, least_pages, most_pages: (flags & 1) === 0 ? null : cursor.number() }
}

function importedMemory(cursor: Cursor): Memory | null {
  for (let left = cursor.number(); left > 0; left -= 1) {
    for (const _ of ['module', 'name']) cursor.skip(cursor.number())
    const kind = cursor.byte()
    if (kind === 2) return limits(cursor, true)
    if (kind === 0) cursor.number()
    else if (kind === 1) {
      cursor.byte()
      limits(cursor, true)
    } else if (kind === 3) cursor.skip(2)
    else {
      cursor.byte()
      cursor.number()
    }
  }
  return null
}

/** The first memory that a module has or wants; null when there is none. Its reflection is in no engine's API yet. Throws `wasm_invalid`. */
export function memoryOf(bytes: Uint8Array): Memory | null {
  for (const { id, body } of sections(bytes)) {
    const memory = id === IMPORT_SECTION ? importedMemory(body) : id === MEMORY_SECTION && body.number() > 0 ? limits(body, false) : null
    if (memory !== null) return memory
  }
  return null
}

const text = (cursor: Cursor): string => {
  const length = cursor.number()
  const value = new TextDecoder().decode(cursor.bytes.subarray(cursor.at, cursor.at + length))
  cursor.skip(length)
  return value
}

/** The `target_features` section: `+atomics`, `-simd128` and so on. Source: tool-conventions, Target Features Section. */
export function targetFeatures(section: ArrayBuffer): string[] {
  const cursor = new Cursor(new Uint8Array(section), 0)
  return Array.from({ length: cursor.number() }, () => `${String.fromCharCode(cursor.byte())}${text(cursor)}`)
}

/** The `producers` section as `rustc 1.97.1`. Source: tool-conventions, Producers Section. */
export function producers(section: ArrayBuffer): string[] {
  const cursor = new Cursor(new Uint8Array(section), 0)
  return Array.from({ length: cursor.number() }, () => {
    text(cursor)
    return Array.from({ length: cursor.number() }, () => [text(cursor), text(cursor)].filter(Boolean).join(' '))
  }).flat()
}
