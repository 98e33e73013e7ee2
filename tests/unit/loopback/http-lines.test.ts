import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BridgeCarrier } from '../../../src/contract/bridge-words.js'
import type { ServerLine, TextLine } from '../../../src/contract/text-line.js'
import type { Loopback } from '../../../src/loopback/loopback.js'
import { within } from '../subjects/runtimes.js'
import { get, join, openLoopback, until, type Joined } from './support.js'

const LONGEST = 2_000

describe.each(['fetch_streaming', 'long_polling'] as const)('T0 browser_surface: a line of text over HTTP, %s', (carrier) => {
  let loopback: Loopback
  let attempt: Joined
  let server: ServerLine | null
  let heard: string[]
  let closes: Array<[number, string]>
  const base = (): string => attempt.bridge_url.replace('ws:', 'http:')
  beforeEach(async () => {
    vi.resetModules()
    ;[server, heard, closes] = [null, [], []]
    loopback = await openLoopback({
      bridge_longest: LONGEST,
      onBridge: (_, line) => {
        server = line
        line.onmessage = (text) => heard.push(text)
        line.onclose = (code, reason) => closes.push([code, reason])
      },
    })
    attempt = join(loopback, {})
  })
  afterEach(() => loopback.close())
  const open = async (): Promise<TextLine & { got: string[]; ended: Array<[number, string]> }> => {
    const { openLine } = await import('../../../bridge/carriers.js')
    const line = await within(openLine(carrier as BridgeCarrier, attempt.bridge_url))
    const [got, ended]: [string[], Array<[number, string]>] = [[], []]
    line.onmessage = (text) => got.push(text)
    line.onclose = (code, reason) => ended.push([code, reason])
    return Object.assign(line, { got, ended })
  }

  it('carries both ways, in order, whatever is in the text', async () => {
    const line = await open()
    expect(server!.carrier).toBe(carrier)
    const texts = ['one', 'zwei\n\r\u2028"', '', 'ド', ...Array.from({ length: 50 }, (_, n) => `n${n}`)]
    for (const text of texts) {
      line.send(text)
      server!.send(text)
    }
    await until(() => heard.length === texts.length && line.got.length === texts.length)
    expect(heard).toEqual(texts)
    expect(line.got).toEqual(texts)
    server!.send('late')
    await until(() => line.got.length === texts.length + 1)
    line.close(1000, '')
  })

  it('a close by the realm arrives after all it said, with its reason', async () => {
    const line = await open()
    line.send('last word')
    line.close(1008, 'bad_frame')
    await until(() => closes.length === 1)
    expect([heard, closes]).toEqual([['last word'], [[1008, 'bad_frame']]])
  })

  it('a close by the server arrives after all it said, with its reason', async () => {
    const line = await open()
    server!.send('last word')
    server!.close(1008, 'wrong_ticket')
    await until(() => line.ended.length === 1 && closes.length === 1)
    expect([line.got, line.ended, closes]).toEqual([['last word'], [[1008, 'wrong_ticket']], [[1008, 'wrong_ticket']]])
  })

  it('one that the server ends without a word ends at the other side too', async () => {
    const line = await open()
    await new Promise((go) => setTimeout(go, 50))
    server!.terminate()
    await until(() => line.ended.length === 1)
    expect(line.ended[0]![0]).toBe(1006)
  })

  it('a message that is too large is refused, and both sides hear why', async () => {
    const line = await open()
    line.send('x'.repeat(LONGEST + 1))
    await until(() => line.ended.length === 1 && closes.length === 1)
    expect([line.ended, closes]).toEqual([[[1008, 'message_too_large']], [[1008, 'message_too_large']]])
    expect(heard).toEqual([])
  })

  it('who does not know its name cannot join it; another origin cannot either', async () => {
    await open()
    expect((await get(`${base()}/${'0'.repeat(32)}/up?n=1`, { method: 'POST', body: '["x"]' })).status).toBe(404)
    expect((await get(`${base()}/open?carrier=${carrier}`, { method: 'POST', headers: { origin: 'http://example.org' } })).status).toBe(403)
    expect((await get(`${base()}/open?carrier=${carrier}`, { method: 'POST', headers: { host: 'example.org' } })).status).toBe(421)
    expect((await get(`${base()}/open?carrier=${carrier}`)).status).toBe(405)
    expect((await get(`${base()}/open?carrier=websocket`, { method: 'POST' })).status).toBe(400)
    expect(heard).toEqual([])
  })

  it('a sandboxed realm may read what comes over it, for it is of an opaque origin; nobody else is told so', async () => {
    const own = await get(`${base()}/open?carrier=${carrier}`, { method: 'POST' })
    expect(own.headers['access-control-allow-origin']).toBeUndefined()
    const sandboxed = loopback.attempt({
      attempt: 'sandboxed', slot: 0, role: 'sandboxed_iframe', scenario: null, onMessage: () => undefined, onClosed: () => undefined, onPeerEvent: () => undefined, onRefused: () => undefined,
    })
    const opened = await get(`${sandboxed.bridge_url.replace('ws:', 'http:')}/open?carrier=${carrier}`, { method: 'POST', headers: { origin: 'null' } })
    expect([opened.status, opened.headers['access-control-allow-origin']]).toEqual([200, 'null'])
  })

  it.each([['out_of_order', 'up?n=2', '["x"]'], ['bad_frame', 'up?n=1', 'no JSON'], ['bad_frame', 'up?n=1', '[1]']])('what comes up %s ends it', async (reason, path, body) => {
    const opened = await get(`${base()}/open?carrier=${carrier}`, { method: 'POST' })
    const { line } = JSON.parse(opened.body) as { line: string }
    expect((await get(`${base()}/${line}/${path}`, { method: 'POST', body })).status).toBe(409)
    expect((await get(`${base()}/${line}/down?n=0`)).body).toBe(`{"close":[1008,"${reason}"]}\n`)
    expect(closes).toEqual([[1008, reason]])
    expect((await get(`${base()}/${line}/down?n=0`)).status).toBe(404)
  })

  it('nothing of it outlives the attempt', async () => {
    const line = await open()
    await new Promise((go) => setTimeout(go, 50))
    attempt.dispose()
    await until(() => line.ended.length === 1)
    expect(closes).toEqual([[1006, '']])
  })
})

describe('T0 browser_surface: a realm whose control line is HTTP', () => {
  it('says and hears as over a socket, is one at a time, and is missed when it goes', async () => {
    const loopback = await openLoopback()
    const attempt = join(loopback, {})
    vi.resetModules()
    vi.stubGlobal('WebSocket', undefined)
    vi.stubGlobal('location', { href: attempt.urls.script })
    try {
      const { openControl } = await import('../../../host-probes/control.js')
      const control = openControl()
      const told: unknown[] = []
      control.onmessage = (message) => told.push(message)
      control.send({ type: 'heartbeat', beat: 1 })
      control.send({ type: 'heartbeat', beat: 2 })
      await until(() => attempt.messages.length === 2)
      control.send({ type: 'done', stalled: false })
      attempt.send({ type: 'stop' })
      await until(() => attempt.messages.length === 3 && told.length === 1)
      expect(attempt.messages).toEqual([{ type: 'heartbeat', beat: 1 }, { type: 'heartbeat', beat: 2 }, { type: 'done', stalled: false }])
      expect(told).toEqual([{ type: 'stop' }])
      openControl()
      await until(() => attempt.refusals.length === 1)
      expect(attempt.refusals).toEqual(['a second control connection'])
    } finally {
      vi.unstubAllGlobals()
      await loopback.close()
    }
  })
})
