import type { RequestPlan, SubjectExchangeEvents, SubjectRequests } from '../../src/contract/subject.js'
import type { Lifetime } from './lifetime.js'

interface Exchange {
  controller: AbortController
  cancelled: boolean
}

/** The host's own fetch, its body handed on as it comes in. A handler that throws ends its exchange as failed. */
export function nativeRequests(lifetime: Lifetime): SubjectRequests & { cancelAll(): void } {
  const live = new Set<Exchange>()
  const cancel = (exchange: Exchange): void => {
    if (!live.has(exchange)) return
    exchange.cancelled = true
    exchange.controller.abort()
  }
  return {
    send(url, plan, events) {
      lifetime.check()
      const exchange: Exchange = { controller: new globalThis.AbortController(), cancelled: false }
      const response = globalThis.fetch(url, initOf(plan, exchange.controller.signal))
      const leave = lifetime.enter()
      live.add(exchange)
      const ended = (): void => { live.delete(exchange) }
      void deliver(response, events, exchange, ended).finally(leave)
      return { cancel: () => cancel(exchange) }
    },
    cancelAll: () => live.forEach(cancel),
  }
}

const initOf = (plan: RequestPlan, signal: AbortSignal): RequestInit => ({
  method: plan.method,
  headers: plan.headers,
  body: plan.body as string | Uint8Array<ArrayBuffer> | null,
  redirect: plan.redirect,
  cache: 'no-store',
  signal,
})

/** Hands the exchange on to its end; what the last handler throws the host reports as an unhandled rejection. */
async function deliver(response: Promise<Response>, events: SubjectExchangeEvents, exchange: Exchange, ended: () => void): Promise<void> {
  const failure = await receive(response, events, exchange).then(() => null, (error: unknown) => ({ error }))
  ended()
  if (exchange.cancelled) return events.cancelled()
  if (failure === null) return events.end()
  // Stops the transfer when it was a handler that threw.
  exchange.controller.abort()
  const { name = 'Error', message = '' } = Object(failure.error) as Partial<Error>
  events.error(name, message)
}

async function receive(responding: Promise<Response>, events: SubjectExchangeEvents, exchange: Exchange): Promise<void> {
  const response = await responding
  if (exchange.cancelled) return
  events.head({ status: response.status, redirected: response.redirected, headers: Object.fromEntries(response.headers) })
  const reader = response.body?.getReader()
  if (reader === undefined) return
  for (let step = await reader.read(); !step.done && !exchange.cancelled; step = await reader.read()) events.chunk(step.value)
}
