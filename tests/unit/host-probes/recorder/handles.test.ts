import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { freshRealm, realmWith, type FreshRealm } from '../support.js'

interface Realm { Worker: typeof Worker; SharedWorker: typeof SharedWorker; MessageChannel: typeof MessageChannel; BroadcastChannel: typeof BroadcastChannel }

describe('T0 timer_surface: workers, ports and broadcast channels', () => {
  let fresh: FreshRealm
  const open: Array<{ close(): void }> = []
  const record = async (parts: object): Promise<Realm> => {
    const realm = realmWith({ ...parts })
    ;(await import('../../../../host-probes/recorder/handles.js')).recordHandles(realm)
    return realm as unknown as Realm
  }
  beforeEach(async () => { fresh = await freshRealm() })
  afterEach(() => { for (const one of open.splice(0)) one.close() })

  it('a worker is alive until it is terminated, and stays the engine\'s own', async () => {
    const terminate = vi.fn()
    class Native { constructor(readonly url: string, readonly options?: object) {} terminate(...given: unknown[]): void { terminate(this, ...given) } }
    const realm = await record({ Worker: Native })
    const [one, two] = [new realm.Worker('a.js', { name: 'x' }), new realm.Worker('b.js')]
    expect(one).toBeInstanceOf(Native)
    expect(one).toMatchObject({ url: 'a.js', options: { name: 'x' } })
    expect(fresh.left()).toEqual(['worker: new Worker', 'worker: new Worker'])
    one.terminate()
    expect(terminate).toHaveBeenCalledExactlyOnceWith(one)
    expect(fresh.left()).toEqual(['worker: new Worker'])
    two.terminate()
    expect(fresh.left()).toEqual([])
  })

  it('a shared worker until its port is closed', async () => {
    class Native { readonly port = { close: vi.fn() } }
    const realm = await record({ SharedWorker: Native })
    const worker = new realm.SharedWorker('a.js')
    expect(fresh.left()).toEqual(['worker: new SharedWorker'])
    worker.port.close()
    expect(fresh.left()).toEqual([])
  })

  it('a broadcast channel until it is closed, whether anyone listens or not', async () => {
    const realm = await record({ BroadcastChannel })
    const channel = new realm.BroadcastChannel('name')
    open.push(channel)
    expect(channel.name).toBe('name')
    expect(fresh.left()).toEqual(['broadcast_channel: new BroadcastChannel'])
    channel.close()
    expect(fresh.left()).toEqual([])
  })

  it('a port once it takes messages, by a handler or by its start, until one of the two is closed', async () => {
    const realm = await record({ MessageChannel })
    for (const begin of [({ port1 }: MessageChannel) => { port1.onmessage = () => undefined }, ({ port2 }: MessageChannel) => port2.start()]) {
      for (const end of ['port1', 'port2'] as const) {
        const channel = new realm.MessageChannel()
        open.push(channel.port1, channel.port2)
        expect(fresh.left()).toEqual([])
        begin(channel)
        expect(fresh.left()).toEqual(['message_port: new MessageChannel'])
        channel[end].close()
        expect(fresh.left()).toEqual([])
        begin(channel)
        expect(fresh.left()).toEqual([])
      }
    }
  })

  it('messages go through as they did, and a handler taken away starts nothing', async () => {
    const { port1, port2 } = new (await record({ MessageChannel })).MessageChannel()
    open.push(port1)
    port1.onmessage = null
    expect(fresh.left()).toEqual([])
    const heard = new Promise((go) => { port1.onmessage = ({ data }) => go(data) })
    expect(port1.onmessage).toBeTypeOf('function')
    port2.postMessage({ a: 1 })
    expect(await heard).toEqual({ a: 1 })
  })

  it('what a realm does not have is not made', async () => {
    expect(Object.keys(await record({}))).toEqual([])
  })
})
