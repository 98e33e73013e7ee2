import type { WebSocket } from 'ws'
import type { BridgeReason } from '../contract/bridge-words.js'
import type { ServerLine } from '../contract/text-line.js'

/** A WebSocket as a line of text; a binary message or one that is too long ends it. */
export function socketLine(socket: WebSocket): ServerLine {
  let why: BridgeReason | '' = ''
  const line: ServerLine = {
    carrier: 'websocket', onmessage: null, onclose: null,
    send: (text) => { if (socket.readyState === socket.OPEN) socket.send(text) },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  }
  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(1003, 'bad_frame' satisfies BridgeReason)
    else line.onmessage?.(data.toString())
  })
  // A line that nobody listens to must not bring the run down.
  socket.on('error', (error: NodeJS.ErrnoException) => { if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') why = 'message_too_large' })
  socket.on('close', (code, reason) => line.onclose?.(code, why || reason.toString()))
  return line
}
