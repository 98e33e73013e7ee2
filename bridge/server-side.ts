import { randomUUID } from 'node:crypto'
import { expose } from 'comlink'
import { z } from 'zod'
import { BRIDGE_CARRIERS, isBridgeReason, type BridgeReason } from '../src/contract/bridge-words.js'
import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import type { TextLine } from '../src/contract/text-line.js'
import type { BridgeEvent, RealmEvent } from '../src/contract/trace.js'
import { HostRoleSchema } from '../src/contract/vocabulary.js'
import { canonicalDigest } from '../src/evidence/digest.js'
import { bridgeEndpoint } from './endpoint.js'
import { BRIDGE_LIMITS, type BridgeLimits, type BridgeService } from './protocol.js'
import { runInWorker, type BridgeWorkers } from './worker-host.js'

export interface BridgeSessionOptions {
  workers: BridgeWorkers
  artifact_sha256: string
  /** Takes the ticket of this attempt; null when it was the right one, and not taken before. */
  redeem(ticket: string): 'wrong_ticket' | 'ticket_used' | null
  /** The order for this attempt as Node made it; what the realm sends must name the same scenario. */
  order(): RunOrder | null
  /** The server's own log. */
  log(event: Omit<BridgeEvent, 'seq' | 'ticks' | 'ms'>): void
  /** A host outside the captured loopback that the artifact was kept from, and that its own record does not name. */
  refused(host: string): void
  limits?: BridgeLimits
}

const BridgeOfferSchema = z.strictObject({ proven_role: HostRoleSchema.nullable(), carrier: z.enum(BRIDGE_CARRIERS), ticket: z.string() })
const NamedSchema = z.object({ scenario: z.object({ id: z.string() }) })

/** All that a realm may ask of Comlink: to call one of the service's own functions, or to let go of it. */
const CallSchema = z.discriminatedUnion('type', [
  z.strictObject({
    id: z.string(), type: z.literal('APPLY'), path: z.tuple([z.enum(['offer', 'run', 'cancel'])]),
    argumentList: z.array(z.strictObject({ type: z.literal('RAW'), value: z.unknown() })),
  }),
  z.strictObject({ id: z.string(), type: z.literal('RELEASE') }),
])
/** Whether Comlink may hear it: it trusts its caller. */
export const isCall = (data: unknown): boolean => CallSchema.safeParse(data).success

/** Policy violation and message too big, of RFC 6455. */
const [CLOSE_POLICY, CLOSE_TOO_BIG] = [1008, 1009]

/** Serves one realm's line: a handshake, then at most one run in a Node worker of its own; every wait has its limit here. */
export function serveBridge(line: TextLine, options: BridgeSessionOptions): void {
  const limits = options.limits ?? BRIDGE_LIMITS
  const session = randomUUID()
  const work = new AbortController()
  let [accepted, run, running, cancelled, over, silent, beat] = [false, false, false, false, false, 0, 0]
  const log = (kind: BridgeEvent['kind'], more: Partial<BridgeEvent> = {}): void =>
    options.log({ witness: 'bridge', side: 'server', kind, id: 'bridge', session, artifact_sha256: options.artifact_sha256, carrier: line.carrier, ...more })
  /** Ends the session at once, and says why to both sides. */
  const refuse = (reason: BridgeReason): void => {
    if (over) return
    log(accepted && LOST.has(reason) ? 'bridge.lost' : 'bridge.refused', { reason })
    end()
    line.close(reason === 'message_too_large' ? CLOSE_TOO_BIG : CLOSE_POLICY, reason)
  }
  const end = (): void => {
    over = true
    work.abort()
    clearTimeout(limit)
    clearInterval(heart)
  }
  line.onclose = (_code, reason) => {
    const why = isBridgeReason(reason) ? reason : running && !cancelled ? 'connection_lost' : null
    if (!over && why !== null) log(LOST.has(why) ? 'bridge.lost' : 'bridge.refused', { reason: why })
    end()
    log('bridge.closed')
  }
  let limit = setTimeout(refuse, limits.handshake_ms, 'handshake_too_slow')
  let heart: NodeJS.Timeout | undefined
  const beating = (): void => {
    if (++silent > limits.silent_beats) refuse('other_side_silent')
    else endpoint.sendBeat(++beat)
  }
  const endpoint = bridgeEndpoint(line, { allowed: isCall, refuse, longest: limits.message_bytes })
  endpoint.session = session
  endpoint.expects = ''
  endpoint.onheard = () => { silent = 0 }
  const no = (reason: BridgeReason): FromRealm => {
    log('bridge.refused', { reason })
    return { type: 'failed', code: 'bridge_unreachable', message: `the bridge refused the run: ${reason}` }
  }

  const service: BridgeService = {
    offer: (offer) => {
      const parsed = BridgeOfferSchema.safeParse(offer)
      const wrong = !parsed.success || accepted || parsed.data.carrier !== line.carrier ? 'bad_offer' : options.redeem(parsed.data.ticket)
      if (wrong !== null || !parsed.success) {
        refuse(wrong ?? 'bad_offer')
        return Promise.reject(new Error(`the bridge refused the offer: ${wrong}`))
      }
      accepted = true
      endpoint.expects = session
      clearTimeout(limit)
      limit = setTimeout(refuse, limits.session_ms, 'session_too_long')
      heart = setInterval(beating, limits.beat_ms)
      log('bridge.offered', { proven_role: parsed.data.proven_role })
      log('bridge.accepted')
      options.workers.warm()
      return Promise.resolve({ session, artifact_sha256: options.artifact_sha256 })
    },
    run: async (named, order) => {
      const own = options.order()
      if (!accepted || named !== session || own === null) return no('no_session')
      if (run) return no('second_run')
      if (NamedSchema.safeParse(order).data?.scenario.id !== own.scenario.id) return no('wrong_scenario')
      run = running = true
      log('bridge.run')
      const streamed: RealmEvent[] = []
      const { message, evaluated_sha256, refused } = await runInWorker(options.workers, own, (events) => {
        streamed.push(...events)
        endpoint.sendEvents(events)
      }, work.signal)
      running = false
      const recorded = new Set(streamed.flatMap((event) => (event.kind === 'host.outside' && URL.canParse(event.url) ? [new URL(event.url).hostname] : [])))
      for (const host of refused) if (!recorded.has(host)) options.refused(host)
      if (cancelled) return { type: 'failed', code: 'bridge_cancelled', message: 'the realm cancelled the run' }
      if (!over) log('bridge.finished', { artifact_sha256: evaluated_sha256, events: streamed.length, events_sha256: digestOf(streamed) })
      return message
    },
    cancel: (named) => {
      if (named === session && running) {
        cancelled = true
        log('bridge.cancelled')
        work.abort()
      }
      return Promise.resolve()
    },
  }
  expose(service, endpoint)
}

/** Reasons that are nobody's refusal. */
const LOST: ReadonlySet<BridgeReason> = new Set<BridgeReason>(['other_side_silent', 'connection_lost', 'server_closing', 'session_too_long'])

/** As they read once they have crossed; what counts them on their way is left out. */
const digestOf = (events: readonly RealmEvent[]): string =>
  canonicalDigest((JSON.parse(JSON.stringify(events)) as RealmEvent[]).map(({ seq: _, ...event }) => event))
