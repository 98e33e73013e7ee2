import { LanecheckError } from '../contract/errors.js'
import { FromRealmSchema, type FromRealm, type ToRealm } from '../contract/realm-protocol.js'
import type { PageCondition } from '../contract/page-conditions.js'
import type { Scenario } from '../contract/scenario.js'
import type { ServerLine } from '../contract/text-line.js'
import type { PeerEvent } from '../contract/trace.js'
import type { HostRole } from '../contract/vocabulary.js'
import { rejectHandshake, type Arrival } from './answers.js'
import { readControl, readLine } from './control.js'
import { createHttpLines, type HttpLines } from './http-lines.js'
import { ownAgent, type OwnAgent } from './own-agent.js'
import type { OwnDoor } from './own-door.js'
import { createPeerStage, type PeerStage } from './peer-stage.js'
import { withoutGlobals } from './take-away.js'
import { FRAME_LIMIT, type Upgrade } from './upgrade.js'

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
  /** Globals that the realm is to be without, taken away before the artifact is evaluated; dotted for a member, as in `crypto.subtle`. */
  take_away?: readonly string[]
  /** Evaluated in the realm instead of the run's artifact. */
  script?: string
  /** The door to the subject's own server, when this realm is downgraded to it. */
  own?: OwnDoor
  onMessage(message: FromRealm): void
  /** The realm's control connection has gone. */
  onClosed(): void
  /** As `onMessage` and `onClosed`, of the realm that another follows; see `expectAnother`. */
  onFormerMessage?(message: FromRealm): void
  onFormerClosed?(): void
  onPeerEvent(event: PeerEvent): void
  /** The attempt's own agent page could not make its worker. */
  onAgentError?(message: string): void
  /** Something was turned away: a wrong host, a peer the scenario does not have, a second control connection. */
  onRefused(what: string): void
  /** A message of the realm did not parse: what it told of is lost. Left out: it is turned away like the rest. */
  onUnread?(what: string): void
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
  /** Where the peers are that speak h2; null when the loopback speaks none. */
  readonly h2_origin: string | null
  /** Per peer of kind `refused`, an origin at which nothing listens. */
  readonly refused_origins: Record<string, string>
  readonly bridge_url: string
  /** Where the realm finds the subject's own server. */
  readonly own_url: string
  /** True while the realm's control connection is there. */
  connected(): boolean
  /** Throws `realm_lost` when the realm is not connected. */
  send(message: ToRealm): void
  /** The realm that is connected now will end, and another with the same addresses follow it; `renewed`: on a script that differs by a comment. */
  expectAnother(renewed: boolean): void
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
  slot: number
  role: HostRole
  page: PageCondition
  peers: PeerStage
  openControl(arrival: Arrival): void
  openAgent(arrival: Arrival): void
  /** The same over HTTP, for a realm without WebSocket. */
  control: HttpLines
  bridge: HttpLines
  own: OwnDoor | undefined
  /** The realm's script: its own or the run's artifact, after what takes things away. */
  script(artifact: Buffer): Buffer
  refused(what: string): void
}

export interface AttemptSite {
  token: string
  /** The one that the attempt's page has. */
  origin: string
  h2_origin: string | null
  refused_origin: string
  upgrade: Upgrade
  /** Longest message of a bridge, in bytes. */
  bridge_longest: number
  onBridge(line: ServerLine): void
  forget(): void
}

