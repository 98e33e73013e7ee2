import type { WebSocket } from 'ws'
import { LanecheckError } from '../contract/errors.js'
import { AgentMessageSchema, type AgentCommand, type AgentMessage } from './agent-protocol.js'
import { readControl } from './control.js'

/** The channel to the page of one slot. */
export interface AgentChannel {
  /** Throws `realm_lost` when the page is not connected. */
  send(command: AgentCommand): void
  /** Resolves when the page's control connection is there. `limit_ms`: then rejects with `realm_lost`. */
  connected(limit_ms: number): Promise<void>
  onMessage(callback: (message: AgentMessage) => void): void
}

export interface AgentDoor {
  channel: AgentChannel
  /** Takes a new control connection; a reloaded page replaces the one before. */
  open(socket: WebSocket): void
  close(): void
}

export function createAgent(slot: number, refused: (what: string) => void): AgentDoor {
  const callbacks: Array<(message: AgentMessage) => void> = []
  const waiting = new Set<(there: boolean) => void>()
  let current: WebSocket | null = null
  const answerWaiting = (there: boolean): void => {
    for (const answer of waiting) answer(there)
  }
  const lost = (): LanecheckError => new LanecheckError('realm_lost', `the page of slot ${slot} is not connected`)
  return {
    channel: {
      send(command) {
        if (current === null) throw lost()
        current.send(JSON.stringify(command))
      },
      connected: (limit_ms) => new Promise((resolve, reject) => {
        if (current !== null) return resolve()
        const answer = (there: boolean): void => {
          waiting.delete(answer)
          clearTimeout(timer)
          if (there) resolve()
          else reject(lost())
        }
        const timer = setTimeout(answer, limit_ms, false)
        waiting.add(answer)
      }),
      onMessage: (callback) => void callbacks.push(callback),
    },
    open(socket) {
      current?.terminate()
      current = socket
      readControl(socket, AgentMessageSchema, (message) => {
        if (socket === current) for (const callback of callbacks) callback(message)
      }, refused)
      socket.on('close', () => {
        if (socket === current) current = null
      })
      answerWaiting(true)
    },
    close() {
      current?.terminate()
      answerWaiting(false)
    },
  }
}
