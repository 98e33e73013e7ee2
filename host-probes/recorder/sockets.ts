import { summarize } from '../../src/contract/summary.js'
import type { MessageSummary } from '../../src/contract/message.js'
import { asSent } from '../../src/contract/well-formed.js'
import { record } from '../trace.js'
import { alive, made } from './alive.js'
import { locate } from './boundary.js'
import { inTurn } from './in-turn.js'
import { replace } from './timers.js'

/** Replaces `WebSocket` by a subclass that records what crosses it. */
export function recordSockets(realm: typeof globalThis): void {
  if (typeof realm.WebSocket !== 'function') return
  const Native = realm.WebSocket
  class WebSocket extends Native {
    readonly #id: string
    /** One order for both directions: how many messages had come in when one went out is compared with the peer's own word. */
    readonly #inTurn = inTurn()
    constructor(url: string | URL, protocols?: string | string[]) {
      const address = locate(url, 'WebSocket')
      super(url, protocols ?? [])
      this.#id = address.id
      alive.sockets.set(this, made(address.id, 'new WebSocket'))
      record({ witness: 'page', kind: 'host.socket.created', id: address.id })
      // Listeners of a subject come after these, so the boundary is recorded before anything answers to it.
      this.addEventListener('open', () => record({ witness: 'page', kind: 'host.socket.open', id: address.id, protocol: this.protocol }))
      this.addEventListener('message', (event) => this.#inTurn(summaryOf(event.data), (message) => record({ witness: 'page', kind: 'host.socket.message', id: address.id, message })))
      this.addEventListener('close', ({ code, reason, wasClean }) => {
        alive.sockets.delete(this)
        this.#inTurn(null, () => record({ witness: 'page', kind: 'host.socket.closed', id: address.id, code, reason, clean: wasClean }))
      })
    }
    override send(data: Parameters<typeof Native.prototype.send>[0]): void {
      super.send(data)
      this.#inTurn(summaryOf(data), (message) => record({ witness: 'page', kind: 'host.socket.sent', id: this.#id, message }))
    }
    override close(code?: number, reason?: string): void {
      const [asked, why] = [code === undefined ? null : clampedShort(+code), reason === undefined ? null : asSent(`${reason}`)]
      this.#inTurn(null, () => record({ witness: 'page', kind: 'host.socket.close_called', id: this.#id, code: asked, reason: why }))
      if (why !== null) super.close(asked ?? undefined, why)
      else if (asked !== null) super.close(asked)
      else super.close()
    }
  }
  replace(realm, 'WebSocket', WebSocket)
}

/** WebIDL's `[Clamp] unsigned short`, as which a close code is taken whatever it was given as. */
function clampedShort(value: number): number {
  const within = Math.min(Math.max(Number.isNaN(value) ? 0 : value, 0), 65_535)
  const [below, over] = [Math.floor(within), within % 1]
  return over > 0.5 || (over === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** What the engine takes a payload for: bytes, a blob, whose bytes are there only later, or else text. */
function summaryOf(data: unknown): MessageSummary | Promise<MessageSummary> {
  if (ArrayBuffer.isView(data)) return summarize(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  if (typeof Blob === 'function' && data instanceof Blob) return data.arrayBuffer().then((bytes) => summarize(new Uint8Array(bytes)))
  return isBuffer(data) ? summarize(new Uint8Array(data)) : summarize(asSent(String(data)))
}

/** Also of another realm, as the lab's are. */
const isBuffer = (data: unknown): data is ArrayBufferLike => ['[object ArrayBuffer]', '[object SharedArrayBuffer]'].includes(Object.prototype.toString.call(data))
