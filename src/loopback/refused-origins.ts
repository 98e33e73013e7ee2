import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { LanecheckError } from '../contract/errors.js'

const HOST = '127.0.0.1'
/** The highest port that browsers block (the Fetch standard's bad ports). */
export const HIGHEST_BLOCKED_PORT = 10_080
const CHECK_LIMIT_MS = 2000

export interface RefusedOrigins { origins: string[]; release(): void }

/**
 * Holds `count` origins at which connecting is refused for as long as they are held.
 * Each port is the near end of a connection of our own: taken, so the system gives it to nobody else, and not listening itself.
 * Throws `port_busy`.
 */
export async function holdRefusedOrigins(count: number): Promise<RefusedOrigins> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const anchor = createServer((socket) => void keep(socket))
  const release = (): void => {
    for (const socket of sockets) socket.destroy()
    anchor.close()
  }
  try {
    await new Promise<void>((resolve, reject) => anchor.once('error', reject).listen(0, HOST, resolve))
    const origins: string[] = []
    for (let tries = 0; origins.length < count; tries += 1) {
      if (tries > count + 20) throw new Error('no suitable port')
      const port = await holdPort((anchor.address() as AddressInfo).port, keep)
      if (port > HIGHEST_BLOCKED_PORT && await refuses(port)) origins.push(`http://${HOST}:${port}`)
    }
    return { origins, release }
  } catch (cause) {
    release()
    throw new LanecheckError('port_busy', `no port on ${HOST} could be kept free of listeners`, { cause })
  }
}

function holdPort(anchorPort: number, keep: (socket: Socket) => Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = keep(connect({ host: HOST, port: anchorPort, localAddress: HOST }))
    socket.once('error', reject).once('connect', () => resolve(socket.localPort ?? 0))
  })
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port })
    const done = (refused: boolean): void => {
      socket.destroy()
      resolve(refused)
    }
    socket.setTimeout(CHECK_LIMIT_MS, () => done(false))
    socket.once('connect', () => done(false)).once('error', (error: NodeJS.ErrnoException) => done(error.code === 'ECONNREFUSED'))
  })
}
