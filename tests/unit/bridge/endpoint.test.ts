import { describe, expect, it, vi } from 'vitest'
import { bridgeEndpoint, type CallGuard } from '../../../bridge/endpoint.js'
import { mark } from './support.js'

function pair(allowed: CallGuard = () => true) {
  const sent: unknown[] = []
  let hear = (_event: { data: unknown }): void => undefined
  const refuse = vi.fn()
  const socket = { send: (text: string) => void sent.push(JSON.parse(text)), addEventListener: (_type: 'message', listener: typeof hear) => { hear = listener } }
  return { endpoint: bridgeEndpoint(socket, allowed, refuse), sent, refuse, hear: (data: unknown) => hear({ data }) }
}

describe('T0 browser_surface: calls and events on one socket', () => {
  it('a call goes out and comes in as data; events go past Comlink', () => {
    const { endpoint, sent, hear } = pair()
    endpoint.postMessage({ id: '1' })
    endpoint.sendEvents([mark('m')])
    expect(sent).toEqual([{ type: 'call', data: { id: '1' } }, { type: 'events', events: [mark('m')] }])
    const calls: unknown[] = []
    const events = vi.fn()
    endpoint.addEventListener('message', (event) => calls.push((event as MessageEvent).data))
    endpoint.onevents = events
    hear('{"type":"call","data":{"id":"2"}}')
    hear(JSON.stringify({ type: 'events', events: [mark('n')] }))
    expect(calls).toEqual([{ id: '2' }])
    expect(events).toHaveBeenCalledExactlyOnceWith([mark('n')])
  })

  it('a listener can be an object, and can be taken away', () => {
    const { endpoint, hear } = pair()
    const listener = { handleEvent: vi.fn() }
    endpoint.addEventListener('message', listener)
    hear('{"type":"call","data":1}')
    endpoint.removeEventListener('message', listener)
    hear('{"type":"call","data":2}')
    expect(listener.handleEvent).toHaveBeenCalledOnce()
  })

  it.each(['', 'not JSON', 'null', '5', '[]', '{}', '{"type":"other"}'])('%j is no frame: it is refused, and nobody hears of it', (text) => {
    const { endpoint, hear, refuse } = pair()
    const listener = vi.fn()
    endpoint.addEventListener('message', listener)
    expect(() => hear(text)).not.toThrow()
    expect(refuse).toHaveBeenCalledOnce()
    expect(listener).not.toHaveBeenCalled()
  })

  it('a call that the guard does not let through is refused', () => {
    const { endpoint, hear, refuse } = pair((data) => data === 'fine')
    const listener = vi.fn()
    endpoint.addEventListener('message', listener)
    hear('{"type":"call","data":"fine"}')
    hear('{"type":"call","data":"else"}')
    expect(listener).toHaveBeenCalledOnce()
    expect(refuse).toHaveBeenCalledOnce()
  })
})
