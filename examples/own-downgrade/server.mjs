import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { packed, unpacked } from './package/words.js'

// The package's own server: for each realm that is connected, it sets the timers and opens the sockets that the realm asks for.
const server = createServer((request, response) => {
  response.writeHead(request.url === '/health' ? 204 : 404).end()
})
const realms = new WebSocketServer({ server, path: '/work' })

realms.on('connection', (realm) => {
  const timers = new Map()
  const sockets = new Map()
  const say = (id, what, rest = {}) => {
    if (realm.readyState === WebSocket.OPEN) realm.send(JSON.stringify({ id, what, ...rest }))
  }
  const clear = (id) => {
    clearTimeout(timers.get(id))
    timers.delete(id)
  }
  const work = {
    set({ id, ms, every }) {
      // A browser reads a delay as a signed number of 32 bits; Node takes what does not fit for 1.
      const delay = Math.max(0, ms | 0)
      timers.set(id, every ? setInterval(say, delay, id, 'fired') : setTimeout(say, delay, id, 'fired'))
    },
    clear: ({ id }) => clear(id),
    open({ id, url, protocols }) {
      const socket = new WebSocket(url, protocols)
      sockets.set(id, socket)
      socket.addEventListener('open', () => say(id, 'open', { protocol: socket.protocol }))
      socket.on('message', (data, binary) => say(id, 'message', { data: packed(binary ? new Uint8Array(data) : data.toString()) }))
      socket.addEventListener('error', () => say(id, 'error'))
      socket.addEventListener('close', ({ code, reason, wasClean }) => {
        sockets.delete(id)
        say(id, 'close', { code, reason, clean: wasClean })
      })
    },
    send: ({ id, data }) => sockets.get(id)?.send(unpacked(data)),
    close: ({ id, code, reason }) => sockets.get(id)?.close(code, reason),
    async shutdown() {
      await end()
      say(0, 'gone')
    },
  }
  const end = async () => {
    ;[...timers.keys()].forEach(clear)
    await Promise.all([...sockets.values()].map((socket) => new Promise((closed) => {
      socket.addEventListener('close', closed)
      socket.close(1000)
    })))
  }
  realm.on('message', (text) => {
    for (const word of JSON.parse(text)) void work[word.do](word)
  })
  realm.on('close', end)
  say(0, 'ready')
})

server.listen(Number(process.env.LANECHECK_SERVER_PORT), process.env.LANECHECK_SERVER_HOST)
