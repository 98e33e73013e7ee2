import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { H2_ORIGIN, ORIGIN, PEER_PATH, REFUSED_ORIGIN, at, freshRealm, type FreshRealm } from '../support.js'

type Locate = typeof import('../../../../host-probes/recorder/boundary.js').locate

describe('T0 virtual_transport_surface: what lies inside the captured loopback', () => {
  let realm: FreshRealm
  let locate: Locate
  beforeEach(async () => {
    realm = await freshRealm()
    ;({ locate } = await import('../../../../host-probes/recorder/boundary.js'))
  })
  afterEach(() => { vi.unstubAllGlobals() })

  it.each([
    [at('chat'), 'chat'], [at('chat', 'ws'), 'chat'], [`${at('chat')}/part/2?x=1`, 'chat'],
    [`${ORIGIN}${PEER_PATH}p`, 'other'], [`${ORIGIN}${PEER_PATH}p/`, 'other'], [`${ORIGIN}/token/peer/another/p/chat`, 'other'], [`${ORIGIN}/`, 'other'],
    [`${H2_ORIGIN}${PEER_PATH}p/chat`, 'chat'], [`${H2_ORIGIN}/`, 'other'],
    [`${REFUSED_ORIGIN}/chat`, 'chat'], [`${REFUSED_ORIGIN.replace('http', 'ws')}/chat/x`, 'chat'], [`${REFUSED_ORIGIN}/`, 'other'],
  ])('%s is inside, as %s', (url, id) => {
    expect(locate(url, 'fetch')).toMatchObject({ where: 'inside', id })
    expect(realm.events()).toEqual([])
  })

  it.each([
    'http://example.org/', 'http://127.0.0.1:4001/token/peer/attempt/p/chat', 'https://127.0.0.1:4000/', 'wss://127.0.0.1:4000/', 'http://localhost:4000/', 'ftp://127.0.0.1:4000/', 'http://127.0.0.1.example.org:4000/',
  ])('%s is outside, and recorded with the API that reached for it', (url) => {
    expect(locate(url, 'WebSocket')).toMatchObject({ where: 'outside', id: 'outside' })
    expect(realm.events()).toMatchObject([{ witness: 'page', kind: 'host.outside', id: 'WebSocket', url: new URL(url).href }])
  })

  it.each(['data:text/plain,x', 'blob:http://127.0.0.1:4000/1b4e', 'about:blank', 'no address at all'])('%s goes nowhere', (url) => {
    expect(locate(url, 'fetch').where).toBe('inline')
    expect(realm.events()).toEqual([])
  })

  it('a relative address is taken from the realm\'s own', () => {
    vi.stubGlobal('location', { href: `${ORIGIN}/token/realm/attempt/realm.js`, origin: ORIGIN })
    expect(locate('../../peer/attempt/p/chat', 'fetch')).toMatchObject({ where: 'inside', id: 'chat' })
    expect(locate('//example.org/x', 'fetch').where).toBe('outside')
  })

  it('before it is drawn, only the realm\'s own origin is inside', async () => {
    vi.resetModules()
    vi.stubGlobal('location', { href: `${ORIGIN}/`, origin: ORIGIN })
    const fresh = await import('../../../../host-probes/recorder/boundary.js')
    expect(fresh.locate(at('chat'), 'fetch')).toMatchObject({ where: 'inside', id: 'other' })
    expect(fresh.locate('http://example.org/', 'fetch').where).toBe('outside')
  })
})
