import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RealmPlace } from '../../../lanes/session.js'
import type { RunOrder, ToRealm } from '../../../src/contract/realm-protocol.js'
import type { TraceEvent } from '../../../src/contract/trace.js'
import type { AttemptOptions, Loopback } from '../../../src/loopback/loopback.js'
import { HELLO_LIMIT_MS, SLACK_MS, runAttempt, type AttemptPlan, type AttemptResult } from '../../../src/run/attempt.js'
import { deadlineScenario } from '../judge/traces.js'
import { fakeClock, hello } from './support.js'

const mark = (id: string): TraceEvent => ({ witness: 'subject', kind: 'mark', id, seq: 9, ticks: 0, ms: 0 })
const peerEvent: TraceEvent = { witness: 'peer', kind: 'peer.ended', id: 'x', peer: 'p', connection: 1, seq: 9, ticks: 0, ms: 0 }

/** A loopback and a place that the test plays; `did` is what Node asked of them, in order. */
function stage(plan: Partial<AttemptPlan> = {}) {
  const did: string[] = []
  const sent: ToRealm[] = []
  let hears!: AttemptOptions
  let reports = (_message: string): void => undefined
  let lose = (_why: string): void => undefined
  const aborter = new AbortController()
  const parts = { connected: true, settles: true, make: () => Promise.resolve() }
  const loopback = {
    origin: (slot: number) => `http://127.0.0.1:40${slot}`,
    attempt: (options: AttemptOptions) => {
      hears = options
      return {
        attempt: options.attempt, origin: 'http://127.0.0.1:403', urls: {}, peer_path: '/token/peer/a/', refused_origins: { shut: 'http://127.0.0.1:9' }, bridge_url: 'ws://127.0.0.1:400/token/bridge/a',
        connected: () => parts.connected,
        send: (message: ToRealm) => { did.push(`send ${message.type}`); sent.push(message) },
        start: () => did.push('start'), settled: () => { did.push('settle'); return Promise.resolve(parts.settles) }, dispose: () => did.push('dispose'),
      }
    },
  } as unknown as Loopback
  const place: RealmPlace = {
    slot: 3,
    make: async (role) => { did.push(`make ${role}`); return parts.make() },
    release: (role, _attempt, hangs) => void did.push(`release ${role}${hangs ? ' that hangs' : ''}`),
    onError: (_attempt, listen) => { reports = listen },
  }
  const result = runAttempt({
    name: 'a-1', role: 'window', page: 'plain', place, loopback, scenario: deadlineScenario(), order: { type: 'run', route: 'direct', seed: 5 }, lost: new Promise((resolve) => { lose = resolve }), signal: aborter.signal, ...plan,
  })
  return {
    did, sent, parts, result, abort: () => aborter.abort(), reports: (message: string) => reports(message), lose: (why: string) => lose(why),
    says: async (...messages: Array<Parameters<AttemptOptions['onMessage']>[0]>) => {
      for (const message of messages) hears.onMessage(message)
      await vi.advanceTimersByTimeAsync(0)
    },
    hears: () => hears,
    pass: async (ms: number) => { await vi.advanceTimersByTimeAsync(ms) },
  }
}
const DONE = { type: 'done', stalled: false } as const
const LET_GO = ['send stop', 'release window', 'dispose']

