import type { BridgeFault } from '../../bridge/faults.js'
import type { LiveControl } from './control.js'

type Parts = Omit<LiveControl, 'live' | 'role' | 'read' | 'place'> & Partial<Pick<LiveControl, 'role' | 'read' | 'place'>>
const live = (parts: Parts): LiveControl => ({ live: true, role: 'dedicated_worker', read: 'verdict', place: 'subject', ...parts })

const OUTSIDE = 'invalid_experiment, blocked_scope_red_line, by scope_red_line'
const LOST = 'infrastructure_loss, insufficient_observability, by infrastructure'
const canary = (name: string, fault: string): LiveControl => live({
  id: `session.canary_${name}`, law: 'infrastructure', place: 'session', row: 'browser_surface', run: 'canaries', scenario: name, read: 'canary', fault, required: 'bad canary, session refused',
})

/** A server of the bridge with a fault, in a lane that goes over it. */
const bridge = (bridge_fault: BridgeFault, scenario: string, fault: string, required: string): LiveControl => live({
  id: `session.bridge_${bridge_fault}`, law: required === LOST ? 'infrastructure' : 'bridge_handshake', place: 'session', row: 'browser_surface', run: 'bridge', role: 'shared_worker', scenario, bridge_fault, fault, required,
})
const BROKEN = 'invalid_experiment, blocked_missing_observability, by bridge_handshake'

