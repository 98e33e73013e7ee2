import type { DowngradeAttempt, DowngradeLog } from '../contract/downgrade.js'
import type { BridgeEvent, PageEvent, TraceEvent } from '../contract/trace.js'
import type { HostRole } from '../contract/vocabulary.js'
import type { TraceView } from './trace-view.js'

/** The id under which the recorder knows every line to a subject's own server. */
export const OWN_LINE = 'own_bridge'

/** Whether a trace is of a run on the subject's own server: there the page sees that line alone, and the peers are the second witness of what went on behind it. */
export const overOwnBridge = ({ bridge, page }: Pick<TraceView, 'bridge' | 'page'>): boolean =>
  bridge.some(({ kind }) => kind === 'bridge.passed') || page.some(({ id }) => id === OWN_LINE)

/** The page was there when word came from the server. */
export const heardOnOwnLine = ({ page }: Pick<TraceView, 'page'>): boolean => page.some(({ id, kind }) => id === OWN_LINE && HEARD.has(kind)) || page.some(({ kind }) => kind === 'host.alive')

const HEARD: ReadonlySet<TraceEvent['kind']> = new Set(['host.socket.message', 'host.fetch.head', 'host.fetch.chunk', 'host.fetch.ended', 'host.events.message'] as const)
/** What the realm itself would do to reach a peer. */
const REACHED: ReadonlySet<TraceEvent['kind']> = new Set(['host.socket.created', 'host.fetch.sent', 'host.events.created'] as const)
/** What is at no peer of the scenario; the boundary has a law of its own for the outside. */
const NO_PEER: ReadonlySet<string> = new Set([OWN_LINE, 'other', 'inline', 'outside', 'unparsable'])
/** What only the server's word may bring about. */
const FIRED: ReadonlySet<TraceEvent['kind']> = new Set(['timer.fired', 'deadline.exceeded'] as const)

/**
 * How much of the scenario the realm did itself while it said it was bridged: peers that it reached, and timers that went off
 * in it by a timer of the host's or by nothing, rather than when word came from the server.
 */
export function doneInRealm(events: readonly TraceEvent[]): number {
  let [own, by_server] = [0, false]
  for (const event of events) {
    if (event.witness === 'page') {
      if (HEARD.has(event.kind)) by_server = event.id === OWN_LINE
      else if (event.kind === 'host.timer.fired') by_server = false
      if (REACHED.has(event.kind) && !NO_PEER.has(event.id)) own += 1
    } else if (event.witness === 'subject' && FIRED.has(event.kind) && !by_server) own += 1
  }
  return own
}

type Passed = Required<Pick<BridgeEvent, 'message'>>['message']
const keyOf = ({ kind, length, sha256 }: Passed): string => `${kind} ${length} ${sha256}`

interface Line { carrier: DowngradeLog['carrier']; up: string[]; down: string[] }

/** The line as the page's recorder saw it. */
function lineOfPage(page: readonly PageEvent[]): Line {
  const own = page.filter(({ id }) => id === OWN_LINE)
  const of = (kind: 'host.socket.sent' | 'host.socket.message'): string[] => own.flatMap((event) => (event.kind === kind ? [keyOf(event.message)] : []))
  const carrier = own.some(({ kind }) => kind === 'host.socket.open') ? 'websocket' : own.some(({ kind }) => kind === 'host.fetch.head' || kind === 'host.events.created') ? 'http' : null
  return { carrier, up: of('host.socket.sent'), down: of('host.socket.message') }
}

/** The line as the kit's door saw it. */
function lineOfDoor(door: readonly BridgeEvent[]): Line {
  const of = (direction: BridgeEvent['direction']): string[] =>
    door.flatMap((event) => (event.kind === 'bridge.passed' && event.carrier === 'websocket' && event.direction === direction && event.message !== undefined ? [keyOf(event.message)] : []))
  return { carrier: door.find(({ kind }) => kind === 'bridge.accepted')?.carrier ?? null, up: of('up'), down: of('down') }
}

/** Those of `some` that are not among `all`, each as often as it occurs. */
function missingIn(some: readonly string[], all: readonly string[]): number {
  const left = new Map<string, number>()
  for (const key of all) left.set(key, (left.get(key) ?? 0) + 1)
  return some.filter((key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  }).length
}

/** The steps of a session that ran to its end, as each side logs them: the door does not know when a scenario begins. */
export const OWN_STEPS = { realm: 'offered, accepted, run, finished', server: 'offered, accepted, finished' } as const

export interface OwnLogs { realm: DowngradeLog; server: DowngradeLog; ran: DowngradeAttempt['ran']; line: { up: number; down: number } }

/** What both sides logged of a run on the subject's own server; `logOf` reads one side's steps. */
export function ownLogs(events: readonly TraceEvent[], proven_role: HostRole | null, logOf: (side: BridgeEvent['side']) => DowngradeLog, digest: (value: unknown) => string): OwnLogs {
  const page = events.filter((event): event is PageEvent => event.witness === 'page')
  const door = events.filter((event): event is BridgeEvent => event.witness === 'bridge' && event.side === 'server')
  const [seen, passed] = [lineOfPage(page), lineOfDoor(door)]
  const sent = door.filter(({ kind }) => kind === 'bridge.passed')
  return {
    realm: { ...logOf('realm'), carrier: seen.carrier, events: seen.carrier === 'websocket' ? seen.up.length + seen.down.length : null },
    server: { ...logOf('server'), carrier: passed.carrier },
    ran: {
      realm: { host_role: proven_role, own_events: doneInRealm(events) },
      server: { host_role: 'server', artifact_sha256: null, events: sent.length, events_sha256: null, captured_sha256: digest(sent.map(({ seq: _, ticks: __, ms: ___, ...event }) => event)) },
    },
    // What was still on its way when the session ended is missing on the far side alone.
    line: { up: missingIn(passed.up, seen.up), down: missingIn(seen.down, passed.down) },
  }
}
