import type { IncomingMessage, ServerResponse } from 'node:http'
import { Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { declaredHttpVersion } from '../contract/http-version.js'
import type { PeerModel, Scenario } from '../contract/scenario.js'
import type { PeerEvent } from '../contract/trace.js'
import { scriptFor } from '../peers/machine.js'
import { answer, rejectHandshake, type Arrival } from './answers.js'
import { playHttp2 } from './h2-player.js'
import { playHttp, type ExchangePlace } from './http-player.js'
import type { Player, PlayerContext } from './player.js'
import type { PeerRoute } from './routes.js'
import { playSocket } from './socket-player.js'
import type { Upgrade } from './upgrade.js'

/** The peers of one attempt: who is playing, under which clock, and what is still going on. */
export interface PeerStage {
  start(): void
  /** `cors`: headers that let another origin read the answer; null for requests that came to the attempt's own origin, where no peer speaks h2. */
  request(route: PeerRoute, request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse, cors: Record<string, string> | null): void
  handshake(route: PeerRoute, arrival: Arrival): void
  settled(limit_ms: number): Promise<boolean>
  end(): void
}

interface StageOptions { scenario: Scenario | null; upgrade: Upgrade; record(event: PeerEvent): void; refused(what: string): void }

export function createPeerStage({ scenario, upgrade, record, refused }: StageOptions): PeerStage {
  const tick_ms = scenario?.tick_ms ?? 1
  const connections = new Map<string, number>()
  const players = new Set<Player>()
  const transports = new Map<object, number>()
  const unsettled = new Set<(settled: boolean) => void>()
  let origin_ms: number | null = null
  let seq = 0
  let ended = false

  const answerUnsettled = (settled: boolean): void => {
    for (const resolve of unsettled) resolve(settled)
  }
  const count = ({ peer, id }: PeerRoute): number => {
    const connection = (connections.get(`${peer}/${id}`) ?? 0) + 1
    connections.set(`${peer}/${id}`, connection)
    return connection
  }
  const join = ({ peer, id }: PeerRoute, connection: number, play: (context: PlayerContext) => Player): void => {
    const player = play({
      tick_ms,
      refused,
      record(event) {
        if (ended) return
        const ms = origin_ms === null ? 0 : performance.now() - origin_ms
        // The stamp comes first: spreading the draft before it costs 15 µs more a message.
        record({ witness: 'peer', seq: seq++, ticks: Math.round(ms / tick_ms), ms, id, peer, connection, ...event })
      },
      over() {
        players.delete(player)
        if (players.size === 0) answerUnsettled(true)
      },
    })
    players.add(player)
    // A listener may have disposed of the attempt while the player was being made.
    if (ended) player.end()
  }
  const modelOf = <Kind extends PeerModel['kind']>({ peer }: PeerRoute, kind: Kind): Extract<PeerModel, { kind: Kind }> | null => {
    const model = scenario !== null && Object.hasOwn(scenario.peers, peer) ? scenario.peers[peer] : undefined
    if (model?.kind === kind) return model as Extract<PeerModel, { kind: Kind }>
    refused(`no ${kind} peer ${peer}`)
    return null
  }

  const transportOf = (carrier: object): number => {
    const transport = transports.get(carrier) ?? transports.size + 1
    transports.set(carrier, transport)
    return transport
  }

  return {
    start() {
      origin_ms = performance.now()
    },
    request(route, request, response, cors) {
      const model = modelOf(route, 'http')
      const atItsOrigin = model !== null && (declaredHttpVersion(model) === 'h2') === (cors !== null)
      if (!atItsOrigin) {
        if (model !== null) refused(`peer ${route.peer} at the wrong origin`)
        return answer(response, 404, null)
      }
      const connection = count(route)
      const script = scriptFor(model.exchanges, connection)
      join(route, connection, (context) => {
        const place = (carrier: object): ExchangePlace => ({ path: route.path, transport: transportOf(carrier), cors: cors ?? {} })
        if (request instanceof Http2ServerRequest) return playHttp2(script, place(request.stream.session ?? request), request, context)
        return playHttp(script, place(request.socket), request, response as ServerResponse, context)
      })
    },
    handshake(route, arrival) {
      const model = modelOf(route, 'websocket')
      if (model === null) return rejectHandshake(arrival.socket, 404)
      const connection = count(route)
      join(route, connection, (context) => playSocket(scriptFor(model.connections, connection), arrival, upgrade, context))
    },
    settled: (limit_ms) => new Promise((resolve) => {
      if (players.size === 0) return resolve(true)
      const done = (settled: boolean): void => {
        unsettled.delete(done)
        clearTimeout(timer)
        resolve(settled)
      }
      const timer = setTimeout(done, limit_ms, false)
      unsettled.add(done)
    }),
    end() {
      ended = true
      answerUnsettled(false)
      for (const player of players) player.end()
    },
  }
}
