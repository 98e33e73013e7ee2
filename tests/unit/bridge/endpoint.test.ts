import { describe, expect, it, vi } from 'vitest'
import { bridgeEndpoint } from '../../../bridge/endpoint.js'
import type { TextLine } from '../../../src/contract/text-line.js'
import { mark } from './support.js'

const LONGEST = 1_000

function pair(allowed: (data: unknown) => boolean = () => true) {
  const sent: unknown[] = []
  const refuse = vi.fn()
  const line: TextLine = { carrier: 'websocket', send: (text) => void sent.push(JSON.parse(text)), close: () => undefined, onmessage: null, onclose: null }
  const endpoint = bridgeEndpoint(line, { allowed, refuse, longest: LONGEST })
  let n = 0
  return {
    endpoint, sent, refuse,
    hear: (text: string) => line.onmessage!(text),
    /** A frame in its place. */
    hearFrame: (body: object) => line.onmessage!(JSON.stringify({ n: ++n, session: 's', ...body })),
  }
}

describe('T0 browser_surface: calls and events on one socket', () => {
  it('a call goes out and comes in as data; events go past Comlink', () => {
    const { endpoint, sent, hearFrame } = pair()
    endpoint.session = 's'
    endpoint.postMessage({ id: '1' })
    endpoint.sendEvents([mark('m')])
    endpoint.sendBeat(7)
    expect(sent).toEqual([{ n: 1, session: 's', type: 'call', data: { id: '1' } }, { n: 2, session: 's', type: 'events', events: [mark('m')] }, { n: 3, session: 's', type: 'beat', beat: 7 }])
    const calls: unknown[] = []
    const [events, beats] = [vi.fn(), vi.fn()]
    endpoint.addEventListener('message', (event) => calls.push((event as MessageEvent).data))
    endpoint.onevents = events
    endpoint.onbeat = beats
    hearFrame({ type: 'call', data: { id: '2' } })
    hearFrame({ type: 'events', events: [mark('n')] })
    hearFrame({ type: 'beat', beat: 4 })
    expect(beats).toHaveBeenCalledExactlyOnceWith(4)
    expect(calls).toEqual([{ id: '2' }])
    expect(events).toHaveBeenCalledExactlyOnceWith([mark('n')])
  })

  it('a listener can be an object, and can be taken away', () => {
    const { endpoint, hearFrame } = pair()
    const listener = { handleEvent: vi.fn() }
    endpoint.addEventListener('message', listener)
    hearFrame({ type: 'call', data: 1 })
    endpoint.removeEventListener('message', listener)
    hearFrame({ type: 'call', data: 2 })
    expect(listener.handleEvent).toHaveBeenCalledOnce()
  })

  it.each([
    '', 'not JSON', 'null', '5', '[]', '{}', '{"type":"other"}', '{"type":"call","data":1}', '{"n":1,"session":"s","type":"other"}', '{"n":"1","session":"s","type":"call"}', '{"n":1,"session":"s","type":"events","events":{}}',
  ])('%j is no frame: it is refused, and nobody hears of it', (text) => {
    const { endpoint, hear, refuse } = pair()
    const listener = vi.fn()
    endpoint.addEventListener('message', listener)
    expect(() => hear(text)).not.toThrow()
    expect(refuse).toHaveBeenCalledExactlyOnceWith('bad_frame')
    expect(listener).not.toHaveBeenCalled()
  })

  it('a call that the guard does not let through is refused, and nothing is heard or said after it', () => {
    const { endpoint, hearFrame, refuse, sent } = pair((data) => data === 'fine')
    const listener = vi.fn()
    endpoint.addEventListener('message', listener)
    hearFrame({ type: 'call', data: 'fine' })
    hearFrame({ type: 'call', data: 'else' })
    hearFrame({ type: 'call', data: 'fine' })
    endpoint.sendBeat(1)
    expect(listener).toHaveBeenCalledOnce()
    expect(refuse).toHaveBeenCalledExactlyOnceWith('bad_frame')
    expect(sent).toEqual([])
  })

  it.each([
    ['duplicate_frame', { n: 1, session: 's' }], ['out_of_order', { n: 3, session: 's' }], ['foreign_session', { n: 2, session: 'other' }],
  ])('a frame out of its place is refused: %s', (reason, place) => {
    const { endpoint, hearFrame, hear, refuse } = pair()
    const beats = vi.fn()
    endpoint.onbeat = beats
    hearFrame({ type: 'beat', beat: 1 })
    hear(JSON.stringify({ ...place, type: 'beat', beat: 2 }))
    expect(refuse).toHaveBeenCalledExactlyOnceWith(reason)
    expect(beats).toHaveBeenCalledOnce()
  })

  it('a frame that is too long is refused on its way in, and on its way out', () => {
    const one = pair()
    one.hear(' '.repeat(LONGEST + 1))
    expect(one.refuse).toHaveBeenCalledExactlyOnceWith('message_too_large')
    const other = pair()
    other.endpoint.postMessage('x'.repeat(LONGEST))
    expect(other.refuse).toHaveBeenCalledExactlyOnceWith('message_too_large')
    expect(other.sent).toEqual([])
  })
})
