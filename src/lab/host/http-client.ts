import type { Delivery } from '../kernel-types.js'
import { kernel } from './kernel.js'

export interface HttpRequest { method: string; url: string; headers: Iterable<[string, string]>; body: Uint8Array | null }
export interface HttpHandlers {
  head(status: number, statusText: string, headers: Array<[string, string]>): void
  body(bytes: Uint8Array): void
  end(): void
  error(): void
}

const open = new Map<number, HttpHandlers>()
let count = 0

/** Sends a request over the virtual network; gives what breaks it off, after which no handler is called. */
export function sendHttp(request: HttpRequest, handlers: HttpHandlers): () => void {
  const id = ++count
  open.set(id, handlers)
  kernel.httpOpen(id, { method: request.method, url: request.url, headers: JSON.stringify([...request.headers]), body: request.body })
  return () => {
    if (open.delete(id)) kernel.httpAbort(id)
  }
}

export function deliverHttp(delivery: Extract<Delivery, { to: 'http' }>): void {
  const handlers = open.get(delivery.id)
  if (handlers === undefined) return
  switch (delivery.type) {
    case 'head':
      return handlers.head(delivery.status, delivery.status_text, Array.from(delivery.headers, ([name, value]) => [name, value]))
    case 'body':
      return handlers.body(new Uint8Array(delivery.data))
    case 'end':
      open.delete(delivery.id)
      return handlers.end()
    case 'error':
      open.delete(delivery.id)
      return handlers.error()
  }
}
