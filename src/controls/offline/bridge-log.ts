import type { CaptureLine } from '../../contract/evidence.js'
import { offline, type OfflineControl } from '../control.js'
import { altered, again, without, type TraceFault } from '../trace-faults.js'

const REFUSED = 'invalid_experiment, blocked_missing_observability, by bridge_handshake'
const over = (id: string, fault: string, live: TraceFault): OfflineControl => offline({
  id: `bridge_log.${id}`, law: 'bridge_handshake', place: 'bridge_log', row: 'browser_surface', fault, required: REFUSED, given: (bench) => bench.judged('timer.order.distinct', { live }, 'bridge'),
})

/** Faults of what the two sides of a bridge logged. */
export const BRIDGE_LOG: OfflineControl[] = [
  over('none', 'nobody logged the handshake', without({ witness: 'bridge' })),
  over('one_side', 'only the realm logged the handshake', without({ witness: 'bridge', side: 'server' })),
  over('another_session', 'the two sides logged two sessions', altered({ witness: 'bridge', side: 'server' }, { session: 's2' })),
  over('another_artifact', 'the server ran another artifact than the realm', altered({ witness: 'bridge', side: 'server' }, { artifact_sha256: 'b'.repeat(64) })),
  over('refused', 'the server refused a session that the realm went on with', again({ witness: 'bridge', side: 'server' }, { kind: 'bridge.refused' })),
  offline({
    id: 'bridge_log.in_a_direct_lane', law: 'bridge_handshake', place: 'bridge_log', row: 'browser_surface', fault: 'the capture of a direct lane holds a line of a bridge', required: 'audit capture_differs record_differs results_differ, exit 1',
    given: (bench) => bench.audited(({ editLines }) => editLines<CaptureLine>('bundles/chromium.window.direct/timer.order.distinct/capture.ndjson', (lines) => [
      ...lines, { attempt: 1, event: { witness: 'bridge', id: 'bridge', side: 'realm', kind: 'bridge.run', session: 's1', artifact_sha256: null, seq: lines.length, ticks: 0, ms: 0 } },
    ])),
  }),
]
