import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runInWorker, startBridgeWorkers, type BridgeWorkers } from '../../../bridge/worker-host.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import { DONE, artifactOf, orderOf } from './support.js'
import { within } from '../subjects/runtimes.js'

/** Answers on a port of its own, and counts who came. */
async function listener(answer: (url: string) => { status: number; location?: string }): Promise<{ server: Server; origin: string; came(): number }> {
  let came = 0
  const server = createServer(({ url = '' }, response) => {
    const { status, location } = answer(url)
    response.writeHead(status, location === undefined ? {} : { location }).end('answered')
  }).on('connection', () => { came += 1 })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, came: () => came }
}

describe('T4 browser_surface: what is bridged reaches the captured loopback and nothing else', () => {
  let [inside, outside] = [] as unknown as [Awaited<ReturnType<typeof listener>>, Awaited<ReturnType<typeof listener>>]
  let workers: BridgeWorkers | null = null
  beforeAll(async () => {
    outside = await listener(() => ({ status: 200 }))
    inside = await listener((url) => (url === '/out' ? { status: 302, location: `${outside.origin}/in` } : { status: 200 }))
  })
  afterEach(() => workers?.close())
  afterAll(() => { for (const { server } of [inside, outside]) { server.closeAllConnections(); server.close() } })

  /** What an artifact says of its calls, each as it ended, and whom the wall names. */
  async function made(calls: string, certificate: string | null = null, refused_origins: Record<string, string> = {}): Promise<{ said: string[]; refused: string[] }> {
    const ended = `const ended = (call) => call.then((it) => it?.text?.() ?? it).then((text) => 'got ' + text, (error) => error.name + ': ' + error.message);
      const opened = (it) => new Promise((go, no) => { it.onopen = () => go('open'); it.onerror = () => no(new TypeError('no connection')) }).finally(() => it.close());`
    workers = startBridgeWorkers(artifactOf(`${ended} Promise.all([${calls}].map((call) => ended(call()))).then((all) => {
      say({ type: 'events', events: all.map((text) => ({ witness: 'subject', kind: 'log', id: 'x', text, seq: 0, ticks: 0, ms: 0 })) }); say(${JSON.stringify(DONE)}) })`), 0, certificate)
    const events: RealmEvent[] = []
    const { message, refused } = await within(runInWorker(workers, { ...orderOf(), origin: inside.origin, refused_origins }, (more) => events.push(...more), new AbortController().signal))
    expect(message).toEqual(DONE)
    return { said: events.flatMap((event) => ('text' in event ? [event.text] : [])), refused }
  }

  it.each<[string, (to: string) => string]>([
    ['fetch', (to) => `() => fetch('${to}')`],
    ['the fetch of Node\'s own global', (to) => `() => Function('return globalThis')().fetch('${to}')`],
    ['WebSocket', (to) => `() => opened(new WebSocket('${to.replace('http', 'ws')}'))`],
    ['EventSource', (to) => `() => opened(new EventSource('${to}'))`],
  ])('%s does not leave it: refused before a name is looked up, and named', async (_, call) => {
    const before = outside.came()
    const { said, refused } = await made([call(`${outside.origin}/telemetry`), call('http://lanecheck-outside.invalid/')].join(', '))
    expect(said).toEqual([expect.stringMatching(/^TypeError: /), expect.stringMatching(/^TypeError: /)])
    expect(refused.sort()).toEqual(['127.0.0.1', 'lanecheck-outside.invalid'])
    expect(outside.came()).toBe(before)
  })

  it('nor by a redirect, nor over TLS', async () => {
    const before = outside.came()
    const { said, refused } = await made(`() => fetch('${inside.origin}/out'), () => fetch('https://lanecheck-secure.invalid/')`, 'no certificate of anything')
    expect(said).toEqual(['TypeError: fetch failed', 'TypeError: fetch failed'])
    expect(refused.sort()).toEqual(['127.0.0.1', 'lanecheck-secure.invalid'])
    expect(outside.came()).toBe(before)
  })

  it('what is inside is reached, and where nobody listens on purpose the call fails by itself', async () => {
    const closed = await listener(() => ({ status: 200 }))
    closed.server.close()
    const { said, refused } = await made(`() => fetch('${inside.origin}/'), () => fetch('${closed.origin}/')`, null, { nobody: closed.origin })
    expect([said, refused]).toEqual([['got answered', 'TypeError: fetch failed'], []])
  })
})
