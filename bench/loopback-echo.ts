import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { Scenario } from '../src/contract/scenario.js'
import { startLoopback } from '../src/loopback/loopback.js'
import { findScenarios } from '../src/scenarios/catalogue.js'
import { best, beside, round, type Measure } from './measure.js'

const SMALL = { name: '64 B', data: 'x'.repeat(64), messages: 5_000 }
const LARGE = { name: '1 MiB', data: 'x'.repeat(1024 * 1024), messages: 30 }
const ROUNDS = 5

/** A message and its echo through the captured loopback, beside bare `ws`, from the same client in the same process. */
export async function loopbackEcho(): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const { name, data, messages } of [SMALL, LARGE]) {
    const bare: Measure = { name: `bare ws echo, ${name}`, value: round(await best(ROUNDS, 'less', () => bareEcho(data, messages)), 1), unit: 'µs' }
    const captured: Measure = { name: `captured loopback echo, ${name} (aim: 1.15 times)`, value: round(await best(ROUNDS, 'less', () => capturedEcho(data, messages)), 1), unit: 'µs' }
    measures.push(bare, beside(captured, bare))
  }
  return measures
}

async function bareEcho(data: string, messages: number): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  server.on('connection', (socket) => socket.on('message', (message, isBinary) => socket.send(message, { binary: isBinary })))
  await once(server, 'listening')
  try {
    return await pingPong(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, data, messages)
  } finally {
    server.close()
  }
}

async function capturedEcho(data: string, messages: number): Promise<number> {
  const [base] = findScenarios('websocket.message.text') as [Scenario]
  const scenario: Scenario = { ...base, peers: { echo: { kind: 'websocket', connections: [{ handshake: { answer: 'accept' }, on_message: [{ actions: [{ do: 'echo' }] }] }] } } }
  const loopback = await startLoopback({ slots: 1, artifact: '', agent: '' })
  let events = 0
  const attempt = loopback.attempt({
    attempt: 'bench', slot: 0, scenario, onMessage: () => undefined, onClosed: () => undefined, onPeerEvent: () => { events += 1 }, onRefused: (what) => { throw new Error(what) },
  })
  try {
    attempt.start()
    const per = await pingPong(`${loopback.origin(0).replace('http', 'ws')}${attempt.peer_path}echo/c`, data, messages)
    if (events < messages * 2) throw new Error(`captured ${events} events of ${messages} echoes`)
    return per
  } finally {
    attempt.dispose()
    await loopback.close()
  }
}

/** Microseconds for a message and its echo, one in flight. */
async function pingPong(url: string, data: string, messages: number): Promise<number> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  await once(socket, 'open')
  let left = messages
  const started = performance.now()
  await new Promise<void>((resolve) => {
    socket.on('message', () => {
      left -= 1
      if (left === 0) resolve()
      else socket.send(data)
    })
    socket.send(data)
  })
  const elapsed = performance.now() - started
  socket.close()
  await once(socket, 'close')
  return (elapsed * 1000) / messages
}
