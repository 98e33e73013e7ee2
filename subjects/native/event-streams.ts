import type { SubjectEventStreamEvents, SubjectEvents } from '../../src/contract/subject.js'
import type { Lifetime } from './lifetime.js'

const CLOSED = 2

/** The host's own EventSource. It can deliver only the types it listens for: the default one, `message`. */
export function nativeEvents(lifetime: Lifetime): SubjectEvents & { closeAll(): void } {
  const live = new Set<EventSource>()
  const close = (source: EventSource): void => {
    live.delete(source)
    source.close()
  }
  return {
    open(url, events) {
      lifetime.check()
      const source = new globalThis.EventSource(url)
      live.add(source)
      listen(source, events, () => live.delete(source))
      return { close: () => close(source) }
    },
    closeAll: () => live.forEach(close),
  }
}

function listen(source: EventSource, events: SubjectEventStreamEvents, ended: () => void): void {
  source.addEventListener('open', () => events.open())
  source.addEventListener('message', (event: MessageEvent<string>) => events.message({ id: event.lastEventId, event: event.type, data: event.data }))
  source.addEventListener('error', () => {
    const final = source.readyState === CLOSED
    if (final) ended()
    events.error(final)
  })
}
