import { describe, expect, it } from 'vitest'
import { parseRoute } from '../../../src/loopback/routes.js'

const at = (target: string) => parseRoute('tok', target)

describe('T0 virtual_transport_surface: addresses of the captured loopback', () => {
  it('reads each address of a run', () => {
    expect(at('/tok/agent/2.html')).toEqual({ kind: 'agent_page', slot: 2 })
    expect(at('/tok/agent/2/control')).toEqual({ kind: 'agent_control', slot: 2 })
    expect(at('/tok/agent.js')).toEqual({ kind: 'agent_script' })
    expect(at('/tok/realm/a-1.x/window.html')).toEqual({ kind: 'realm_page', attempt: 'a-1.x' })
    expect(at('/tok/realm/a/realm.js?x')).toEqual({ kind: 'realm_script', attempt: 'a' })
    expect(at('/tok/realm/a/control')).toEqual({ kind: 'realm_control', attempt: 'a' })
    expect(at('/tok/peer/a/p/c')).toEqual({ kind: 'peer', attempt: 'a', peer: 'p', id: 'c', path: '' })
    expect(at('/tok/peer/a/p/c/next/two')).toEqual({ kind: 'peer', attempt: 'a', peer: 'p', id: 'c', path: '/next/two' })
    expect(at('/tok/bridge/a')).toEqual({ kind: 'bridge', attempt: 'a' })
    expect(at('/tok/bridge/a/open?carrier=long_polling')).toEqual({ kind: 'bridge_line', attempt: 'a', step: { line: null, what: 'open' } })
    expect(at('/tok/bridge/a/f00/down?n=0')).toEqual({ kind: 'bridge_line', attempt: 'a', step: { line: 'f00', what: 'down' } })
    expect(at('/tok/realm/a/control/open')).toEqual({ kind: 'realm_line', attempt: 'a', step: { line: null, what: 'open' } })
    expect(at('/tok/realm/a/control/f00/up?n=1')).toEqual({ kind: 'realm_line', attempt: 'a', step: { line: 'f00', what: 'up' } })
  })

  it.each([
    '/', '', '/tok', '/tok/', '/wrong/agent.js', 'http://127.0.0.1/tok/agent.js', '/tok/agent/x.html', '/tok/agent/01.html', '/tok/agent/1/other',
    '/tok/realm/a', '/tok/realm/a/other.js', '/tok/realm//realm.js', '/tok/realm/a/realm.js/more', '/tok/realm/a/constructor', '/tok/peer/a/p',
    '/tok/peer/a/P/c', '/tok/peer/a/__proto__/c', '/tok/bridge/', '/tok/bridge/a/b', '/tok/bridge/a/open/up', '/tok/bridge/a/f00/sideways', '/tok/bridge/a/f00/up/more', '/tok/bridge//open', '/tok/realm/a/control/', '/tok/realm//control/open', '/x/tok/agent.js',
  ])('finds nothing at %j', (target) => {
    expect(at(target)).toBeNull()
  })
})
