import { createServer, request, type ClientRequestArgs } from 'node:http'
import { connect, createServer as createTlsServer } from 'node:tls'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { closeServers, trackConnections } from '../../loopback/listeners.js'
import { failed, ok, type Check } from '../check.js'
import type { Socket } from 'node:net'

const OUTSIDE = 'lanecheck-doctor.invalid'

/** The status of an answer, whatever its body. */
async function statusOf(args: ClientRequestArgs, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...args, host: '127.0.0.1', agent: false, signal })
    const settle = (status: number | undefined): void => {
      asked.destroy()
      resolve(status ?? 0)
    }
    asked.once('response', ({ statusCode }) => settle(statusCode))
    asked.once('connect', ({ statusCode }) => settle(statusCode))
    asked.once('error', reject)
    asked.end()
  })
}

export const loopback: Check = {
  check: 'loopback', spoils: 3, limit_ms: 5_000,
  run: async ({ listen }, _, signal) => {
    const sockets = new Set<Socket>()
    const server = createServer((__, answer) => answer.end('lanecheck'))
    trackConnections(server, sockets)
    try {
      const port = await listen(server, null)
      const status = await statusOf({ port, path: '/' }, signal)
      return status === 200 ? ok('a server on 127.0.0.1 can be bound and reached') : failed(`a server on 127.0.0.1 answered ${status} instead of 200: something stands between`, 'unset http_proxy HTTP_PROXY   # or have 127.0.0.1 go directly')
    } catch (error) {
      return failed(`no server can be bound and reached on 127.0.0.1: ${said(error)}`, 'ip link set lo up   # in a container: allow loopback sockets')
    } finally {
      await closeServers([server], sockets)
    }
  },
}

export const proxy: Check = {
  check: 'proxy', spoils: 3, limit_ms: 5_000,
  run: async ({ startProxy }, _, signal) => {
    const wall = await startProxy()
    try {
      const port = Number(new URL(wall.url).port)
      const plain = await statusOf({ port, path: `http://${OUTSIDE}/` }, signal)
      const tunnel = await statusOf({ port, method: 'CONNECT', path: `${OUTSIDE}:443` }, signal)
      const logged = wall.refused.filter(({ host }) => host === OUTSIDE).length
      return plain === 403 && tunnel === 403 && logged === 2
        ? ok('the wall refuses plain and tunnelled calls to the outside, and logs them')
        : failed(`the wall answered ${plain} and ${tunnel} instead of 403, and logged ${logged} of 2 calls`, 'npm install lanecheck   # anew; if it stays so, report it with lanecheck doctor --json')
    } finally {
      await wall.close()
    }
  },
}

export const certificate: Check = {
  check: 'certificate', spoils: 70, limit_ms: 10_000,
  run: async ({ makeCertificate, listen }, _, signal) => {
    const { key, cert } = await makeCertificate()
    const sockets = new Set<Socket>()
    const server = createTlsServer({ key, cert })
    trackConnections(server, sockets)
    // What fails is told by the client's side.
    server.on('tlsClientError', () => undefined)
    try {
      await listen(server, null)
      const client = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca: cert })
      signal.addEventListener('abort', () => client.destroy(new Error('no handshake in time')), { once: true })
      await once(client, 'secureConnect')
      client.destroy()
      return ok('a certificate for 127.0.0.1 can be made and is believed')
    } finally {
      await closeServers([server], sockets)
    }
  },
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))
