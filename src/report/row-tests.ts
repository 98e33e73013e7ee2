import type { SurfaceFamily } from '../contract/vocabulary.js'

/** Files of the repository that serve a row, by tier. A check without a file has no test of its own yet. */
export interface RowTests {
  /** T0, by the row's `unit_checks`. */
  unit_checks: Readonly<Record<string, readonly string[]>>
  /** T1, by the row's `golden_fixtures`. */
  golden_fixtures: Readonly<Record<string, readonly string[]>>
  /** T2 and T3: lane tests. */
  dual_runs: readonly string[]
  /** T4: planted faults and their required answers. */
  negative_controls: readonly string[]
  /** T5. */
  stress: readonly string[]
}

const unit = (...names: string[]): string[] => names.map((name) => `tests/unit/${name}.test.ts`)
const golden = (...names: string[]): string[] => names.map((name) => `tests/golden/${name}`)
const planted = (...names: string[]): string[] => names.map((name) => `tests/negative/${name}.spec.ts`)

/** What is known of each row's tests. */
export const ROW_TESTS: Readonly<Record<SurfaceFamily, RowTests>> = {
  timer_surface: {
    unit_checks: {
      'timeout classification': unit('judge/normalize', 'judge/judge'),
      'timer cancellation': unit('lab/timers', 'subjects/timers', 'judge/compare'),
      'logical deadline mapping': unit('judge/normalize', 'scenarios/validate'),
      'scenario-clock validation': unit('scenarios/validate', 'judge/judge'),
    },
    golden_fixtures: {
      'normalized time bundle for timer scenarios': golden('timer-normalized-record.json'),
      'capture-manifest shape for timer scenarios': golden('timer-capture-manifest.json'),
    },
    dual_runs: ['tests/lanes/matrix.spec.ts'],
    negative_controls: [...unit('contract/matrix-rows-signals', 'judge/judge', 'judge/report-check'), ...planted('planted-faults', 'lost-realms', 'controls')],
    stress: ['tests/stress/load.spec.ts'],
  },
  virtual_transport_surface: {
    unit_checks: {
      'ordering-class contract': unit('lab/sockets', 'peers/socket-peer', 'judge/compare'),
      'in-flight cancel cleanup': unit('lab/requests', 'subjects/requests', 'judge/normalize'),
      'transport-close semantics': unit('peers/socket-peer', 'subjects/sockets', 'judge/normalize'),
      'capture-manifest completeness': unit('judge/capture-facts', 'judge/observability'),
    },
    golden_fixtures: {
      'normalized transport summary': golden('transport-normalized-record.json'),
      'retained bundle schema': [...golden('transport-capture-manifest.json'), 'schemas/lanecheck.bundle.v1.schema.json'],
    },
    dual_runs: ['tests/lanes/matrix.spec.ts'],
    negative_controls: [...unit('contract/matrix-rows-signals', 'judge/judge'), ...planted('planted-faults', 'outside', 'controls')],
    stress: ['tests/stress/load.spec.ts'],
  },
  http_surface: {
    unit_checks: {
      'request/response termination contract': unit('peers/http-peer', 'loopback/http-player', 'loopback/h2-player'),
      'protocol-version mapping': unit('judge/http-exchanges', 'loopback/h2-player'),
      'shutdown/cancel boundary': unit('lab/requests', 'subjects/requests', 'loopback/h2-player'),
      'malformed-artifact rejection': unit('contract/json-schema', 'evidence/files', 'scenarios/validate'),
    },
    golden_fixtures: { 'normalized request/response bundle': golden('http-normalized-record.json', 'http-capture.ndjson', 'http-capture-manifest.json'), 'gate packet fixture': golden('http-gate-packet.json', 'http-gate-packet-blocked.json') },
    dual_runs: ['tests/lanes/http.spec.ts'],
    negative_controls: [...unit('contract/matrix-rows-signals', 'judge/report-check', 'judge/http-exchanges', 'audit/http-artifacts', 'controls/offline'), ...planted('lying-peer', 'controls')],
    stress: [],
  },
  browser_surface: {
    unit_checks: {
      'lane classification': unit('lanes/ladder', 'lanes/catalogue', 'judge/page-condition'),
      'downgrade semantics': unit('lanes/ladder', 'judge/verdict', 'judge/page-condition', 'downgrade/expected', 'downgrade/compare'),
      'host-role logging': unit('lanes/ladder', 'host-probes/role'),
      'unsupported-host rejection': unit('lanes/ladder', 'subjects/classify'),
      'bridge-only proof': unit('judge/capture-facts', 'judge/judge'),
    },
    golden_fixtures: {
      'host classification packet': golden('browser-host-packet.json'),
      'downgrade artifact': golden('browser-downgrade-capture-manifest.json', 'downgrade-sample/downgrade.json', 'downgrade-sample/capture.ndjson'),
      'gate packet fixture': golden('browser-gate-packet.json', 'browser-gate-packet-blocked.json'),
    },
    dual_runs: ['tests/lanes/probe.spec.ts', 'tests/lanes/hosts.spec.ts', 'tests/lanes/downgrade.spec.ts'],
    negative_controls: [...unit('contract/matrix-rows-signals', 'judge/report-check', 'judge/page-condition', 'lab/failures', 'controls/offline'), ...planted('canaries', 'controls', 'page-conditions')],
    stress: ['tests/stress/load.spec.ts'],
  },
}
