import { native } from '../natives.js'
import { textOf } from '../short-text.js'
import { record } from '../trace.js'
import { alive, made } from './alive.js'
import { locate } from './boundary.js'
import { replace } from './timers.js'

/** One request's life at the boundary: it ends once, however it ends. */
interface Tracked {
  id: string
  bytes: number
  ended: boolean
  /** Where its body can be read from: `tee` and `clone` make two of one. */
  streams: Set<ReadableStream<Uint8Array>>
}

/** Whose body a stream or a response has: a host that is handed one reads it out of sight. */
const owners = new WeakMap<object, Tracked>()

type Step = ReadableStreamReadResult<Uint8Array> | IteratorResult<Uint8Array, undefined>
interface Chunks { next(): Promise<Step>; return(reason?: unknown): Promise<unknown> }

const finish = (tracked: Tracked): boolean => {
  if (tracked.ended) return false
  tracked.ended = true
  alive.requests.delete(tracked)
  return true
}
const end = (tracked: Tracked): void => {
  if (finish(tracked)) record({ witness: 'page', kind: 'host.fetch.ended', id: tracked.id, bytes: tracked.bytes })
}
const fail = (tracked: Tracked, error: unknown): void => {
  if (finish(tracked)) record({ witness: 'page', kind: 'host.fetch.failed', id: tracked.id, error: error instanceof Error ? textOf(error.name) : textOf(error) })
}
const abort = (tracked: Tracked): void => {
  if (finish(tracked)) record({ witness: 'page', kind: 'host.fetch.aborted', id: tracked.id })
}
/** Only when nobody is left to read the body has it been broken off. */
const leave = (tracked: Tracked, stream: ReadableStream<Uint8Array>): void => {
  tracked.streams.delete(stream)
  if (tracked.streams.size === 0) abort(tracked)
}
const count = (tracked: Tracked, bytes: number): void => {
  tracked.bytes += bytes
  record({ witness: 'page', kind: 'host.fetch.chunk', id: tracked.id, bytes })
}

/** Replaces `fetch` by one that records a request from being sent to the end of its body. */
export function recordRequests(realm: typeof globalThis): void {
  if (typeof realm.fetch !== 'function') return
  const send = realm.fetch.bind(realm)
  replace(realm, 'fetch', async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = typeof Request === 'function' && input instanceof Request ? input : null
    const address = locate(request?.url ?? String(input), 'fetch')
    if (address.where === 'inline') return send(input, init)
    const tracked: Tracked = { id: address.id, bytes: 0, ended: false, streams: new Set() }
    alive.requests.set(tracked, made(address.id, 'fetch'))
    record({ witness: 'page', kind: 'host.fetch.sent', id: address.id, method: init?.method ?? request?.method ?? 'GET' })
    const signal = init?.signal ?? request?.signal
    try {
      if (signal !== null && signal !== undefined) native.listenTo(signal, 'abort', () => abort(tracked))
      const response = await send(input, init)
      record({ witness: 'page', kind: 'host.fetch.head', id: address.id, status: response.status, redirected: response.redirected })
      return watchBody(response, tracked)
    } catch (error) {
      // A signal that was aborted before fires no more.
      if (signal?.aborted === true) abort(tracked)
      else fail(tracked, error)
      throw error
    }
  })
}

/** Replaces what takes a body over and has the host read it: `Response`, and the cache's `put`. A response made of a watched body is watched as the one it came with. */
export function recordTakers(realm: typeof globalThis): void {
  if (typeof realm.Response !== 'function') return
  replace(realm, 'Response', new Proxy(realm.Response, {
    construct(target, args: unknown[], newTarget) {
      const response = Reflect.construct(target, args, newTarget) as Response
      const [given] = args
      const tracked = typeof given === 'object' && given !== null ? owners.get(given) : undefined
      if (tracked === undefined) return response
      // In most engines the stream itself; a copy takes its place.
      if (response.body !== given) tracked.streams.delete(given as ReadableStream<Uint8Array>)
      return watchBody(response, tracked)
    },
  }))
  if (typeof realm.Cache !== 'function') return
  const put = Reflect.get(realm.Cache.prototype, 'put') as Cache['put']
  replace(realm.Cache.prototype, 'put', async function (this: Cache, request: RequestInfo | URL, response: Response): Promise<void> {
    const tracked = owners.get(response)
    try {
      await put.call(this, request, response)
      if (tracked !== undefined) end(tracked)
    } catch (error) {
      if (tracked !== undefined && response.bodyUsed) fail(tracked, error)
      throw error
    }
  })
}

