import type { CaptureLine, CaptureManifest, LiveRun } from '../../contract/evidence.js'
import { offline, type OfflineControl } from '../control.js'

const DIRECT_BUNDLE = 'bundles/chromium.window.direct/websocket.close.by_subject'
const MISSING = 'invalid_experiment, blocked_missing_observability, by observability_floor'

/** Faults of what is said of a capture, and of the capture. */
export const MANIFEST: OfflineControl[] = [
  offline({
    id: 'manifest.missing', law: 'observability_floor', place: 'manifest', row: 'virtual_transport_surface', table: 'transport_bundle_incomplete', fault: 'a transport bundle without capture_manifest_path', required: MISSING,
    given: (bench) => bench.judged('websocket.close.by_subject', { evidence: (evidence) => ({ ...evidence, capture_manifest_path: null }) }),
  }),
  offline({
    id: 'manifest.records_missing', law: 'observability_floor', place: 'manifest', row: 'http_surface', table: 'transport_bundle_incomplete', fault: 'a bundle without normalized records', required: MISSING,
    given: (bench) => bench.judged('fetch.plain.get', { evidence: (evidence) => ({ ...evidence, normalized_record_path: null }) }),
  }),
  offline({
    id: 'manifest.called_unsupported', law: 'observability_floor', place: 'manifest', row: 'virtual_transport_surface', fault: 'a field is called unsupported that both witnesses saw: the manifest does not come out of the capture', required: 'audit capture_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<CaptureManifest>(`${DIRECT_BUNDLE}/capture-manifest.json`, ({ fields }) => { fields[0]!.class = 'unsupported' })),
  }),
  offline({
    id: 'manifest.byte_flipped', law: 'observability_floor', place: 'manifest', row: 'virtual_transport_surface', fault: 'one word of the capture is changed, and no digest is made anew', required: 'audit digest_differs, exit 1',
    given: (bench) => bench.audited(({ editLines }) => editLines<CaptureLine>(`${DIRECT_BUNDLE}/capture.ndjson`, (lines) => lines.map((line, at) => (at === 0 ? { ...line, event: { ...line.event, ms: 999 } } : line))), 'as_it_is'),
  }),
  offline({
    id: 'manifest.line_removed', law: 'observability_floor', place: 'manifest', row: 'virtual_transport_surface', fault: 'a line of the capture is taken out, digests to match', required: 'audit capture_differs order_differs record_differs verdict_differs, exit 1',
    given: (bench) => bench.audited(({ editLines }) => editLines<CaptureLine>(`${DIRECT_BUNDLE}/capture.ndjson`, (lines) => lines.filter(({ event }) => event.kind !== 'channel.closing'))),
  }),
  offline({
    id: 'manifest.record_mended', law: 'lab_live_agreement', place: 'manifest', row: 'virtual_transport_surface', fault: 'the normalized record is mended after the run', required: 'audit record_differs, exit 1',
    given: (bench) => bench.audited(({ edit }) => edit<LiveRun>(`${DIRECT_BUNDLE}/live.json`, ({ attempts }) => { attempts[0]!.record.semantic.channels.c!.close!.code = 1000 })),
  }),
]
