import { offline, type OfflineControl } from '../control.js'
import { again, altered, without } from '../trace-faults.js'

const UNSEEN = 'invalid_experiment, blocked_missing_observability, by observability_floor'

/** Faults of the page witness: what it did not see, or saw otherwise. */
export const RECORDER: OfflineControl[] = [
  offline({
    id: 'recorder.saw_nothing', law: 'observability_floor', place: 'recorder', row: 'timer_surface', fault: 'the recorder at the boundary recorded nothing', required: UNSEEN,
    given: (bench) => bench.judged('timer.order.distinct', { live: without({ witness: 'page' }) }),
  }),
  offline({
    id: 'recorder.left_before_the_end', law: 'observability_floor', place: 'recorder', row: 'timer_surface', fault: 'nobody looked at what was alive after the shutdown', required: UNSEEN,
    given: (bench) => bench.judged('timer.order.distinct', { live: without({ kind: 'host.alive' }) }),
  }),
  offline({
    id: 'recorder.order_from_wall_clock', law: 'observability_floor', place: 'recorder', row: 'virtual_transport_surface', table: 'peer_or_capture_missing',
    fault: 'the order of events is known only from a log of wall-clock times', required: 'invalid_experiment, blocked_missing_virtualization, by observability_floor',
    given: (bench) => bench.judged('websocket.close.by_subject', {
      attempt: ({ record, ...attempt }) => ({ ...attempt, record: { ...record, observability: record.observability.map((field) => (field.field === 'orders' ? { ...field, class: 'unsupported', witnesses: [] } : field)) } }),
    }),
  }),
  offline({
    id: 'recorder.timer_alive', law: 'leak', place: 'recorder', row: 'timer_surface', fault: 'a timer is alive at the boundary after the shutdown', required: 'semantic_mismatch, eligible, by leak',
    given: (bench) => bench.judged('timer.order.distinct', { live: altered({ kind: 'host.alive' }, { timers: ['7'] }) }),
  }),
  offline({
    id: 'recorder.listener_alive', law: 'leak', place: 'recorder', row: 'timer_surface', fault: 'a listener on the global object is alive after the shutdown', required: 'semantic_mismatch, eligible, by leak',
    given: (bench) => bench.judged('timer.order.distinct', { live: altered({ kind: 'host.alive' }, { left: [{ what: 'listener', id: '1', call: 'addEventListener("online") on self', stack: ['poll (src/poll.ts:12)'] }] }) }),
  }),
  offline({
    id: 'recorder.worker_alive', law: 'leak', place: 'recorder', row: 'timer_surface', fault: 'a worker is alive after the shutdown, and nobody knows who made it', required: 'semantic_mismatch, eligible, by leak',
    given: (bench) => bench.judged('timer.order.distinct', { live: altered({ kind: 'host.alive' }, { left: [{ what: 'worker', id: '1', call: 'new Worker', stack: [] }] }) }),
  }),
  offline({
    id: 'recorder.heard_after_close', law: 'cancellation', place: 'recorder', row: 'virtual_transport_surface', fault: 'a message is handed over after the channel was closed', required: 'semantic_mismatch, eligible, by cancellation',
    given: (bench) => bench.judged('websocket.message.empty', { live: again({ witness: 'subject', kind: 'channel.message' }) }),
  }),
  offline({
    id: 'recorder.outside_address', law: 'scope_red_line', place: 'recorder', row: 'http_surface', fault: 'the recorder saw a request to an address on the internet', table: 'outside_reached',
    required: 'invalid_experiment, blocked_scope_red_line, by scope_red_line',
    given: (bench) => bench.judged('fetch.plain.get', { live: again({ witness: 'page' }, { kind: 'host.outside', id: 'fetch', url: 'https://lanecheck-outside.invalid/' }) }),
  }),
]
