import { bytesOf, isBufferSource, joined } from './bytes.js'
import { ReadableStream } from './streams.js'
import { TextDecoder, TextEncoder } from './text.js'

let bytesInside: (blob: Blob) => Uint8Array

export class Blob {
  readonly #bytes: Uint8Array
  readonly type: string
  constructor(parts: Iterable<unknown> = [], options: { type?: string } = {}) {
    this.#bytes = joined([...parts].map((part) => {
      if (part instanceof Blob) return part.#bytes
      return isBufferSource(part) ? bytesOf(part) : new TextEncoder().encode(String(part))
    }))
    this.type = /^[\x20-\x7e]*$/.test(options.type ?? '') ? (options.type ?? '').toLowerCase() : ''
  }
  static {
    bytesInside = (blob) => blob.#bytes
  }
  get size(): number { return this.#bytes.byteLength }
  async arrayBuffer(): Promise<ArrayBuffer> { return this.#bytes.slice().buffer }
  async bytes(): Promise<Uint8Array> { return this.#bytes.slice() }
  async text(): Promise<string> { return new TextDecoder().decode(this.#bytes) }
  slice(start?: number, end?: number, type = ''): Blob { return new Blob([this.#bytes.slice(start, end)], { type }) }
  stream(): ReadableStream<Uint8Array> { return streamOfBytes(this.#bytes) }
}

export const bytesOfBlob = (blob: Blob): Uint8Array => bytesInside(blob)

/** A byte stream of these bytes, copied. */
export const streamOfBytes = (bytes: Uint8Array): ReadableStream<Uint8Array> => new ReadableStream({
  type: 'bytes',
  start(controller) {
    if (bytes.byteLength > 0) controller.enqueue(bytes.slice())
    controller.close()
  },
})
