import type { Endpoint } from 'comlink'
import type { BridgeReason } from '../src/contract/bridge-words.js'
import type { TextLine } from '../src/contract/text-line.js'
import type { RealmEvent } from '../src/contract/trace.js'
import type { BridgeFrame, FrameBody } from './protocol.js'

export interface EndpointOptions {
  /** Says whether what came in as a call may reach Comlink, which trusts its caller. */
  allowed(data: unknown): boolean
  /** A frame that breaks the protocol came in, or one that is too large was to go out; nothing is heard or said afterwards. */
  refuse(reason: BridgeReason): void
  /** In UTF-16 units, as the cheaper measure; the server's carriers count bytes. */
  longest: number
}

export interface BridgeEndpoint extends Endpoint {
  /** What own frames carry. */
  session: string
  /** What the other side's frames must carry; null: whatever the first one carries. */
  expects: string | null
  onevents: ((events: RealmEvent[]) => void) | null
  onbeat: ((beat: number) => void) | null
  /** Of any frame that kept to the protocol. */
  onheard: (() => void) | null
  sendEvents(events: RealmEvent[]): void
  sendBeat(beat: number): void
}

/**
 * Makes a Comlink endpoint of a line: calls, streamed events and beats share it, as JSON text.
 * A frame that is none, out of its order or of another session ends in `refuse`: a listener that throws would end all of Node.
 */
export function bridgeEndpoint(line: TextLine, { allowed, refuse, longest }: EndpointOptions): BridgeEndpoint {
  const listeners = new Set<(event: MessageEvent) => void>()
  let [sent, heard, refused] = [0, 0, false]
  const stop = (reason: BridgeReason): void => {
    refused = true
    refuse(reason)
  }
  const send = (body: FrameBody): void => {
    if (refused) return
    const text = JSON.stringify({ n: ++sent, session: endpoint.session, ...body } satisfies BridgeFrame)
    if (text.length > longest) stop('message_too_large')
    else line.send(text)
  }
  const endpoint: BridgeEndpoint = {
    session: '', expects: null, onevents: null, onbeat: null, onheard: null,
    sendEvents: (events) => send({ type: 'events', events }),
    sendBeat: (beat) => send({ type: 'beat', beat }),
    postMessage: (data: unknown) => send({ type: 'call', data }),
    addEventListener: (_type, listener) => { listeners.add(toFunction(listener)) },
    removeEventListener: (_type, listener) => { listeners.delete(toFunction(listener)) },
  }
  line.onmessage = (text) => {
    if (refused) return
    if (text.length > longest) return stop('message_too_large')
    const frame = parseFrame(text)
    const wrong = frame === null ? 'bad_frame' : misplaced(frame, heard, endpoint.expects)
    if (frame === null || wrong !== null) return stop(wrong ?? 'bad_frame')
    if (frame.type === 'call' && !allowed(frame.data)) return stop('bad_frame')
    heard = frame.n
    endpoint.expects ??= frame.session
    endpoint.onheard?.()
    if (frame.type === 'events') endpoint.onevents?.(frame.events)
    else if (frame.type === 'beat') endpoint.onbeat?.(frame.beat)
    else for (const listener of listeners) listener({ data: frame.data, origin: '' } as MessageEvent)
  }
  return endpoint
}

/** Why a frame is not the one that must come next; null when it is. */
function misplaced({ n, session }: BridgeFrame, heard: number, expects: string | null): BridgeReason | null {
  if (expects !== null && session !== expects) return 'foreign_session'
  if (n <= heard) return 'duplicate_frame'
  return n === heard + 1 ? null : 'out_of_order'
}

function parseFrame(text: string): BridgeFrame | null {
  try {
    const frame = JSON.parse(text) as Partial<Record<string, unknown>> | null
    const numbered = typeof frame === 'object' && frame !== null && Number.isInteger(frame.n) && typeof frame.session === 'string'
    if (!numbered) return null
    const whole = frame.type === 'call' || (frame.type === 'events' && Array.isArray(frame.events)) || (frame.type === 'beat' && Number.isInteger(frame.beat))
    return whole ? frame as unknown as BridgeFrame : null
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
