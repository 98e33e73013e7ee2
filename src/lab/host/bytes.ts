/** The bytes of an ArrayBuffer or a view, not copied. Throws a TypeError for anything else. */
export function bytesOf(source: unknown): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  throw new TypeError('not an ArrayBuffer or a view of one')
}

export const isBufferSource = (value: unknown): value is BufferSource => ArrayBuffer.isView(value) || value instanceof ArrayBuffer

/** One array of all the bytes, in order. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** A byte of each character, of which none is above U+00FF. */
export function bytesOfLatin(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}