/** Faults in what runs in a real engine. */
export const LIVE_CONTROLS: readonly LiveControl[] = [
  live({ id: 'subject.fires_after_cancel', law: 'cancellation', row: 'timer_surface', run: 'broken-everywhere', scenario: 'timer.cancel.before_fire', fault: 'a timer fires after its cancel', required: 'semantic_mismatch, eligible, by cancellation' }),
  live({ id: 'subject.wrong_close_code', law: 'expectation_lab', row: 'virtual_transport_surface', run: 'broken-everywhere', scenario: 'websocket.close.by_subject', fault: 'a wrong close code, in the lab as well', required: 'semantic_mismatch, eligible, by expectation_lab' }),
  live({ id: 'subject.wrong_close_code_bridged', law: 'expectation_lab', row: 'browser_surface', run: 'broken-everywhere', role: 'shared_worker', scenario: 'websocket.close.by_subject', fault: 'the same over the bridge', required: 'bridge_mismatch, eligible, by expectation_lab' }),
  live({ id: 'subject.equal_timers_reversed', law: 'order', row: 'timer_surface', run: 'broken-live', scenario: 'timer.order.equal', fault: 'equal timers fire reversed', required: 'semantic_mismatch, eligible, by order' }),
  live({ id: 'subject.timer_left_alive', law: 'leak', row: 'timer_surface', run: 'broken-live', scenario: 'timer.shutdown.pending', fault: 'a timer is left alive after the shutdown', required: 'semantic_mismatch, eligible, by leak' }),
  live({ id: 'subject.interval_too_fast', law: 'early_timer', row: 'timer_surface', run: 'broken-live', scenario: 'timer.interval.counted', fault: 'an interval ticks before its time', required: 'semantic_mismatch, eligible, by early_timer' }),
  live({ id: 'subject.message_lost', law: 'expectation_live', row: 'virtual_transport_surface', run: 'broken-live', scenario: 'websocket.close.in_flight_from_peer', fault: 'the last message before the close is lost', required: 'semantic_mismatch, eligible, by expectation_live' }),
  live({ id: 'subject.lost_once', law: 'reproducibility', row: 'virtual_transport_surface', run: 'unsteady', scenario: 'websocket.close.in_flight_from_peer', fault: 'messages are lost in one attempt and not again', required: 'irreproducible, eligible, by reproducibility' }),
  live({ id: 'subject.timers_far_behind', law: 'noise_window', row: 'timer_surface', run: 'unsteady', scenario: 'timer.order.distinct', fault: 'timers far behind their time, though in order', required: 'invalid_experiment, insufficient_observability, by noise_window' }),
  live({ id: 'subject.fetches_outside', law: 'scope_red_line', row: 'http_surface', table: 'outside_reached', run: 'reaches-outside', scenario: 'timer.interval.counted', fault: 'a request to the outside, in the lab as well', required: OUTSIDE }),
  live({ id: 'subject.socket_outside', law: 'scope_red_line', row: 'virtual_transport_surface', table: 'outside_reached', run: 'reaches-outside', scenario: 'websocket.close.by_subject', fault: 'a WebSocket to the outside', required: OUTSIDE }),
  live({ id: 'subject.script_from_outside', law: 'scope_red_line', row: 'browser_surface', table: 'outside_reached', run: 'reaches-outside', scenario: 'fetch.plain.get', fault: 'a script from the outside', required: OUTSIDE }),
  live({ id: 'recorder.blind_spot', law: 'scope_red_line', place: 'recorder', row: 'browser_surface', table: 'outside_reached', run: 'reaches-outside', scenario: 'sse.closed_by_subject', fault: 'a way out that no recorder in the realm can see', required: OUTSIDE }),
  live({ id: 'subject.hangs', law: 'infrastructure', row: 'timer_surface', run: 'loses-realms', scenario: 'timer.interval.counted', fault: 'the realm hangs in the middle of a scenario', required: LOST }),
  live({ id: 'subject.ends_its_realm', law: 'infrastructure', row: 'virtual_transport_surface', run: 'loses-realms', scenario: 'websocket.close.by_subject', fault: 'the realm ends itself in the middle of a scenario', required: LOST }),
  live({ id: 'subject.no_intervals', law: 'family_absent', row: 'timer_surface', run: 'partial', scenario: 'timer.interval.counted', fault: 'the subject has no intervals', required: 'unsupported, eligible, by family_absent' }),
  live({ id: 'subject.declines_role', law: 'admission', row: 'browser_surface', run: 'partial', role: 'service_worker', scenario: 'timer.interval.counted', fault: 'the subject declines service workers and allows no bridge', required: 'unsupported, eligible, by admission' }),
  live({ id: 'host_packet.disguised_realm', law: 'role_proof', place: 'host_packet', row: 'browser_surface', run: 'partial', role: 'shared_worker', scenario: 'timer.interval.counted', fault: 'a shared worker with the signs of a dedicated one', required: 'unsupported, insufficient_observability, by role_proof' }),
  live({ id: 'host_packet.wrong_opinion', law: 'role_proof', place: 'host_packet', row: 'browser_surface', run: 'partial', role: 'window', scenario: 'timer.interval.counted', read: 'packet', fault: 'the subject takes its window for a dedicated worker', required: 'finding: the subject calls its host dedicated_worker; the probe proved window' }),
  live({ id: 'recorder.left_out', law: 'observability_floor', place: 'recorder', row: 'timer_surface', run: 'without-recorder', scenario: 'timer.order.distinct', fault: 'the artifact was built without the recorder', required: 'invalid_experiment, blocked_missing_observability, by observability_floor' }),
  live({ id: 'recorder.left_out_unnoticed', law: 'observability_floor', place: 'recorder', row: 'timer_surface', run: 'without-recorder', scenario: 'timer.shutdown.pending', fault: 'the same, where no timer fires that a recorder would have to see', required: 'invalid_experiment, blocked_missing_observability, by observability_floor' }),
  bridge('names_another_artifact', 'timer.order.distinct', 'the bridge\'s server names another artifact than the one that it runs', BROKEN),
  bridge('another_session', 'timer.order.equal', 'the bridge\'s server answers for another session', BROKEN),
  bridge('answers_twice', 'timer.interval.counted', 'the bridge\'s server gives each answer twice', BROKEN),
  bridge('answers_out_of_order', 'timer.cancel.before_fire', 'the bridge\'s server answers out of order', BROKEN),
  bridge('repeats_events', 'timer.shutdown.pending', 'the bridge\'s server tells of things that never happened', BROKEN),
  bridge('garbage', 'timer.deadline.met', 'the bridge\'s server sends what is no frame', BROKEN),
  bridge('hangs_after_handshake', 'fetch.plain.get', 'the bridge\'s server accepts, and its heart stops', LOST),
  bridge('restarts_in_run', 'timer.nested.chain', 'the bridge\'s server restarts in the middle of a scenario', LOST),
  canary('nonsense', 'a session to which nonsense is no nonsense'),
  canary('mismatch', 'a session whose planted mismatch is not found'),
  canary('hang', 'a session whose planted hang is not cut off'),
  canary('crash', 'a session whose planted crash is not seen'),
]
