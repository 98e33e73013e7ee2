import { invalidState } from './errors.js'

/** The package where it is at home: on the host's own timers and WebSocket. */
export function runHere() {
  const timers = new Set()
  const sockets = new Set()
  const clear = (timer) => {
    timers.delete(timer)
    clearTimeout(timer)
  }
  const set = (ms, fire) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      fire()
    }, ms)
    timers.add(timer)
    return timer
  }
  return {
    timers: {
      set, clear,
      interval(ms, fire) {
        const timer = setInterval(fire, ms)
        timers.add(timer)
        return timer
      },
    },
    sockets: { open: (url, protocols, events) => openHere(sockets, url, protocols, events) },
    async shutdown() {
      timers.forEach(clear)
      await Promise.all([...sockets].map((socket) => new Promise((closed) => {
        socket.addEventListener('close', closed)
        socket.close(1000)
      })))
    },
  }
}

function openHere(sockets, url, protocols, events) {
  const socket = new WebSocket(url, protocols)
  socket.binaryType = 'arraybuffer'
  sockets.add(socket)
  socket.addEventListener('open', () => events.open(socket.protocol))
  socket.addEventListener('message', ({ data }) => events.message(typeof data === 'string' ? data : new Uint8Array(data)))
  socket.addEventListener('error', () => events.error())
  socket.addEventListener('close', ({ code, reason, wasClean }) => {
    sockets.delete(socket)
    events.close(code, reason, wasClean)
  })
  return {
    send(data) {
      if (socket.readyState !== WebSocket.OPEN) throw invalidState('the channel is not open')
      socket.send(data)
    },
    close: (code, reason) => (code === undefined ? socket.close() : socket.close(code, reason)),
  }
}