describe('T0 browser_surface: one attempt at a realm', () => {
  beforeEach(() => { fakeClock() })
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
  /** The attempt's end, within bounded steps of the virtual clock. */
  async function ended({ result, pass }: ReturnType<typeof stage>, within_ms = 0): Promise<AttemptResult> {
    let seen: AttemptResult | null = null
    void result.then((end) => { seen = end })
    await pass(within_ms)
    expect(seen).not.toBeNull()
    return seen!
  }

  it('once it is over nothing waits for its engine any more: a session outlives many', async () => {
    const lost = new Promise<string>(() => undefined)
    const waiting: unknown[] = []
    const then = lost.then.bind(lost)
    lost.then = ((...heard: Parameters<typeof then>) => {
      waiting.push(heard)
      return then(...heard)
    }) as typeof lost.then
    for (let at = 0; at < 3; at++) {
      const one = stage({ lost })
      one.hears().onClosed()
      await ended(one)
    }
    expect(waiting.length).toBeLessThanOrEqual(1)
  })

  it('makes the realm, waits for its hello, starts the clock, orders, settles and lets go, in this order', async () => {
    const one = stage()
    await one.says(hello(), DONE)
    const result = await ended(one)
    expect(one.did).toEqual(['make window', 'start', 'send run', 'settle', ...LET_GO])
    expect(result).toMatchObject({ end: DONE, infrastructure: null, notes: [], probe: { proven_role: 'window' }, subject: { name: 'made-up' } })
    expect(one.sent[0]).toEqual({
      type: 'run', scenario: deadlineScenario(), origin: 'http://127.0.0.1:403', peer_path: '/token/peer/a/', refused_origins: { shut: 'http://127.0.0.1:9' }, seed: 5, route: 'direct', bridge_url: null,
    })
  })

  it('over a bridge the order has its address, and whoever serves the bridge hears of it before the realm does', async () => {
    const orders: Array<[RunOrder, number]> = []
    const one = stage({ order: { type: 'run', route: 'bridge', seed: 5 }, bridge_ticket: () => 'own', onOrder: (order) => orders.push([order, one.sent.length]) })
    await one.says(hello(), DONE)
    await ended(one)
    expect(orders).toMatchObject([[{ route: 'bridge', bridge_url: 'ws://127.0.0.1:400/token/bridge/a', bridge_ticket: 'own' }, 0]])
  })

  it('merges the witnesses in order of arrival and counts through', async () => {
    let add = (_: TraceEvent): void => undefined
    const realmEvents: TraceEvent[] = []
    const one = stage({ feed: (give) => { add = give }, onRealmEvent: (event) => realmEvents.push(event) })
    await one.says(hello(), { type: 'events', events: [mark('a'), mark('b')] } as never)
    one.hears().onPeerEvent(peerEvent as never)
    add({ witness: 'proxy', kind: 'proxy.refused', id: 'example.org', attributed_to: 'unattributed', seq: 9, ticks: 0, ms: 0 })
    await one.says({ type: 'events', events: [mark('c')] } as never, DONE)
    const { events } = await ended(one)
    expect(events.map(({ seq, id }) => [seq, id])).toEqual([[0, 'a'], [1, 'b'], [2, 'x'], [3, 'example.org'], [4, 'c']])
    expect(realmEvents.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('a probe says hello and no more; a probe of the bridge orders that alone', async () => {
    const alone = stage({ scenario: null, order: { type: 'hello_only' } })
    await alone.says(hello())
    expect(await ended(alone)).toMatchObject({ end: null, infrastructure: null })
    expect(alone.did).toEqual(['make window', ...LET_GO])
    const bridged = stage({ scenario: null, order: { type: 'probe_bridge' }, bridge_ticket: () => 'own' })
    await bridged.says(hello(), DONE)
    expect(await ended(bridged)).toMatchObject({ end: DONE })
    expect(bridged.sent[0]).toEqual({ type: 'probe_bridge', bridge_url: 'ws://127.0.0.1:400/token/bridge/a', bridge_ticket: 'own' })
    expect(bridged.did).not.toContain('settle')
  })

  it('a subject that fails instead of a hello is the end, not a loss', async () => {
    const one = stage()
    await one.says({ type: 'failed', code: 'subject_throws', message: 'no' })
    expect(await ended(one)).toMatchObject({ end: { type: 'failed', code: 'subject_throws' }, infrastructure: null, probe: null })
    expect(one.did).not.toContain('start')
  })

  it('no hello in time: not started, and its place is told that it hangs', async () => {
    const one = stage()
    const result = await ended(one, HELLO_LIMIT_MS + 400)
    expect(result.infrastructure).toMatchObject({ what: 'realm_not_started' })
    expect(one.did).toEqual(['make window', 'send stop', 'release window that hangs', 'dispose'])
  })

  it('a realm that falls silent is lost; one that beats has the scenario\'s limit and some slack', async () => {
    const silent = stage()
    await silent.says(hello())
    expect((await ended(silent, 10_000)).infrastructure).toMatchObject({ what: 'realm_silent' })
    expect(silent.did).toContain('release window that hangs')
    const busy = stage()
    await busy.says(hello())
    const { limit_ticks, tick_ms } = deadlineScenario()
    for (let gone = 0; gone < limit_ticks * tick_ms + SLACK_MS - 1_000; gone += 1_000) {
      await busy.says({ type: 'heartbeat', beat: 1 })
      await busy.pass(1_000)
    }
    expect(busy.did).not.toContain('dispose')
    await busy.says({ type: 'heartbeat', beat: 1 })
    expect((await ended(busy, 2_000)).infrastructure).toMatchObject({ what: 'realm_silent' })
  })

  it.each([
    ['the realm\'s connection closes', 'realm_crashed', (one: ReturnType<typeof stage>) => one.hears().onClosed()],
    ['the place reports an error', 'realm_not_started', (one: ReturnType<typeof stage>) => one.reports('the script failed')],
    ['the engine is lost', 'engine_crashed', (one: ReturnType<typeof stage>) => one.lose('it crashed')],
    ['the run is interrupted', 'interrupted', (one: ReturnType<typeof stage>) => one.abort()],
  ])('when %s before the end: %s, and what was seen is kept', async (_, what, happens) => {
    const one = stage()
    await one.says(hello(), { type: 'events', events: [mark('a')] } as never)
    happens(one)
    const result = await ended(one)
    expect(result.infrastructure).toMatchObject({ what })
    expect(result.events.map(({ id }) => id)).toEqual(['a'])
    expect(one.did.slice(-1)).toEqual(['dispose'])
  })

  it.each([
    ['in the middle', [{ type: 'events', events: [mark('a')] }]], ['after its end', [{ type: 'events', events: [mark('a')] }, DONE]],
  ])('a message that cannot be read, %s, is a hole in the capture: the attempt is lost, with the reason', async (_, before) => {
    const one = stage()
    for (const message of [hello(), ...before.slice(0, 1)]) one.hears().onMessage(message as never)
    await one.pass(0)
    for (const message of before.slice(1)) one.hears().onMessage(message as never)
    one.hears().onUnread?.('control: events.0.name: expected string, received number')
    const result = await ended(one)
    expect(result.infrastructure).toEqual({ what: 'realm_crashed', detail: 'a message of the realm could not be read, and what it told of is lost: control: events.0.name: expected string, received number' })
    expect(result.events.map(({ id }) => id)).toEqual(['a'])
  })

  it('after the end, the connection may close', async () => {
    const one = stage()
    await one.says(hello(), DONE)
    one.hears().onClosed()
    one.lose('closed')
    expect(await ended(one)).toMatchObject({ end: DONE, infrastructure: null })
  })

  it('an interrupted run makes no attempt of length', async () => {
    const signal = AbortSignal.abort()
    expect((await ended(stage({ signal }))).infrastructure).toMatchObject({ what: 'interrupted' })
  })

  it('a place that cannot make the realm', async () => {
    const one = stage({ place: { slot: 0, make: () => Promise.reject(new Error('no such page')), release: () => undefined, onError: () => undefined } })
    expect((await ended(one)).infrastructure).toEqual({ what: 'realm_not_started', detail: 'no such page' })
  })

  it('notes what was refused and what was still open', async () => {
    const one = stage()
    one.parts.settles = false
    one.hears().onRefused('a second control connection')
    await one.says(hello(), DONE)
    expect((await ended(one)).notes).toEqual(['loopback refused: a second control connection', 'a peer connection was still open when the realm was let go'])
  })

  it('a realm that left by itself is not told to stop', async () => {
    const one = stage()
    one.parts.connected = false
    await one.says(hello(), DONE)
    await ended(one)
    expect(one.did.slice(-2)).toEqual(['release window', 'dispose'])
    expect(one.did).not.toContain('send stop')
  })
})
