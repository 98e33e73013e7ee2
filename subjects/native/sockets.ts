import type { SubjectSocket, SubjectSocketEvents, SubjectSockets } from '../../src/contract/subject.js'
import { invalidState, type Lifetime } from './lifetime.js'

/** The host's own WebSocket. */
export function nativeSockets(lifetime: Lifetime): SubjectSockets & { closeAll(): void } {
  const live = new Set<WebSocket>()
  return {
    open(url, protocols, events) {
      lifetime.check()
      const socket = new globalThis.WebSocket(url, protocols)
      socket.binaryType = 'arraybuffer'
      const leave = lifetime.enter()
      live.add(socket)
      listen(socket, events, () => {
        live.delete(socket)
        leave()
      })
      return handleOf(socket)
    },
    closeAll: () => live.forEach((socket) => socket.close(1000)),
  }
}

function listen(socket: WebSocket, events: SubjectSocketEvents, closed: () => void): void {
  socket.addEventListener('open', () => events.open(socket.protocol))
  socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    events.message(typeof data === 'string' ? data : new Uint8Array(data))
  })
  socket.addEventListener('error', () => events.error())
  socket.addEventListener('close', ({ code, reason, wasClean }) => {
    try {
      events.close(code, reason, wasClean)
    } finally {
      closed()
    }
  })
}

const handleOf = (socket: WebSocket): SubjectSocket => ({
  send(data) {
    // By itself it drops what is sent after `close`.
    if (socket.readyState !== 1) throw invalidState('the channel is not open')
    socket.send(data as string | Uint8Array<ArrayBuffer>)
  },
  close(code, reason) {
    if (code === undefined) socket.close()
    else socket.close(code, reason)
  },
})
