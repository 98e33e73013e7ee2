import { bytesOf } from './bytes.js'
import { DOMException } from './dom-exception.js'
import { expose, exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'
import { TransformStream, type ReadableStream, type WritableStream } from './streams.js'

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

/** A transform's two ends under the names of a codec. Source: Encoding Standard, interfaces TextEncoderStream and TextDecoderStream. */
class TextEncoderStream {
  readonly #ends: TransformStream<string, Uint8Array>
  constructor() {
    const encoder = new TextEncoder()
    let high = ''
    this.#ends = new TransformStream({
      transform(chunk, controller) {
        const text = high + String(chunk)
        // A pair of surrogates may come in two chunks.
        high = /[\ud800-\udbff]$/.exec(text)?.[0] ?? ''
        const whole = text.slice(0, text.length - high.length)
        if (whole !== '') controller.enqueue(encoder.encode(whole))
      },
      flush(controller) {
        if (high !== '') controller.enqueue(encoder.encode(high))
      },
    })
  }
  get encoding(): string { return 'utf-8' }
  get readable(): ReadableStream<Uint8Array> { return this.#ends.readable }
  get writable(): WritableStream<string> { return this.#ends.writable }
}

class TextDecoderStream {
  readonly #decoder: TextDecoder
  readonly #ends: TransformStream<BufferSource, string>
  constructor(label = 'utf-8', options: TextDecoderOptions = {}) {
    const decoder = new TextDecoder(label, options)
    this.#decoder = decoder
    const pass = (text: string, controller: { enqueue(text: string): void }): void => { if (text !== '') controller.enqueue(text) }
    this.#ends = new TransformStream({
      transform: (chunk, controller) => pass(decoder.decode(chunk, { stream: true }), controller),
      flush: (controller) => pass(decoder.decode(), controller),
    })
  }
  get encoding(): string { return this.#decoder.encoding }
  get fatal(): boolean { return this.#decoder.fatal }
  get ignoreBOM(): boolean { return this.#decoder.ignoreBOM }
  get readable(): ReadableStream<string> { return this.#ends.readable }
  get writable(): WritableStream<BufferSource> { return this.#ends.writable }
}

export function installText(): void {
  exposeInterfaces({ TextEncoder, TextDecoder, TextEncoderStream, TextDecoderStream })
  expose('atob', atob)
  expose('btoa', btoa)
}
