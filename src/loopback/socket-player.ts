import type { WebSocket } from 'ws'
import type { SocketConnectionScript } from '../contract/scenario.js'
import { startSocketPeer, stepSocketPeer } from '../peers/machine.js'
import type { SocketInput, SocketOutput } from '../peers/machine-types.js'
import { endConnection, rejectHandshake, type Arrival } from './answers.js'
import { errorText, type Player, type PlayerContext } from './player.js'
import type { Upgrade } from './upgrade.js'

/** From this many outputs on, their frames go out in one write. */
const CORK_FROM = 8

/** Plays one WebSocket connection of a peer, from its handshake to its end. */
export function playSocket(script: SocketConnectionScript, arrival: Arrival, upgrade: Upgrade, context: PlayerContext): Player {
  const raw = arrival.socket
  let state = startSocketPeer(script)
  let webSocket: WebSocket | null = null
  let timer: NodeJS.Timeout | undefined
  let ended = false

  const finish = (): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    context.over()
  }
  const feed = (input: SocketInput): void => {
    if (ended) return
    const next = stepSocketPeer(state, input)
    state = next.state
    if (next.outputs.length < CORK_FROM) perform(next.outputs)
    else {
      raw.cork()
      perform(next.outputs)
      raw.uncork()
    }
  }
  const perform = (outputs: SocketOutput[]): void => {
    for (const output of outputs) {
      if (ended) return
      try {
        act(output)
      } catch (error) {
        context.refused(`peer ${output.type}: ${errorText(error)}`)
        raw.destroy()
      }
    }
  }
  const act = (output: SocketOutput): void => {
    switch (output.type) {
      case 'record': return context.record(output.event)
      case 'accept': return accept(output.protocol)
      case 'reject': return rejectHandshake(raw, output.status)
      case 'send': return webSocket?.send(output.data)
      case 'close': return webSocket?.close(output.code, output.reason)
      // Not ws' own terminate(): that would drop messages sent before it and not yet written out.
      case 'terminate': return endConnection(raw)
      case 'wait':
        timer = setTimeout(feed, output.ticks * context.tick_ms, { type: 'elapsed' })
    }
  }
  const accept = (protocol: string): void => {
    const opened = upgrade(arrival, protocol)
    if (opened === null) return context.refused('peer accept: not a valid WebSocket handshake')
    webSocket = opened
    opened.on('message', (data, isBinary) => {
      const bytes = data as Buffer
      feed({ type: 'message', data: isBinary ? bytes : bytes.toString() })
    })
    opened.on('error', () => {})
    opened.on('close', (code, reason) => {
      feed({ type: 'closed', code, reason: reason.toString(), clean: code !== 1006 })
      finish()
    })
  }

  raw.on('error', () => {})
  raw.on('close', () => {
    if (webSocket !== null) return
    feed({ type: 'closed', code: 1006, reason: '', clean: false })
    finish()
  })
  feed({ type: 'handshake', protocols: offeredProtocols(arrival) })
  // Nobody reads an unanswered handshake's connection, so that its end would go unseen.
  if (webSocket === null) raw.on('end', () => raw.destroy()).resume()
  return {
    end() {
      finish()
      raw.destroy()
    },
  }
}

const offeredProtocols = ({ request }: Arrival): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim()).filter((protocol) => protocol !== '')
