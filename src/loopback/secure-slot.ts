import { createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:https'
import type { Server } from 'node:net'
import type { LoopbackCertificate } from './certificate.js'
import { listen } from './listeners.js'
import { serveSecurely, type SecureServer, type Site } from './serve.js'

/** A peer that lies about the version of HTTP that its model declares; for tests of what finds it. */
export interface Http2Planting { h2_speaks?: 'http/1.1' }

interface SecureSlot {
  certificate: LoopbackCertificate
  planted: Http2Planting | undefined
  site: Site
  origins: ReadonlySet<string>
  /** Null for a free one. */
  port: number | null
  /** Called before the server listens, so that whoever made it can end it. */
  track(server: Server): void
  stranger(what: string): void
  /** Tells the slot's attempts of a client that could not agree on TLS. */
  refused(what: string): void
}

/**
 * Starts a slot's origin over TLS on 127.0.0.1 and gives it: HTTP/2 by ALPN. A client without it is answered in HTTP/1.1,
 * so that its exchange leaves evidence of what was spoken instead of a bare failure. Throws `port_busy`.
 */
export async function startSecureSlot({ certificate: { key, cert }, planted, site, origins, port, track, stranger, refused }: SecureSlot): Promise<string> {
  const server: SecureServer = planted?.h2_speaks === 'http/1.1' ? createTlsServer({ key, cert }) : createSecureServer({ key, cert, allowHTTP1: true })
  track(server)
  server.on('tlsClientError', (error: Error) => refused(`no TLS connection for h2: ${error.message}`))
  const bound = await listen(server, port)
  serveSecurely(server, site, { port: bound, origins, stranger })
  return `https://127.0.0.1:${bound}`
}
