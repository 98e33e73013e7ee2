import { DOMException } from './dom-exception.js'
import { MessageEvent } from './event-interfaces.js'
import { createEventStreamParser } from './event-stream-parser.js'
import { defineHandlers, dispatch, Event, EventTarget } from './events.js'
import { exposeInterfaces } from './expose.js'
import { Headers } from './headers.js'
import { sendHttp } from './http-client.js'
import { baseUrl } from './messages.js'
import { post } from './tasks.js'
import { TextDecoder } from './text.js'
import { URL } from './url.js'

const RECONNECTION_MS = 3000
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const REDIRECT_LIMIT = 20
const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

class EventSource extends EventTarget {
  static readonly CONNECTING = CONNECTING
  static readonly OPEN = OPEN
  static readonly CLOSED = CLOSED
  readonly CONNECTING = CONNECTING
  readonly OPEN = OPEN
  readonly CLOSED = CLOSED
  readonly url: string
  readonly withCredentials: boolean
  #state = CONNECTING
  #lastEventId = ''
  #reconnection_ms = RECONNECTION_MS
  /** Ends what is under way: a request, or the wait before the next. */
  #stop: () => void = () => undefined

  constructor(url: unknown, init: { withCredentials?: boolean } = {}) {
    super()
    if (!URL.canParse(url, baseUrl)) throw new DOMException(`Cannot open an EventSource to '${String(url)}'.`, 'SyntaxError')
    this.url = new URL(url, baseUrl).href
    this.withCredentials = Boolean(init.withCredentials)
    this.#connect(this.url, 0)
  }
  get readyState(): number { return this.#state }
  close(): void {
    this.#state = CLOSED
    this.#stop()
  }

  #connect(url: string, hops: number): void {
    if (!/^https?:/.test(url)) return void (this.#stop = post(() => this.#fail()))
    const headers = new Headers({ accept: 'text/event-stream', 'cache-control': 'no-store' })
    const requested: Array<[string, string]> = [...headers]
    // As UTF-8, which a `Headers` would refuse.
    if (this.#lastEventId !== '') requested.push(['last-event-id', this.#lastEventId])
    let parse: ((text: string) => void) | null = null
    const decoder = new TextDecoder()
    const breakOff = sendHttp({ method: 'GET', url, headers: requested, body: null }, {
      head: (status, _text, pairs) => {
        const answered = new Headers(pairs)
        const location = answered.get('location')
        if (REDIRECTS.has(status) && location !== null && hops < REDIRECT_LIMIT && URL.canParse(location, url)) {
          breakOff()
          return this.#connect(new URL(location, url).href, hops + 1)
        }
        if (status !== 200 || !/^text\/event-stream\s*(?:;|$)/i.test(answered.get('content-type') ?? '')) {
          breakOff()
          return this.#fail()
        }
        parse = this.#parser()
        this.#state = OPEN
        dispatch(this, new Event('open'))
      },
      body: (bytes) => parse?.(decoder.decode(bytes, { stream: true })),
      end: () => this.#reconnect(),
      error: () => this.#reconnect(),
    })
    this.#stop = breakOff
  }
  #parser(): (text: string) => void {
    return createEventStreamParser({
      event: (type, data, lastEventId) => {
        if (this.#state === CLOSED) return
        dispatch(this, new MessageEvent(type, { data, lastEventId, origin: new URL(this.url).origin }))
      },
      id: (lastEventId) => { this.#lastEventId = lastEventId },
      retry: (ms) => { this.#reconnection_ms = ms },
    }, this.#lastEventId)
  }
  #reconnect(): void {
    if (this.#state === CLOSED) return
    this.#state = CONNECTING
    dispatch(this, new Event('error'))
    if (this.readyState === CLOSED) return
    this.#stop = post(() => this.#connect(this.url, 0), this.#reconnection_ms)
  }
  #fail(): void {
    if (this.#state === CLOSED) return
    this.#state = CLOSED
    dispatch(this, new Event('error'))
  }
}
defineHandlers(EventSource.prototype, ['open', 'message', 'error'])

export function installEventSource(): void {
  exposeInterfaces({ EventSource })
}
