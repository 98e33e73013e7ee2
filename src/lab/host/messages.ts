import { AbortSignal } from './abort.js'
import { Body, extractBody, type ExtractedBody } from './body.js'
import { Headers } from './headers.js'
import { kernel } from './kernel.js'
import { URL } from './url.js'

const FIXED_CASE = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'])
const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK'])
const NULL_BODY_STATUSES = new Set([101, 103, 204, 205, 304])

/** Where the realm says it is; addresses are relative to it. */
export const baseUrl = `${kernel.origin}/lab/realm`

function methodOf(given: string): string {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(given) || FORBIDDEN.has(given.toUpperCase())) throw new TypeError(`'${given}' is not a method to fetch with`)
  return FIXED_CASE.has(given.toUpperCase()) ? given.toUpperCase() : given
}

let knownBytes: (request: Request) => Uint8Array | null

export class Request extends Body {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly signal: AbortSignal
  readonly redirect: RequestRedirect
  readonly mode: string
  readonly credentials: string
  readonly cache: string
  readonly referrer: string
  readonly referrerPolicy: string
  readonly integrity: string
  readonly keepalive: boolean
  readonly destination = ''
  readonly duplex = 'half'
  constructor(input: unknown, init: Omit<RequestInit, 'signal'> & { signal?: AbortSignal | null } = {}) {
    const from = input instanceof Request ? input : null
    const parsed = from === null ? new URL(input, baseUrl) : null
    if (parsed !== null && (parsed.username !== '' || parsed.password !== '')) throw new TypeError('an address to fetch holds no credentials')
    const method = methodOf(String(init.method ?? from?.method ?? 'GET'))
    const ownBody = init.body !== undefined && init.body !== null
    if (ownBody && (method === 'GET' || method === 'HEAD')) throw new TypeError('Request with GET/HEAD method cannot have body.')
    const body: ExtractedBody = ownBody ? extractBody(init.body) : { ...(from?.copy() ?? { bytes: null, stream: null }), type: null }
    super(body)
    this.url = parsed?.href ?? from!.url
    this.method = method
    this.headers = new Headers(init.headers ?? from?.headers)
    if (body.type !== null && !this.headers.has('content-type')) this.headers.set('content-type', body.type)
    const followed = init.signal === undefined ? from?.signal : init.signal
    this.signal = AbortSignal.any(followed ? [followed] : [])
    this.redirect = init.redirect ?? from?.redirect ?? 'follow'
    this.mode = init.mode ?? from?.mode ?? 'cors'
    this.credentials = init.credentials ?? from?.credentials ?? 'same-origin'
    this.cache = init.cache ?? from?.cache ?? 'default'
    this.referrer = init.referrer ?? from?.referrer ?? 'about:client'
    this.referrerPolicy = init.referrerPolicy ?? from?.referrerPolicy ?? ''
    this.integrity = init.integrity ?? from?.integrity ?? ''
    this.keepalive = init.keepalive ?? from?.keepalive ?? false
  }
  static {
    knownBytes = (request) => request.known
  }
  clone(): Request { return new Request(this) }
}

/** The bytes a request sends; null when it has none or only a stream of them. */
export const requestBytes = (request: Request): Uint8Array | null => knownBytes(request)

/** How a response came about, beyond what a constructor may say. */
export interface ResponseOrigin { type: ResponseType; url: string; redirected: boolean }
const MADE: ResponseOrigin = { type: 'default', url: '', redirected: false }
let comesFrom: (response: Response, origin: ResponseOrigin) => void

export class Response extends Body {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  #origin = MADE
  constructor(given: unknown = null, init: { status?: number; statusText?: string; headers?: unknown } = {}) {
    const body = extractBody(given)
    const status = init.status === undefined ? 200 : Math.trunc(Number(init.status))
    if (init !== ERROR_INIT && !(status >= 200 && status <= 599)) throw new RangeError(`a response's status is from 200 to 599, not ${status}`)
    if (given !== null && given !== undefined && NULL_BODY_STATUSES.has(status)) throw new TypeError(`a response with status ${status} cannot have a body`)
    super(body)
    this.status = status
    this.statusText = String(init.statusText ?? '')
    this.headers = new Headers(init.headers)
    if (body.type !== null && !this.headers.has('content-type')) this.headers.set('content-type', body.type)
  }
  static {
    comesFrom = (response, origin) => { response.#origin = origin }
  }
  get ok(): boolean { return this.status >= 200 && this.status <= 299 }
  get type(): ResponseType { return this.#origin.type }
  get url(): string { return this.#origin.url }
  get redirected(): boolean { return this.#origin.redirected }
  clone(): Response {
    const { bytes, stream } = this.copy()
    const clone = new Response(stream ?? bytes, this.status === 0 ? ERROR_INIT : { status: this.status, statusText: this.statusText, headers: this.headers })
    comesFrom(clone, this.#origin)
    return clone
  }
  static error(): Response {
    const response = new Response(null, ERROR_INIT)
    comesFrom(response, { type: 'error', url: '', redirected: false })
    return response
  }
  static json(data: unknown, init: { status?: number; statusText?: string; headers?: unknown } = {}): Response {
    const text = JSON.stringify(data)
    if (text === undefined) throw new TypeError('The data has no JSON form')
    const headers = new Headers(init.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return new Response(text, { ...init, headers })
  }
  static redirect(url: string, status = 302): Response {
    if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError(`${status} is not a redirect status`)
    return new Response(null, { status, headers: { location: new URL(url, baseUrl).href } })
  }
}

const ERROR_INIT = { status: 0 }
export const hasNullBody = (status: number): boolean => NULL_BODY_STATUSES.has(status)
/** A response that a fetch brought. */
export function fetchedResponse(body: unknown, init: { status?: number; statusText?: string; headers?: unknown } | 'opaque', origin: ResponseOrigin): Response {
  const response = new Response(body, init === 'opaque' ? ERROR_INIT : init)
  comesFrom(response, origin)
  return response
}
