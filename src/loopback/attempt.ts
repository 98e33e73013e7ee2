import type { WebSocket } from 'ws'
import { LanecheckError } from '../contract/errors.js'
import { FromRealmSchema, type FromRealm, type ToRealm } from '../contract/realm-protocol.js'
import type { PageCondition } from '../contract/page-conditions.js'
import type { Scenario } from '../contract/scenario.js'
import type { PeerEvent } from '../contract/trace.js'
import type { HostRole } from '../contract/vocabulary.js'
import { rejectHandshake, type Arrival } from './answers.js'
import { readControl } from './control.js'
import { ownAgent, type OwnAgent } from './own-agent.js'
import { createPeerStage, type PeerStage } from './peer-stage.js'
import type { Upgrade } from './upgrade.js'

export interface AttemptOptions {
  /** Lower-case letters, digits, dots, dashes, underscores; unique in the run while the attempt lasts. */
  attempt: string
  slot: number
  /** What the realm is to be; `window` when left out. */
  role?: HostRole
  /** What its page is served as; `plain` when left out. */
  page?: PageCondition
  /** Null when the realm is only probed: it has no peers then. */
  scenario: Scenario | null
  onMessage(message: FromRealm): void
  /** The realm's control connection has gone. */
  onClosed(): void
  onPeerEvent(event: PeerEvent): void
  /** The attempt's own agent page could not make its worker. */
  onAgentError?(message: string): void
  /** Something was turned away: a message that did not parse, a wrong host, a peer the scenario does not have. */
  onRefused(what: string): void
}

/** One realm's share of the loopback: its script, its control connection, its peers. */
export interface Attempt {
  readonly attempt: string
  /** Of the origin that its page has. */
  readonly origin: string
  /** `own_agent` is a page that makes the attempt's worker by itself. */
  readonly urls: { window: string; sandbox: string; own_agent: string; script: string; service_worker_script: string; service_worker_scope: string }
  /** Path before `<peer>/<id>`. */
  readonly peer_path: string
  /** Per peer of kind `refused`, an origin at which nothing listens. */
  readonly refused_origins: Record<string, string>
  readonly bridge_url: string
  /** True while the realm's control connection is there. */
  connected(): boolean
  /** Throws `realm_lost` when the realm is not connected. */
  send(message: ToRealm): void
  /** Starts the clock of the peers' ticks: the scenario's origin. */
  start(): void
  /** Resolves true when no connection or request of a peer is left, false after `limit_ms` or when disposed of. */
  settled(limit_ms: number): Promise<boolean>
  /** Ends what is left without recording it and forgets the attempt; later requests for it get 404. */
  dispose(): void
}

/** The server's own side of an attempt. */
export interface AttemptDoor {
  attempt: Attempt
  role: HostRole
  page: PageCondition
  peers: PeerStage
  openControl(arrival: Arrival): void
  openAgent(arrival: Arrival): void
  refused(what: string): void
}

/** `origin` is the one that the attempt's page has. */
export interface AttemptSite { token: string; origin: string; refused_origin: string; upgrade: Upgrade; forget(): void }

export function createAttempt(options: AttemptOptions, site: AttemptSite): AttemptDoor {
  let control: WebSocket | null = null
  let disposed = false
  const refused = (what: string): void => {
    if (!disposed) options.onRefused(what)
  }
  const peers = createPeerStage({ scenario: options.scenario, upgrade: site.upgrade, record: options.onPeerEvent, refused })
  const own = addresses(options, site)
  const agent = agentOf(options, own, refused)
  return {
    peers,
    refused,
    role: options.role ?? 'window',
    page: options.page ?? 'plain',
    openAgent(arrival) {
      if (agent === null) return rejectHandshake(arrival.socket, 404)
      const socket = site.upgrade(arrival, '')
      if (socket !== null) agent.open(socket)
    },
    openControl(arrival) {
      if (control !== null) {
        refused('a second control connection')
        return rejectHandshake(arrival.socket, 409)
      }
      const socket = site.upgrade(arrival, '')
      if (socket === null) return refused('a control connection without a valid handshake')
      control = socket
      readControl(socket, FromRealmSchema, (message) => {
        if (!disposed) options.onMessage(message)
      }, refused)
      socket.on('close', () => {
        if (disposed) return
        control = null
        options.onClosed()
      })
    },
    attempt: {
      ...own,
      connected: () => control !== null,
      send(message) {
        if (control === null) throw new LanecheckError('realm_lost', `the realm of ${options.attempt} is not connected`)
        control.send(JSON.stringify(message))
      },
      start: peers.start,
      settled: peers.settled,
      dispose() {
        if (disposed) return
        disposed = true
        site.forget()
        control?.terminate()
        control = null
        agent?.close()
        peers.end()
      },
    },
  }
}

function agentOf({ attempt, role = 'window', onAgentError }: AttemptOptions, { urls }: Addresses, refused: (what: string) => void): OwnAgent | null {
  if (role === 'window' || role === 'sandboxed_iframe') return null
  const of_role = role === 'service_worker' ? { script: urls.service_worker_script, scope: urls.service_worker_scope } : { script: urls.script }
  return ownAgent({ type: 'spawn', role, attempt, ...of_role }, (message) => onAgentError?.(message), refused)
}

type Addresses = Pick<Attempt, 'attempt' | 'origin' | 'urls' | 'peer_path' | 'refused_origins' | 'bridge_url'>
function addresses({ attempt, scenario }: AttemptOptions, { token, origin, refused_origin }: AttemptSite): Addresses {
  const realm = `${origin}/${token}/realm/${attempt}/`
  const script = `${realm}realm.js`
  const refusing = Object.entries(scenario?.peers ?? {}).filter(([, peer]) => peer.kind === 'refused')
  return {
    attempt, origin,
    urls: { window: `${realm}window.html`, sandbox: `${realm}sandbox.html`, own_agent: `${realm}agent.html`, script, service_worker_script: script, service_worker_scope: realm },
    peer_path: `/${token}/peer/${attempt}/`,
    refused_origins: Object.fromEntries(refusing.map(([peer]) => [peer, refused_origin])),
    bridge_url: `${origin.replace('http:', 'ws:')}/${token}/bridge/${attempt}`,
  }
}
