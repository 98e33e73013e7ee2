import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wrap } from 'comlink'
import { WebSocket } from 'ws'
import { bridgeEndpoint, type TextSocket } from '../../../bridge/endpoint.js'
import type { BridgeService } from '../../../bridge/protocol.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import type { RunOrder } from '../../../src/contract/realm-protocol.js'
import { until } from '../loopback/support.js'
import { within } from '../subjects/runtimes.js'
import { ARTIFACT_SHA256, DONE, HELLO, alive, bridgeServer, mark, orderOf, type BridgeServer } from './support.js'

describe('T0 browser_surface: the server\'s side of the bridge', () => {
  let order: RunOrder | null
  let server: BridgeServer
  let socket: WebSocket
  let service: BridgeService
  let events: RealmEvent[]
  let closed: Promise<number>
  beforeEach(async () => {
    order = orderOf()
    server = await bridgeServer({ order: () => order })
    socket = new WebSocket(server.url)
    closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)))
    await new Promise((open, fail) => socket.on('open', open).on('error', fail))
    const endpoint = bridgeEndpoint(socket as unknown as TextSocket, () => true, () => undefined)
    events = []
    endpoint.onevents = (more) => events.push(...more)
    service = wrap<BridgeService>(endpoint) as unknown as BridgeService
  })
  afterEach(async () => {
    socket.terminate()
    await server.close()
  })
  const offer = () => within(service.offer({ proven_role: 'service_worker' }))

  it('accepts an offer and logs it with the session it gave out', async () => {
    const acceptance = await offer()
    expect(acceptance).toEqual({ session: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown, artifact_sha256: ARTIFACT_SHA256 })
    expect(server.logs).toEqual(['offered', 'accepted'].map((what) => ({ side: 'server', kind: `bridge.${what}`, ...acceptance })))
  })

  it('refuses an offer that is none, without logging one', async () => {
    await expect(within(service.offer({ proven_role: 'server' } as never))).rejects.toThrow()
    expect(server.logs).toEqual([])
  })

  it('runs the order that Node made, not the one that the realm sent, and streams what happens', async () => {
    const { session } = await offer()
    const sent = { ...orderOf(), seed: 666, origin: 'http://example.org' }
    const ended = within(service.run(session, sent))
    await until(() => server.workers.taken.length === 1)
    const [worker] = server.workers.taken
    worker!.says(HELLO)
    expect(worker!.heard).toEqual(['begin', { ...orderOf(), route: 'direct' }])
    worker!.says({ type: 'events', events: [mark('m'), alive()] })
    worker!.says(DONE)
    expect(await ended).toEqual(DONE)
    expect(events).toEqual([mark('m'), alive()])
    expect(server.kinds()).toEqual(['offered', 'accepted', 'run', 'finished'])
    expect(server.workers.given).toEqual([true])
  })

  it.each([
    ['without an offer', async () => service.run('anything', orderOf())],
    ['of another session', async () => { await offer(); return service.run('00000000-0000-4000-8000-000000000000', orderOf()) }],
    ['of another scenario', async () => service.run((await offer()).session, orderOf('test.other'))],
    ['that nobody asked for', async () => { order = null; return service.run((await offer()).session, orderOf()) }],
  ])('refuses a run %s', async (_, run) => {
    expect(await within(run())).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(server.kinds().at(-1)).toBe('refused')
    expect(server.workers.taken).toEqual([])
  })

  it('refuses a second run, while the first one runs and after it', async () => {
    const { session } = await offer()
    const first = within(service.run(session, orderOf()))
    expect(await within(service.run(session, orderOf()))).toMatchObject({ type: 'failed' })
    server.workers.taken[0]!.says(DONE)
    expect(await first).toEqual(DONE)
    expect(await within(service.run(session, orderOf()))).toMatchObject({ type: 'failed' })
    expect(server.workers.taken).toHaveLength(1)
    expect(server.kinds().filter((kind) => kind === 'refused')).toHaveLength(2)
  })

  it('a run that the realm does not answer for any more is ended', async () => {
    const { session } = await offer()
    void service.run(session, orderOf())
    await until(() => server.workers.taken.length === 1)
    socket.terminate()
    await until(() => server.workers.given.length === 1)
    expect(server.workers.given).toEqual([false])
    expect(server.kinds()).toContain('closed')
  })

  it.each([
    'not JSON', 'null', '{"type":"call"}', '{"type":"call","data":null}',
    // Comlink trusts its caller: these would throw in its listener, reach beyond the service, or leave a port open.
    '{"type":"call","data":{"id":"1","type":"APPLY","path":["offer"],"argumentList":5}}',
    '{"type":"call","data":{"id":"1","type":"APPLY","path":["offer"],"argumentList":[null]}}',
    '{"type":"call","data":{"id":"1","type":"APPLY","path":["offer"],"argumentList":[{"type":"HANDLER","name":"none"}]}}',
    '{"type":"call","data":{"id":"1","type":"APPLY","path":["offer","constructor"],"argumentList":[]}}',
    '{"type":"call","data":{"id":"1","type":"SET","path":["__proto__","polluted"],"value":{"type":"RAW","value":1}}}',
    '{"type":"call","data":{"id":"1","type":"ENDPOINT"}}',
  ])('the frame %s closes its socket with 1008 and harms nobody else', async (frame) => {
    const thrown: unknown[] = []
    const keep = (error: unknown): void => void thrown.push(error)
    process.prependListener('uncaughtException', keep)
    try {
      socket.send(frame)
      expect(await within(closed)).toBe(1008)
    } finally {
      process.off('uncaughtException', keep)
    }
    expect(thrown).toEqual([])
    expect('polluted' in {}).toBe(false)
    const other = new WebSocket(server.url)
    await within(new Promise((open, fail) => other.on('open', open).on('error', fail)))
    other.terminate()
  })
})
