import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ORIGIN, at, freshRealm, realmWith, type FreshRealm } from '../support.js'

const load = async () => (await import('../../../../host-probes/recorder/outside.js')).recordWaysOut

describe('T0 virtual_transport_surface: other ways out of a realm', () => {
  let fresh: FreshRealm
  beforeEach(async () => { fresh = await freshRealm() })
  afterEach(() => { vi.unstubAllGlobals() })

  it.each(['Worker', 'SharedWorker', 'WebTransport', 'WebSocketStream'])('%s: outside is recorded, inside is not, and it stays the engine\'s own', async (name) => {
    class Native { static answer = 42; constructor(readonly url: string, readonly options?: object) {} }
    const realm = realmWith({ [name]: Native })
    ;(await load())(realm)
    const Recorded = (realm as unknown as Record<string, typeof Native>)[name]!
    const made = new Recorded('http://example.org/x', { type: 'module' })
    new Recorded(`${ORIGIN}/inside.js`)
    expect(made).toBeInstanceOf(Native)
    expect(made).toBeInstanceOf(Recorded)
    expect([made.url, made.options, Recorded.answer]).toEqual(['http://example.org/x', { type: 'module' }, 42])
    expect(fresh.events()).toMatchObject([{ kind: 'host.outside', id: name, url: 'http://example.org/x' }])
  })

  it('importScripts: each address is looked at, and all are handed on', async () => {
    const importScripts = vi.fn()
    const realm = realmWith({ importScripts })
    ;(await load())(realm)
    ;(realm as unknown as { importScripts(...urls: unknown[]): void }).importScripts(`${ORIGIN}/a.js`, new URL('http://example.org/b.js'))
    expect(importScripts).toHaveBeenCalledExactlyOnceWith(`${ORIGIN}/a.js`, new URL('http://example.org/b.js'))
    expect(fresh.said()).toEqual(['host.outside importScripts'])
  })

  it('XMLHttpRequest and sendBeacon', async () => {
    const opened = vi.fn()
    vi.stubGlobal('XMLHttpRequest', class { open(...given: unknown[]): void { opened(...given) } })
    const sent: unknown[] = []
    const navigator = { sendBeacon(...given: unknown[]): boolean { sent.push(this === navigator, ...given); return true } }
    vi.stubGlobal('navigator', navigator)
    ;(await load())(realmWith({}))
    new XMLHttpRequest().open('GET', 'http://example.org/x', false)
    expect(navigator.sendBeacon('http://example.org/beacon', 'data')).toBe(true)
    expect(opened).toHaveBeenCalledExactlyOnceWith('GET', 'http://example.org/x', false)
    expect(sent).toEqual([true, 'http://example.org/beacon', 'data'])
    expect(fresh.said()).toEqual(['host.outside XMLHttpRequest', 'host.outside sendBeacon'])
  })

  it('an XMLHttpRequest is alive from being sent until it has ended, been opened anew or refused', async () => {
    let refuses = false
    vi.stubGlobal('XMLHttpRequest', class extends EventTarget { open(): void {} send(): void { if (refuses) throw new DOMException('no', 'NetworkError') } })
    ;(await load())(realmWith({}))
    const request = new XMLHttpRequest()
    request.open('GET', at('get'))
    expect(fresh.left()).toEqual([])
    request.send()
    expect(fresh.left()).toEqual(['request: XMLHttpRequest.send'])
    expect(fresh.alive().requests).toEqual(['get'])
    request.dispatchEvent(new Event('loadend'))
    expect(fresh.left()).toEqual([])
    request.send()
    refuses = true
    expect(() => request.send()).toThrow('no')
    expect(fresh.left()).toHaveLength(1)
    request.open('GET', at('get'))
    expect(fresh.left()).toEqual([])
    expect(() => request.send()).toThrow('no')
    expect(fresh.left()).toEqual([])
    refuses = false
    request.open('GET', 'data:text/plain,x')
    request.send()
    expect(fresh.left()).toEqual([])
  })

  it('what a realm does not have is not made', async () => {
    const bare = realmWith({})
    ;(await load())(bare)
    expect(Object.keys(bare)).toEqual([])
  })
})
