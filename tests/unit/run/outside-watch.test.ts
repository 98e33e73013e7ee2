import { beforeEach, describe, expect, it } from 'vitest'
import { TraceEventSchema, type TraceEvent } from '../../../src/contract/trace.js'
import { BACKGROUND_HOSTS } from '../../../src/loopback/background-hosts.js'
import type { RefusedAttempt, RefusingProxy } from '../../../src/loopback/refusing-proxy.js'
import { watchOutside, type OutsideWatch } from '../../../src/run/outside-watch.js'

describe('T0 virtual_transport_surface: whom the outside is charged to', () => {
  let refuse: (host: string) => void
  let listeners: Set<(attempt: RefusedAttempt) => void>
  let watch: OutsideWatch
  beforeEach(() => {
    listeners = new Set()
    refuse = (host) => listeners.forEach((listen) => listen({ host, port: 443, method: 'CONNECT', at_ms: 0 }))
    watch = watchOutside({ url: '', refused: [], onRefused: (listen) => { listeners.add(listen); return () => void listeners.delete(listen) }, close: () => Promise.resolve() } satisfies RefusingProxy, 'chromium')
  })
  const attempt = () => {
    const events: TraceEvent[] = []
    const watched = watch.join((event) => events.push(TraceEventSchema.parse(event)))
    return { ...watched, hosts: () => events.map(({ id }) => id), events }
  }

  it('a host that nobody recorded is charged to every attempt that ran, and to no other', () => {
    const [one, other, over] = [attempt(), attempt(), attempt()]
    over.leave()
    refuse('example.org')
    one.leave()
    other.leave()
    expect(one.events).toMatchObject([{ witness: 'proxy', kind: 'proxy.refused', id: 'example.org', attributed_to: 'unattributed' }])
    expect(other.hosts()).toEqual(['example.org'])
    expect(over.events).toEqual([])
  })

  it('the browser\'s own calls are no attempt\'s business', () => {
    const one = attempt()
    const [host] = BACKGROUND_HOSTS.chromium
    refuse(host!.replace('*', 'any'))
    one.leave()
    expect(one.events).toEqual([])
  })

  it('a host that one of those who ran has recorded is that one\'s, in whatever case and also when its record comes later', () => {
    const [one, other] = [attempt(), attempt()]
    refuse('example.org')
    refuse('other.example.org')
    one.recorded('https://Example.org/path')
    one.recorded('no address')
    one.leave()
    other.leave()
    expect(one.hosts()).toEqual(['other.example.org'])
    expect(other.hosts()).toEqual(['other.example.org'])
  })

  it('what an attempt recorded excuses none that runs after it', () => {
    const first = attempt()
    first.recorded('https://example.org/')
    first.leave()
    const second = attempt()
    refuse('example.org')
    second.leave()
    expect(second.hosts()).toEqual(['example.org'])
  })

  it('closed, it listens no more', () => {
    const one = attempt()
    watch.close()
    expect(listeners.size).toBe(0)
    refuse('example.org')
    one.leave()
    expect(one.events).toEqual([])
  })
})
