import { beforeEach, describe, expect, it, vi } from 'vitest'
import { REFUSED_ORIGIN, at, freshRealm, realmWith, turn, type FreshRealm } from '../support.js'

type Source = UnderlyingDefaultSource<Uint8Array>
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

/** A body in these chunks, which ends, breaks or goes on for ever. */
const body = (chunks: string[], then: 'end' | 'break' | 'hang' = 'end', source: Partial<Source> = {}): ReadableStream<Uint8Array> => new ReadableStream({
  ...source,
  pull(controller) {
    const chunk = chunks.shift()
    if (chunk !== undefined) controller.enqueue(bytes(chunk))
    else if (then === 'end') controller.close()
    else if (then === 'break') controller.error(new TypeError('terminated'))
    else return new Promise(() => undefined)
  },
})

describe('T0 http_surface: the page witness of requests', () => {
  let fresh: FreshRealm
  let answer: (input: unknown, init?: RequestInit) => Promise<Response>
  let native: ReturnType<typeof vi.fn>
  let fetched: typeof fetch
  let Taker: typeof Response
  let cache: Cache
  let stored: (response: Response) => Promise<unknown>
  beforeEach(async () => {
    fresh = await freshRealm()
    answer = () => Promise.resolve(new Response(body(['one', 'two'])))
    native = vi.fn((input: unknown, init?: RequestInit) => answer(input, init))
    class OwnCache { put(_request: unknown, response: Response): Promise<unknown> { return stored(response) } }
    /** Node's own reads by the stream's reader, in sight; an engine does not. */
    class Engines extends Response { override text(): Promise<string> { return Promise.resolve('onetwo') } }
    const realm = realmWith({ fetch: native, Response: Engines, Cache: OwnCache })
    const { recordRequests, recordTakers } = await import('../../../../host-probes/recorder/requests.js')
    recordRequests(realm)
    recordTakers(realm)
    fetched = realm.fetch
    Taker = realm.Response
    cache = new OwnCache() as unknown as Cache
  })
  const after = (): string[] => fresh.said().map((line) => line.replace('host.fetch.', '').replace(' get', ''))
  const ended = () => fresh.events().find(({ kind }) => kind === 'host.fetch.ended')
  const hanging = (source: Partial<Source> = {}): void => { answer = () => Promise.resolve(new Response(body(['one'], 'hang', source))) }
  const open = async (): Promise<Response> => fetched(at('get'))

  it('records method and head; an unread body stays alive', async () => {
    answer = () => Promise.resolve(new Response(body(['x']), { status: 201 }))
    await fetched(at('get'), { method: 'POST' })
    expect(after()).toEqual(['sent', 'head'])
    expect(fresh.events()).toMatchObject([{ method: 'POST' }, { status: 201, redirected: false }])
    expect(fresh.alive().requests).toEqual(['get'])
  })

  it('a Request tells its own address and method', async () => {
    const request = new Request(at('get'), { method: 'PUT', body: 'x' })
    await fetched(request)
    expect(native).toHaveBeenCalledExactlyOnceWith(request, undefined)
    expect(fresh.events()[0]).toMatchObject({ id: 'get', method: 'PUT' })
  })

  it('keeps the redirect flag', async () => {
    answer = () => Promise.resolve(Object.defineProperty(new Response('x'), 'redirected', { value: true }))
    await open()
    expect(fresh.events()[1]).toMatchObject({ kind: 'host.fetch.head', redirected: true })
  })

  it('no body at all is ended at once', async () => {
    answer = () => Promise.resolve(new Response(null, { status: 204 }))
    await open()
    expect(after()).toEqual(['sent', 'head', 'ended'])
    expect(fresh.alive().requests).toEqual([])
  })

  it('a reader: each chunk, and the end once', async () => {
    const reader = (await open()).body!.getReader()
    let step = await reader.read()
    expect(new TextDecoder().decode(step.value)).toBe('one')
    while (!step.done) step = await reader.read()
    await reader.read()
    expect(after()).toEqual(['sent', 'head', 'chunk', 'chunk', 'ended'])
    expect(ended()).toMatchObject({ bytes: 6 })
    expect(fresh.alive().requests).toEqual([])
  })

  it.each(['text', 'json', 'arrayBuffer', 'blob'] as const)('%s(): the bytes once, then the end and nothing after it', async (how) => {
    answer = () => Promise.resolve(new Response(body(['"', 'é', '"'])))
    const whole: unknown = await (await open())[how]()
    if (how === 'text') expect(whole).toBe('"é"')
    if (how === 'json') expect(whole).toBe('é')
    expect(after().at(-1)).toBe('ended')
    expect(after().filter((what) => what === 'ended')).toHaveLength(1)
    expect(ended()).toMatchObject({ bytes: 4 })
    expect(fresh.alive().requests).toEqual([])
  })

  it('a host whose text() reads out of sight is counted by what it gave, in bytes', async () => {
    answer = () => {
      const response = new Response(body(['never read']))
      response.text = () => Promise.resolve('é')
      return Promise.resolve(response)
    }
    await (await open()).text()
    expect(after()).toEqual(['sent', 'head', 'chunk', 'ended'])
    expect(ended()).toMatchObject({ bytes: 2 })
  })

  it('for await: read to the end, and left half-way', async () => {
    for await (const chunk of (await open()).body!) expect(chunk.byteLength).toBe(3)
    expect(after().slice(2)).toEqual(['chunk', 'chunk', 'ended'])
    const cancel = vi.fn()
    hanging({ cancel })
    for await (const chunk of (await open()).body!) if (chunk) break
    expect(after().slice(-2)).toEqual(['chunk', 'aborted'])
    expect(cancel).toHaveBeenCalledOnce()
    expect(fresh.alive().requests).toEqual([])
  })

  it('for await: left half-way by `preventCancel`, the body can still be read', async () => {
    const cancel = vi.fn()
    answer = () => Promise.resolve(new Response(body(['one', 'two'], 'end', { cancel })))
    const stream = (await open()).body!
    for await (const chunk of stream.values({ preventCancel: true })) if (chunk) break
    expect(after().slice(2)).toEqual(['chunk'])
    expect(cancel).not.toHaveBeenCalled()
    for await (const chunk of stream) expect(new TextDecoder().decode(chunk)).toBe('two')
    expect(after().slice(2)).toEqual(['chunk', 'chunk', 'ended'])
  })

  it('for await over a body that breaks: failed, once, with the very error', async () => {
    answer = () => Promise.resolve(new Response(body(['one'], 'break')))
    const stream = (await open()).body!
    await expect(async () => { for await (const chunk of stream) expect(chunk.byteLength).toBe(3) }).rejects.toThrow('terminated')
    expect(after().slice(2)).toEqual(['chunk', 'failed'])
  })

  it('a stream that its engine cannot iterate stays so', async () => {
    const bare = Object.defineProperties(body(['one']), { values: { value: undefined, configurable: true }, [Symbol.asyncIterator]: { value: undefined, configurable: true } })
    answer = () => Promise.resolve(new Response(bare))
    const stream = (await open()).body!
    expect(stream).toBe(bare)
    expect([stream.values, stream[Symbol.asyncIterator]]).toEqual([undefined, undefined])
    await expect(async () => { for await (const chunk of stream) expect(chunk).toBeDefined() }).rejects.toThrow(/iterable/)
    expect(await new Response(stream).text()).toBe('one')
  })

  it('pipeTo and pipeThrough', async () => {
    await (await open()).body!.pipeTo(new WritableStream())
    expect(after().slice(-1)).toEqual(['ended'])
    const through = (await open()).body!.pipeThrough(new TransformStream<Uint8Array, Uint8Array>())
    expect(await new Response(through).text()).toBe('onetwo')
    await turn()
    expect(after().filter((what) => what === 'ended')).toHaveLength(2)
    expect(fresh.alive().requests).toEqual([])
  })

  it.each([[false, ['sent', 'head', 'aborted']], [true, ['sent', 'head']]])('pipeTo that its own signal breaks off is aborted, not failed; preventCancel: %s leaves the body to be read', async (preventCancel, wanted) => {
    hanging()
    const stop = new AbortController()
    const piped = (await open()).body!.pipeTo(new WritableStream(), { signal: stop.signal, preventCancel })
    stop.abort()
    await expect(piped).rejects.toThrow()
    expect(after()).toEqual(wanted)
    expect(fresh.alive().requests).toEqual(preventCancel ? ['get'] : [])
  })

  it('a response made of the body: read out of sight by the host, ended all the same', async () => {
    const { body: taken } = await open()
    const response = new Taker(taken, { status: 201 })
    expect([response instanceof Response, response instanceof Taker, response.status, response.body === taken]).toEqual([true, true, 201, true])
    expect(await response.text()).toBe('onetwo')
    expect(after().filter((what) => what === 'ended')).toHaveLength(1)
    expect(ended()).toMatchObject({ bytes: 6 })
    hanging()
    await new Taker((await open()).body).body!.cancel()
    expect(after().at(-1)).toBe('aborted')
    await new Taker('own').text()
    expect(fresh.alive().requests).toEqual([])
  })

  it('a response put into a cache is ended when it is kept, and failed when it is not', async () => {
    stored = () => Promise.resolve()
    await cache.put(at('get'), await open())
    expect(after().slice(-1)).toEqual(['ended'])
    stored = (response) => response.arrayBuffer()
    answer = () => Promise.resolve(new Response(body(['one'], 'break')))
    await expect(cache.put(at('get'), await open())).rejects.toThrow()
    expect(after().slice(-1)).toEqual(['failed'])
    stored = () => Promise.reject(new TypeError('not kept: nothing was read'))
    await expect(cache.put(at('get'), await open())).rejects.toThrow('not kept')
    expect(after().slice(-1)).toEqual(['head'])
  })

  it('tee: the end once, whichever branch comes to it', async () => {
    const branches = (await open()).body!.tee()
    await Promise.all(branches.map((branch) => new Response(branch).text()))
    expect(after().filter((what) => what === 'ended')).toHaveLength(1)
    expect(fresh.alive().requests).toEqual([])
  })

  it('clone: both copies can be read, by a reader too', async () => {
    const response = await open()
    const copy = response.clone()
    const reader = response.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('one')
    expect(await copy.text()).toBe('onetwo')
    expect(after().filter((what) => what === 'ended')).toHaveLength(1)
  })

  it('one of two copies cancelled is no abort; both are', async () => {
    hanging()
    const [one, other] = (await open()).body!.tee()
    void one.cancel()
    expect(after()).not.toContain('aborted')
    expect(fresh.alive().requests).toEqual(['get'])
    void other.getReader().cancel()
    expect(after().at(-1)).toBe('aborted')
    const response = await open()
    void response.clone().body!.cancel()
    void response.body!.cancel()
    expect(after().slice(3)).toEqual(['sent', 'head', 'aborted'])
  })

  it('clone on a host that splits the body out of sight', async () => {
    answer = () => {
      const response = new Response(body(['never read']))
      const streams = [body(['one']), body(['one'])]
      let own = streams[0]!
      Object.defineProperty(Object.getPrototypeOf(Object.setPrototypeOf(response, Object.create(Response.prototype) as object)) as object, 'body', { get: () => own })
      response.clone = () => {
        own = body(['mine'])
        return new Response(streams[1])
      }
      return Promise.resolve(response)
    }
    const response = await open()
    const copy = response.clone()
    expect(new TextDecoder().decode((await response.body!.getReader().read()).value)).toBe('mine')
    await copy.body!.cancel()
    expect(after()).toEqual(['sent', 'head', 'chunk'])
  })

  it.each([
    ['a reader', async (response: Response) => response.body!.getReader().cancel('enough')],
    ['a stream', async (response: Response) => response.body!.cancel('enough')],
  ])('cancel of %s: aborted, once, and the engine is told', async (_, cancelled) => {
    const cancel = vi.fn()
    hanging({ cancel })
    await cancelled(await open())
    expect(cancel).toHaveBeenCalledExactlyOnceWith('enough')
    expect(after()).toEqual(['sent', 'head', 'aborted'])
    expect(fresh.alive().requests).toEqual([])
  })

  it('a signal before the head, after it, and after the end', async () => {
    const controller = new AbortController()
    answer = (_, init) => new Promise((_go, refuse) => { init!.signal!.addEventListener('abort', () => refuse(init!.signal!.reason as Error)) })
    const sent = fetched(at('get'), { signal: controller.signal })
    controller.abort()
    await expect(sent).rejects.toThrow()
    expect(after()).toEqual(['sent', 'aborted'])

    const late = new AbortController()
    hanging()
    await fetched(at('get'), { signal: late.signal })
    late.abort()
    expect(after().slice(2)).toEqual(['sent', 'head', 'aborted'])

    const idle = new AbortController()
    answer = () => Promise.resolve(new Response('x'))
    await (await fetched(at('get'), { signal: idle.signal })).text()
    const before = after().length
    idle.abort()
    expect(after()).toHaveLength(before)
    expect(fresh.alive().requests).toEqual([])
  })

  it('a caller\'s signal that is passed on has no listener of the subject\'s', async () => {
    const { watchListeners } = await import('../../../../host-probes/recorder/listeners.js')
    const controller = new AbortController()
    watchListeners(controller.signal, 'the signal of call c')
    await (await fetched(at('get'), { signal: controller.signal })).text()
    expect(fresh.left()).toEqual([])
    hanging()
    await fetched(at('get'), { signal: controller.signal })
    controller.abort()
    expect(after().at(-1)).toBe('aborted')
    expect(fresh.left()).toEqual([])
  })

  it('what is no signal fails the request, and leaves nothing', async () => {
    await expect(fetched(at('get'), { signal: {} as AbortSignal })).rejects.toThrow(TypeError)
    expect(after()).toEqual(['sent', 'failed'])
    expect(fresh.alive().requests).toEqual([])
  })

  it('a signal that was aborted before: aborted, not failed', async () => {
    answer = (_, init) => Promise.reject(init!.signal!.reason as Error)
    await expect(fetched(at('get'), { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(after()).toEqual(['sent', 'aborted'])
  })

  it('a Request\'s own signal counts', async () => {
    const controller = new AbortController()
    hanging()
    await fetched(new Request(at('get'), { signal: controller.signal }))
    controller.abort()
    expect(after().at(-1)).toBe('aborted')
  })

  it('an error before the head and one mid-body: failed, once, and the subject gets the very error', async () => {
    const refused = new TypeError('fetch failed')
    answer = () => Promise.reject(refused)
    await expect(fetched(`${REFUSED_ORIGIN}/get`)).rejects.toBe(refused)
    expect(after()).toEqual(['sent', 'failed'])
    expect(fresh.events().at(-1)).toMatchObject({ error: 'TypeError' })

    answer = () => Promise.resolve(new Response(body(['one'], 'break')))
    const reader = (await open()).body!.getReader()
    await reader.read()
    await expect(reader.read()).rejects.toThrow('terminated')
    await expect(reader.read()).rejects.toThrow('terminated')
    expect(after().slice(2)).toEqual(['sent', 'head', 'chunk', 'failed'])

    answer = () => Promise.resolve(new Response(body(['one'], 'break')))
    await expect((await open()).text()).rejects.toThrow()
    expect(after().at(-1)).toBe('failed')
    expect(fresh.alive().requests).toEqual([])
  })

  it('an address outside is recorded before it is sent; a data URL is no request', async () => {
    await fetched('http://example.org/')
    expect(fresh.said().slice(0, 2)).toEqual(['host.outside fetch', 'host.fetch.sent outside'])
    const before = fresh.events().length
    await fetched('data:text/plain,x')
    expect(fresh.events()).toHaveLength(before)
    expect(native).toHaveBeenCalledTimes(2)
  })
})
