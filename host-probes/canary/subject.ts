import type { Subject } from '../../src/contract/subject.js'

/**
 * Runs in the place of the subject while canaries are out, in an artifact of its own: an engine is judged, not the package,
 * which may not even load there. It has channels only.
 */
const standIn: Subject = {
  name: 'canary', version: '1.0.0', requires: ['websocket'], host_roles: ['dedicated_worker'], bridge: false,
  start: () => Promise.resolve({
    sockets: {
      open(url, protocols, events) {
        const socket = new globalThis.WebSocket(url, protocols)
        socket.binaryType = 'arraybuffer'
        socket.onopen = () => events.open(socket.protocol)
        socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => events.message(typeof data === 'string' ? data : new Uint8Array(data))
        socket.onerror = () => events.error()
        socket.onclose = ({ code, reason, wasClean }) => events.close(code, reason, wasClean)
        return { send: (data) => socket.send(data as string), close: (code, reason) => socket.close(code, reason) }
      },
    },
    shutdown: () => Promise.resolve(),
  }),
}
export default standIn
