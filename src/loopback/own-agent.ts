import type { WebSocket } from 'ws'
import { AgentMessageSchema, type AgentCommand } from './agent-protocol.js'
import { readControl } from './control.js'

/** The page of one attempt that makes its worker: for pages that no slot keeps open. */
export interface OwnAgent {
  open(socket: WebSocket): void
  /** Has the page let its worker go. */
  close(): void
}

/** Has the page spawn as soon as it is ready. */
export function ownAgent(spawn: Extract<AgentCommand, { type: 'spawn' }>, failed: (message: string) => void, refused: (what: string) => void): OwnAgent {
  let current: WebSocket | null = null
  const send = (command: AgentCommand): void => current?.send(JSON.stringify(command))
  return {
    open(socket) {
      current = socket
      readControl(socket, AgentMessageSchema, (message) => {
        if (message.type === 'ready') send(spawn)
        if (message.type === 'error') failed(message.message)
      }, refused)
    },
    close() {
      send({ type: 'reap', attempt: spawn.attempt })
      current?.close()
      current = null
    },
  }
}
