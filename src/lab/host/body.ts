import { Blob, bytesOfBlob, streamOfBytes } from './blob.js'
import { bytesOf, isBufferSource, joined } from './bytes.js'
import { isDisturbed, ReadableStream } from './streams.js'
import { TextDecoder, TextEncoder } from './text.js'
import { URLSearchParams } from './url.js'

/** A body as given: its bytes where they are known, else its stream. */
export interface ExtractedBody { bytes: Uint8Array | null; stream: ReadableStream<Uint8Array> | null; type: string | null }

/** Fetch's "extract a body". */
export function extractBody(given: unknown): ExtractedBody {
  if (given === null || given === undefined) return { bytes: null, stream: null, type: null }
  if (given instanceof ReadableStream) {
    if (given.locked || isDisturbed(given)) throw new TypeError('The body stream is locked or was read')
    return { bytes: null, stream: given as ReadableStream<Uint8Array>, type: null }
  }
  if (given instanceof Blob) return { bytes: bytesOfBlob(given), stream: null, type: given.type === '' ? null : given.type }
  if (isBufferSource(given)) return { bytes: bytesOf(given).slice(), stream: null, type: null }
  if (given instanceof URLSearchParams) return text(given.toString(), 'application/x-www-form-urlencoded;charset=UTF-8')
  return text(String(given), 'text/plain;charset=UTF-8')
}

const text = (given: string, type: string): ExtractedBody => ({ bytes: new TextEncoder().encode(given), stream: null, type })

export abstract class Body {
  #stream: ReadableStream<Uint8Array> | null
  #bytes: Uint8Array | null
  #used = false
  constructor(body: Pick<ExtractedBody, 'bytes' | 'stream'>) {
    this.#stream = body.stream
    this.#bytes = body.bytes
  }
  abstract readonly headers: { get(name: string): string | null }
  get body(): ReadableStream<Uint8Array> | null {
    if (this.#stream === null && this.#bytes !== null) {
      this.#stream = streamOfBytes(this.#bytes)
      // A stream of what is consumed already has to look so.
      if (this.#used) void this.#stream.cancel()
    }
    return this.#stream
  }
  get bodyUsed(): boolean { return this.#used || (this.#stream !== null && isDisturbed(this.#stream)) }
  /** The bytes without reading them, for a request that goes out; null when they are known only to a stream. */
  protected get known(): Uint8Array | null { return this.#bytes }
  protected copy(): Pick<ExtractedBody, 'bytes' | 'stream'> {
    if (this.bodyUsed || this.#stream?.locked === true) throw new TypeError('The body was read already')
    if (this.#stream === null) return { bytes: this.#bytes, stream: null }
    const [own, other] = this.#stream.tee()
    this.#stream = own
    return { bytes: null, stream: other }
  }
  async #consume(): Promise<Uint8Array> {
    if (this.bodyUsed || this.#stream?.locked === true) throw new TypeError('The body was read already')
    if (this.#stream !== null) return readAll(this.#stream)
    if (this.#bytes === null) return new Uint8Array()
    this.#used = true
    return this.#bytes.slice()
  }
  async arrayBuffer(): Promise<ArrayBuffer> { return (await this.#consume()).buffer as ArrayBuffer }
  async bytes(): Promise<Uint8Array> { return this.#consume() }
  async text(): Promise<string> { return new TextDecoder().decode(await this.#consume()) }
  async json(): Promise<unknown> { return JSON.parse(await this.text()) }
  async blob(): Promise<Blob> { return new Blob([await this.#consume()], { type: this.headers.get('content-type') ?? '' }) }
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = stream.getReader()
  const parts: Uint8Array[] = []
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    if (!(step.value instanceof Uint8Array)) throw new TypeError('The body stream gave something other than a Uint8Array')
    parts.push(step.value)
  }
  return joined(parts)
}
