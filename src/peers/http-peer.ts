import { payloads } from '../contract/message.js'
import type { HttpAction, HttpExchangeScript } from '../contract/scenario.js'
import { summarize } from '../contract/summary.js'
import type { HttpInput, HttpOutput, PeerEventDraft, Stepped } from './machine-types.js'

/** `held`: what the queue waits for. `broken`: destroyed by the peer or broken off by the client. */
export interface HttpPeerState {
  phase: 'idle' | 'answering' | 'ended' | 'broken'
  queue: readonly HttpAction[]
  held: 'no' | 'ticks' | 'request_body'
  /** True once the request's body has come in whole. */
  body_came: boolean
}

const encoder = new TextEncoder()

/** The peer's side of an HTTP exchange before its request. */
export function startHttpPeer(script: HttpExchangeScript): HttpPeerState {
  return { phase: 'idle', queue: script.actions, held: 'no', body_came: false }
}

/** Plays one input; the state given is left as it was. Inputs that the phase does not allow give no output. */
export function stepHttpPeer(state: HttpPeerState, input: HttpInput): Stepped<HttpPeerState, HttpOutput> {
  switch (input.type) {
    case 'request': {
      if (state.phase !== 'idle') return { state, outputs: [] }
      const { method, path, http_version, transport, last_event_id } = input
      return play({ ...state, phase: 'answering' }, [record({ kind: 'peer.request', method, path, http_version, transport, last_event_id })])
    }
    case 'body':
      return takeBody(state, input.data)
    case 'elapsed':
      return state.held === 'ticks' ? play({ ...state, held: 'no' }, []) : { state, outputs: [] }
    case 'client_gone':
      return state.phase === 'answering' ? { state: over(state, 'broken'), outputs: [record({ kind: 'peer.aborted' })] } : { state, outputs: [] }
  }
}

/** A body may still come in after an answer that did not wait for it. */
function takeBody(state: HttpPeerState, data: Uint8Array): Stepped<HttpPeerState, HttpOutput> {
  if (state.body_came || (state.phase !== 'answering' && state.phase !== 'ended')) return { state, outputs: [] }
  const outputs = [record({ kind: 'peer.request_body', body: summarize(data) })]
  const next = { ...state, body_came: true }
  return next.held === 'request_body' ? play({ ...next, held: 'no' }, outputs) : { state: next, outputs }
}

/** Runs the queue until it is empty, something holds it, or the answer is over. */
function play(state: HttpPeerState, before: HttpOutput[]): Stepped<HttpPeerState, HttpOutput> {
  const outputs = [...before]
  for (const [index, action] of state.queue.entries()) {
    const held = (by: HttpPeerState['held']) => ({ state: { ...state, queue: state.queue.slice(index + 1), held: by }, outputs })
    switch (action.do) {
      case 'wait':
        outputs.push({ type: 'wait', ticks: action.ticks })
        return held('ticks')
      case 'await_body':
        if (!state.body_came) return held('request_body')
        break
      case 'head':
        outputs.push(record({ kind: 'peer.head_sent', status: action.status }), { type: 'head', status: action.status, headers: { ...action.headers } })
        break
      case 'body':
        for (const payload of payloads(action.message)) outputs.push(...writeBody(payload))
        break
      case 'raw':
        outputs.push(record({ kind: 'peer.raw_sent', bytes: encoder.encode(action.text).length }), { type: 'raw', text: action.text })
        break
      case 'end':
        outputs.push(record({ kind: 'peer.ended' }), { type: 'end' })
        return { state: over(state, 'ended'), outputs }
      case 'destroy':
        outputs.push(record({ kind: 'peer.destroyed' }), { type: 'destroy' })
        return { state: over(state, 'broken'), outputs }
    }
  }
  return { state: { ...state, queue: [] }, outputs }
}

function writeBody(payload: string | Uint8Array): HttpOutput[] {
  const data = typeof payload === 'string' ? encoder.encode(payload) : payload
  return [record({ kind: 'peer.body_sent', bytes: data.length }), { type: 'body', data }]
}

const over = (state: HttpPeerState, phase: HttpPeerState['phase']): HttpPeerState => ({ ...state, phase, queue: [], held: 'no' })
/** A record comes before the act it tells of: whatever the act sets off is recorded after it. */
const record = (event: PeerEventDraft): HttpOutput => ({ type: 'record', event })
