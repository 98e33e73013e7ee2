import { payloads, type MessageSummary } from '../contract/message.js'
import type { SocketAction, SocketConnectionScript } from '../contract/scenario.js'
import { summarize } from '../contract/summary.js'
import type { PeerEventDraft, SocketInput, SocketOutput, Stepped } from './machine-types.js'

type Payload = string | Uint8Array
/** A message and its summary, made once. */
interface Message { data: Payload; message: MessageSummary }
/** An action with the message that set it off; null for what runs on open. */
interface Queued { action: SocketAction; cause: Message | null }

/** `barred`: rejected or never answered, so that there is no connection to play on. `closing`: the peer sent a close and awaits the end. */
export interface SocketPeerState {
  script: SocketConnectionScript
  phase: 'connecting' | 'open' | 'closing' | 'terminated' | 'barred' | 'closed'
  /** The subject's messages so far. */
  messages: number
  queue: readonly Queued[]
  waiting: boolean
}

/** The peer's side of a WebSocket connection before its handshake. */
export function startSocketPeer(script: SocketConnectionScript): SocketPeerState {
  return { script, phase: 'connecting', messages: 0, queue: [], waiting: false }
}

/** Plays one input; the state given is left as it was. Inputs that the phase does not allow give no output. */
export function stepSocketPeer(state: SocketPeerState, input: SocketInput): Stepped<SocketPeerState, SocketOutput> {
  switch (input.type) {
    case 'handshake':
      return state.phase === 'connecting' ? shakeHands(state, input.protocols) : { state, outputs: [] }
    case 'message':
      return takeMessage(state, input.data)
    case 'elapsed':
      return state.waiting ? play({ ...state, waiting: false }, []) : { state, outputs: [] }
    case 'closed':
      if (state.phase === 'connecting' || state.phase === 'barred' || state.phase === 'closed') return { state, outputs: [] }
      return { state: over(state, 'closed'), outputs: [record({ kind: 'peer.closed', code: input.code, reason: input.reason, clean: input.clean })] }
  }
}

function shakeHands(state: SocketPeerState, protocols: string[]): Stepped<SocketPeerState, SocketOutput> {
  const connected = record({ kind: 'peer.connected', protocols: [...protocols] })
  const answer = state.script.handshake
  switch (answer.answer) {
    case 'never':
      return { state: over(state, 'barred'), outputs: [connected] }
    case 'reject':
      return { state: over(state, 'barred'), outputs: [connected, record({ kind: 'peer.rejected', status: answer.status }), { type: 'reject', status: answer.status }] }
    case 'accept': {
      const protocol = answer.protocol ?? ''
      const outputs: SocketOutput[] = [connected, record({ kind: 'peer.accepted', protocol }), { type: 'accept', protocol }]
      const queue = (state.script.on_open ?? []).map((action) => ({ action, cause: null }))
      return play({ ...state, phase: 'open', queue }, outputs)
    }
  }
}

/** Messages that cross the peer's own close are still recorded, but set nothing off. */
function takeMessage(state: SocketPeerState, data: Payload): Stepped<SocketPeerState, SocketOutput> {
  if (state.phase !== 'open' && state.phase !== 'closing') return { state, outputs: [] }
  const messages = state.messages + 1
  const message = summarize(data)
  const outputs = [record({ kind: 'peer.message', message })]
  if (state.phase === 'closing') return { state: { ...state, messages }, outputs }
  const rules = (state.script.on_message ?? []).filter((rule) => rule.nth === undefined || rule.nth === messages)
  const added = rules.flatMap((rule) => rule.actions.map((action) => ({ action, cause: { data, message } })))
  const next = { ...state, messages, queue: [...state.queue, ...added] }
  return next.waiting ? { state: next, outputs } : play(next, outputs)
}

/** Runs the queue until it is empty, a wait holds it, or the peer ends the connection. */
function play(state: SocketPeerState, before: SocketOutput[]): Stepped<SocketPeerState, SocketOutput> {
  const outputs = [...before]
  for (const [index, { action, cause }] of state.queue.entries()) {
    switch (action.do) {
      case 'wait':
        outputs.push({ type: 'wait', ticks: action.ticks })
        return { state: { ...state, queue: state.queue.slice(index + 1), waiting: true }, outputs }
      case 'send':
        for (const data of payloads(action.message)) outputs.push(...send({ data, message: summarize(data) }))
        break
      case 'echo':
        if (cause !== null) outputs.push(...send(cause))
        break
      case 'close': {
        const close = { code: action.code, reason: action.reason ?? '' }
        outputs.push(record({ kind: 'peer.close_sent', ...close }), { type: 'close', ...close })
        return { state: over(state, 'closing'), outputs }
      }
      case 'terminate':
        outputs.push(record({ kind: 'peer.terminated' }), { type: 'terminate' })
        return { state: over(state, 'terminated'), outputs }
    }
  }
  return { state: { ...state, queue: [] }, outputs }
}

const over = (state: SocketPeerState, phase: SocketPeerState['phase']): SocketPeerState => ({ ...state, phase, queue: [], waiting: false })
const send = ({ data, message }: Message): SocketOutput[] => [record({ kind: 'peer.sent', message }), { type: 'send', data }]
/** A record comes before the act it tells of: whatever the act sets off is recorded after it. */
const record = (event: PeerEventDraft): SocketOutput => ({ type: 'record', event })
