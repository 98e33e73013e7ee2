import type { TraceEvent } from '../contract/trace.js'
import type { Engine } from '../contract/vocabulary.js'
import { attribute, type RefusingProxy } from '../loopback/refusing-proxy.js'

/** Tells each running attempt of an engine what the proxy refused meanwhile, and whose call it seems to be. */
export interface OutsideWatch {
  /** Starts telling; returns the function that stops. */
  join(add: (event: TraceEvent) => void): () => void
  /** A page witness saw the subject reach for this address. */
  recorded(url: string): void
  close(): void
}

export function watchOutside(proxy: RefusingProxy, engine: Engine): OutsideWatch {
  const hosts = new Set<string>()
  const running = new Set<(event: TraceEvent) => void>()
  const stop = proxy.onRefused(({ host }) => {
    const attributed_to = attribute(host, engine, hosts)
    // The browser's own calls are no cell's business. A host that some realm recorded is that cell's alone, by its own record.
    if (attributed_to !== 'unattributed') return
    for (const add of running) add({ witness: 'proxy', kind: 'proxy.refused', id: host, attributed_to, seq: 0, ticks: 0, ms: 0 })
  })
  return {
    join: (add) => {
      running.add(add)
      return () => void running.delete(add)
    },
    recorded: (url) => {
      if (URL.canParse(url)) hosts.add(new URL(url).hostname.toLowerCase())
    },
    close: stop,
  }
}
