import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { BridgeCarrier, BridgeReason } from '../contract/bridge-words.js'
import type { ServerLine } from '../contract/text-line.js'
import { answer } from './answers.js'
import type { LineStep } from './routes.js'

/** Longest a realm may leave a line without a way down, and longest a poll is held when there is nothing to say, in ms. */
const [DOWN_GAP_MS, POLL_HOLD_MS] = [5_000, 1_500]
const [CLOSE_ABNORMAL, CLOSE_POLICY] = [1006, 1008]

export interface HttpLinesOptions {
  /** Longest body taken, and most that waits for a realm, in bytes. */
  longest: number
  onLine(line: ServerLine): void
}

/** Lines of text that HTTP carries, for realms without WebSocket: `POST` up, a `GET` down. Each is known by a random name. */
export interface HttpLines {
  request(step: LineStep, request: IncomingMessage, response: ServerResponse): void
  /** Ends all lines at once. */
  end(): void
}

interface OpenLine {
  line: ServerLine
  carry(what: LineStep['what'], request: IncomingMessage, response: ServerResponse): void
}

const CarrierSchema = z.enum(['fetch_streaming', 'long_polling'])
const TextsSchema = z.array(z.string())

export function createHttpLines(options: HttpLinesOptions): HttpLines {
  const lines = new Map<string, OpenLine>()
  return {
    request({ line, what }, request, response) {
      if (request.method !== (what === 'down' ? 'GET' : 'POST')) return answer(response, 405, null)
      if (line !== null) {
        const open = lines.get(line)
        return open === undefined ? answer(response, 404, null) : open.carry(what, request, response)
      }
      const carrier = CarrierSchema.safeParse(asked(request, 'carrier'))
      if (!carrier.success) return answer(response, 400, null)
      const name = randomBytes(16).toString('hex')
      const open = openLine(carrier.data, options.longest, () => lines.delete(name))
      lines.set(name, open)
      options.onLine(open.line)
      answer(response, 200, { type: 'application/json', bytes: Buffer.from(JSON.stringify({ line: name })) })
    },
    end() {
      for (const { line } of [...lines.values()]) line.terminate()
    },
  }
}

function openLine(carrier: Exclude<BridgeCarrier, 'websocket'>, longest: number, forget: () => void): OpenLine {
  /** Said and not known to have arrived: a poll says how many it has. `base` counts those before. */
  let waiting: string[] = []
  let [base, held, posts, closed] = [0, 0, 0, false]
  let down: ServerResponse | null = null
  let closing: [code: number, reason: string] | null = null
  let [gap, hold]: Array<NodeJS.Timeout | undefined> = []

  const end = (code: number, reason: string): void => {
    if (closed) return
    closed = true
    clearTimeout(gap)
    clearTimeout(hold)
    forget()
    down?.end()
    line.onclose?.(code, reason)
  }
  /** The close is told as the last line, to whoever comes for it in time. */
  const close = (code: number, reason: string): void => {
    if (closed || closing !== null) return
    closing = [code, reason]
    const told = down !== null
    push(JSON.stringify({ close: closing }))
    if (told) end(code, reason)
  }
  const push = (text: string): void => {
    waiting.push(text)
    held += text.length
    if (held > 2 * longest) return end(CLOSE_ABNORMAL, 'message_too_large' satisfies BridgeReason)
    flush()
  }
  const flush = (): void => {
    if (down === null || waiting.length === 0) return
    down.write(`${waiting.join('\n')}\n`)
    if (carrier === 'long_polling') return release()
    base += waiting.length
    waiting = []
    held = 0
  }
  /** Lets a poll go, with what it has. */
  const release = (): void => {
    clearTimeout(hold)
    const response = down
    down = null
    response?.end()
    expectDown()
  }
  const expectDown = (): void => {
    clearTimeout(gap)
    if (!closed) gap = setTimeout(() => end(...(closing ?? [CLOSE_ABNORMAL, ''])), DOWN_GAP_MS)
  }
  const goDown = (request: IncomingMessage, response: ServerResponse): void => {
    const has = Number(asked(request, 'n'))
    if (down !== null || !Number.isInteger(has) || has < base || has > base + waiting.length) return answer(response, 409, null)
    held -= waiting.splice(0, has - base).reduce((sum, text) => sum + text.length, 0)
    base = has
    clearTimeout(gap)
    down = response
    response.shouldKeepAlive = false
    response.writeHead(200, { 'cache-control': 'no-store', 'content-type': 'application/x-ndjson; charset=utf-8', 'x-content-type-options': 'nosniff' })
    response.flushHeaders()
    response.on('close', () => {
      if (down !== response) return
      down = null
      // A stream that breaks off is a realm that is gone; a poll may be asked again.
      if (carrier === 'fetch_streaming') end(CLOSE_ABNORMAL, '')
      else expectDown()
    })
    if (carrier === 'long_polling') hold = setTimeout(release, POLL_HOLD_MS)
    flush()
    if (closing !== null) end(...closing)
  }
  const goUp = (request: IncomingMessage, response: ServerResponse): void => {
    void bodyOf(request, longest).then((body) => {
      if (body === null) {
        answer(response, 413, null)
        return close(CLOSE_POLICY, 'message_too_large' satisfies BridgeReason)
      }
      const texts = TextsSchema.safeParse(parsed(body))
      const n = Number(asked(request, 'n'))
      if (!texts.success || n !== posts + 1) {
        answer(response, 409, null)
        return close(CLOSE_POLICY, (texts.success ? 'out_of_order' : 'bad_frame') satisfies BridgeReason)
      }
      posts = n
      answer(response, 204, null)
      for (const text of texts.data) if (!closed && closing === null) line.onmessage?.(text)
    }, () => answer(response, 400, null))
  }
  const line: ServerLine = {
    carrier, onmessage: null, onclose: null,
    send: (text) => { if (!closed && closing === null) push(JSON.stringify({ m: text })) },
    close,
    terminate: () => {
      down?.destroy()
      end(CLOSE_ABNORMAL, '')
    },
  }
  expectDown()
  return {
    line,
    carry(what, request, response) {
      if (what === 'down') return goDown(request, response)
      if (what === 'up') return goUp(request, response)
      answer(response, 204, null)
      end(Number(asked(request, 'code')) || 1000, asked(request, 'reason') ?? '')
    },
  }
}

/** A parameter of a request's address. */
const asked = ({ url = '' }: IncomingMessage, name: string): string | null => new URL(url, 'http://127.0.0.1').searchParams.get(name)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The whole body as text; null when it is longer. Rejects when it breaks off. */
function bodyOf(request: IncomingMessage, longest: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > longest) resolve(null)
      else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', reject)
  })
}
