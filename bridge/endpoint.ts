import type { Endpoint } from 'comlink'
import type { RealmEvent } from '../src/contract/trace.js'
import type { BridgeFrame } from './protocol.js'

/** Says whether what came in as a call may reach Comlink, which trusts its caller. */
export type CallGuard = (data: unknown) => boolean

/** The part of a WebSocket that browsers, `ws` and this file agree on. */
export interface TextSocket {
  send(text: string): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

export interface BridgeEndpoint extends Endpoint {
  onevents: ((events: RealmEvent[]) => void) | null
  sendEvents(events: RealmEvent[]): void
}

/**
 * Makes a Comlink endpoint of a WebSocket: calls and streamed events share it, as JSON text.
 * A frame that is none, or a call that `allowed` does not let through, ends in `refuse`: a listener that throws would end all of Node.
 */
export function bridgeEndpoint(socket: TextSocket, allowed: CallGuard, refuse: () => void): BridgeEndpoint {
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
    const frame = parseFrame(String(data))
    if (frame?.type === 'events') endpoint.onevents?.(frame.events)
    else if (frame?.type === 'call' && allowed(frame.data)) for (const listener of listeners) listener({ data: frame.data, origin: '' } as MessageEvent)
    else refuse()
  })
  return endpoint
}

function parseFrame(text: string): BridgeFrame | null {
  try {
    return JSON.parse(text) as BridgeFrame | null
  } catch {
    return null
  }
}

const functions = new WeakMap<object, (event: MessageEvent) => void>()

/** The same function for the same listener, so that it can be removed again. */
function toFunction(listener: EventListenerOrEventListenerObject): (event: MessageEvent) => void {
  if (typeof listener === 'function') return listener
  const known = functions.get(listener) ?? ((event: MessageEvent): void => listener.handleEvent(event))
  functions.set(listener, known)
  return known
}
