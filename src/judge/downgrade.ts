import type { Downgrade, DowngradeAttempt, DowngradeLog } from '../contract/downgrade.js'
import type { Admission } from '../contract/host.js'
import type { CellId, LaneId } from '../contract/lane.js'
import { NOT_CARRIED } from '../contract/not-carried.js'
import type { BridgeEvent, TraceEvent } from '../contract/trace.js'
import type { OwnServerBlock } from '../contract/own-downgrade.js'
import type { HostRole } from '../contract/vocabulary.js'
import { OWN_STEPS, ownLogs } from './own-bridge.js'

export interface DowngradeInput {
  cell_id: CellId
  lane_id: LaneId
  scenario_id: string
  admission: Admission
  artifact_sha256: string
  /** Of a subject that has one. */
  own_server?: OwnServerBlock | undefined
  /** One a result, with what its capture holds. */
  results: ReadonlyArray<{ lost: boolean; proven_role: HostRole | null; events: readonly TraceEvent[] }>
  digest(value: unknown): string
}

/** The downgrade record of a cell, from its admission and its capture alone; null where nothing ran over a bridge. */
export function downgradeOf(input: DowngradeInput): Downgrade | null {
  const { cell_id, lane_id, scenario_id, admission, artifact_sha256, own_server, results } = input
  if (admission.route !== 'bridge' || admission.cause === null || results.length === 0) return null
  const attempts = results.map((result, index) => (own_server === undefined ? attemptOf(input, result, index + 1) : ownAttempt(result, index + 1, input.digest)))
  return {
    schema: 'lanecheck.downgrade.v1', cell_id, lane_id, scenario_id, admission, missing: admission.cause, artifact_sha256, ...(own_server === undefined ? {} : { own_server }), attempts, not_carried: [...NOT_CARRIED],
    complete: attempts.every(({ lost, disagreements }) => lost || disagreements.length === 0),
  }
}

/** The first thing that keeps a downgrade from being complete, as one line; null when it is, or there is none. */
export function firstDisagreement(downgrade: Downgrade | null): string | null {
  const attempt = downgrade?.attempts.find(({ lost, disagreements }) => !lost && disagreements.length > 0)
  const [first] = attempt?.disagreements ?? []
  return first === undefined ? null : `${first.field}: the realm has ${first.realm}, the server ${first.server}`
}

function attemptOf({ artifact_sha256, digest }: DowngradeInput, { lost, proven_role, events }: DowngradeInput['results'][number], attempt: number): DowngradeAttempt {
  const logs = events.filter((event): event is BridgeEvent => event.witness === 'bridge')
  const passed = events.filter((event) => (event.witness === 'subject' || event.witness === 'page') && !isOfNode(event))
  const [realm, server] = [logOf(logs, 'realm', digest), logOf(logs, 'server', digest)]
  const finished = logs.findLast(({ side, kind }) => side === 'server' && kind === 'bridge.finished')
  const sent = server.events ?? 0
  const ran: DowngradeAttempt['ran'] = {
    realm: { host_role: proven_role, own_events: passed.length - sent },
    server: {
      host_role: 'server', artifact_sha256: finished?.artifact_sha256 ?? null, events: sent, events_sha256: finished?.events_sha256 ?? null,
      captured_sha256: digest(passed.map(({ seq: _, ...event }) => event)),
    },
  }
  return { attempt, lost, carrier: server.carrier, realm, server, ran, disagreements: disagreementsOf(realm, server, ran, artifact_sha256) }
}

