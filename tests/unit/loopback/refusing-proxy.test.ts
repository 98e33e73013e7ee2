import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { attribute, startRefusingProxy, type RefusedAttempt, type RefusingProxy } from '../../../src/loopback/refusing-proxy.js'

let proxy: RefusingProxy
beforeEach(async () => {
  proxy = await startRefusingProxy()
})
afterEach(() => proxy.close())

/** Sends bytes as they are; the proxy must answer and hang up. */
async function raw(request: string): Promise<string> {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (data: Buffer) => (answer += data.toString()))
  socket.on('error', () => {})
  socket.write(request)
  await once(socket, 'close')
  return answer
}
const asked = (): Array<Omit<RefusedAttempt, 'at_ms'>> => proxy.refused.map(({ host, port, method }) => ({ host, port, method }))

describe('T0 virtual_transport_surface: the refusing proxy', () => {
  it.each([
    ['GET http://Name.Invalid/x HTTP/1.1\r\nHost: name.invalid\r\n\r\n', { host: 'name.invalid', port: 80, method: 'GET' }],
    ['GET http://name.invalid:8080/ HTTP/1.1\r\nHost: name.invalid\r\n\r\n', { host: 'name.invalid', port: 8080, method: 'GET' }],
    ['POST http://name.invalid/ HTTP/1.1\r\nHost: name.invalid\r\nContent-Length: 2\r\n\r\nab', { host: 'name.invalid', port: 80, method: 'POST' }],
    ['CONNECT name.invalid:443 HTTP/1.1\r\nHost: name.invalid:443\r\n\r\n', { host: 'name.invalid', port: 443, method: 'CONNECT' }],
    ['CONNECT name.invalid:80 HTTP/1.1\r\nHost: name.invalid:80\r\n\r\n', { host: 'name.invalid', port: 80, method: 'CONNECT' }],
    ['CONNECT [2001:db8::1]:8443 HTTP/1.1\r\nHost: x\r\n\r\n', { host: '2001:db8::1', port: 8443, method: 'CONNECT' }],
    ['GET ws://name.invalid/ HTTP/1.1\r\nHost: name.invalid\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', { host: 'name.invalid', port: 80, method: 'GET' }],
    ['GET / HTTP/1.1\r\nHost: name.invalid:81\r\n\r\n', { host: 'name.invalid', port: 81, method: 'GET' }],
  ])('answers 403 and keeps what %j asked for', async (request, attempt) => {
    expect(await raw(request)).toMatch(/^HTTP\/1\.1 403 /)
    expect(asked()).toEqual([attempt])
  })

  it('drops what is not HTTP, keeps nothing of it and goes on', async () => {
    await raw('\x16\x03\x01 no such thing\r\n\r\n')
    expect(asked()).toEqual([])
    expect(await raw('GET http://a.invalid/ HTTP/1.1\r\nHost: a\r\n\r\n')).toMatch(/ 403 /)
  })

  it('tells its listeners until they stop listening', async () => {
    const heard: string[] = []
    const stop = proxy.onRefused((attempt) => heard.push(attempt.host))
    await raw('CONNECT one.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n')
    stop()
    await raw('CONNECT two.invalid:443 HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(heard).toEqual(['one.invalid'])
    expect(asked().map(({ host }) => host)).toEqual(['one.invalid', 'two.invalid'])
  })

  it('closes although a client holds its connection', async () => {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
    await once(socket, 'connect')
    await Promise.all([once(socket, 'close'), proxy.close()])
  })
})

describe('T0 virtual_transport_surface: whose call it was', () => {
  const nobody: ReadonlySet<string> = new Set()

  it.each([
    ['update.googleapis.com', 'chromium', 'browser'],
    ['accounts.google.com', 'chromium', 'browser'],
    ['firefox.settings.services.mozilla.com', 'firefox', 'browser'],
    ['detectportal.firefox.com', 'firefox', 'browser'],
    ['mozilla.org', 'firefox', 'browser'],
    ['update.googleapis.com', 'firefox', 'unattributed'],
    ['notmozilla.org', 'firefox', 'unattributed'],
    ['mozilla.org.example.com', 'firefox', 'unattributed'],
    ['name.invalid', 'chromium', 'unattributed'],
    ['accounts.google.com', 'webkit', 'unattributed'],
  ] as const)('%s in %s: %s', (host, engine, whose) => {
    expect(attribute(host, engine, nobody)).toBe(whose)
  })

  it("is the subject's when a page witness recorded the host, though the browser calls it too", () => {
    expect(attribute('Accounts.google.com', 'chromium', new Set(['accounts.google.com']))).toBe('subject')
    expect(attribute('name.invalid', 'webkit', new Set(['name.invalid']))).toBe('subject')
  })
})

describe('T0 browser_surface: what the proxy hands on', () => {
  it('the run\'s own insecure name, by each way an engine takes, headers and all; another port of that name is refused', async () => {
    const server = createServer((request, answer) => answer.end(`${request.method} ${request.url} ${request.headers.host}`))
    server.on('upgrade', (request, socket) => socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${request.url} ${request.headers.host}`))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await proxy.close()
    proxy = await startRefusingProxy((host, asked) => host === 'own.invalid' && asked === port)
    const own = `own.invalid:${port}`
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
    expect(await raw(`GET http://${own}/a?b HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`)).toContain(`GET /a?b ${own}`)
    expect(await raw(`GET http://${own}/c HTTP/1.1\r\nHost: ${own}\r\n${upgrade}\r\n`)).toContain(`101 Switching Protocols\r\n\r\n/c ${own}`)
    expect(await raw(`CONNECT ${own} HTTP/1.1\r\nHost: ${own}\r\n\r\nGET /d HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`)).toContain(`GET /d ${own}`)
    expect(proxy.refused).toEqual([])
    expect(await raw(`CONNECT own.invalid:${port + 1} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/ 403 /)
    server.closeAllConnections()
    server.close()
  })
})
