import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wrap } from 'comlink'
import { WebSocket } from 'ws'
import { bridgeEndpoint, type BridgeEndpoint } from '../../../bridge/endpoint.js'
import { BRIDGE_LIMITS, type BridgeService } from '../../../bridge/protocol.js'
import { canonicalDigest } from '../../../src/evidence/digest.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import type { RunOrder } from '../../../src/contract/realm-protocol.js'
import { until } from '../loopback/support.js'
import { within } from '../subjects/runtimes.js'
import { socketLine } from '../../../src/loopback/socket-line.js'
import { ARTIFACT_SHA256, DONE, HELLO, TICKET, alive, bridgeServer, mark, orderOf, type BridgeServer, type ServerParts } from './support.js'

describe('T0 browser_surface: the server\'s side of the bridge', () => {
  let order: RunOrder | null
  let server: BridgeServer
  let socket: WebSocket
  let service: BridgeService
  let events: RealmEvent[]
  let endpoint: BridgeEndpoint
  let closed: Promise<string>
  const connect = async (parts: ServerParts = {}): Promise<void> => {
    server = await bridgeServer({ order: () => order, ...parts })
    socket = new WebSocket(server.url)
    closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}`)))
    await new Promise((open, fail) => socket.on('open', open).on('error', fail))
    endpoint = bridgeEndpoint(socketLine(socket), { allowed: () => true, refuse: (reason) => { throw new Error(reason) }, longest: BRIDGE_LIMITS.message_bytes })
    endpoint.onbeat = (beat) => endpoint.sendBeat(beat)
    events = []
    endpoint.onevents = (more) => events.push(...more)
    service = wrap<BridgeService>(endpoint) as unknown as BridgeService
  }
  const reconnect = async (parts: ServerParts): Promise<void> => {
    socket.terminate()
    await server.close()
    await connect(parts)
  }
  beforeEach(async () => {
    order = orderOf()
    await connect()
  })
  afterEach(async () => {
    socket.terminate()
    await server.close()
  })
  const OFFER = { proven_role: 'service_worker', carrier: 'websocket', ticket: TICKET } as const
  const offer = async () => {
    const acceptance = await within(service.offer(OFFER))
    endpoint.session = acceptance.session
    return acceptance
  }

  it('accepts an offer and logs it with the session it gave out', async () => {
    const acceptance = await offer()
    expect(acceptance).toEqual({ session: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown, artifact_sha256: ARTIFACT_SHA256 })
    expect(server.logs).toEqual([{ kind: 'bridge.offered', proven_role: 'service_worker' }, { kind: 'bridge.accepted' }].map((step) => ({ witness: 'bridge', id: 'bridge', side: 'server', carrier: 'websocket', ...step, ...acceptance })))
  })

  it.each([
    ['that is none', { ...OFFER, proven_role: 'server' }, 'bad_offer'],
    ['over another carrier than it came by', { ...OFFER, carrier: 'long_polling' }, 'bad_offer'],
    ['with another ticket', { ...OFFER, ticket: 'guessed' }, 'wrong_ticket'],
    ['without a ticket', { proven_role: null, carrier: 'websocket' }, 'bad_offer'],
  ])('refuses an offer %s: it says why, gives no session and ends the line', async (_, made, reason) => {
    service.offer(made as never).catch(() => undefined)
    expect(await within(closed)).toBe(`1008 ${reason}`)
    await until(() => server.kinds().includes('closed'))
    expect(server.logs).toMatchObject([{ kind: 'bridge.refused', reason }, { kind: 'bridge.closed' }])
  })

  it('a ticket is good for one session', async () => {
    await offer()
    const other = new WebSocket(server.url)
    const refused = new Promise((resolve) => other.on('close', (_code, reason) => resolve(reason.toString())))
    other.on('open', () => other.send(JSON.stringify({ n: 1, session: '', type: 'call', data: { id: '1', type: 'APPLY', path: ['offer'], argumentList: [{ type: 'RAW', value: OFFER }] } })))
    expect(await within(refused)).toBe('ticket_used')
  })

  it('runs the order that Node made, not the one that the realm sent, and streams what happens', async () => {
    const { session } = await offer()
    const sent = { ...orderOf(), seed: 666, origin: 'http://example.org' }
    const ended = within(service.run(session, sent))
    await until(() => server.workers.taken.length === 1)
    const [worker] = server.workers.taken
    worker!.evaluates()
    worker!.says(HELLO)
    expect(worker!.heard).toEqual([{ type: 'begin', asset_base: 'http://127.0.0.1:4000/token/realm/a/assets/', inside: ['http://127.0.0.1:4000'] }, { ...orderOf(), route: 'direct' }])
    worker!.says({ type: 'events', events: [mark('m'), alive()] })
    worker!.says(DONE)
    expect(await ended).toEqual(DONE)
    expect(events).toEqual([mark('m'), alive()])
    expect(server.kinds()).toEqual(['offered', 'accepted', 'run', 'finished'])
    const events_sha256 = canonicalDigest([mark('m'), alive()].map(({ seq: _, ...event }) => event))
    expect(server.logs.at(-1)).toMatchObject({ artifact_sha256: ARTIFACT_SHA256, events: 2, events_sha256 })
    worker!.says({ type: 'left', left: [] })
    await until(() => server.workers.given.length === 1)
    expect(server.workers.given).toEqual([true])
  })

  it.each([
    ['without an offer', 'no_session', async () => service.run('anything', orderOf())],
    ['of another session', 'no_session', async () => { await offer(); return service.run('00000000-0000-4000-8000-000000000000', orderOf()) }],
    ['of another scenario', 'wrong_scenario', async () => service.run((await offer()).session, orderOf('test.other'))],
    ['that nobody asked for', 'no_session', async () => { order = null; return service.run((await offer()).session, orderOf()) }],
      ['that is none', 'wrong_scenario', async () => service.run((await offer()).session, null as never)],
  ])('refuses a run %s: %s', async (_, reason, run) => {
    expect(await within(run())).toMatchObject({ type: 'failed', code: 'bridge_unreachable' })
    expect(server.logs.at(-1)).toMatchObject({ kind: 'bridge.refused', reason })
    expect(server.workers.taken).toEqual([])
  })

  it('tells whom the artifact was kept from, once each, and not whom its own record names', async () => {
    const { session } = await offer()
    const ended = within(service.run(session, orderOf()))
    await until(() => server.workers.taken.length === 1)
    const worker = server.workers.taken[0]!
    worker.says({ type: 'events', events: [{ witness: 'page', kind: 'host.outside', id: 'fetch', url: 'https://Lanecheck-Outside.invalid:8443/x', seq: 0, ticks: 0, ms: 0 }] })
    for (const host of ['lanecheck-outside.invalid', 'lanecheck-unseen.invalid', 'lanecheck-unseen.invalid']) worker.says({ type: 'refused', host })
    worker.says(DONE)
    expect(await ended).toEqual(DONE)
    expect(server.refused).toEqual(['lanecheck-unseen.invalid'])
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
    expect(server.logs).toContainEqual(expect.objectContaining({ kind: 'bridge.lost', reason: 'connection_lost' }))
  })

  it('beats, and gives up a realm that does not give the beats back, whatever its connection says', async () => {
    await reconnect({ limits: { ...BRIDGE_LIMITS, beat_ms: 10, silent_beats: 10 } })
    const { session } = await offer()
    void service.run(session, orderOf())
    const beats: number[] = []
    endpoint.onbeat = (beat) => { beats.push(beat); if (beat <= 15) endpoint.sendBeat(beat) }
    await until(() => beats.length > 15)
    expect(server.kinds()).not.toContain('lost')
    expect(await within(closed)).toBe('1008 other_side_silent')
    expect(server.logs).toContainEqual(expect.objectContaining({ kind: 'bridge.lost', reason: 'other_side_silent' }))
    expect(server.workers.given).toEqual([false])
  })

  it.each([
    ['takes too long to offer', { handshake_ms: 30 }, 'handshake_too_slow', 'refused', false],
    ['takes too long in all', { session_ms: 30 }, 'session_too_long', 'lost', true],
  ])('a realm that %s is left', async (_, limit, reason, kind, offers) => {
    await reconnect({ limits: { ...BRIDGE_LIMITS, ...limit } })
    if (offers) await offer()
    expect(await within(closed)).toBe(`1008 ${reason}`)
    expect(server.logs).toContainEqual(expect.objectContaining({ kind: `bridge.${kind}`, reason }))
  })

  it.each([['by the socket', { longest: 2_000 }], ['by the frame', { limits: { ...BRIDGE_LIMITS, message_bytes: 2_000 } }]])('a message that is too large is refused %s, and both sides hear why', async (_, parts) => {
    await reconnect(parts)
    socket.send('x'.repeat(3_000))
    expect(await within(closed)).toMatch(/^1009/)
    await until(() => server.kinds().includes('closed'))
    expect(server.logs).toContainEqual(expect.objectContaining({ kind: 'bridge.refused', reason: 'message_too_large' }))
  })

  it('ends a run when its realm cancels it, and says so; nobody else can', async () => {
    const { session } = await offer()
    const ended = within(service.run(session, orderOf()))
    await until(() => server.workers.taken.length === 1)
    await service.cancel('00000000-0000-4000-8000-000000000000')
    expect(server.workers.given).toEqual([])
    await service.cancel(session)
    expect(await ended).toMatchObject({ type: 'failed', code: 'bridge_cancelled' })
    expect(server.workers.given).toEqual([false])
    expect(server.kinds()).toEqual(['offered', 'accepted', 'run', 'cancelled'])
  })

  it.each([
    'not JSON', 'null', '{"type":"call"}', '{"n":1,"session":"","type":"call","data":null}', '{"n":2,"session":"","type":"beat","beat":1}', '{"n":1,"session":"other","type":"beat","beat":1}',
    // Comlink trusts its caller: these would throw in its listener, reach beyond the service, or leave a port open.
    '{"n":1,"session":"","type":"call","data":{"id":"1","type":"APPLY","path":["offer"],"argumentList":5}}',
    '{"n":1,"session":"","type":"call","data":{"id":"1","type":"APPLY","path":["offer"],"argumentList":[null]}}',
    '{"n":1,"session":"","type":"call","data":{"id":"1","type":"APPLY","path":["offer"],"argumentList":[{"type":"HANDLER","name":"none"}]}}',
    '{"n":1,"session":"","type":"call","data":{"id":"1","type":"APPLY","path":["offer","constructor"],"argumentList":[]}}',
    '{"n":1,"session":"","type":"call","data":{"id":"1","type":"SET","path":["__proto__","polluted"],"value":{"type":"RAW","value":1}}}',
    '{"n":1,"session":"","type":"call","data":{"id":"1","type":"ENDPOINT"}}',
  ])('the frame %s closes its socket with 1008 and harms nobody else', async (frame) => {
    const thrown: unknown[] = []
    const keep = (error: unknown): void => void thrown.push(error)
    process.prependListener('uncaughtException', keep)
    try {
      socket.send(frame)
      expect(await within(closed)).toMatch(/^1008 (bad_frame|out_of_order|foreign_session)$/)
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
