import { summarizeJson } from '../../contract/summary.js'
import { offline, type OfflineControl } from '../control.js'
import { again, altered } from '../trace-faults.js'

/** Faults of a subject that need no engine to be seen. */
export const SUBJECT: OfflineControl[] = [
  offline({
    id: 'subject.agreed_and_wrong', law: 'expectation_lab', place: 'subject', row: 'virtual_transport_surface', fault: 'lab and live agree with each other, and both break the expectation', required: 'semantic_mismatch, eligible, by expectation_lab',
    given: (bench) => bench.judged('websocket.close.by_subject', {
      lab: altered({ kind: 'channel.closed' }, { reason: 'other' }), live: altered({ kind: 'channel.closed' }, { reason: 'other' }),
    }),
  }),
  offline({
    id: 'subject.seen_once', law: 'reproducibility', place: 'subject', row: 'virtual_transport_surface', fault: 'a message is lost in one attempt of two: the second does not undo the first', required: 'irreproducible, eligible, by reproducibility',
    given: (bench) => bench.judged('websocket.close.by_peer', { live: [altered({ kind: 'channel.closed' }, { reason: 'other' }), (same) => same] }),
  }),
  offline({
    id: 'subject.no_sockets', law: 'family_absent', place: 'subject', row: 'virtual_transport_surface', fault: 'a subject without the family that a step needs is unsupported, not failed', required: 'unsupported, eligible, by family_absent',
    given: (bench) => bench.judged('websocket.close.by_subject', { live: again({ kind: 'task.finished' }, { kind: 'family.absent', id: 'step', family: 'sockets' }) }),
  }),
  offline({
    id: 'subject.result_after_cancel', law: 'cancellation', place: 'subject', row: 'timer_surface', fault: 'a call gives its result after it was cancelled', required: 'semantic_mismatch, eligible, by cancellation',
    given: (bench) => bench.judged('task.cancel.under_way', { live: altered({ kind: 'call.stopped', id: 'doomed' }, { kind: 'call.late_result', result: summarizeJson('80') }) }),
  }),
  offline({
    id: 'subject.other_result', law: 'expectation_live', place: 'subject', row: 'timer_surface', fault: 'a call gives another result than is expected', required: 'semantic_mismatch, eligible, by expectation_live',
    given: (bench) => bench.judged('task.result.concurrent', { live: altered({ kind: 'call.completed', id: 'slow' }, { result: summarizeJson('81') }) }),
  }),
  offline({
    id: 'subject.no_such_task', law: 'family_absent', place: 'subject', row: 'timer_surface', fault: 'a subject without the task that a step calls is unsupported, not failed', required: 'unsupported, eligible, by family_absent',
    given: (bench) => bench.judged('task.result.concurrent', { live: again({ kind: 'task.finished' }, { kind: 'family.absent', id: 'step', family: 'tasks.after' }) }),
  }),
]
