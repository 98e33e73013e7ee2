import { record } from '../trace.js'
import { alive, made } from './alive.js'
import { locate } from './boundary.js'
import { replace } from './timers.js'

/** Replaces `EventSource` by a subclass that records its life. */
export function recordEventStreams(realm: typeof globalThis): void {
  if (typeof realm.EventSource !== 'function') return
  const Native = realm.EventSource
  class EventSource extends Native {
    readonly #id: string
    constructor(url: string | URL, init?: EventSourceInit) {
      const address = locate(url, 'EventSource')
      super(url, init)
      this.#id = address.id
      alive.streams.set(this, made(address.id, 'new EventSource'))
      record({ witness: 'page', kind: 'host.events.created', id: address.id })
      this.addEventListener('message', () => record({ witness: 'page', kind: 'host.events.message', id: address.id }))
      this.addEventListener('error', () => record({ witness: 'page', kind: 'host.events.error', id: address.id, final: this.readyState === 2 }))
    }
    override close(): void {
      record({ witness: 'page', kind: 'host.events.close_called', id: this.#id })
      alive.streams.delete(this)
      super.close()
    }
  }
  replace(realm, 'EventSource', EventSource)
}
