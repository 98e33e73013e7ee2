import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpAction } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { get, join, openLoopback, peerUrl, rawExchange, until, type Joined } from './support.js'

const text = (body: string): HttpAction => ({ do: 'body', message: { kind: 'text', text: body } })
const head = (status = 200, headers: Record<string, string> = {}): HttpAction => ({ do: 'head', status, headers })
const END: HttpAction = { do: 'end' }

describe('T0 http_surface: an HTTP peer, live', () => {
  let loopback: Loopback
  beforeAll(async () => { loopback = await openLoopback() })
  afterAll(() => loopback.close())

  const serve = (...scripts: HttpAction[][]): Joined => join(loopback, { p: { kind: 'http', exchanges: scripts.map((actions) => ({ actions })) } })
  const url = (attempt: Joined, rest = 'e'): string => peerUrl(loopback, attempt, `p/${rest}`)
  const rawGet = (attempt: Joined): Promise<string> => rawExchange(loopback.origin(0), `GET ${new URL(url(attempt)).pathname} HTTP/1.1\r\nHost: ${new URL(url(attempt)).host}\r\n\r\n`)

  it('answers head, body and end, uncached, for no other origin, on a connection of its own', async () => {
    const attempt = serve([head(201, { 'X-Seen': 'Yes', 'content-type': 'text/plain' }), text('one '), text('two'), END])
    const answered = await get(url(attempt, 'e/more'), { headers: { 'last-event-id': Buffer.from('nº7').toString('latin1') } })
    expect(answered).toMatchObject({ status: 201, body: 'one two', error: null, headers: { 'x-seen': 'Yes', 'cache-control': 'no-store', connection: 'close' } })
    expect(answered.headers['access-control-allow-origin']).toBeUndefined()
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.events).toMatchObject([
      { kind: 'peer.request', witness: 'peer', peer: 'p', id: 'e', connection: 1, seq: 0, method: 'GET', path: '/more', http_version: 'HTTP/1.1', last_event_id: 'nº7' },
      { kind: 'peer.head_sent', status: 201 }, { kind: 'peer.body_sent', bytes: 4 }, { kind: 'peer.body_sent', bytes: 3 }, { kind: 'peer.ended' },
      { kind: 'peer.request_body', body: { length: 0 } },
    ])
  })

  it('sends the header names of its script as they are', async () => {
    const wire = await rawGet(serve([head(200, { 'X-LoUd': '1', 'Cache-Control': 'max-age=5' }), END]))
    expect(wire).toContain('\r\nX-LoUd: 1\r\n')
    expect(wire).toContain('\r\nCache-Control: max-age=5\r\n')
    expect(wire).not.toContain('no-store')
  })

  it('flushes the head and each chunk at once', async () => {
    const attempt = serve([head(), { do: 'await_body' }, text('first'), { do: 'wait', ticks: 2 }, text('second'), { do: 'wait', ticks: 10_000 }])
    attempt.start()
    const seen: string[] = []
    const answered = get(url(attempt), { onData: (chunk) => seen.push(chunk) })
    await until(() => seen.length === 2)
    expect(seen).toEqual(['first', 'second'])
    attempt.dispose()
    expect(await answered).toMatchObject({ status: 200, error: 'aborted' })
  })

  it('lets a head be seen before there is any body', async () => {
    const attempt = serve([head(202), { do: 'wait', ticks: 10_000 }])
    const status = await new Promise((resolve) => httpRequest(url(attempt), { agent: false }, (response) => {
      response.on('error', () => {})
      resolve(response.statusCode)
    }).end())
    expect(status).toBe(202)
    attempt.dispose()
  })

  it('waits for the whole body of a request, and answers without waiting when its script does not', async () => {
    const body = Buffer.alloc(1024 * 1024, 7)
    const waiting = serve([{ do: 'await_body' }, head(), END])
    expect((await get(url(waiting), { method: 'POST', body })).status).toBe(200)
    expect(waiting.kinds()).toEqual(['peer.request', 'peer.request_body', 'peer.head_sent', 'peer.ended'])
    expect(waiting.events[1]).toMatchObject({ body: summarize(body) })
    const eager = serve([head(), text('ok'), END])
    expect(await get(url(eager), { method: 'POST', body })).toMatchObject({ status: 200, body: 'ok', error: null })
    expect(eager.kinds()).toEqual(['peer.request', 'peer.head_sent', 'peer.body_sent', 'peer.ended', 'peer.request_body'])
  })

  it('cuts a body short: by its length, by its framing, by an end before its length', async () => {
    for (const script of [
      [head(200, { 'content-length': '10' }), text('abc'), { do: 'destroy' as const }],
      [head(), text('abc'), { do: 'destroy' as const }],
      [head(200, { 'content-length': '10' }), text('abc'), END],
    ]) expect(await get(url(serve(script)))).toMatchObject({ status: 200, body: 'abc', error: 'aborted' })
  })

  it('breaks off before any answer', async () => {
    const attempt = serve([{ do: 'destroy' }])
    expect(await get(url(attempt))).toMatchObject({ status: null, error: 'socket hang up' })
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.kinds()).toEqual(['peer.request', 'peer.destroyed'])
  })

  it('writes raw characters outside all framing, before a head, after it, and as all there is', async () => {
    expect(await rawGet(serve([{ do: 'raw', text: 'HTTP/1.1 299 Odd\r\nbroken header\r\n\r\nü' }, END]))).toBe(Buffer.from('HTTP/1.1 299 Odd\r\nbroken header\r\n\r\nü').toString('latin1'))
    expect((await get(url(serve([head(), text('good'), { do: 'raw', text: 'not a chunk\r\n' }, END])))).error).toContain('Parse Error')
    const hung = serve([{ do: 'raw', text: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi' }])
    expect(await get(url(hung))).toMatchObject({ status: 200, body: 'hi', error: null })
    expect(await hung.settled(1000)).toBe(true)
    expect(hung.kinds().at(-1)).toBe('peer.aborted')
  })

  it('closes the connection for an end without any head', async () => {
    expect(await get(url(serve([END])))).toMatchObject({ status: null, error: 'socket hang up' })
  })

  it('redirects to another address of the peer', async () => {
    const attempt = serve([head(302, { location: 'e/next' }), END], [head(), text('there'), END])
    const answered = await fetch(url(attempt))
    expect([answered.status, answered.redirected, await answered.text()]).toEqual([200, true, 'there'])
    expect(attempt.events.filter(({ kind }) => kind === 'peer.request')).toMatchObject([{ connection: 1, path: '' }, { connection: 2, path: '/next' }])
  })

  it('sees a client leave before the head, and in the middle of a body', async () => {
    for (const script of [[{ do: 'wait' as const, ticks: 10_000 }], [head(), text('part'), { do: 'wait' as const, ticks: 10_000 }]]) {
      const attempt = serve(script)
      const client = httpRequest(url(attempt), { agent: false }, (response) => response.on('error', () => {}).resume()).on('error', () => {})
      client.end()
      await until(() => attempt.events.length >= script.length)
      expect(await attempt.settled(10)).toBe(false)
      client.destroy()
      expect(await attempt.settled(1000)).toBe(true)
      expect(attempt.kinds().at(-1)).toBe('peer.aborted')
    }
  })

  it('sees a client leave that had not sent all of its body', async () => {
    const attempt = serve([{ do: 'await_body' }, head(), END])
    const { pathname, host, port } = new URL(url(attempt))
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 9\r\n\r\npart`)).on('error', () => {})
    await until(() => attempt.events.length === 1)
    socket.destroy()
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.kinds()).toEqual(['peer.request', 'peer.aborted'])
  })

  it('streams events, and tells where the client resumed', async () => {
    const stream = [head(200, { 'content-type': 'text/event-stream' }), text('id: 4\ndata: x\n\n')]
    const attempt = serve([...stream, { do: 'destroy' }], [...stream, END])
    expect((await get(url(attempt, 's'))).body).toBe('id: 4\ndata: x\n\n')
    await get(url(attempt, 's'), { headers: { 'last-event-id': '4' } })
    await attempt.settled(1000)
    expect(attempt.events.flatMap((event) => event.kind === 'peer.request' ? [event.last_event_id] : [])).toEqual(['', '4'])
  })

  it('hurts no other exchange of a client that keeps its connections', async () => {
    const attempt = join(loopback, {
      good: { kind: 'http', exchanges: [{ actions: [head(), text('fine'), END] }] },
      slow: { kind: 'http', exchanges: [{ actions: [head(), text('a'), { do: 'wait', ticks: 6 }, text('b'), END] }] },
      bad: { kind: 'http', exchanges: [{ actions: [{ do: 'destroy' }] }] },
    })
    const dispatcher = new Agent({ connections: 1, pipelining: 1 })
    const slow = fetch(peerUrl(loopback, attempt, 'slow/e')).then((response) => response.text())
    for (const peer of ['good', 'bad', 'good', 'bad', 'good']) {
      const answered = fetch(peerUrl(loopback, attempt, `${peer}/e`), { dispatcher }).then((response) => response.text())
      if (peer === 'good') expect(await answered).toBe('fine')
      else await expect(answered).rejects.toThrow('fetch failed')
    }
    expect(await slow).toBe('ab')
    expect(attempt.events.filter(({ kind, peer }) => kind === 'peer.request' && peer === 'bad')).toHaveLength(2)
    await dispatcher.destroy()
  })

  it('reports what it cannot do, and ends the connection', async () => {
    const attempt = serve([text('no head')])
    expect((await get(url(attempt))).error).toBe('socket hang up')
    const bad = serve([head(200, { 'bad name': 'x' })])
    expect((await get(url(bad))).error).toBe('socket hang up')
    expect([...attempt.refusals, ...bad.refusals]).toEqual(['peer body: a body before its head', expect.stringMatching(/^peer head: /)])
  })
})