/** On the subject's own server: the door's log stands for the server, and the page's recorder for what went over the realm's line. */
function ownAttempt({ lost, proven_role, events }: DowngradeInput['results'][number], attempt: number, digest: DowngradeInput['digest']): DowngradeAttempt {
  const logs = events.filter((event): event is BridgeEvent => event.witness === 'bridge')
  const { realm, server, ran, line } = ownLogs(events, proven_role, (side) => logOf(logs, side, digest), digest)
  const { found, check } = disagreements()
  const [ofRealm, ofServer] = [stepsOf(realm), stepsOf(server)]
  check('steps', ofRealm, ofServer, ofRealm === OWN_STEPS.realm && ofServer === OWN_STEPS.server)
  check('session', realm.session, server.session)
  check('carrier', realm.carrier, server.carrier)
  check('proven_role', realm.proven_role, ran.realm.host_role)
  check('line.up', 'not all', `${line.up} messages that the realm did not send`, line.up === 0)
  check('line.down', `${line.down} messages that did not come through the door`, 'not these', line.down === 0)
  check('ran.realm.own_events', ran.realm.own_events, 0)
  return { attempt, lost, carrier: server.carrier, realm, server, ran, disagreements: found }
}

/** What Node adds when a subject does not start is no event of either side. */
const isOfNode = (event: TraceEvent): boolean => event.kind === 'subject.threw' && event.id === event.name && (event.id === 'subject_throws' || event.id === 'subject_never_starts')

function logOf(logs: readonly BridgeEvent[], side: BridgeEvent['side'], digest: DowngradeInput['digest']): DowngradeLog {
  const own = logs.filter((event) => event.side === side)
  const of = (kind: BridgeEvent['kind']): BridgeEvent | undefined => own.find((event) => event.kind === kind)
  const accepted = of('bridge.accepted')
  return {
    steps: own.flatMap(({ kind, reason }) => (kind === 'bridge.closed' || kind === 'bridge.passed' ? [] : [{ step: kind.replace('bridge.', '') as DowngradeLog['steps'][number]['step'], reason: reason ?? null }])),
    session: accepted?.session ?? null,
    artifact_sha256: accepted?.artifact_sha256 ?? null,
    carrier: accepted?.carrier ?? null,
    proven_role: of('bridge.offered')?.proven_role ?? null,
    events: of('bridge.finished')?.events ?? null,
    log_sha256: digest(own.filter(({ kind }) => kind !== 'bridge.closed').map(({ seq: _, ticks: __, ms: ___, ...event }) => event)),
  }
}

function disagreements(): { found: DowngradeAttempt['disagreements']; check(field: string, one: unknown, other: unknown, holds?: boolean): void } {
  const found: DowngradeAttempt['disagreements'] = []
  return {
    found,
    check: (field, one, other, holds = one === other && one !== null) => {
      if (!holds) found.push({ field, realm: shown(one), server: shown(other) })
    },
  }
}

/** The steps of a session that ran to its end. */
const COMPLETED = 'offered, accepted, run, finished'

function disagreementsOf(realm: DowngradeLog, server: DowngradeLog, ran: DowngradeAttempt['ran'], artifact_sha256: string): DowngradeAttempt['disagreements'] {
  const { found, check } = disagreements()
  const [ofRealm, ofServer] = [stepsOf(realm), stepsOf(server)]
  check('steps', ofRealm, ofServer, ofRealm === COMPLETED && ofServer === COMPLETED)
  check('session', realm.session, server.session)
  check('artifact_sha256', realm.artifact_sha256, server.artifact_sha256)
  check('carrier', realm.carrier, server.carrier)
  check('proven_role', realm.proven_role, server.proven_role, realm.proven_role === server.proven_role && realm.proven_role === ran.realm.host_role)
  check('events', realm.events, server.events)
  check('ran.realm.own_events', ran.realm.own_events, 0)
  check('ran.server.events_sha256', ran.server.captured_sha256, ran.server.events_sha256)
  check('ran.server.artifact_sha256', artifact_sha256, ran.server.artifact_sha256)
  return found
}

const stepsOf = ({ steps }: DowngradeLog): string => steps.map(({ step, reason }) => (reason === null ? step : `${step} (${reason})`)).join(', ')
const shown = (value: unknown): string => (value === null || value === '' ? 'nothing' : String(value))
