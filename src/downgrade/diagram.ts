import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DowngradeSchema, type Downgrade } from '../contract/downgrade.js'
import { CaptureLineSchema } from '../contract/evidence.js'
import { LanecheckError } from '../contract/errors.js'
import type { TraceEvent } from '../contract/trace.js'
import { readRecord } from '../evidence/ledger-file.js'
import { causeText } from './compare.js'

/** What a downgrade is drawn from: its record, and the capture of the attempt that counts. */
export interface DiagramInput { downgrade: Downgrade; events: readonly TraceEvent[] }

/** Reads a bundle. Throws `evidence_invalid` where nothing ran over a bridge. */
export function readDiagramInput(bundle: string): DiagramInput {
  const [record, capture] = [join(bundle, 'downgrade.json'), join(bundle, 'capture.ndjson')]
  if (!existsSync(record) || !existsSync(capture)) {
    throw new LanecheckError('evidence_invalid', 'this is no bundle of a bridged cell: downgrade.json and capture.ndjson are not both there', { where: bundle, hint: 'name a folder below bundles/<engine>.<host_role>.bridge' })
  }
  const downgrade = readRecord(record, DowngradeSchema)
  const counts = downgrade.attempts.findLast(({ lost }) => !lost)?.attempt ?? downgrade.attempts.length
  const lines = readFileSync(capture, 'utf8').split('\n').filter((line) => line !== '')
  const events = lines.flatMap((line, at) => {
    const parsed = CaptureLineSchema.safeParse(parsedJson(line))
    if (!parsed.success) throw new LanecheckError('evidence_invalid', 'a line is none of a capture', { where: `${join(basename(dirname(bundle)), basename(bundle), 'capture.ndjson')}:${at + 1}` })
    return parsed.data.attempt === counts ? [parsed.data.event] : []
  })
  return { downgrade, events }
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** What a step of either log reads like; `from` and `to` are participants. */
interface Arrow { from: string; to: string; text: string; back?: boolean }

/** Longest message that is drawn, in characters. */
const LONGEST = 24

/**
 * The downgrade of one cell as a Mermaid sequence diagram: offer, acceptance, who ran what, and how both logs end.
 * Arrows are lines of the two bridge logs and of the peers, each in its own order; between them, what a step answers is drawn before it.
 */
export function diagramOf({ downgrade, events }: DiagramInput): string {
  const { lane_id, admission, attempts } = downgrade
  const attempt = attempts.findLast(({ lost }) => !lost) ?? attempts.at(-1)!
  const lines = [
    `Note over R: ${plain(`proven to be ${attempt.ran.realm.host_role ?? 'no known role'}; ${causeText(admission.cause)}`)}`,
    ...[...events].sort((one, other) => placeOf(one) - placeOf(other)).flatMap((event) => arrowOf(event) ?? []).map(({ from, to, text, back }) => `${from}${back === true ? '-->>' : '->>'}${to}: ${plain(text)}`),
    `Note over R,S: ${plain(attempt.disagreements.length === 0 ? 'the two logs agree' : `the two logs disagree: ${attempt.disagreements.map(({ field }) => field).join(', ')}`)}`,
    `Note over R,P: ${plain(`${admission.support_class}, ${admission.reason_code}: never parity`)}`,
  ]
  return ['sequenceDiagram', ...participants(lane_id, events), ...lines].map((line, at) => (at === 0 ? line : `  ${line}`)).join('\n') + '\n'
}

/** Logs are captured as they come in, the server's sooner than the realm's: order across them is what a bridge does not carry. */
function placeOf(event: TraceEvent): number {
  if (event.witness !== 'bridge') return PLACES.indexOf('peers')
  const at = PLACES.indexOf(`${event.side} ${event.kind.replace('bridge.', '')}`)
  return at === -1 ? PLACES.indexOf(`${event.side} finished`) : at
}

const PLACES: readonly string[] = [
  'realm offered', 'server offered', 'server accepted', 'realm accepted', 'realm run', 'server run', 'peers', 'realm cancelled', 'server cancelled', 'server finished', 'realm finished', 'server closed', 'realm closed',
]

function participants(lane_id: string, events: readonly TraceEvent[]): string[] {
  const peers = [...new Set(events.flatMap((event) => (event.witness === 'peer' && 'peer' in event ? [String(event.peer)] : [])))]
  return [
    `participant R as ${plain(`realm of ${lane_id.replace(/\.bridge$/, '')}`)}`, 'participant S as server bridge', 'participant W as worker in Node',
    `participant P as ${plain(peers.length === 0 ? 'peers (none spoken to)' : `peer ${peers.join(', ')}`)}`,
  ]
}

function arrowOf(event: TraceEvent): Arrow | null {
  if (event.witness === 'peer') return ofPeer(event)
  if (event.witness !== 'bridge') return null
  const realm = event.side === 'realm'
  const [here, there] = realm ? ['R', 'S'] : ['S', 'R']
  switch (event.kind) {
    case 'bridge.offered': return realm ? { from: 'R', to: 'S', text: `offer: ${event.proven_role ?? 'no role'}, by ${event.carrier ?? 'nothing'}` } : null
    case 'bridge.accepted': return realm ? null : { from: 'S', to: 'R', text: `accepted: session ${short(event.session)}, artifact ${short(event.artifact_sha256)}`, back: true }
    case 'bridge.run': return realm ? { from: 'R', to: 'S', text: 'run the scenario' } : { from: 'S', to: 'W', text: 'the same artifact, the same scenario' }
    case 'bridge.finished': return realm ? { from: 'R', to: 'R', text: `finished: ${event.events ?? 'no'} events heard` }
      : { from: 'S', to: 'R', text: `finished: ${event.events ?? 'no'} events sent, digest ${short(event.events_sha256)}`, back: true }
    case 'bridge.closed': return { from: here, to: here, text: 'closed' }
    default: return { from: here, to: there, text: `${event.kind.replace('bridge.', '')}: ${event.reason ?? 'no reason given'}` }
  }
}

function ofPeer(event: TraceEvent): Arrow | null {
  switch (event.kind) {
    case 'peer.connected': return { from: 'W', to: 'P', text: `channel ${event.id} opens` }
    case 'peer.message': return { from: 'W', to: 'P', text: `channel ${event.id}: ${messageText(event)}` }
    case 'peer.sent': return { from: 'P', to: 'W', text: `channel ${event.id}: ${messageText(event)}`, back: true }
    case 'peer.closed': return { from: 'W', to: 'P', text: `channel ${event.id} closes` }
    case 'peer.request': return { from: 'W', to: 'P', text: `exchange ${event.id}` }
    default: return null
  }
}

function messageText(event: TraceEvent): string {
  const message = 'message' in event && typeof event.message === 'object' ? event.message : null
  const said = message !== null && 'text' in message && typeof message.text === 'string' ? message.text : 'a message'
  return said.length > LONGEST ? `${said.slice(0, LONGEST - 1)}…` : said
}

/** Enough of a digest or id to tell it from the next. */
const short = (text: string | null | undefined): string => (text == null || text === '' ? 'none' : text.slice(0, 8))

/** A text without what means something to Mermaid: `;` and `#` end a statement or begin an entity. */
const plain = (text: string): string => text.replace(/[;#]/g, (mark) => (mark === ';' ? ',' : ' ')).replace(/[\r\n]+/g, ' ').replace(/[<>]/g, '')
