import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RequestPlan, SubjectExchange, SubjectExchangeEvents, SubjectRuntime } from '../../../src/contract/subject.js'
import { RUNTIMES, within } from './runtimes.js'

const GET: RequestPlan = { method: 'GET', headers: {}, body: null, redirect: 'follow' }

/** Records what an exchange hands to its user; `ended` resolves at its end. */
function witness(on: Pick<Partial<SubjectExchangeEvents>, 'chunk'> = {}) {
  const seen: string[] = []
  const bytes: number[] = []
  let end = (): void => undefined
  const ended = new Promise<void>((resolve) => { end = resolve })
  const events: SubjectExchangeEvents = {
    head: ({ status, redirected, headers }) => { seen.push(`head ${status}${redirected ? ' redirected' : ''} ${headers['x-peer'] ?? ''}`.trim()) },
    chunk: (chunk) => { bytes.push(...chunk); on.chunk?.(chunk) },
    end: () => { seen.push('end'); end() },
    error: (name) => { seen.push(`error ${name}`); end() },
    cancelled: () => { seen.push('cancelled'); end() },
  }
  return { seen, body: () => Buffer.from(bytes).toString(), events, ended: within(ended) }
}

describe.each(RUNTIMES)('T0 virtual_transport_surface: exchanges of $subject', ({ start }) => {
  let server: Server
  let origin: string
  let runtime: SubjectRuntime
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  let aborted: number
  const send = (plan: Partial<RequestPlan>, events: SubjectExchangeEvents): SubjectExchange =>
    runtime.requests!.send(`${origin}/`, { ...GET, ...plan }, events)

  beforeEach(async () => {
    aborted = 0
    server = createServer((request, response) => {
      response.on('close', () => { if (!response.writableFinished) aborted += 1 })
      answer(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    runtime = await start()
  })
  afterEach(async () => {
    await within(runtime.shutdown())
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it('send method, headers and body, and hand on head, body and end', async () => {
    answer = (request, response) => {
      let got = ''
      request.on('data', (data: Buffer) => { got += data.toString('latin1') })
      request.on('end', () => response.writeHead(201, { 'x-peer': 'yes' }).end(`${request.method} ${request.headers['x-test']} ${got}`))
    }
    const { seen, body, events, ended } = witness()
    send({ method: 'POST', headers: { 'x-test': 'header' }, body: new Uint8Array([65, 66, 67]) }, events)
    await ended
    expect(seen).toEqual(['head 201 yes', 'end'])
    expect(body()).toBe('POST header ABC')
  })

  it('hand chunks on before the body has ended', async () => {
    answer = (_, response) => { response.writeHead(200).write('first ') }
    let finish = (): void => undefined
    const first = new Promise<void>((resolve) => { finish = resolve })
    const { body, events, ended, seen } = witness({ chunk: () => finish() })
    const handled = send({}, events)
    await within(first)
    expect(body()).toBe('first ')
    expect(seen).toEqual(['head 200'])
    handled.cancel()
    await ended
  })

  it.each(['before the head', 'during the body'] as const)('can be cancelled %s, and the peer sees it', async (when) => {
    let arrived = (): void => undefined
    const there = new Promise<void>((resolve) => { arrived = resolve })
    answer = (_, response) => {
      if (when === 'during the body') response.writeHead(200).write('part')
      else arrived()
    }
    const { seen, events, ended } = witness({ chunk: () => arrived() })
    const exchange = send({}, events)
    await within(there)
    exchange.cancel()
    exchange.cancel()
    await ended
    expect(seen).toEqual(when === 'during the body' ? ['head 200', 'cancelled'] : ['cancelled'])
    await vi.waitFor(() => expect(aborted).toBe(1))
  })

  it('take a cancel in the turn they were sent in', async () => {
    answer = (_, response) => { response.end('too late') }
    const { seen, events, ended } = witness()
    send({}, events).cancel()
    await ended
    expect(seen).toEqual(['cancelled'])
  })

  it('ignore a cancel after the end', async () => {
    answer = (_, response) => { response.end('whole') }
    const { seen, body, events, ended } = witness()
    const exchange = send({}, events)
    await ended
    exchange.cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(seen).toEqual(['head 200', 'end'])
    expect(body()).toBe('whole')
  })

  it('fail when the body is cut short, and when a redirect is refused', async () => {
    answer = (request, response) => {
      if (request.headers['x-test'] === 'redirect') response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(200, { 'content-length': '100' }).write('part', () => response.destroy())
    }
    const [cut, redirect] = [witness(), witness()]
    send({}, cut.events)
    send({ headers: { 'x-test': 'redirect' }, redirect: 'error' }, redirect.events)
    await Promise.all([cut.ended, redirect.ended])
    expect(cut.seen).toEqual(['head 200', 'error TypeError'])
    expect(redirect.seen).toEqual(['error TypeError'])
  })

  it('follow a redirect and say so; end without a body', async () => {
    answer = (request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(204).end()
    }
    const { seen, events, ended } = witness()
    send({}, events)
    await ended
    expect(seen).toEqual(['head 204 redirected', 'end'])
  })

  it('fail when a handler throws, and are broken off', async () => {
    answer = (_, response) => { response.writeHead(200).write('part') }
    const { seen, events, ended } = witness({ chunk: () => { throw new RangeError('not what I wanted') } })
    send({}, events)
    await ended
    expect(seen).toEqual(['head 200', 'error RangeError'])
    await vi.waitFor(() => expect(aborted).toBe(1))
  })

  it('are all cancelled at shutdown, which waits for them and takes no more', async () => {
    let arrived = 0
    answer = () => { arrived += 1 }
    const witnesses = Array.from({ length: 3 }, () => witness())
    for (const { events } of witnesses) send({}, events)
    await vi.waitFor(() => expect(arrived).toBe(3))
    await within(runtime.shutdown())
    for (const { seen } of witnesses) expect(seen).toEqual(['cancelled'])
    await vi.waitFor(() => expect(aborted).toBe(3))
    expect(() => send({}, witness().events)).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  })
})
