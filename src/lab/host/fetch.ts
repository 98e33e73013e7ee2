import { onAbort } from './abort-algorithms.js'
import { expose, exposeInterfaces } from './expose.js'
import { Blob, bytesOfBlob } from './blob.js'
import { bytesOfLatin } from './bytes.js'
import { blobAt, installBlobUrls } from './blob-urls.js'
import { Headers } from './headers.js'
import { sendHttp } from './http-client.js'
import { kernel } from './kernel.js'
import { fetchedResponse, hasNullBody, Request, requestBytes, Response } from './messages.js'
import { ReadableStream } from './streams.js'
import { post } from './tasks.js'
import { fromBase64 } from './text.js'
import { URL } from './url.js'

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const REDIRECT_LIMIT = 20

/** One fetch from its call to the end of its body. */
interface Fetching {
  request: Request
  resolve(response: Response): void
  reject(error: unknown): void
  /** Breaks off what is under way on the network. */
  breakOff: () => void
  body: ReadableByteStreamController | null
  /** Redirects followed so far. */
  hops: number
  over: boolean
}

const networkError = (): TypeError => new TypeError('Failed to fetch')

function fail(fetching: Fetching, error: unknown): void {
  if (fetching.over) return
  fetching.over = true
  fetching.breakOff()
  if (fetching.body === null) fetching.reject(error)
  else fetching.body.error(error)
}

function fetch(input: unknown, init?: RequestInit): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new Request(input, init as ConstructorParameters<typeof Request>[1])
    if (request.signal.aborted) return reject(request.signal.reason)
    const fetching: Fetching = { request, resolve, reject, breakOff: () => undefined, body: null, hops: 0, over: false }
    onAbort(request.signal, () => fail(fetching, request.signal.reason))
    const { protocol } = new URL(request.url)
    if (protocol === 'data:') return void post(() => answerData(fetching))
    if (protocol === 'blob:') return void post(() => answerBlob(fetching))
    if (protocol !== 'http:' && protocol !== 'https:') return void post(() => fail(fetching, networkError()))
    if (requestBytes(request) === null && request.body !== null) {
      kernel.reach('fetch with a stream as its body', false)
      return void post(() => fail(fetching, networkError()))
    }
    send(fetching, { url: request.url, method: request.method, body: requestBytes(request), headers: request.headers })
  })
}

interface Hop { url: string; method: string; body: Uint8Array | null; headers: Headers }

function send(fetching: Fetching, hop: Hop): void {
  const { hops } = fetching
  // What is left of an answer that redirected elsewhere is nobody's.
  const current = (): boolean => !fetching.over && fetching.hops === hops
  fetching.breakOff = sendHttp(hop, {
    head(status, statusText, pairs) {
      if (!current()) return
      const headers = new Headers(pairs)
      if (REDIRECTS.has(status)) return redirect(fetching, hop, status, headers)
      answer(fetching, { status, statusText, headers }, hop.url)
    },
    body(bytes) {
      if (current() && bytes.byteLength > 0) fetching.body?.enqueue(bytes as Uint8Array<ArrayBuffer>)
    },
    end() {
      if (current()) finish(fetching)
    },
    error() {
      if (current()) fail(fetching, networkError())
    },
  })
}

function finish(fetching: Fetching): void {
  fetching.over = true
  fetching.body?.close()
}

function answer(fetching: Fetching, init: { status: number; statusText: string; headers: Headers }, url: string): void {
  const stream = hasNullBody(init.status) || fetching.request.method === 'HEAD' ? null : bodyStream(fetching)
  fetching.resolve(fetchedResponse(stream, init, { type: 'basic', url, redirected: fetching.hops > 0 }))
}

const bodyStream = (fetching: Fetching): ReadableStream<Uint8Array> => new ReadableStream({
  type: 'bytes',
  start(controller) {
    fetching.body = controller as unknown as ReadableByteStreamController
  },
  cancel() {
    fetching.over = true
    fetching.breakOff()
  },
})

/** Fetch's "HTTP-redirect fetch". */
function redirect(fetching: Fetching, hop: Hop, status: number, headers: Headers): void {
  const location = headers.get('location')
  const { request } = fetching
  if (request.redirect === 'error') return fail(fetching, networkError())
  if (request.redirect === 'manual') {
    fetching.over = true
    fetching.breakOff()
    return fetching.resolve(fetchedResponse(null, 'opaque', { type: 'opaqueredirect', url: hop.url, redirected: false }))
  }
  if (location === null) return answer(fetching, { status, statusText: '', headers }, hop.url)
  if (fetching.hops >= REDIRECT_LIMIT || !URL.canParse(location, hop.url)) return fail(fetching, networkError())
  const next = new URL(location, hop.url)
  if (!/^https?:$/.test(next.protocol)) return fail(fetching, networkError())
  const becomesGet = ((status === 301 || status === 302) && hop.method === 'POST') || (status === 303 && hop.method !== 'GET' && hop.method !== 'HEAD')
  const kept = new Headers(hop.headers)
  if (becomesGet) for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) kept.delete(name)
  fetching.hops += 1
  send(fetching, { url: next.href, method: becomesGet ? 'GET' : hop.method, body: becomesGet ? null : hop.body, headers: kept })
}

function answerBlob(fetching: Fetching): void {
  const { url, method } = fetching.request
  const blob = blobAt(url)
  if (blob === undefined || method !== 'GET') return fail(fetching, networkError())
  if (!fetching.over) answerBytes(fetching, bytesOfBlob(blob), { 'content-type': blob.type, 'content-length': String(blob.size) })
}

function answerBytes(fetching: Fetching, bytes: Uint8Array, headers: Record<string, string>): void {
  const { url } = fetching.request
  fetching.over = true
  fetching.resolve(fetchedResponse(bytes, { status: 200, statusText: 'OK', headers }, { type: 'basic', url, redirected: false }))
}

/** Fetch's "data: URL processor". */
function answerData(fetching: Fetching): void {
  if (fetching.over) return
  const { url } = fetching.request
  const match = /^data:([^,]*),([^#]*)/s.exec(url)
  const latin = match === null ? null : match[2]!.includes('%') ? unescape(match[2]!) : match[2]!
  const base64 = match !== null && /; *base64 *$/i.test(match[1]!)
  const decoded = latin !== null && base64 ? fromBase64(latin) : latin
  if (match === null || decoded === null) return fail(fetching, networkError())
  const type = match[1]!.replace(/; *base64 *$/i, '').trim()
  const mime = type === '' ? 'text/plain;charset=US-ASCII' : type.startsWith(';') ? `text/plain${type}` : type
  answerBytes(fetching, bytesOfLatin(decoded), { 'content-type': mime })
}

export function installFetch(): void {
  exposeInterfaces({ Headers, Request, Response, Blob })
  expose('fetch', fetch)
  installBlobUrls()
}
