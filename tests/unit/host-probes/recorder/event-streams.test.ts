import { beforeEach, describe, expect, it } from 'vitest'
import { at, freshRealm, realmWith, type FreshRealm } from '../support.js'

class NativeStream extends EventTarget {
  readyState = 0
  closed = 0
  constructor(readonly url: string | URL, readonly init?: EventSourceInit) { super() }
  close(): void {
    this.closed += 1
    this.readyState = 2
  }
  fails(final: boolean): void {
    this.readyState = final ? 2 : 0
    this.dispatchEvent(new Event('error'))
  }
}

describe('T0 virtual_transport_surface: the page witness of event streams', () => {
  let fresh: FreshRealm
  let Stream: typeof NativeStream
  beforeEach(async () => {
    fresh = await freshRealm()
    const { recordEventStreams } = await import('../../../../host-probes/recorder/event-streams.js')
    const realm = realmWith({ EventSource: NativeStream })
    recordEventStreams(realm)
    Stream = realm.EventSource as unknown as typeof NativeStream
  })

  it('records a life from created to closed', () => {
    const stream = new Stream(at('news'), { withCredentials: true })
    expect(stream.init).toEqual({ withCredentials: true })
    expect(fresh.alive().streams).toEqual(['news'])
    stream.dispatchEvent(new Event('message'))
    stream.close()
    expect(stream.closed).toBe(1)
    expect(fresh.alive().streams).toEqual([])
    expect(fresh.said()).toEqual(['created', 'message', 'close_called'].map((what) => `host.events.${what} news`))
  })

  it('tells an error that reconnects from the last one', () => {
    const stream = new Stream(at('news'))
    stream.fails(false)
    expect(fresh.alive().streams).toEqual(['news'])
    stream.fails(true)
    expect(fresh.alive().streams).toEqual([])
    expect(fresh.events().slice(1)).toMatchObject([{ kind: 'host.events.error', final: false }, { kind: 'host.events.error', final: true }])
  })

  it('an address outside is recorded', () => {
    new Stream('http://example.org/news')
    expect(fresh.said()[0]).toBe('host.outside EventSource')
  })

  it('a realm without EventSource is left as it is', async () => {
    const { recordEventStreams } = await import('../../../../host-probes/recorder/event-streams.js')
    const bare = realmWith({})
    recordEventStreams(bare)
    expect('EventSource' in bare).toBe(false)
  })
})
