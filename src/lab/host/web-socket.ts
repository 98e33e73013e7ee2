import type { Delivery } from '../kernel-types.js'
import { Blob, bytesOfBlob } from './blob.js'
import { bytesOf, isBufferSource } from './bytes.js'
import { DOMException } from './dom-exception.js'
import { CloseEvent, MessageEvent } from './event-interfaces.js'
import { defineHandlers, dispatch, Event, EventTarget } from './events.js'
import { exposeInterfaces } from './expose.js'
import { kernel } from './kernel.js'
import { baseUrl } from './messages.js'
import { TextEncoder } from './text.js'
import { URL } from './url.js'

const CONNECTING = 0
const OPEN = 1
const CLOSING = 2
const CLOSED = 3
const NO_CODE = -1
const REASON_LIMIT = 123
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const sockets = new Map<number, (delivery: Extract<Delivery, { to: 'socket' }>) => void>()
let count = 0

class WebSocket extends EventTarget {
  static readonly CONNECTING = CONNECTING
  static readonly OPEN = OPEN
  static readonly CLOSING = CLOSING
  static readonly CLOSED = CLOSED
  readonly CONNECTING = CONNECTING
  readonly OPEN = OPEN
  readonly CLOSING = CLOSING
  readonly CLOSED = CLOSED
  readonly url: string
  readonly extensions = ''
  readonly #id = ++count
  #state = CONNECTING
  #protocol = ''
  #binaryType: BinaryType = 'blob'
  /** Bytes that will never be taken, as they were sent after the close. */
  #lost = 0

  constructor(url: unknown, protocols: unknown = []) {
    super()
    this.url = socketUrl(url)
    const offered = (typeof protocols === 'string' ? [protocols] : [...(protocols as Iterable<unknown>)]).map(String)
    if (offered.some((protocol) => !TOKEN.test(protocol)) || new Set(offered.map((protocol) => protocol.toLowerCase())).size < offered.length) {
      throw new DOMException('A subprotocol is not a token, or is offered twice.', 'SyntaxError')
    }
    sockets.set(this.#id, (delivery) => this.#deliver(delivery))
    kernel.socketOpen(this.#id, this.url, offered.join(','))
  }
  get readyState(): number { return this.#state }
  get protocol(): string { return this.#protocol }
  get bufferedAmount(): number { return kernel.socketBuffered(this.#id) + this.#lost }
  get binaryType(): BinaryType { return this.#binaryType }
  set binaryType(type: BinaryType) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type
  }
  send(given: unknown): void {
    if (this.#state === CONNECTING) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError')
    const data = given instanceof Blob ? bytesOfBlob(given) : isBufferSource(given) ? bytesOf(given) : wellFormed(String(given))
    if (this.#state === OPEN) kernel.socketSend(this.#id, data)
    else this.#lost += typeof data === 'string' ? new TextEncoder().encode(data).byteLength : data.byteLength
  }
  close(code?: number, reason?: string): void {
    const asked = code === undefined ? NO_CODE : clampToShort(code)
    if (asked !== NO_CODE && asked !== 1000 && !(asked >= 3000 && asked <= 4999)) {
      throw new DOMException(`The close code must be either 1000, or between 3000 and 4999. ${asked} is neither.`, 'InvalidAccessError')
    }
    const text = reason === undefined ? '' : wellFormed(String(reason))
    if (new TextEncoder().encode(text).byteLength > REASON_LIMIT) {
      throw new DOMException(`The close reason must not be greater than ${REASON_LIMIT} UTF-8 bytes.`, 'SyntaxError')
    }
    if (this.#state >= CLOSING) return
    this.#state = CLOSING
    kernel.socketClose(this.#id, asked, text)
  }

  #deliver(delivery: Extract<Delivery, { to: 'socket' }>): void {
    switch (delivery.type) {
      case 'open':
        if (this.#state !== CONNECTING) return
        this.#state = OPEN
        this.#protocol = delivery.protocol
        return void dispatch(this, new Event('open'))
      case 'message':
        if (this.#state !== OPEN) return
        return void dispatch(this, new MessageEvent('message', { data: this.#received(delivery.data), origin: new URL(this.url).origin }))
      case 'closing':
        if (this.#state === OPEN) this.#state = CLOSING
        return
      case 'closed':
        this.#state = CLOSED
        sockets.delete(this.#id)
        if (delivery.failed) dispatch(this, new Event('error'))
        return void dispatch(this, new CloseEvent('close', { code: delivery.code, reason: delivery.reason, wasClean: delivery.clean }))
    }
  }
  #received(data: string | Uint8Array): unknown {
    if (typeof data === 'string') return data
    const bytes = new Uint8Array(data)
    return this.#binaryType === 'blob' ? new Blob([bytes]) : bytes.buffer
  }
}
defineHandlers(WebSocket.prototype, ['open', 'message', 'error', 'close'])

/** WebIDL's `[Clamp] unsigned short`. */
const clampToShort = (code: number): number => Math.round(Math.min(Math.max(Number(code) || 0, 0), 65_535))
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

function socketUrl(given: unknown): string {
  if (!URL.canParse(given, baseUrl)) throw new DOMException(`The URL '${String(given)}' is invalid.`, 'SyntaxError')
  const url = new URL(given, baseUrl)
  if (url.protocol === 'http:') url.protocol = 'ws:'
  if (url.protocol === 'https:') url.protocol = 'wss:'
  if (!/^wss?:$/.test(url.protocol)) throw new DOMException(`The URL's scheme must be 'http', 'https', 'ws' or 'wss', not '${url.protocol}'.`, 'SyntaxError')
  if (url.hash !== '') throw new DOMException('The URL contains a fragment identifier.', 'SyntaxError')
  return url.href
}

export function deliverSocket(delivery: Extract<Delivery, { to: 'socket' }>): void {
  sockets.get(delivery.id)?.(delivery)
}

export function installWebSocket(): void {
  exposeInterfaces({ WebSocket })
}
