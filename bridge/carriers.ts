import { native } from '../host-probes/natives.js'
import type { BridgeCarrier } from '../src/contract/bridge-words.js'
import type { TextLine } from '../src/contract/text-line.js'

/** No status was received: RFC 6455, 7.1.5. */
const CLOSE_ABNORMAL = 1006

/** The carriers that this realm has, the best first. */
export function carriersHere(): BridgeCarrier[] {
  const carriers: BridgeCarrier[] = []
  if (typeof native.WebSocket === 'function') carriers.push('websocket')
  if (native.fetch !== undefined && native.streams) carriers.push('fetch_streaming')
  if (native.fetch !== undefined) carriers.push('long_polling')
  return carriers
}

/** Opens a line to `url`, a `ws:` address, which answers over HTTP at the same path. Rejects when it cannot be had; the caller holds the limit. */
export function openLine(carrier: BridgeCarrier, url: string, signal?: AbortSignal): Promise<TextLine> {
  return carrier === 'websocket' ? socketLine(url, signal) : fetchLine(carrier, url.replace(/^ws/, 'http'), signal)
}

function socketLine(url: string, signal?: AbortSignal): Promise<TextLine> {
  const socket = new native.WebSocket!(url)
  const line: TextLine = {
    carrier: 'websocket', onmessage: null, onclose: null,
    send: (text) => { if (socket.readyState === 1) socket.send(text) },
    // A page may close with 1000, or with a code of its own from 3000 up; the server's codes are the reason's own affair.
    close: (code, reason) => socket.close(code === 1000 ? 1000 : 4000, reason),
  }
  return new Promise((open, refuse) => {
    signal?.addEventListener('abort', () => socket.close())
    socket.addEventListener('open', () => open(line))
    socket.addEventListener('message', ({ data }) => line.onmessage?.(String(data)))
    socket.addEventListener('close', ({ code, reason }) => {
      refuse(new Error('the connection was refused'))
      line.onclose?.(code, reason)
    })
  })
}

/** A line over HTTP: `POST` carries up, one at a time; a `GET` brings down lines of JSON, in one endless answer or an answer each. */
async function fetchLine(carrier: 'fetch_streaming' | 'long_polling', url: string, signal?: AbortSignal): Promise<TextLine> {
  const abort = new AbortController()
  signal?.addEventListener('abort', () => abort.abort())
  const ask = (path: string, init: RequestInit): Promise<Response> => native.fetch!(`${url}/${path}`, { cache: 'no-store', credentials: 'omit', signal: abort.signal, ...init })
  const opened = await ask(`open?carrier=${carrier}`, { method: 'POST' })
  if (!opened.ok) throw new Error(`the connection was refused with ${opened.status}`)
  const { line: id } = await opened.json() as { line: string }
  const waiting: string[] = []
  let flight: Promise<void> | null = null
  let [posted, received, closed] = [0, 0, false]

  const end = (code: number, reason: string): void => {
    if (closed) return
    closed = true
    abort.abort()
    line.onclose?.(code, reason)
  }
  const pump = async (): Promise<void> => {
    while (waiting.length > 0 && !closed) {
      const answer = await ask(`${id}/up?n=${++posted}`, { method: 'POST', body: JSON.stringify(waiting.splice(0)) })
      if (!answer.ok) throw new Error(`the line is closed: ${answer.status}`)
    }
  }
  const post = (): Promise<void> => (flight ??= pump().finally(() => { flight = null }))
  const hear = (text: string): void => {
    if (text === '' || closed) return
    const said = JSON.parse(text) as { m: string } | { close: [number, string] }
    if ('close' in said) return end(...said.close)
    received += 1
    line.onmessage?.(said.m)
  }
  const stream = async (): Promise<void> => {
    const { body } = await ask(`${id}/down?n=0`, {})
    const reader = body!.getReader()
    const decoder = new TextDecoder()
    let rest = ''
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      const lines = (rest + decoder.decode(step.value, { stream: true })).split('\n')
      rest = lines.pop()!
      lines.forEach(hear)
    }
  }
  const poll = async (): Promise<void> => {
    while (!closed) {
      const answer = await ask(`${id}/down?n=${received}`, {})
      if (!answer.ok) return
      for (const text of (await answer.text()).split('\n')) hear(text)
    }
  }
  const line: TextLine = {
    carrier, onmessage: null, onclose: null,
    send: (text) => {
      if (closed) return
      waiting.push(text)
      // The messages of one turn go up together. The server tells why it refuses one, on the way down.
      native.queueMicrotask(() => void post().catch(() => undefined))
    },
    close: (code, reason) => {
      if (closed) return
      // What was said before is to arrive before, as on a socket.
      const last = post().catch(() => undefined).then(() => native.fetch!(`${url}/${id}/close?code=${code}&reason=${reason}`, { method: 'POST', cache: 'no-store', credentials: 'omit' }))
      void last.catch(() => undefined).then(() => end(code, reason))
    },
  }
  void (carrier === 'fetch_streaming' ? stream() : poll()).catch(() => undefined).then(() => end(CLOSE_ABNORMAL, ''))
  return line
}
