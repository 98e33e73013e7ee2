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
    const leave = watch.join((event) => events.push(TraceEventSchema.parse(event)))
    return { events, leave, hosts: () => events.map(({ id }) => id) }
  }

  it('a host that nobody recorded is told to every attempt that runs, and to no other', () => {
    const [one, other, over] = [attempt(), attempt(), attempt()]
    over.leave()
    refuse('example.org')
    expect(one.events).toMatchObject([{ witness: 'proxy', kind: 'proxy.refused', id: 'example.org', attributed_to: 'unattributed' }])
    expect(other.hosts()).toEqual(['example.org'])
    expect(over.events).toEqual([])
  })

  it('the browser\'s own calls are no attempt\'s business', () => {
    const one = attempt()
    const [host] = BACKGROUND_HOSTS.chromium
    refuse(host!.replace('*', 'any'))
    expect(one.events).toEqual([])
  })

  it('a host that a realm recorded is that cell\'s by its own record, in whatever case', () => {
    const one = attempt()
    watch.recorded('https://Example.org/path')
    watch.recorded('no address')
    refuse('example.org')
    refuse('other.example.org')
    expect(one.hosts()).toEqual(['other.example.org'])
  })

  it('closed, it listens no more', () => {
    const one = attempt()
    watch.close()
    expect(listeners.size).toBe(0)
    refuse('example.org')
    expect(one.events).toEqual([])
  })
})
