import { payloads, type MessageSpec } from '../../src/contract/message.js'
import { summarize } from '../../src/contract/summary.js'
import { record } from '../trace.js'
import { happened, of, type Context, type ExchangeState, type StreamState } from './context.js'
import { absent } from './families.js'

export interface RequestStep {
  exchange: string
  peer: string
  path?: string | undefined
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | undefined
  headers?: Record<string, string> | undefined
  body?: MessageSpec | undefined
  redirect?: 'follow' | 'error' | undefined
}

export function sendRequest(context: Context, step: RequestStep): void {
  const requests = context.runtime.requests ?? absent('requests')
  const id = step.exchange
  const state: ExchangeState = { exchange: null, head: false, bytes: 0, ended: false }
  const chunks: Uint8Array[] = []
  context.exchanges.set(id, state)
  const finish = (): void => {
    state.ended = true
    happened(context)
  }
  record({ witness: 'subject', kind: 'exchange.sent', id })
  const plan = { method: step.method ?? 'GET', headers: step.headers ?? {}, body: step.body === undefined ? null : payloads(step.body)[0]!, redirect: step.redirect ?? 'follow' } as const
  state.exchange = requests.send(context.addressOf(step.peer, id, 'http', step.path), plan, {
    head: ({ status, redirected }) => {
      state.head = true
      record({ witness: 'subject', kind: 'exchange.head', id, status, redirected })
      happened(context)
    },
    chunk: (bytes) => {
      chunks.push(bytes.slice())
      state.bytes += bytes.byteLength
      record({ witness: 'subject', kind: 'exchange.chunk', id, bytes: bytes.byteLength })
      happened(context)
    },
    end: () => {
      record({ witness: 'subject', kind: 'exchange.completed', id, body: summarize(joined(chunks)) })
      finish()
    },
    error: (name) => {
      record({ witness: 'subject', kind: 'exchange.failed', id, error: name })
      finish()
    },
    cancelled: () => {
      record({ witness: 'subject', kind: 'exchange.cancelled', id })
      finish()
    },
  })
}

export function cancelRequest(context: Context, exchange: string): void {
  const state = of(context.exchanges, exchange)
  if (!state.ended) record({ witness: 'subject', kind: 'exchange.cancelling', id: exchange })
  state.exchange!.cancel()
}

export function openStream(context: Context, step: { stream: string; peer: string }): void {
  const events = context.runtime.events ?? absent('events')
  const id = step.stream
  const state: StreamState = { stream: null, events: 0, ended: false }
  context.streams.set(id, state)
  record({ witness: 'subject', kind: 'stream.opening', id })
  state.stream = events.open(context.addressOf(step.peer, id, 'http'), {
    open: () => record({ witness: 'subject', kind: 'stream.open', id }),
    message: (event) => {
      state.events += 1
      record({ witness: 'subject', kind: 'stream.event', id, event_id: event.id, event: event.event, data: event.data })
      happened(context)
    },
    error: (final) => {
      record({ witness: 'subject', kind: 'stream.error', id, final })
      if (final) state.ended = true
      happened(context)
    },
  })
}

export function closeStream(context: Context, stream: string): void {
  const state = of(context.streams, stream)
  state.ended = true
  state.stream!.close()
  record({ witness: 'subject', kind: 'stream.closed', id: stream })
  happened(context)
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
