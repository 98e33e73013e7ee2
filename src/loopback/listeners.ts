import type { AddressInfo, Server, Socket } from 'node:net'
import { LanecheckError } from '../contract/errors.js'
import { HIGHEST_BLOCKED_PORT } from './refused-origins.js'

/** Longest time the servers are given to close, in ms; their connections are destroyed at once. */
const CLOSE_LIMIT_MS = 1500

/** Binds a server to 127.0.0.1: at `port`, or at a free one that browsers do not block. Throws `port_busy`. */
export async function listen(server: Server, port: number | null): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const bound = await bind(server, port ?? 0)
    if (port !== null || bound > HIGHEST_BLOCKED_PORT) return bound
    await new Promise((resolve) => server.close(resolve))
    if (tries === 20) throw new LanecheckError('port_busy', 'no free port on 127.0.0.1 that browsers do not block')
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const message = `port ${port} on 127.0.0.1 cannot be had: ${cause.code ?? cause.message}`
      reject(new LanecheckError('port_busy', message, { cause, hint: 'name another port, or none to take a free one' }))
    }
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Follows every connection of a server, upgraded ones too, so that all can be ended at once. */
export function trackConnections(server: Server, sockets: Set<Socket>): void {
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
}

/** Ends all connections and closes the servers; bounded. */
export async function closeServers(servers: readonly Server[], sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))))
  for (const socket of sockets) socket.destroy()
  let timer: NodeJS.Timeout | undefined
  await Promise.race([closed, new Promise((resolve) => { timer = setTimeout(resolve, CLOSE_LIMIT_MS) })])
  clearTimeout(timer)
}