/** Watches the instance, not a copy of it: what the subject holds stays the engine's own response. */
function watchBody(response: Response, tracked: Tracked): Response {
  owners.set(response, tracked)
  if (response.body === null) end(tracked)
  else replace(response, 'body', watchStream(response.body, tracked))
  const clone = response.clone.bind(response)
  replace(response, 'clone', () => {
    const { body } = response
    const copy = clone()
    if (body !== null) {
      // The engine has given the response another stream; the one it had is locked.
      Reflect.deleteProperty(response, 'body')
      replace(response, 'body', watchStream(response.body!, tracked))
      tracked.streams.delete(body)
    }
    return watchBody(copy, tracked)
  })
  for (const name of ['text', 'json', 'arrayBuffer', 'blob', 'formData', 'bytes'] as const) {
    const read = (response as unknown as Record<string, unknown>)[name]
    if (typeof read !== 'function') continue
    replace(response, name, async () => {
      try {
        const whole: unknown = await (read as () => Promise<unknown>).call(response)
        // Some hosts read by the stream's own reader, which has counted and ended it by now.
        const size = tracked.ended || name === 'json' ? 0 : sizeOf(whole)
        if (size > 0) count(tracked, size)
        end(tracked)
        return whole
      } catch (error) {
        fail(tracked, error)
        throw error
      }
    })
  }
  return response
}

function sizeOf(whole: unknown): number {
  if (typeof whole === 'string') return new TextEncoder().encode(whole).byteLength
  if (whole instanceof ArrayBuffer || ArrayBuffer.isView(whole)) return whole.byteLength
  return typeof Blob === 'function' && whole instanceof Blob ? whole.size : 0
}

function watchStream(stream: ReadableStream<Uint8Array>, tracked: Tracked): ReadableStream<Uint8Array> {
  if (tracked.streams.has(stream)) return stream
  tracked.streams.add(stream)
  owners.set(stream, tracked)
  const getReader = stream.getReader.bind(stream) as (options?: ReadableStreamGetReaderOptions) => ReadableStreamDefaultReader<Uint8Array>
  const cancel = stream.cancel.bind(stream)
  const tee = stream.tee.bind(stream)
  const pipeTo = stream.pipeTo.bind(stream)
  const watching = (options?: ReadableStreamGetReaderOptions): ReadableStreamDefaultReader<Uint8Array> => watchReader(getReader(options), tracked, () => leave(tracked, stream))
  replace(stream, 'getReader', watching)
  replace(stream, 'cancel', (reason?: unknown) => { if (!stream.locked) leave(tracked, stream); return cancel(reason) })
  replace(stream, 'tee', () => {
    const branches = tee().map((branch) => watchStream(branch, tracked))
    tracked.streams.delete(stream)
    return branches
  })
  const piping = async (target: WritableStream<Uint8Array>, options?: StreamPipeOptions): Promise<void> => {
    try {
      await pipeTo(target, options)
      end(tracked)
    } catch (error) {
      // Whoever broke it off may go on reading where the body was not cancelled with it.
      if (options?.signal?.aborted !== true) fail(tracked, error)
      else if (options.preventCancel !== true) leave(tracked, stream)
      throw error
    }
  }
  replace(stream, 'pipeTo', piping)
  replace(stream, 'pipeThrough', <Out>(pair: ReadableWritablePair<Out, Uint8Array>, options?: StreamPipeOptions) => {
    piping(pair.writable, options).catch(() => undefined)
    return pair.readable
  })
  // Only where the engine has them: what it cannot do, the subject cannot either.
  for (const name of ['values', Symbol.asyncIterator] as const) {
    const iterate = (stream as unknown as Record<PropertyKey, unknown>)[name]
    if (typeof iterate !== 'function') continue
    replace(stream, name, (options?: ReadableStreamIteratorOptions) => watchIterator(Reflect.apply(iterate, stream, [options]) as Chunks, tracked, () => {
      if (options?.preventCancel !== true) leave(tracked, stream)
    }))
  }
  return stream
}

function watchIterator(chunks: Chunks, tracked: Tracked, leaving: () => void): Chunks {
  const next = chunks.next.bind(chunks)
  const stop = chunks.return.bind(chunks)
  replace(chunks, 'next', watchedRead(next, tracked))
  replace(chunks, 'return', (reason?: unknown) => { leaving(); return stop(reason) })
  return chunks
}

/** A reader's `read` or an iterator's `next`, by which the body's bytes and its end are known. */
const watchedRead = (read: (...given: []) => Promise<Step>, tracked: Tracked) => async (...given: []): Promise<Step> => {
  try {
    const step = await read(...given)
    if (step.done === true) end(tracked)
    else count(tracked, step.value.byteLength)
    return step
  } catch (error) {
    fail(tracked, error)
    throw error
  }
}

function watchReader(reader: ReadableStreamDefaultReader<Uint8Array>, tracked: Tracked, leaving: () => void): ReadableStreamDefaultReader<Uint8Array> {
  const read = reader.read.bind(reader)
  const cancel = reader.cancel.bind(reader)
  replace(reader, 'read', watchedRead(read, tracked))
  replace(reader, 'cancel', (reason?: unknown) => { leaving(); return cancel(reason) })
  return reader
}