export function createAttempt(options: AttemptOptions, site: AttemptSite): AttemptDoor {
  type Control = Pick<ServerLine, 'send' | 'terminate'>
  let control: Control | null = null
  const former = new Set<Control>()
  let renewals = 0
  let disposed = false
  const refused = (what: string): void => {
    if (!disposed) options.onRefused(what)
  }
  const unread = (what: string): void => {
    if (!disposed) (options.onUnread ?? options.onRefused)(what)
  }
  const peers = createPeerStage({ scenario: options.scenario, upgrade: site.upgrade, record: options.onPeerEvent, refused })
  const hearFrom = (whose: Control) => (message: FromRealm): void => {
    if (disposed) return
    if (former.has(whose)) options.onFormerMessage?.(message)
    else options.onMessage(message)
  }
  const gone = (whose: Control) => (): void => {
    if (!disposed && former.delete(whose)) return options.onFormerClosed?.()
    if (disposed || control !== whose) return
    control = null
    options.onClosed()
  }
  const takeLine = (line: ServerLine): void => {
    if (control !== null) {
      refused('a second control connection')
      return line.terminate()
    }
    control = line
    readLine(line, FromRealmSchema, hearFrom(line), unread)
    line.onclose = gone(line)
  }
  const lines = { control: createHttpLines({ longest: FRAME_LIMIT, onLine: takeLine }), bridge: createHttpLines({ longest: site.bridge_longest, onLine: site.onBridge }) }
  const own = addresses(options, site)
  const agent = agentOf(options, own, refused)
  return {
    peers,
    slot: options.slot,
    refused,
    own: options.own,
    ...lines,
    script: (artifact) => renewed(withoutGlobals(options.take_away ?? [], options.script === undefined ? artifact : Buffer.from(options.script)), renewals),
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
      readControl(socket, FromRealmSchema, hearFrom(socket), refused, unread)
      socket.on('close', gone(socket))
    },
    attempt: {
      ...own,
      connected: () => control !== null,
      send(message) {
        if (control === null) throw new LanecheckError('realm_lost', `the realm of ${options.attempt} is not connected`)
        control.send(JSON.stringify(message))
      },
      expectAnother(renew) {
        if (control !== null) former.add(control)
        control = null
        if (renew) renewals += 1
      },
      start: peers.start,
      settled: peers.settled,
      dispose() {
        if (disposed) return
        disposed = true
        site.forget()
        control?.terminate()
        for (const one of former) one.terminate()
        control = null
        lines.control.end()
        lines.bridge.end()
        agent?.close()
        peers.end()
      },
    },
  }
}

/** Other bytes, and the same script. */
const renewed = (script: Buffer, times: number): Buffer => (times === 0 ? script : Buffer.concat([script, Buffer.from(`\n// start ${times + 1}\n`)]))

function agentOf({ attempt, role = 'window', onAgentError }: AttemptOptions, { urls }: Addresses, refused: (what: string) => void): OwnAgent | null {
  if (role === 'window' || role === 'sandboxed_iframe') return null
  const of_role = role === 'service_worker' ? { script: urls.service_worker_script, scope: urls.service_worker_scope } : { script: urls.script }
  return ownAgent({ type: 'spawn', role, attempt, ...of_role }, (message) => onAgentError?.(message), refused)
}

type Addresses = Pick<Attempt, 'attempt' | 'origin' | 'urls' | 'peer_path' | 'h2_origin' | 'refused_origins' | 'bridge_url' | 'own_url'>
function addresses({ attempt, scenario }: AttemptOptions, { token, origin, h2_origin, refused_origin }: AttemptSite): Addresses {
  const realm = `${origin}/${token}/realm/${attempt}/`
  const script = `${realm}realm.js`
  const refusing = Object.entries(scenario?.peers ?? {}).filter(([, peer]) => peer.kind === 'refused')
  return {
    attempt, origin,
    urls: { window: `${realm}window.html`, sandbox: `${realm}sandbox.html`, own_agent: `${realm}agent.html`, script, service_worker_script: script, service_worker_scope: realm },
    peer_path: `/${token}/peer/${attempt}/`,
    h2_origin,
    refused_origins: Object.fromEntries(refusing.map(([peer]) => [peer, refused_origin])),
    bridge_url: `${origin.replace('http:', 'ws:')}/${token}/bridge/${attempt}`,
    own_url: `${origin}/${token}/own/${attempt}`,
  }
}
