import type { CaptureLine } from '../../contract/evidence.js'
import type { Downgrade } from '../../contract/downgrade.js'
import type { BridgeEvent } from '../../contract/trace.js'
import { offline, type OfflineControl } from '../control.js'
import { redeemed } from '../tickets.js'
import { again, altered, moved, without, type TraceFault } from '../trace-faults.js'

const REFUSED = 'invalid_experiment, blocked_missing_observability, by bridge_handshake'
const parts = { law: 'bridge_handshake', place: 'bridge_log', row: 'browser_surface' } as const
/** `differs`: in what the two logs differ first. */
const over = (id: string, fault: string, differs: string, live: TraceFault): OfflineControl => offline({ ...parts, id: `bridge_log.${id}`, fault, required: `${REFUSED}: ${differs}`, given: (bench) => bench.bridged(live) })
const log = (side: BridgeEvent['side'], kind?: BridgeEvent['kind']) => ({ witness: 'bridge', side, ...(kind === undefined ? {} : { kind }) })
/** One fault after another. */
const both = (...faults: TraceFault[]): TraceFault => (events) => faults.reduce((seen, fault) => fault(seen), events)
/** A step in the place of that with which a side ends its session. */
const endedBy = (side: BridgeEvent['side'], kind: BridgeEvent['kind'], reason?: BridgeEvent['reason']): TraceFault => altered(log(side, 'bridge.finished'), { kind, reason })

const OTHER = 'b'.repeat(64)
const BUNDLE = 'bundles/chromium.shared_worker.bridge/timer.order.distinct'

/** Faults of what the two sides of a bridge logged, and of what is made of it. */
export const BRIDGE_LOG: OfflineControl[] = [
  over('none', 'nobody logged the handshake', 'steps', without({ witness: 'bridge' })),
  over('one_side', 'only the realm logged the handshake', 'steps', without(log('server'))),
  over('offer_missing', 'the server accepted what the realm never offered', 'steps', without(log('realm', 'bridge.offered'))),
  over('acceptance_missing', 'the realm went on without an acceptance of the server', 'steps', without(log('server', 'bridge.accepted'))),
  over('another_session', 'the two sides logged two sessions', 'session', altered(log('server'), { session: 's2' })),
  over('handshake_replayed', 'the realm\'s handshake is that of another run', 'session', both(altered(log('realm', 'bridge.accepted'), { session: 'of another run' }), altered(log('realm', 'bridge.run'), { session: 'of another run' }))),
  over('another_artifact', 'the server ran another artifact than the realm', 'artifact_sha256', altered(log('server'), { artifact_sha256: OTHER })),
  over('worker_ran_another', 'the server accepted the artifact, and its worker evaluated another', 'ran.server.artifact_sha256', altered(log('server', 'bridge.finished'), { artifact_sha256: OTHER })),
  over('another_carrier', 'the realm names a carrier that was not used', 'carrier', altered(log('realm', 'bridge.accepted'), { carrier: 'long_polling' })),
  over('another_role', 'the realm was accepted under a role that it did not prove', 'proven_role', altered({ witness: 'bridge', kind: 'bridge.offered' }, { proven_role: 'service_worker' })),
  over('ran_in_the_realm', 'the realm says that it is bridged, and ran part of the scenario itself', 'ran.realm.own_events', again({ witness: 'page', kind: 'host.timer.set' })),
  over('nothing_ran', 'the realm tells of a run that the server never began', 'steps', both(without(log('server', 'bridge.run')), without(log('server', 'bridge.finished')))),
  over('fewer_passed_on', 'the realm passed on fewer events than the server sent', 'events', altered(log('realm', 'bridge.finished'), { events: 1 })),
  over('events_edited', 'what the server\'s worker did was changed after the server signed it', 'ran.server.events_sha256', moved({ witness: 'subject', kind: 'timer.fired' }, 1)),
  over('refused', 'the server refused a session that the realm went on with', 'steps', again(log('server', 'bridge.accepted'), { kind: 'bridge.refused' })),
  over('heart_stopped', 'the server gave up a realm whose heart had stopped, and the realm tells of an end', 'steps', endedBy('server', 'bridge.lost', 'other_side_silent')),
  over('answered_twice', 'the realm had an answer twice, and went on', 'steps', again(log('realm', 'bridge.run'), { kind: 'bridge.refused', reason: 'duplicate_frame' })),
  over('answer_of_another', 'the realm had an answer of another session, and went on', 'steps', again(log('realm', 'bridge.run'), { kind: 'bridge.refused', reason: 'foreign_session' })),
  over('garbage', 'the realm heard what is no frame, and went on', 'steps', again(log('realm', 'bridge.run'), { kind: 'bridge.refused', reason: 'bad_frame' })),
  over('cancelled', 'the realm cancelled what the server says was finished', 'steps', endedBy('realm', 'bridge.cancelled')),
  offline({ ...parts, id: 'bridge_log.ticket_of_another_run', fault: 'a realm comes with the ticket of another run', required: 'refused: wrong_ticket', given: (bench) => redeemed(bench.pick('of_another_run', 'own')) }),
  offline({ ...parts, id: 'bridge_log.ticket_used', fault: 'a ticket is used a second time', required: 'refused: ticket_used', given: (bench) => redeemed(bench.pick('used', 'own')) }),
  offline({
    ...parts, id: 'bridge_log.record_missing', fault: 'a bridged cell without its downgrade record', required: 'audit file_missing, exit 1', given: (bench) => bench.audited(({ remove }) => remove(`${BUNDLE}/downgrade.json`)),
  }),
  offline({
    ...parts, id: 'bridge_log.record_edited', fault: 'the downgrade record is changed after the run: it does not come out of the logs', required: 'audit downgrade_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<Downgrade>(`${BUNDLE}/downgrade.json`, ({ attempts }) => { attempts[0]!.carrier = 'long_polling' })),
  }),
  offline({
    ...parts, id: 'bridge_log.line_edited', fault: 'a line of the server\'s log is changed after the run, digests to match', required: 'audit capture_differs downgrade_differs verdict_differs, exit 1',
    given: (bench) => bench.audited(({ editLines }) => editLines<CaptureLine>(`${BUNDLE}/capture.ndjson`, (lines) => lines.map(({ attempt, event }): CaptureLine =>
      ({ attempt, event: event.witness === 'bridge' && event.side === 'server' && event.kind === 'bridge.accepted' ? { ...event, session: 's2' } : event })))),
  }),
  offline({
    ...parts, id: 'bridge_log.in_a_direct_lane', fault: 'the capture of a direct lane holds a line of a bridge', required: 'audit capture_differs record_differs results_differ, exit 1',
    given: (bench) => bench.audited(({ editLines }) => editLines<CaptureLine>('bundles/chromium.window.direct/timer.order.distinct/capture.ndjson', (lines) => [
      ...lines, { attempt: 1, event: { witness: 'bridge', id: 'bridge', side: 'realm', kind: 'bridge.run', session: 's1', artifact_sha256: null, seq: lines.length, ticks: 0, ms: 0 } },
    ])),
  }),
]
