import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { WebSocket, type ClientOptions } from 'ws'
import type { FromRealm } from '../../../src/contract/realm-protocol.js'
import type { PeerModel, Scenario } from '../../../src/contract/scenario.js'
import type { PeerEvent } from '../../../src/contract/trace.js'
import { startLoopback, type Attempt, type Loopback, type LoopbackOptions } from '../../../src/loopback/loopback.js'

export const TICK_MS = 5

export function scenarioWith(peers: Record<string, PeerModel>): Scenario {
  return {
    id: 'test.loopback', title: 'peers only', surface_family: 'virtual_transport_surface', tiers: ['T0'], scenario_clock_id: 'clock', tick_ms: TICK_MS,
    normalization_window: { early_ticks: 0, late_ticks: 0 }, logical_deadline_id: null, deadlines: {}, peers, tasks: {}, limit_ticks: 100,
    expect: { outcome: 'completed', timers: {}, deadlines: {}, channels: {}, exchanges: {}, streams: {}, orders: [] },
  } as Scenario
}

export const openLoopback = (options: Partial<LoopbackOptions> = {}): Promise<Loopback> =>
  startLoopback({ slots: 1, artifact: '/* realm */ 0', agent: '/* agent */ 0', ...options })

export interface Joined extends Attempt { events: PeerEvent[]; messages: FromRealm[]; refusals: string[]; unread: string[]; closes: number[]; kinds(): string[] }

let attempts = 0
export function join(loopback: Loopback, peers: Record<string, PeerModel>, slot = 0): Joined {
  const events: PeerEvent[] = []
  const messages: FromRealm[] = []
  const refusals: string[] = []
  const unread: string[] = []
  const closes: number[] = []
  attempts += 1
  const attempt = loopback.attempt({
    attempt: `a-${attempts}`, slot, scenario: scenarioWith(peers),
    onMessage: (message) => messages.push(message), onClosed: () => closes.push(1), onPeerEvent: (event) => events.push(event), onRefused: (what) => refusals.push(what), onUnread: (what) => unread.push(what),
  })
  return { ...attempt, events, messages, refusals, unread, closes, kinds: () => events.map(({ kind }) => kind) }
}

export const peerUrl = (loopback: Loopback, attempt: Attempt, rest: string): string => `${loopback.origin(0)}${attempt.peer_path}${rest}`
export const wsUrl = (url: string): string => url.replace('http:', 'ws:')

export interface Ended { status: number | null; headers: IncomingHttpHeaders; body: string; error: string | null }

/** One request on a connection of its own, read to its end, however it ends. */
export function get(url: string, { method = 'GET', headers = {}, body = '' as string | Buffer, onData = (_text: string): void => {} } = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const ended: Ended = { status: null, headers: {}, body: '', error: null }
    const fail = (error: Error): void => resolve({ ...ended, error: error.message })
    const sent = httpRequest(url, { method, headers, agent: false }, (response) => {
      ended.status = response.statusCode ?? null
      ended.headers = response.headers
      response.on('data', (chunk: Buffer) => {
        ended.body += chunk.toString('latin1')
        onData(chunk.toString('latin1'))
      })
      response.on('end', () => resolve(ended)).on('error', fail)
    })
    sent.on('error', fail).end(body)
  })
}

/** The bytes that come back for the bytes sent, until the server closes. */
export function rawExchange(origin: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => { answer += chunk.toString('latin1') }).on('error', () => {}).on('close', () => resolve(answer))
  })
}

export interface Client { socket: WebSocket; received: Array<string | Buffer>; opened: Promise<string>; closed: Promise<{ code: number; reason: string }>; message(count: number): Promise<void> }

/** A WebSocket client; `opened` gives the protocol, and rejects with the status when the handshake is turned away. */
export function dial(url: string, protocols: string[] = [], options: ClientOptions = {}): Client {
  const socket = new WebSocket(wsUrl(url), protocols, options)
  const received: Array<string | Buffer> = []
  const waits: Array<{ count: number; resolve(): void }> = []
  socket.on('message', (data, isBinary) => {
    received.push(isBinary ? data as Buffer : String(data))
    for (const wait of waits) if (received.length >= wait.count) wait.resolve()
  })
  const opened = new Promise<string>((resolve, reject) => {
    socket.on('open', () => resolve(socket.protocol))
    socket.on('unexpected-response', (request, response) => {
      reject(new Error(`status ${response.statusCode}`))
      request.destroy()
    })
    socket.on('error', reject)
  })
  opened.catch(() => {})
  const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })))
  return {
    socket, received, opened, closed,
    message: (count) => received.length >= count ? Promise.resolve() : new Promise((resolve) => waits.push({ count, resolve })),
  }
}

/** Waits until the condition holds; throws when it does not within two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 400) throw new Error('the condition never came true')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
