import type { TraceEvent } from '../contract/trace.js'
import type { Engine } from '../contract/vocabulary.js'
import { attribute, type RefusingProxy } from '../loopback/refusing-proxy.js'

/** One attempt under the watch. */
export interface Watched {
  /** Its page witness saw the subject reach for this address. */
  recorded(url: string): void
  /** Ends the watch; only now is it decided what is charged to it, for a realm's own record may come in after the refusal. */
  leave(): void
}

/** Charges to the running attempts of an engine what the proxy refused meanwhile and no realm owns up to. */
export interface OutsideWatch {
  join(add: (event: TraceEvent) => void): Watched
  close(): void
}

interface Visit { hosts: Set<string>; refusals: Refusal[] }
/** A refusal, and who ran when it happened: one of them it was, or the browser itself. */
interface Refusal { host: string; among: readonly Visit[] }

export function watchOutside(proxy: RefusingProxy, engine: Engine): OutsideWatch {
  const running = new Set<Visit>()
  const stop = proxy.onRefused(({ host }) => {
    const refusal: Refusal = { host: host.toLowerCase(), among: [...running] }
    for (const visit of running) visit.refusals.push(refusal)
  })
  return {
    join: (add) => {
      const visit: Visit = { hosts: new Set(), refusals: [] }
      running.add(visit)
      return {
        recorded: (url) => {
          if (URL.canParse(url)) visit.hosts.add(new URL(url).hostname.toLowerCase())
        },
        leave: () => {
          running.delete(visit)
          for (const { host, among } of visit.refusals.splice(0)) {
            // Who recorded it has it in its own record; the browser's own calls are no cell's business.
            const recorded = new Set(among.flatMap(({ hosts }) => [...hosts]))
            const attributed_to = attribute(host, engine, recorded)
            if (attributed_to === 'unattributed') add({ witness: 'proxy', kind: 'proxy.refused', id: host, attributed_to, seq: 0, ticks: 0, ms: 0 })
          }
        },
      }
    },
    close: stop,
  }
}
