import { payloads, type MessageSpec } from '../../src/contract/message.js'
import { summarize } from '../../src/contract/summary.js'
import { record } from '../trace.js'
import { happened, of, type ChannelState, type Context } from './context.js'
import { absent } from './families.js'
import { nameOf } from './errors.js'

export function openChannel(context: Context, step: { channel: string; peer: string; protocols?: string[] | undefined }): void {
  const sockets = context.runtime.sockets ?? absent('sockets')
  const id = step.channel
  const state: ChannelState = { socket: null, opened: false, closed: false, received: 0 }
  context.channels.set(id, state)
  record({ witness: 'subject', kind: 'channel.opening', id })
  state.socket = sockets.open(context.addressOf(step.peer, id, 'ws'), step.protocols ?? [], {
    open: (protocol) => {
      state.opened = true
      record({ witness: 'subject', kind: 'channel.open', id, protocol })
      happened(context)
    },
    message: (data) => {
      state.received += 1
      record({ witness: 'subject', kind: 'channel.message', id, message: summarize(data) })
      happened(context)
    },
    error: () => record({ witness: 'subject', kind: 'channel.error', id }),
    close: (code, reason, clean) => {
      state.closed = true
      record({ witness: 'subject', kind: 'channel.closed', id, code, reason, clean })
      happened(context)
    },
  })
}

export function sendOn(context: Context, step: { channel: string; message: MessageSpec }): void {
  const { socket } = of(context.channels, step.channel)
  for (const data of payloads(step.message)) {
    try {
      socket!.send(data)
      record({ witness: 'subject', kind: 'channel.sent', id: step.channel, message: summarize(data) })
    } catch (error) {
      record({ witness: 'subject', kind: 'channel.send_refused', id: step.channel, error: nameOf(error) })
    }
  }
}

export function closeChannel(context: Context, step: { channel: string; code?: number | undefined; reason?: string | undefined }): void {
  const { socket } = of(context.channels, step.channel)
  record({ witness: 'subject', kind: 'channel.closing', id: step.channel, code: step.code ?? null, reason: step.reason ?? null })
  socket!.close(step.code, step.reason)
}
