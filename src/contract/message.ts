/** A message as a scenario writes it: pure data, expanded to the same bytes by every witness. */
export type MessageSpec =
  | { kind: 'text'; text: string; count?: number | undefined }
  | { kind: 'hex'; hex: string }
  | { kind: 'fill_text'; length: number }
  | { kind: 'fill_binary'; length: number }

/** What a witness keeps of a message: enough to compare, small enough to keep. `length` in bytes. */
export interface MessageSummary {
  kind: 'text' | 'binary'
  length: number
  sha256: string
  /** The text itself when it is short. */
  text?: string | undefined
}

/** Longest text, in characters, that a summary repeats. */
export const SUMMARY_TEXT_LIMIT = 64

/** The payloads of a message spec, in order: strings go as text, byte arrays as binary. A `count` numbers the texts from 0. */
export function payloads(spec: MessageSpec): Array<string | Uint8Array> {
  switch (spec.kind) {
    case 'text':
      return spec.count === undefined ? [spec.text] : Array.from({ length: spec.count }, (_, index) => `${spec.text}-${index}`)
    case 'hex':
      return [Uint8Array.from(spec.hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))]
    case 'fill_text':
      return [fillText(spec.length)]
    case 'fill_binary':
      return [fillBytes(spec.length)]
  }
}

function fillBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let index = 0; index < length; index++) bytes[index] = index * 31 + (index >> 8)
  return bytes
}

function fillText(length: number): string {
  const line = 'lanecheck 0123456789 abcdefghijklmnopqrstuvwxyz '
  return line.repeat(Math.ceil(length / line.length)).slice(0, length)
}
