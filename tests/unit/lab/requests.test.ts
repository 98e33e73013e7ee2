import { describe, expect, it } from 'vitest'
import type { HttpAction, PeerModel } from '../../../src/contract/scenario.js'
import { logged, logs, peerKinds, run } from './scripts.js'

const peer = (...exchanges: HttpAction[][]): Record<string, PeerModel> => ({ p: { kind: 'http', exchanges: exchanges.map((actions) => ({ actions })) } })
const head = (status = 200, headers: Record<string, string> = {}): HttpAction => ({ do: 'head', status, headers })
const body = (text: string): HttpAction => ({ do: 'body', message: { kind: 'text', text } })
const raw = (text: string): HttpAction => ({ do: 'raw', text })
const wait = (ticks: number): HttpAction => ({ do: 'wait', ticks })
const end: HttpAction = { do: 'end' }
const destroy: HttpAction = { do: 'destroy' }

/** Reads a body chunk by chunk and logs it, and how it ended. */
const READ = `
  const read = async (response) => {
    const reader = response.body.getReader()
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) log(new TextDecoder().decode(step.value) + '@' + performance.now())
      log('end')
    } catch (error) { log(error.name) }
  }
  const failing = (promise) => promise.then(() => log('ok'), (error) => log(error.name))
`

describe('T0 virtual_transport_surface: virtual fetch', () => {
  it('brings status, headers and a body', async () => {
    const trace = await run(`
      const response = await fetch(at('p', 'e') + '/sub/path', { method: 'POST', body: 'ping', headers: { 'X-One': '1' } })
      log([response.status, response.ok, response.headers.get('x-two'), response.type, response.redirected, response.url.endsWith('/sub/path')].join())
      log(response.bodyUsed + ':' + await response.text() + ':' + response.bodyUsed)`,
    peer([{ do: 'await_body' }, head(201, { 'X-Two': '2' }), body('pong'), end]))
    expect(logs(trace)).toEqual(['201,true,2,basic,false,true', 'false:pong:true'])
    expect(peerKinds(trace)).toEqual(['peer.request', 'peer.request_body', 'peer.head_sent', 'peer.body_sent', 'peer.ended'])
    expect(trace.events.find((event) => event.kind === 'peer.request')).toMatchObject({ method: 'POST', path: '/sub/path', http_version: 'HTTP/1.1', last_event_id: '' })
    expect(trace.events.find((event) => event.kind === 'peer.request_body')).toMatchObject({ body: { kind: 'binary', length: 4 } })
  })

  it('streams chunks as they come', async () => {
    expect(await logged(`${READ} await read(await fetch(at('p', 'e')))`, peer([head(), body('a'), wait(2), body('b'), wait(3), end]))).toEqual(['a@0', 'b@20', 'end'])
  })

  it('abort before, during and after a body', async () => {
    const trace = await run(`${READ}
      await failing(fetch(at('p', 'before'), { signal: AbortSignal.abort() }))
      const head = new AbortController(); setTimeout(() => head.abort(), 15)
      await failing(fetch(at('p', 'head'), { signal: head.signal }))
      const during = new AbortController(); setTimeout(() => during.abort(new RangeError('mine')), 30)
      await read(await fetch(at('p', 'during'), { signal: during.signal }))
      const after = new AbortController()
      log(await (await fetch(at('p', 'after'), { signal: after.signal })).text()); after.abort(); await sleep(1)`,
    peer([wait(2), head(), body('x'), wait(5), end]))
    expect(logs(trace)).toEqual(['AbortError', 'AbortError', 'x@35', 'RangeError', 'x'])
    expect(trace.events.flatMap((event) => (event.kind === 'peer.aborted' || event.kind === 'peer.ended' ? [`${event.id} ${event.kind}`] : []))).toEqual(['head peer.aborted', 'during peer.aborted', 'after peer.ended'])
  })

  it('cancelling the body stream breaks the request off', async () => {
    const trace = await run(`const { body } = await fetch(at('p', 'e')); await body.cancel(); await sleep(100)`, peer([head(), body('x'), wait(5), end]))
    expect(peerKinds(trace).at(-1)).toBe('peer.aborted')
  })

  it('a body cut short errors the stream with a TypeError', async () => {
    const cases = [[head(200, { 'Content-Length': '5' }), body('abc'), end], [head(200, { 'content-length': '5' }), body('abc'), destroy], [head(), body('abc'), destroy], [head(), body('abc'), raw('zz not a chunk\r\n'), end]]
    for (const actions of cases) expect(await logged(`${READ} await read(await fetch(at('p', 'e')))`, peer(actions))).toEqual(['abc@0', 'TypeError'])
  })

  it('an answer that is no HTTP, or none at all, fails with a TypeError', async () => {
    for (const actions of [[raw('garbage\r\n\r\n'), end], [destroy], [end], [raw('HTTP/1.1 two\r\n\r\n'), end]]) {
      expect(await logged(`${READ} await failing(fetch(at('p', 'e')))`, peer(actions))).toEqual(['TypeError'])
    }
  })

  it('reads what is put on the connection raw as an HTTP client does', async () => {
    expect(await logged(`${READ} await read(await fetch(at('p', 'e')))`, peer([raw('HTTP/1.1 200 OK\r\nContent-Len'), raw('gth: 4\r\n\r\nab'), wait(1), raw('cd'), end]))).toEqual(['ab@0', 'cd@10', 'end'])
    expect(await logged(`${READ} await read(await fetch(at('p', 'e')))`, peer([raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n'), end]))).toEqual(['ab@0', 'end'])
    expect(await logged(`${READ} await read(await fetch(at('p', 'e')))`, peer([raw('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab'), end]))).toEqual(['ab@0', 'TypeError'])
  })

  it('refused, outside and unknown addresses', async () => {
    expect(await logged(`${READ}
      await failing(fetch(refusedAt('r', 'e')))
      await failing(fetch('https://example.test/'))
      log(String((await fetch(at('nobody', 'e'))).status))`, { r: { kind: 'refused' } })).toEqual(['TypeError', 'TypeError', '404'])
  })

  it('follows redirects, or fails at one when asked to', async () => {
    const peers = peer([{ do: 'await_body' }, head(303, { location: 'e/next' }), body('ignored'), end], [head(), body('there'), end])
    const trace = await run(`
      const response = await fetch(at('p', 'e'), { method: 'POST', body: 'x' })
      log([response.status, response.redirected, response.url.slice(-7), await response.text()].join())
      await fetch(at('p', 'f'), { redirect: 'error' }).catch((error) => log(error.name))
      log((await fetch(at('p', 'g'), { redirect: 'manual' })).type)`, peers)
    expect(logs(trace)).toEqual(['200,true,/e/next,there', 'TypeError', 'opaqueredirect'])
    expect(trace.events.flatMap((event) => (event.kind === 'peer.request' && event.id === 'e' ? [`${event.connection} ${event.method} ${event.path}`] : []))).toEqual(['1 POST ', '2 GET /next'])
  })

  it('ends an endless chain of redirects', async () => {
    expect(await logged(`${READ} await failing(fetch(at('p', 'e')))`, peer([head(302, { location: 'e' }), end]))).toEqual(['TypeError'])
  })

  it('data: addresses, clones, BYOB readers and null bodies', async () => {
    expect(await logged(`
      const data = await fetch('data:text/plain;base64,aGk='); log(data.headers.get('content-type') + ' ' + await data.text())
      log(await (await fetch('data:,a%20b%C3%A9')).text())
      const response = await fetch(at('p', 'e')); const copy = response.clone()
      log(await response.text() + '/' + await copy.text())
      const reader = (await fetch(at('p', 'e'))).body.getReader({ mode: 'byob' })
      log(String((await reader.read(new Uint8Array(10))).value.byteLength))
      log(String((await fetch(at('p', 'empty'))).body === null))
      log(JSON.stringify(await new Response('{"a":1}').json()))
      log(String(new Response('x').body instanceof ReadableStream))`,
    { p: { kind: 'http', exchanges: [{ actions: [head(), body('hey'), end] }] }, ...{} })).toEqual(['text/plain hi', 'a bé', 'hey/hey', '3', 'false', '{"a":1}', 'true'])
  })
})

describe('T0 virtual_transport_surface: virtual EventSource', () => {
  const sse = (...actions: HttpAction[]): HttpAction[] => [head(200, { 'content-type': 'text/event-stream' }), ...actions]
  const WATCH = `
    const watch = (source) => {
      source.onopen = () => log('open')
      source.onerror = () => log('error:' + source.readyState + '@' + performance.now())
      source.onmessage = (event) => log(['message', event.lastEventId, event.data].join())
      source.addEventListener('named', (event) => log(['named', event.lastEventId, event.data].join()))
      return source
    }
  `

  it('reads ids, names and data, reconnects after the retry time, and resumes by the last id', async () => {
    const trace = await run(`${WATCH} const s = watch(new EventSource(at('p', 's'))); await sleep(200); s.close(); log('closed:' + s.readyState)`, peer(
      sse(body('retry: 50\n: a comment\nid: 7\ndata: one\ndata: two\n\n'), body('event: named\nda'), body('ta:x\r\n\r\n'), end),
      sse(body('data: again\n\n'), wait(100), end)))
    expect(logs(trace)).toEqual(['open', 'message,7,one\ntwo', 'named,7,x', 'error:0@0', 'open', 'message,7,again', 'closed:2'])
    expect(trace.events.flatMap((event) => (event.kind === 'peer.request' ? [event.last_event_id] : []))).toEqual(['', '7'])
    expect(peerKinds(trace).at(-1)).toBe('peer.aborted')
  })

  it('an id counts from its blank line on, with data or without; one whose line never came does not', async () => {
    const ids = async (text: string): Promise<string[]> => {
      const trace = await run(`${WATCH} const s = watch(new EventSource(at('p', 's'))); await sleep(100); s.close()`, peer(sse(body(`retry: 50\n${text}`), end), sse(wait(100), end)))
      expect(logs(trace)).toEqual(['open', 'error:0@0', 'open'])
      return trace.events.flatMap((event) => (event.kind === 'peer.request' ? [event.last_event_id] : []))
    }
    expect(await ids('id: 7\n\n')).toEqual(['', '7'])
    expect(await ids('id: 7\n\nid\n\n')).toEqual(['', ''])
    expect(await ids('id: 7\n\nid: 8\n')).toEqual(['', '7'])
  })

  it('fails for good on another status or content type', async () => {
    for (const answer of [[head(204), end], [head(200, { 'content-type': 'text/plain' }), end], [head(500), end]]) {
      const trace = await run(`${WATCH} watch(new EventSource(at('p', 's'))); await sleep(10000)`, peer(answer))
      expect(logs(trace)).toEqual(['error:2@0'])
    }
  })

  it('tries again when the connection cannot be had, and not after close()', async () => {
    expect(await logged(`${WATCH} const s = watch(new EventSource(refusedAt('r', 's'))); await sleep(3500); s.close(); await sleep(10000)`, { r: { kind: 'refused' } })).toEqual(['error:0@0', 'error:0@3000'])
  })
})
