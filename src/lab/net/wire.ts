/** What a client reads of an answer. After `complete` or `broken` comes nothing more. */
export type WirePart =
  | { type: 'head'; status: number; status_text: string; headers: Array<[string, string]> }
  | { type: 'body'; data: Uint8Array }
  | { type: 'complete' }
  | { type: 'broken' }

/** How the length of a body is told: by a number of bytes to come, by chunks, or by the connection's end. */
type Framing = { by: 'length'; left: number } | { by: 'chunks'; left: number; expects: 'size' | 'data' | 'data_end' | 'trailer' } | { by: 'close' }

export interface WireReader {
  /** A head that the peer's HTTP server wrote, with its framing. */
  head(status: number, headers: ReadonlyArray<readonly [string, string]>): WirePart[]
  /** A body's bytes, framed by the peer's HTTP server. */
  framed(data: Uint8Array): WirePart[]
  /** The peer's HTTP server ended its answer: with the last chunk, where there are chunks, and then the connection. */
  end(): WirePart[]
  /** Bytes put on the connection outside all framing. */
  raw(bytes: Uint8Array): WirePart[]
  /** The connection ended. */
  closed(): WirePart[]
}

const HEAD_LIMIT = 256 * 1024
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/
const FIELD_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\0\r\n]*?)[ \t]*$/
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function framingOf(status: number, headers: ReadonlyArray<readonly [string, string]>, otherwise: 'chunks' | 'close'): Framing | null {
  const value = (name: string): string | undefined => headers.find(([own]) => own.toLowerCase() === name)?.[1]
  if (isBodiless(status)) return { by: 'length', left: 0 }
  if (/(?:^|,)\s*chunked\s*$/i.test(value('transfer-encoding') ?? '')) return { by: 'chunks', left: 0, expects: 'size' }
  const length = value('content-length')
  if (length !== undefined) return /^\d+$/.test(length) ? { by: 'length', left: Number(length) } : null
  return otherwise === 'chunks' ? { by: 'chunks', left: 0, expects: 'size' } : { by: 'close' }
}

/** Whether an answer of this status has no body, whatever its fields say. */
const isBodiless = (status: number): boolean => status === 204 || status === 304

/** Reads one answer of an HTTP/2 stream: frames end it, and nothing else (RFC 9113, 8.1). */
export function createStreamReader(): WireReader {
  let over = false
  const finish = (type: 'complete' | 'broken'): WirePart[] => {
    if (over) return []
    over = true
    return [{ type }]
  }
  return {
    head(status, headers) {
      const head: WirePart = { type: 'head', status, status_text: '', headers: headers.map(([name, value]) => [name.toLowerCase(), value]) }
      return isBodiless(status) ? [head, ...finish('complete')] : [head]
    },
    framed: (data) => (over || data.byteLength === 0 ? [] : [{ type: 'body', data }]),
    end: () => finish('complete'),
    raw: () => finish('broken'),
    closed: () => finish('broken'),
  }
}

/** Reads one answer of an HTTP/1.1 connection as browsers do: what contradicts its framing breaks it, at the byte where it does. */
export function createWireReader(): WireReader {
  let framing: Framing | null = null
  let pending: Uint8Array = new Uint8Array()
  let over = false

  const finish = (type: 'complete' | 'broken'): WirePart[] => {
    over = true
    return [{ type }]
  }
  const begin = (status: number, status_text: string, headers: Array<[string, string]>, otherwise: 'chunks' | 'close'): WirePart[] => {
    const found = framingOf(status, headers, otherwise)
    if (found === null) return finish('broken')
    framing = found
    const head: WirePart = { type: 'head', status, status_text, headers }
    return found.by === 'length' && found.left === 0 ? [head, ...finish('complete')] : [head]
  }
  const counted = (data: Uint8Array, by: Extract<Framing, { by: 'length' }>): WirePart[] => {
    const taken = data.subarray(0, by.left)
    by.left -= taken.byteLength
    return [...body(taken), ...(by.left === 0 ? finish('complete') : [])]
  }
  const body = (data: Uint8Array): WirePart[] => (data.byteLength === 0 ? [] : [{ type: 'body', data }])

  /** The next line of `pending` without its end; null when it is not whole yet. */
  function line(): string | null {
    const at = pending.indexOf(10)
    if (at < 0) return null
    const text = latin(pending.subarray(0, at)).replace(/\r$/, '')
    pending = pending.subarray(at + 1)
    return text
  }
  function readHead(): WirePart[] {
    const text = latin(pending)
    const end = /\r?\n\r?\n/.exec(text)
    const started = 'HTTP/1.'.startsWith(text.slice(0, 7)) || text.startsWith('HTTP/1.')
    if (!started || text.length > HEAD_LIMIT) return finish('broken')
    if (end === null) return []
    const [first = '', ...fields] = text.slice(0, end.index).split(/\r?\n/)
    const status = STATUS_LINE.exec(first)
    const parsed = fields.map((field) => FIELD_LINE.exec(field))
    if (status === null || parsed.some((field) => field === null)) return finish('broken')
    pending = pending.subarray(end.index + end[0].length)
    return begin(Number(status[1]), status[2] ?? '', parsed.map((field) => [field![1]!, field![2]!]), 'close')
  }
  function readChunks(chunks: Extract<Framing, { by: 'chunks' }>): WirePart[] {
    if (chunks.expects === 'data') {
      const taken = pending.subarray(0, chunks.left)
      pending = pending.subarray(taken.byteLength)
      chunks.left -= taken.byteLength
      if (chunks.left === 0) chunks.expects = 'data_end'
      return body(taken)
    }
    const text = line()
    if (text === null) return []
    if (chunks.expects === 'trailer') return text === '' ? finish('complete') : []
    if (chunks.expects === 'data_end') {
      chunks.expects = 'size'
      return text === '' ? [] : finish('broken')
    }
    const size = CHUNK_SIZE.exec(text)
    if (size === null) return finish('broken')
    chunks.left = Number.parseInt(size[1]!, 16)
    chunks.expects = chunks.left === 0 ? 'trailer' : 'data'
    return []
  }
  function step(): WirePart[] {
    if (framing === null) return readHead()
    if (framing.by === 'chunks') return readChunks(framing)
    const data = pending
    pending = new Uint8Array()
    return framing.by === 'length' ? counted(data, framing) : body(data)
  }

  return {
    head: (status, headers) => (over || framing !== null ? [] : begin(status, '', headers.map(([name, value]) => [name, value]), 'chunks')),
    framed(data) {
      if (over || framing === null) return []
      return framing.by === 'length' ? counted(data, framing) : body(data)
    },
    end() {
      if (over) return []
      return finish(framing?.by === 'chunks' ? 'complete' : 'broken')
    },
    raw(bytes) {
      const parts: WirePart[] = []
      pending = Buffer.concat([pending, bytes])
      for (let before = -1; !over && before !== pending.byteLength;) {
        before = pending.byteLength
        parts.push(...step())
      }
      return parts
    },
    closed: () => (over ? [] : finish(framing?.by === 'close' ? 'complete' : 'broken')),
  }
}
