import type { Endpoint } from 'comlink'
import type { RealmEvent } from '../src/contract/trace.js'
import type { BridgeFrame } from './protocol.js'

/** The part of a WebSocket that browsers, `ws` and this file agree on. */
export interface TextSocket {
  send(text: string): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

export interface BridgeEndpoint extends Endpoint {
  onevents: ((events: RealmEvent[]) => void) | null
  sendEvents(events: RealmEvent[]): void
}

/** Makes a Comlink endpoint of a WebSocket: calls and streamed events share it, as JSON text. */
export function bridgeEndpoint(socket: TextSocket): BridgeEndpoint {
  const listeners = new Set<(event: MessageEvent) => void>()
  const send = (frame: BridgeFrame): void => socket.send(JSON.stringify(frame))
  const endpoint: BridgeEndpoint = {
    onevents: null,
    sendEvents: (events) => send({ type: 'events', events }),
    postMessage: (data: unknown) => send({ type: 'call', data }),
    addEventListener: (_type, listener) => { listeners.add(toFunction(listener)) },
    removeEventListener: (_type, listener) => { listeners.delete(toFunction(listener)) },
  }
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(String(data)) as BridgeFrame
    if (frame.type === 'events') endpoint.onevents?.(frame.events)
    else for (const listener of listeners) listener({ data: frame.data, origin: '' } as MessageEvent)
  })
  return endpoint
}

const functions = new WeakMap<object, (event: MessageEvent) => void>()

/** The same function for the same listener, so that it can be removed again. */
function toFunction(listener: EventListenerOrEventListenerObject): (event: MessageEvent) => void {
  if (typeof listener === 'function') return listener
  const known = functions.get(listener) ?? ((event: MessageEvent): void => listener.handleEvent(event))
  functions.set(listener, known)
  return known
}
