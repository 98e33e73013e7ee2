import type { InfrastructureLoss } from '../contract/evidence.js'
import type { FromRealm } from '../contract/realm-protocol.js'

/** Longest a realm may go without a sign of life, in ms; a heartbeat comes every 500 ms. */
export const SILENCE_LIMIT_MS = 6_000

export interface RealmLine {
  receive(message: FromRealm): void
  lose(loss: InfrastructureLoss): void
  loss(): InfrastructureLoss | null
  /** The hello, or the end; a failure is either. Null when the realm was lost or silent; `loss()` says why. */
  next(what: 'hello' | 'end', limit_ms: number): Promise<FromRealm | null>
}

/** What Node hears from a realm, with every wait held here: a limit on the whole and one on silence. `silence_limit_ms`: how long without a sign of life is too long. */
export function realmLine(silence_limit_ms = SILENCE_LIMIT_MS): RealmLine {
  const arrived: FromRealm[] = []
  let loss: InfrastructureLoss | null = null
  let heard = performance.now()
  let wake: (() => void) | null = null
  const done = (what: 'hello' | 'end'): FromRealm | undefined =>
    arrived.find(({ type }) => type === 'failed' || (what === 'hello' ? type === 'hello' : type === 'done'))
  return {
    receive(message) {
      heard = performance.now()
      if (message.type === 'hello' || message.type === 'done' || message.type === 'failed') arrived.push(message)
      wake?.()
    },
    lose(lost) {
      if (loss === null && done('end') === undefined) loss = lost
      wake?.()
    },
    loss: () => loss,
    next(what, limit_ms) {
      return new Promise((resolve) => {
        const started = performance.now()
        const settle = (value: FromRealm | null): void => {
          clearInterval(watch)
          wake = null
          resolve(value)
        }
        const look = (): void => {
          const message = done(what)
          if (message !== undefined) return settle(message)
          const now = performance.now()
          const silent = what === 'end' && now - heard > silence_limit_ms
          if (loss === null && silent) loss = { what: 'realm_silent', detail: `no sign of life for ${silence_limit_ms} ms` }
          if (loss === null && now - started > limit_ms) {
            loss = { what: what === 'hello' ? 'realm_not_started' : 'realm_silent', detail: `no ${what} within ${limit_ms} ms` }
          }
          if (loss !== null) settle(null)
        }
        const watch = setInterval(look, 200)
        wake = look
        look()
      })
    },
  }
}
