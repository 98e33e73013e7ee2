import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { INJECTED_HOST, type InjectedHost } from '../../../src/contract/injected-host.js'
import { FromRealmSchema, type FromRealm, type RunOrder } from '../../../src/contract/realm-protocol.js'
import type { Subject } from '../../../src/contract/subject.js'
import type { RealmEvent } from '../../../src/contract/trace.js'
import { ORIGIN, PEER_PATH, REFUSED_ORIGIN } from './support.js'
import { hostTimers, runtimeOf, scenarioOf } from './interpreter/support.js'

const subjectOf = (parts: Partial<Subject> = {}): Subject => ({
  name: 'made-up', version: '1.2.3', requires: ['timers'], host_roles: ['window'], bridge: true, start: () => Promise.resolve(runtimeOf({ timers: hostTimers() })), ...parts,
})
const orderOf = (tasks: RunOrder['scenario']['tasks'], parts: Partial<RunOrder> = {}): RunOrder => ({
  type: 'run', scenario: scenarioOf(tasks), origin: ORIGIN, h2_origin: null, peer_path: PEER_PATH, refused_origins: { shut: REFUSED_ORIGIN }, seed: 1, route: 'direct', bridge_url: null, ...parts,
})

/** A host that evaluates the realm's entry; what the realm says must match the protocol. */
async function booted(load: () => Promise<{ default: Subject }>, kind: InjectedHost['kind'] = 'lab', recorder = true) {
  const said: FromRealm[] = []
  const host: InjectedHost = { kind, control: { send: (message) => said.push(FromRealmSchema.parse(structuredClone(message))), onmessage: null } }
  vi.stubGlobal(INJECTED_HOST, host)
  vi.resetModules()
  const { watch } = await import('../../../host-probes/recorder/alive.js')
  watch.installed = recorder
  const { boot } = await import('../../../host-probes/realm.js')
  boot(load)
  await vi.advanceTimersByTimeAsync(0)
  return {
    said,
    types: () => said.map(({ type }) => type),
    events: () => said.flatMap((message): RealmEvent[] => (message.type === 'events' ? message.events : [])),
    end: () => said.find(({ type }) => type === 'done' || type === 'failed'),
    order: async (message: Parameters<NonNullable<InjectedHost['control']['onmessage']>>[0]) => {
      host.control.onmessage!(message)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}
const boot = (parts: Partial<Subject> = {}, kind?: InjectedHost['kind']) => booted(() => Promise.resolve({ default: subjectOf(parts) }), kind)

describe('T0 browser_surface: the entry of a realm', () => {
  beforeEach(() => { vi.useFakeTimers() })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('says hello first, with the probe and what the subject declares of itself', async () => {
    const realm = await boot({ classify: () => ({ host_role: 'server', supported: true }) })
    expect(realm.said).toMatchObject([{ type: 'hello', probe: { proven_role: null }, subject: { name: 'made-up', version: '1.2.3', requires: ['timers'], host_roles: ['window'], bridge: true, classification: { host_role: 'server', supported: true } } }])
    expect((await boot()).said).toMatchObject([{ subject: { classification: null } }])
  })

  it('does not start the subject before it is asked to', async () => {
    const start = vi.fn(() => Promise.resolve(runtimeOf({})))
    const realm = await boot({ start })
    expect(start).not.toHaveBeenCalled()
    await realm.order(orderOf({ main: [{ op: 'mark', mark: 'm' }] }))
    expect(start).toHaveBeenCalledExactlyOnceWith({ origin: ORIGIN, log: expect.any(Function) as unknown })
  })

  it('runs a scenario, tells what is alive at the very end, then that it is done', async () => {
    const realm = await boot()
    await realm.order(orderOf({ main: [{ op: 'timer.set', timer: 'a', after_ticks: 1 }, { op: 'timer.wait', timer: 'a' }] }))
    expect(realm.end()).toBeUndefined()
    await vi.advanceTimersByTimeAsync(10)
    expect(realm.events().map(({ kind }) => kind)).toEqual(['timer.set', 'timer.fired', 'task.finished', 'shutdown.started', 'shutdown.finished', 'host.alive'])
    expect(realm.types().at(-1)).toBe('done')
    expect(realm.end()).toEqual({ type: 'done', stalled: false })
  })

  it('without a recorder it says nothing of what is alive: nobody looked', async () => {
    const realm = await booted(() => Promise.resolve({ default: subjectOf() }), 'lab', false)
    await realm.order(orderOf({ main: [{ op: 'mark', mark: 'm' }] }))
    expect(realm.events().map(({ kind }) => kind)).toEqual(['mark', 'task.finished', 'shutdown.started', 'shutdown.finished'])
    expect(realm.end()).toEqual({ type: 'done', stalled: false })
  })

  it('says when the limit ran out first', async () => {
    const realm = await boot()
    await realm.order(orderOf({ main: [{ op: 'wait', ticks: 9_000 }] }))
    await vi.advanceTimersByTimeAsync(500)
    expect(realm.end()).toEqual({ type: 'done', stalled: true })
  })

  it('gives peers addresses that name the channel, a refused peer its own origin', async () => {
    const urls: string[] = []
    const open = (url: string) => { urls.push(url); return { send: () => undefined, close: () => undefined, cancel: () => undefined } }
    const realm = await boot({ start: () => Promise.resolve(runtimeOf({ sockets: { open }, requests: { send: open }, events: { open } })) })
    await realm.order(orderOf({ main: [
      { op: 'socket.open', channel: 'c', peer: 'p' }, { op: 'request.send', exchange: 'x', peer: 'p', path: 'a/b' }, { op: 'events.open', stream: 's', peer: 'p' },
      { op: 'socket.open', channel: 'd', peer: 'shut' }, { op: 'request.send', exchange: 'y', peer: 'shut' },
    ] }))
    expect(urls).toEqual([
      `ws://127.0.0.1:4000${PEER_PATH}p/c`, `${ORIGIN}${PEER_PATH}p/x/a/b`, `${ORIGIN}${PEER_PATH}p/s`, 'ws://127.0.0.1:9/d', 'http://127.0.0.1:9/y',
    ])
  })

  it('keeps what the subject logs, not at any length', async () => {
    const realm = await boot({ start: (host) => { host.log('x'.repeat(5_000)); return Promise.resolve(runtimeOf({})) } })
    await realm.order(orderOf({ main: [{ op: 'mark', mark: 'm' }] }))
    const [log] = realm.events()
    expect(log).toMatchObject({ witness: 'subject', kind: 'log', text: 'x'.repeat(2_000) })
  })

  it('cuts what the subject logs between characters, not in one', async () => {
    const realm = await boot({ start: (host) => { for (const line of [`${'x'.repeat(1_999)}👍`, 'half \ud83d']) host.log(line); return Promise.resolve(runtimeOf({})) } })
    await realm.order(orderOf({ main: [{ op: 'mark', mark: 'm' }] }))
    expect(realm.events().slice(0, 2)).toMatchObject([{ text: 'x'.repeat(1_999) }, { text: 'half \\ud83d' }])
  })

  it.each([
    ['does not load', () => Promise.reject(new SyntaxError('no')), { code: 'subject_throws', message: 'SyntaxError: no' }],
    ['has a classify that throws', () => Promise.resolve({ default: subjectOf({ classify: () => { throw new TypeError('where am I') } }) }), { code: 'subject_throws', message: 'TypeError: where am I' }],
  ])('a subject that %s fails instead of a hello', async (_, load, failure) => {
    expect((await booted(load)).said).toEqual([{ type: 'failed', ...failure }])
  })

  it.each([
    ['rejects', () => Promise.reject(new RangeError('no'))], ['throws', () => { throw new RangeError('no') }],
  ])('a start that %s is the subject\'s failure', async (_, start) => {
    const realm = await boot({ start })
    await realm.order(orderOf({ main: [{ op: 'mark', mark: 'm' }] }))
    expect(realm.end()).toEqual({ type: 'failed', code: 'subject_throws', message: 'RangeError: no' })
    expect(realm.events()).toMatchObject([{ kind: 'subject.threw', id: 'start', name: 'RangeError', message: 'no', trap: false }])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a start that never ends is given up in bounded time', async () => {
    const realm = await boot({ start: () => new Promise(() => undefined) })
    await realm.order(orderOf({ main: [{ op: 'mark', mark: 'm' }] }))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(realm.end()).toMatchObject({ type: 'failed', code: 'subject_never_starts' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('an order it cannot carry out is the harness\'s failure', async () => {
    const realm = await boot()
    await realm.order({ type: 'run', route: 'direct' } as unknown as RunOrder)
    expect(realm.end()).toMatchObject({ type: 'failed', code: 'harness' })
  })

  it('beats while it lives and stops when it is told to; the lab needs no heart', async () => {
    const realm = await boot({}, 'bridge')
    await vi.advanceTimersByTimeAsync(2_000)
    const beats = realm.said.flatMap((message) => (message.type === 'heartbeat' ? [message.beat] : []))
    expect(beats.length).toBeGreaterThan(1)
    expect(beats).toEqual(beats.map((_, index) => index + 1))
    await realm.order({ type: 'stop' })
    expect(vi.getTimerCount()).toBe(0)
    const lab = await boot({}, 'lab')
    await vi.advanceTimersByTimeAsync(2_000)
    expect(lab.types()).toEqual(['hello'])
  })

  it('closes itself only where nobody else can end it: in a shared worker', async () => {
    const close = vi.fn()
    vi.stubGlobal('close', close)
    await (await boot()).order({ type: 'stop' })
    expect(close).not.toHaveBeenCalled()
    vi.doMock('../../../host-probes/role.js', () => ({ proveRole: () => ({ proven_role: 'shared_worker', proofs: [{ check: 'mocked', holds: true }], global_scope: 'SharedWorkerGlobalScope' }) }))
    try {
      await (await boot()).order({ type: 'stop' })
    } finally {
      vi.doUnmock('../../../host-probes/role.js')
    }
    expect(close).toHaveBeenCalledOnce()
  })
})
