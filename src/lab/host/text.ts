import { bytesOf } from './bytes.js'
import { DOMException } from './dom-exception.js'
import { expose, exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'

export class TextEncoder {
  get encoding(): string { return 'utf-8' }
  encode(text = ''): Uint8Array {
    return new Uint8Array(kernel.encode(String(text)))
  }
  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    if (!(target instanceof Uint8Array)) throw new TypeError('encodeInto wants a Uint8Array')
    const [read, written] = kernel.encodeInto(String(text), target)
    return { read, written }
  }
}

export class TextDecoder {
  readonly #decoder: NonNullable<ReturnType<typeof kernel.decoder>>
  readonly fatal: boolean
  readonly ignoreBOM: boolean
  constructor(label = 'utf-8', options: TextDecoderOptions = {}) {
    this.fatal = Boolean(options.fatal)
    this.ignoreBOM = Boolean(options.ignoreBOM)
    const decoder = kernel.decoder(String(label), this.fatal, this.ignoreBOM)
    if (decoder === null) throw new RangeError(`The encoding label provided ('${label}') is invalid.`)
    this.#decoder = decoder
  }
  get encoding(): string { return this.#decoder.encoding }
  decode(source?: unknown, options: TextDecodeOptions = {}): string {
    const bytes = source === undefined ? new Uint8Array() : bytesOf(source)
    const text = this.#decoder.decode(bytes, Boolean(options.stream))
    if (text === null) throw new TypeError('The encoded data was not valid.')
    return text
  }
}

/** Infra's forgiving-base64 decode, a character a byte; null for what is not base64. */
export const fromBase64 = (text: string): string | null => kernel.fromBase64(text)

function atob(given: unknown): string {
  const decoded = fromBase64(String(given))
  if (decoded === null) throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError')
  return decoded
}

function btoa(given: unknown): string {
  const encoded = kernel.toBase64(String(given))
  if (encoded === null) throw new DOMException('The string contains characters outside of the Latin1 range.', 'InvalidCharacterError')
  return encoded
}

export function installText(): void {
  exposeInterfaces({ TextEncoder, TextDecoder })
  expose('atob', atob)
  expose('btoa', btoa)
}
