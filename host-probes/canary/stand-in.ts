import type { Subject } from '../../src/contract/subject.js'

/** Runs in the place of the subject while a canary is out: an engine is judged, not the package. It has channels only. */
export const STAND_IN: Pick<Subject, 'start'> = {
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
