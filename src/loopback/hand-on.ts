import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** Hands a proxied request on to a port of 127.0.0.1, headers and all; what breaks off on one side is broken off on the other. */
export function handOn(request: IncomingMessage, answer: ServerResponse, port: number): void {
  const { 'proxy-connection': _, ...kept } = request.headers
  const headers = { ...kept, connection: 'close' }
  const onward = ask({ host: '127.0.0.1', port, method: request.method, path: pathOf(request.url ?? ''), headers, agent: false })
  const breakOff = (): void => void request.socket.destroy()
  onward.on('error', breakOff)
  onward.on('response', (response) => {
    answer.shouldKeepAlive = false
    answer.writeHead(response.statusCode ?? 502, response.statusMessage, response.headers)
    response.on('error', breakOff)
    response.on('aborted', breakOff)
    response.pipe(answer)
  })
  answer.on('close', () => onward.destroy())
  request.pipe(onward)
}

/** Joins the client's connection to a port of 127.0.0.1: for `CONNECT`, or for a handshake whose own first lines go along. */
export function tunnel(request: IncomingMessage, socket: Duplex, head: Buffer, port: number): void {
  const onward = connect(port, '127.0.0.1')
  onward.on('connect', () => {
    if (request.method === 'CONNECT') socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    else onward.write(firstLines(request))
    onward.write(head)
    onward.pipe(socket)
    socket.pipe(onward)
  })
  const end = (): void => {
    onward.destroy()
    socket.destroy()
  }
  for (const side of [onward, socket]) side.on('error', end).on('close', end)
}

const pathOf = (target: string): string => (URL.canParse(target) ? target.slice(new URL(target).origin.length) || '/' : target)

function firstLines({ method = 'GET', url = '/', rawHeaders }: IncomingMessage): string {
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, at) => `${rawHeaders[2 * at]}: ${rawHeaders[2 * at + 1]}\r\n`)
  return `${method} ${pathOf(url)} HTTP/1.1\r\n${headers.filter((line) => !/^proxy-/i.test(line)).join('')}\r\n`
}
