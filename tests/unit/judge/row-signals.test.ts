import { describe, expect, test } from 'vitest'
import { MATRIX_ROWS } from '../../../src/contract/matrix-rows.js'
import { eligibilityOf } from '../../../src/judge/eligibility.js'
import { FAILURE_PATTERNS, INVALID_EXPERIMENTS } from '../../../src/judge/row-signals.js'

/** By the contract's table and the rows' own columns, by hand: what each way to lose control of an experiment is called, and its answer. */
const ROWS = {
  timer_surface: [
    ['missing scenario_clock_id', 'time_contract_incomplete', 'insufficient_observability'], ['missing logical_deadline_id', 'time_contract_incomplete', 'insufficient_observability'],
    ['wall-clock-only reasoning', 'wall_clock_only', 'unsupported_time_surface'], ['unsupported timer fields marked as semantic', 'field_under_observed', 'blocked_missing_observability'],
  ],
  virtual_transport_surface: [
    ['uncontrolled peer timing', 'peer_timing_uncontrolled', 'blocked_missing_virtualization'], ['real network dependency', 'outside_reached', 'blocked_scope_red_line'],
    ['missing capture packet', 'capture_packet_missing', 'blocked_missing_observability'], ['transport evidence only inferred from wall-clock logs', 'order_from_wall_clock', 'blocked_missing_virtualization'],
  ],
  http_surface: [
    ['real-internet RTT', 'outside_reached', 'blocked_scope_red_line'], ['uncontrolled TLS/DNS timing', 'peer_timing_uncontrolled', 'blocked_missing_virtualization'],
    ['opaque upstream behavior', 'peer_timing_uncontrolled', 'blocked_missing_virtualization'], ['missing normalized peer evidence', 'capture_packet_missing', 'blocked_missing_observability'],
  ],
  browser_surface: [
    ['opaque browser scheduler claims', 'opaque_host_claim', 'blocked_scope_red_line'], ['service-worker lifetime parity claims', 'opaque_host_claim', 'blocked_scope_red_line'],
    ['shared-worker parity without promotion', 'opaque_host_claim', 'blocked_scope_red_line'], ['missing lane/host metadata', 'host_metadata_missing', 'blocked_missing_observability'],
  ],
} as const
const CHANGED = ['comparator or report behaviour changed without T1 or T4 evidence', 'change_without_evidence', 'blocked_missing_verification'] as const
const BRIDGE = ['a bridge_only downgrade taken for full host parity', 'bridge_taken_for_parity', 'blocked_scope_red_line'] as const
const PATTERNS = { timer_surface: [CHANGED], virtual_transport_surface: [CHANGED], http_surface: [CHANGED], browser_surface: [CHANGED, BRIDGE] } as const

describe.each(MATRIX_ROWS.map((row) => [row.surface_family, row] as const))('T0 %s: its invalid experiments', (family, row) => {
  const bound = INVALID_EXPERIMENTS[family]
  const all = [...bound, ...FAILURE_PATTERNS[family]]
  test('every signal of its column is bound, and no other', () => expect(bound.map(({ signal }) => signal)).toEqual(row.invalid_experiment_signals))
  test('each to what the judge calls it and to the contract\'s answer', () => {
    expect(bound.map(({ signal, judged_as, classification }) => [signal, judged_as, classification])).toEqual(ROWS[family])
    expect(FAILURE_PATTERNS[family].map(({ signal, judged_as, classification }) => [signal, judged_as, classification])).toEqual(PATTERNS[family])
  })
  test('the judge gives the same answer', () => expect(all.map(({ judged_as }) => eligibilityOf(judged_as))).toEqual(all.map(({ classification }) => classification)))
})
