import { summarize } from '../../src/contract/summary.js'
import type { MessageSummary } from '../../src/contract/message.js'
import { record } from '../trace.js'
import { alive, made } from './alive.js'
import { locate } from './boundary.js'
import { replace } from './timers.js'

type Payload = string | ArrayBufferLike | ArrayBufferView | Blob

/** Replaces `WebSocket` by a subclass that records what crosses it. */
export function recordSockets(realm: typeof globalThis): void {
  if (typeof realm.WebSocket !== 'function') return
  const Native = realm.WebSocket
  class WebSocket extends Native {
    readonly #id: string
    constructor(url: string | URL, protocols?: string | string[]) {
      const address = locate(url, 'WebSocket')
      super(url, protocols ?? [])
      this.#id = address.id
      alive.sockets.set(this, made(address.id, 'new WebSocket'))
      record({ witness: 'page', kind: 'host.socket.created', id: address.id })
      // Listeners of a subject come after these, so the boundary is recorded before anything answers to it.
      this.addEventListener('open', () => record({ witness: 'page', kind: 'host.socket.open', id: address.id, protocol: this.protocol }))
      this.addEventListener('message', (event) => summarized(event.data as Payload, (message) => record({ witness: 'page', kind: 'host.socket.message', id: address.id, message })))
      this.addEventListener('close', (event) => {
        alive.sockets.delete(this)
        record({ witness: 'page', kind: 'host.socket.closed', id: address.id, code: event.code, reason: event.reason, clean: event.wasClean })
      })
    }
    override send(data: Parameters<typeof Native.prototype.send>[0]): void {
      super.send(data)
      summarized(data as Payload, (message) => record({ witness: 'page', kind: 'host.socket.sent', id: this.#id, message }))
    }
    override close(code?: number, reason?: string): void {
      record({ witness: 'page', kind: 'host.socket.close_called', id: this.#id, code: code ?? null, reason: reason ?? null })
      if (code === undefined) super.close()
      else if (reason === undefined) super.close(code)
      else super.close(code, reason)
    }
  }
  replace(realm, 'WebSocket', WebSocket)
}

/** A blob's bytes are there only later; everything else is summarized at once. */
function summarized(data: Payload, keep: (message: MessageSummary) => void): void {
  if (typeof data === 'string') keep(summarize(data))
  else if (ArrayBuffer.isView(data)) keep(summarize(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)))
  else if (typeof Blob === 'function' && data instanceof Blob) void data.arrayBuffer().then((bytes) => keep(summarize(new Uint8Array(bytes))), () => undefined)
  else keep(summarize(new Uint8Array(data as ArrayBufferLike)))
}
