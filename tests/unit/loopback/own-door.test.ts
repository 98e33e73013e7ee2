import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { summarize } from '../../../src/contract/summary.js'
import { BridgeEventSchema, type BridgeEvent } from '../../../src/contract/trace.js'
import { openOwnDoor, type OwnDoor } from '../../../src/loopback/own-door.js'

let [events, servers] = [[] as BridgeEvent[], [] as Server[]]
let door: OwnDoor
let at = ''
const listen = async (server: Server): Promise<string> => {
  servers.push(server)
  await new Promise((go) => server.listen(0, '127.0.0.1', () => go(null)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A subject's server, and the door in front of it as the loopback has it. */
beforeEach(async () => {
  events = []
  const own = createServer((request, answer) => {
    if (request.url === '/no') return void answer.writeHead(404).end()
    answer.writeHead(200, { 'x-asked': request.url })
    request.pipe(answer)
  })
  new WebSocketServer({ server: own, handleProtocols: () => 'second' }).on('connection', (socket) => {
    socket.on('message', (data, binary) => (data.toString() === 'leave' ? socket.close(4001, 'as asked') : socket.send(data, { binary })))
  })
  door = openOwnDoor({ origin: await listen(own), session: 's-1', longest: 1_000, lost: new Promise(() => undefined), add: (event) => events.push(BridgeEventSchema.parse(event)) })
  const front = createServer((request, answer) => door.request(request.url!, request, answer, {}))
  front.on('upgrade', (request, socket, head) => door.handshake(request.url!, { request, socket, head }))
  at = await listen(front)
})
afterEach(async () => {
  door.finish()
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => {
    server.close(closed)
    server.closeAllConnections()
  })))
})

const kinds = (): string[] => events.map(({ kind, direction }) => (direction === undefined ? kind.slice(7) : direction))
const opened = (path = '/', protocols: string[] = []): Promise<WebSocket> => new Promise((go, refuse) => {
  const socket = new WebSocket(at.replace('http', 'ws') + path, protocols)
  socket.on('open', () => go(socket)).on('error', refuse)
})
const next = (socket: WebSocket): Promise<string> => new Promise((go) => { socket.once('message', (data, binary) => go(`${binary} ${data.toString()}`)) })

describe('T0 browser_surface: the door to a subject\'s own server', () => {
  it('hands on messages of a WebSocket, its protocol and its close, and keeps each', async () => {
    const socket = await opened('/work?x=1', ['first', 'second'])
    expect(socket.protocol).toBe('second')
    socket.send('hello')
    expect(await next(socket)).toBe('false hello')
    socket.send(Buffer.from('bytes'))
    expect(await next(socket)).toBe('true bytes')
    const closed = new Promise((go) => { socket.on('close', (code, reason) => go(`${code} ${reason.toString()}`)) })
    socket.send('leave')
    expect(await closed).toBe('4001 as asked')
    expect(await door.settled(5_000)).toBe(true)
    door.finish()
    expect(kinds()).toEqual(['offered', 'accepted', 'up', 'down', 'up', 'down', 'up', 'finished'])
    expect(events[2]).toMatchObject({ side: 'server', session: 's-1', carrier: 'websocket', message: summarize('hello') })
    expect(events[5]).toMatchObject({ message: summarize(Buffer.from('bytes')) })
    expect(events.at(-1)).toMatchObject({ kind: 'bridge.finished', events: 5 })
  })

  it('hands on requests and answers', async () => {
    const answer = await fetch(`${at}/ask?x=1`, { method: 'POST', body: 'hello' })
    expect([answer.status, answer.headers.get('x-asked'), await answer.text()]).toEqual([200, '/ask?x=1', 'hello'])
    expect(kinds()).toEqual(['offered', 'up', 'accepted', 'down'])
    expect(events.every(({ carrier }) => carrier === 'http')).toBe(true)
  })

  it('an answer that is an error is no acceptance', async () => {
    expect((await fetch(`${at}/no`)).status).toBe(404)
    expect(kinds()).toEqual(['offered'])
  })

  it('where the server is gone, the realm hears that, and nothing was accepted', async () => {
    await new Promise((closed) => {
      servers[0]!.close(closed)
      servers[0]!.closeAllConnections()
    })
    servers.shift()
    expect((await fetch(at)).status).toBe(502)
    await expect(opened()).rejects.toThrow('502')
    expect(kinds()).toEqual(['offered'])
  })

  it('after its end nothing is open and nothing is kept', async () => {
    const socket = await opened()
    const closed = new Promise((go) => { socket.on('close', go) })
    expect(await door.settled(50)).toBe(false)
    door.finish()
    await closed
    expect(await door.settled(1_000)).toBe(true)
    expect(kinds()).toEqual(['offered', 'accepted', 'finished'])
  })
})
