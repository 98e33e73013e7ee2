import { randomUUID } from 'node:crypto'
import { expose } from 'comlink'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { FromRealm, RunOrder } from '../src/contract/realm-protocol.js'
import type { BridgeEvent, RealmEvent } from '../src/contract/trace.js'
import { bridgeEndpoint, type TextSocket } from './endpoint.js'
import { HostRoleSchema } from '../src/contract/vocabulary.js'
import type { BridgeService } from './protocol.js'
import { runInWorker, type BridgeWorkers } from './worker-host.js'

export interface BridgeSessionOptions {
  workers: BridgeWorkers
  artifact_sha256: string
  /** The order for this attempt as Node made it; what the realm sends must name the same scenario. */
  order(): RunOrder | null
  /** The server's own log. */
  log(event: Omit<BridgeEvent, 'seq' | 'ticks' | 'ms'>): void
}

const BridgeOfferSchema = z.strictObject({ proven_role: HostRoleSchema.nullable() })

/** All that a realm may ask of Comlink: to call one of the service's own functions, or to let go of it. */
const CallSchema = z.discriminatedUnion('type', [
  z.strictObject({
    id: z.string(), type: z.literal('APPLY'), path: z.tuple([z.enum(['offer', 'run'])]),
    argumentList: z.array(z.strictObject({ type: z.literal('RAW'), value: z.unknown() })),
  }),
  z.strictObject({ id: z.string(), type: z.literal('RELEASE') }),
])
/** Policy violation, of RFC 6455: a frame that no realm of ours sends. */
const CLOSE_BAD_FRAME = 1008

/** Serves one realm's bridge socket: a handshake, then at most one run in a Node worker of its own. */
export function serveBridge(socket: WebSocket, options: BridgeSessionOptions): void {
  const session = randomUUID()
  const ended = new AbortController()
  const log = (kind: BridgeEvent['kind']): void =>
    options.log({ witness: 'bridge', side: 'server', kind, id: 'bridge', session, artifact_sha256: options.artifact_sha256 })
  socket.on('close', () => {
    log('bridge.closed')
    ended.abort()
  })
  const endpoint = bridgeEndpoint(socket as unknown as TextSocket, (data) => CallSchema.safeParse(data).success, () => socket.close(CLOSE_BAD_FRAME))
  let accepted = false
  let run = false
  const service: BridgeService = {
    offer: (offer) => {
      BridgeOfferSchema.parse(offer)
      accepted = true
      log('bridge.offered')
      log('bridge.accepted')
      return Promise.resolve({ session, artifact_sha256: options.artifact_sha256 })
    },
    run: async (named, order): Promise<FromRealm> => {
      const own = options.order()
      if (!accepted || run || named !== session || own === null || order.scenario.id !== own.scenario.id) {
        log('bridge.refused')
        return { type: 'failed', code: 'bridge_unreachable', message: 'the bridge refused the run: no such session, or a scenario it was not asked for' }
      }
      run = true
      log('bridge.run')
      const end = await runInWorker(options.workers, own, (events: RealmEvent[]) => endpoint.sendEvents(events), ended.signal)
      log('bridge.finished')
      return end
    },
  }
  expose(service, endpoint)
}
