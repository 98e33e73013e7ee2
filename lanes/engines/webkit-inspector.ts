import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { webkit, type Browser } from 'playwright'

const POLL_MS = 25
const ASK_LIMIT_MS = 1_000

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = await listen(createServer())
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Connects Playwright to the inspector server of a stock WebKit.
 * Playwright asks `<address>/json` for the sockets of the pages; WebKit lists them as HTML, so a small server in between translates.
 */
export async function connectInspector(port: number, limit_ms: number, stop: AbortSignal): Promise<Browser> {
  const end = Date.now() + limit_ms
  const socket = await firstPageSocket(port, stop)
  const shim = await listen(createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
    answer.end(JSON.stringify([{ webSocketDebuggerUrl: socket }]))
  }))
  try {
    const address = shim.address() as AddressInfo
    return await webkit.connectOverCDP(`http://127.0.0.1:${address.port}`, { timeout: Math.max(1, end - Date.now()) })
  } finally {
    shim.close()
    shim.closeAllConnections()
  }
}

async function firstPageSocket(port: number, stop: AbortSignal): Promise<string> {
  for (;;) {
    const path = pageSocketPath(await listing(port, stop))
    if (path !== null) return `ws://127.0.0.1:${port}${path}`
    await sleep(POLL_MS, undefined, { signal: stop })
  }
}

/** The path of the first page's socket in the inspector's HTML list, or null while there is none. */
export function pageSocketPath(html: string): string | null {
  return /\/socket\/\d+\/\d+\/WebPage\b/.exec(html)?.[0] ?? null
}

/** Empty while the server does not answer yet. */
async function listing(port: number, stop: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.any([stop, AbortSignal.timeout(ASK_LIMIT_MS)]) })
    return await answer.text()
  } catch {
    return ''
  }
}

function listen(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
