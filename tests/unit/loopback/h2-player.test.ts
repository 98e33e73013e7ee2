import { connect, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { Agent, fetch } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpAction } from '../../../src/contract/scenario.js'
import { summarize } from '../../../src/contract/summary.js'
import { makeCertificate, type LoopbackCertificate } from '../../../src/loopback/certificate.js'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { get, join, openLoopback, until, type Joined } from './support.js'

const text = (body: string): HttpAction => ({ do: 'body', message: { kind: 'text', text: body } })
const head = (status = 200, headers: Record<string, string> = {}): HttpAction => ({ do: 'head', status, headers })
const END: HttpAction = { do: 'end' }

interface Answered { headers: IncomingHttpHeaders; status: number | undefined; body: string; reset: number; failed: boolean }

describe('T0 http_surface: an HTTP/2 peer, live', () => {
  let certificate: LoopbackCertificate
  let loopback: Loopback
  let sessions: ClientHttp2Session[] = []
  beforeAll(async () => {
    certificate = await makeCertificate()
    loopback = await openLoopback({ certificate })
  })
  afterAll(async () => {
    for (const session of sessions) session.destroy()
    await loopback.close()
  })

  const serve = (...scripts: HttpAction[][]): Joined => join(loopback, { p: { kind: 'http', http_version: 'h2', exchanges: scripts.map((actions) => ({ actions })) } })
  const dial = (attempt: Joined): ClientHttp2Session => {
    const session = connect(attempt.h2_origin!, { ca: certificate.cert })
    session.on('error', () => {})
    sessions.push(session)
    return session
  }
  /** One stream of a connection; `onHead` may cancel it. */
  function ask(session: ClientHttp2Session, path: string, { headers = {}, body, onHead }: { headers?: Record<string, string>; body?: Buffer; onHead?: (cancel: () => void) => void } = {}): Promise<Answered> {
    const stream = session.request({ ':path': path, ...headers }, { endStream: body === undefined })
    const answered: Answered = { headers: {}, status: undefined, body: '', reset: 0, failed: false }
    stream.on('response', (seen) => {
      Object.assign(answered, { headers: seen, status: seen[':status'] })
      onHead?.(() => stream.close(constants.NGHTTP2_CANCEL))
    })
    stream.on('data', (chunk: Buffer) => { answered.body += chunk.toString('latin1') })
    stream.on('error', () => { answered.failed = true })
    if (body !== undefined) stream.end(body)
    return new Promise((resolve) => stream.on('close', () => resolve({ ...answered, reset: stream.rstCode ?? 0 })))
  }
  const at = (attempt: Joined, rest = 'p/e'): string => `${attempt.peer_path}${rest}`

  it('answers head, body and end of one stream, uncached; the peer writes down the version and the connection', async () => {
    const attempt = serve([{ do: 'await_body' }, head(201, { 'X-Seen': 'Yes' }), text('one '), text('two'), END])
    const answered = await ask(dial(attempt), at(attempt, 'p/e/more'))
    expect(answered).toMatchObject({ status: 201, body: 'one two', reset: 0, failed: false, headers: { 'x-seen': 'Yes', 'cache-control': 'no-store' } })
    expect(answered.headers['access-control-allow-origin']).toBeUndefined()
    expect(await attempt.settled(1000)).toBe(true)
    expect(attempt.events).toMatchObject([
      { kind: 'peer.request', id: 'e', connection: 1, method: 'GET', path: '/more', http_version: 'HTTP/2.0', transport: 1 }, { kind: 'peer.request_body', body: { length: 0 } },
      { kind: 'peer.head_sent' }, { kind: 'peer.body_sent', bytes: 4 }, { kind: 'peer.body_sent', bytes: 3 }, { kind: 'peer.ended' },
    ])
  })

  it('takes the body of a request whole, larger than any frame or window', async () => {
    const attempt = serve([{ do: 'await_body' }, head(204), END])
    const body = Buffer.alloc(300_000, 7)
    expect(await ask(dial(attempt), at(attempt), { headers: { ':method': 'PUT' }, body })).toMatchObject({ status: 204, body: '', reset: 0 })
    expect(attempt.events[1]).toMatchObject({ kind: 'peer.request_body', body: summarize(body) })
  })

  it('a body that the client cuts short is not taken for whole', async () => {
    const attempt = serve([{ do: 'await_body' }, head(204), END])
    const session = dial(attempt)
    // Else Node's client would end the stream before it resets it.
    const stream = session.request({ ':path': at(attempt), ':method': 'POST' }, { waitForTrailers: true })
    stream.on('error', () => {})
    stream.write(Buffer.alloc(10))
    await until(() => attempt.kinds().length === 1)
    stream.close(constants.NGHTTP2_CANCEL)
    await until(() => attempt.kinds().includes('peer.aborted'))
    expect(attempt.kinds()).toEqual(['peer.request', 'peer.aborted'])
  })

  it('resets one stream with an error that lets nobody repeat or believe it, and leaves its neighbour alone', async () => {
    const attempt = serve([head(), text('part'), { do: 'wait', ticks: 2 }, { do: 'destroy' }], [{ do: 'await_body' }, { do: 'destroy' }], [head(), text('whole'), { do: 'wait', ticks: 8 }, END])
    const session = dial(attempt)
    const answers = await Promise.all([ask(session, at(attempt)), ask(session, at(attempt)), ask(session, at(attempt))])
    expect(answers).toMatchObject([
      { status: 200, body: 'part', reset: constants.NGHTTP2_INTERNAL_ERROR, failed: true }, { status: undefined, reset: constants.NGHTTP2_INTERNAL_ERROR, failed: true }, { status: 200, body: 'whole', reset: 0, failed: false },
    ])
    expect(attempt.kinds().filter((kind) => kind === 'peer.destroyed')).toHaveLength(2)
  })

  it('sees a stream that its client resets as aborted', async () => {
    const attempt = serve([head(), text('part'), { do: 'wait', ticks: 10_000 }, END])
    expect(await ask(dial(attempt), at(attempt), { onHead: (cancel) => cancel() })).toMatchObject({ status: 200, reset: constants.NGHTTP2_CANCEL })
    await until(() => attempt.kinds().includes('peer.aborted'))
    expect(await attempt.settled(1000)).toBe(true)
  })

  it('streams of one connection have one transport, those of another another', async () => {
    const attempt = serve([head(204), END])
    const session = dial(attempt)
    await Promise.all([ask(session, at(attempt, 'p/a')), ask(session, at(attempt, 'p/b'))])
    await ask(dial(attempt), at(attempt, 'p/c'))
    const seen = attempt.events.flatMap((event) => (event.kind === 'peer.request' ? [[event.id, event.transport]] : []))
    expect(new Map(seen as Array<[string, number]>)).toEqual(new Map([['a', 1], ['b', 1], ['c', 2]]))
  })

  it('lets the run\'s own pages read it from their origin, and answers their preflight itself', async () => {
    const attempt = serve([head(), text('read'), END])
    const session = dial(attempt)
    const origin = loopback.origin(0)
    const asked = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-own' }
    expect((await ask(session, at(attempt), { headers: { ':method': 'OPTIONS', ...asked } })).headers).toMatchObject({
      ':status': 204, 'access-control-allow-origin': origin, 'access-control-allow-methods': 'PUT', 'access-control-allow-headers': 'x-own',
    })
    expect(attempt.events).toEqual([])
    expect((await ask(session, at(attempt), { headers: { origin } })).headers).toMatchObject({ ':status': 200, 'access-control-allow-origin': origin })
  })

  it('turns away another authority, a foreign origin, a wrong token, what is no peer, and a peer at the wrong origin', async () => {
    const attempt = join(loopback, { p: { kind: 'http', http_version: 'h2', exchanges: [{ actions: [head(204), END] }] }, plain: { kind: 'http', exchanges: [{ actions: [head(204), END] }] } })
    const session = dial(attempt)
    const port = new URL(attempt.h2_origin!).port
    expect((await ask(session, at(attempt), { headers: { ':authority': `localhost:${port}` } })).status).toBe(421)
    expect((await ask(session, at(attempt), { headers: { origin: 'https://example.org' } })).status).toBe(403)
    expect((await ask(session, at(attempt).replace(loopback.token, '0'.repeat(32)))).status).toBe(404)
    expect((await ask(session, `/${loopback.token}/agent/0.html`)).status).toBe(404)
    expect((await ask(session, at(attempt, 'plain/e'))).status).toBe(404)
    expect((await get(`${loopback.origin(0)}${at(attempt)}`)).status).toBe(404)
    expect(attempt.events).toEqual([])
    expect(attempt.refusals).toEqual(expect.arrayContaining([`wrong host: localhost:${port}`, 'foreign origin: https://example.org', 'peer plain at the wrong origin', 'peer p at the wrong origin']))
  })

  it('a client without HTTP/2 is answered, and leaves evidence of what it spoke', async () => {
    const attempt = serve([head(), text('plainly'), END])
    const dispatcher = new Agent({ allowH2: false, connect: { ca: certificate.cert } })
    expect(await (await fetch(`${attempt.h2_origin}${at(attempt)}`, { dispatcher })).text()).toBe('plainly')
    await dispatcher.destroy()
    expect(attempt.events[0]).toMatchObject({ kind: 'peer.request', http_version: 'HTTP/1.1' })
  })

  it('a client that does not take the certificate is told of, to the slot\'s attempts alone', async () => {
    const attempt = serve([head(204), END])
    await expect(fetch(`${attempt.h2_origin}${at(attempt)}`)).rejects.toThrow()
    await until(() => attempt.refusals.length > 0)
    expect(attempt.refusals[0]).toMatch(/^no TLS connection for h2: /)
    expect(attempt.events).toEqual([])
  })

  it('there is no such origin unless somebody asks for it, and it is inside the boundary only then', async () => {
    const plain = await openLoopback()
    expect([plain.certificate, join(plain, {}).h2_origin]).toEqual([null, null])
    await plain.close()
    const { h2_origin } = join(loopback, {})
    expect(loopback.allows(`${h2_origin}/x`)).toBe(true)
    expect(loopback.allows(`${h2_origin!.replace('https', 'http')}/x`)).toBe(false)
  })

  it('may be planted to speak HTTP/1.1 instead', async () => {
    const lying = await openLoopback({ certificate, planted: { h2_speaks: 'http/1.1' } })
    const attempt = join(lying, { p: { kind: 'http', http_version: 'h2', exchanges: [{ actions: [head(204), END] }] } })
    const dispatcher = new Agent({ allowH2: true, connect: { ca: certificate.cert } })
    expect((await fetch(`${attempt.h2_origin}${attempt.peer_path}p/e`, { dispatcher })).status).toBe(204)
    expect(attempt.events[0]).toMatchObject({ http_version: 'HTTP/1.1' })
    await dispatcher.destroy()
    await lying.close()
  })
})

describe('T0 http_surface: a run\'s certificate', () => {
  it('is for 127.0.0.1 and nothing else, for a day, and new each time', async () => {
    const { X509Certificate, createHash } = await import('node:crypto')
    const [one, other] = await Promise.all([makeCertificate(), makeCertificate()])
    const seen = new X509Certificate(one.cert)
    expect(seen.subjectAltName).toBe('IP Address:127.0.0.1')
    expect([seen.checkIP('127.0.0.1'), seen.checkIP('127.0.0.2'), seen.ca]).toEqual(['127.0.0.1', undefined, false])
    expect(new Date(seen.validTo).getTime() - Date.now()).toBeLessThanOrEqual(86_400_000)
    expect(createHash('sha256').update(seen.publicKey.export({ type: 'spki', format: 'der' })).digest('base64')).toBe(one.spki_sha256)
    expect(other.spki_sha256).not.toBe(one.spki_sha256)
  })
})
