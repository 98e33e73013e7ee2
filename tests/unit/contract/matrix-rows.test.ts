import { describe, expect, test } from 'vitest'
import { MATRIX_ROWS, MatrixRowSchema, MatrixSchema, rowFor } from '../../../src/contract/matrix-rows.js'
import { VerdictSchema } from '../../../src/contract/verdict.js'
import { SURFACE_FAMILIES } from '../../../src/contract/vocabulary.js'

const COLUMNS = ['surface_family', 'phase', 'runtime_profile', 'virtualization_boundary', 'unit_checks', 'golden_fixtures', 'dual_run_scripts', 'required_log_fields', 'invalid_experiment_signals', 'promotion_floor']

describe('T0 matrix rows', () => {
  test('one row a family, each with the ten columns of the seed and no other', () => {
    expect(MATRIX_ROWS.map((row) => row.surface_family)).toEqual([...SURFACE_FAMILIES])
    for (const row of MATRIX_ROWS) expect(Object.keys(row).sort()).toEqual([...COLUMNS].sort())
  })
  test.each(COLUMNS)('a row without %s does not load', (column) => {
    for (const row of MATRIX_ROWS) expect(MatrixRowSchema.safeParse(Object.fromEntries(Object.entries(row).filter(([key]) => key !== column))).success).toBe(false)
  })
  test('an unknown token or column, an empty list or a row twice does not load', () => {
    const row = rowFor('timer_surface')
    expect(MatrixRowSchema.safeParse({ ...row, phase: 'Phase 4' }).success).toBe(false)
    expect(MatrixRowSchema.safeParse({ ...row, owner: 'me' }).success).toBe(false)
    expect(MatrixRowSchema.safeParse({ ...row, unit_checks: [] }).success).toBe(false)
    expect(MatrixSchema.safeParse([row, ...MATRIX_ROWS.slice(0, 3)]).success).toBe(false)
  })
  test.each<[column: string, value: unknown]>([
    ['surface_family', 'grpc_surface'], ['runtime_profile', 'phase2.timer'], ['virtualization_boundary', ''], ['golden_fixtures', ['']], ['dual_run_scripts', ['npx lanecheck verify']],
    ['dual_run_scripts', ['npm test', 'npx lanecheck verify']], ['required_log_fields', 'event_hash'], ['invalid_experiment_signals', null], ['promotion_floor', 'T0'],
    ['promotion_floor', { ...rowFor('timer_surface').promotion_floor, tiers: ['T6'] }], ['promotion_floor', { ...rowFor('timer_surface').promotion_floor, tiers: [] }],
    ['promotion_floor', { ...rowFor('timer_surface').promotion_floor, rows: ['grpc_surface'] }], ['promotion_floor', { ...rowFor('timer_surface').promotion_floor, host_gate: undefined }],
  ])('a row with %s %j does not load', (column, value) => expect(MatrixRowSchema.safeParse({ ...rowFor('timer_surface'), [column]: value }).success).toBe(false))
  test('phases and profiles as in the seed', () => {
    expect(MATRIX_ROWS.map(({ phase, runtime_profile }) => [phase, runtime_profile])).toEqual([
      ['Phase 2', 'phase2.timer_virtualized'], ['Phase 2', 'phase2.transport_loopback'], ['gated Phase 3', 'phase3.http_captured_boundary'], ['gated Phase 3', 'phase3.browser_captured_boundary'],
    ])
  })
  test('HTTP waits for transport; browser for transport and the host gate', () => {
    expect(rowFor('http_surface').promotion_floor).toMatchObject({ rows: ['virtual_transport_surface'], host_gate: false })
    expect(rowFor('browser_surface').promotion_floor).toMatchObject({ rows: ['virtual_transport_surface'], host_gate: true })
  })
  test('every required log field is one of a verdict, of its packets, or of what these hold', () => {
    const kept = new Set([...Object.keys(VerdictSchema.shape), 'CaptureManifest', 'LiveRunMetadata', 'ReplayMetadata', 'event_hash', 'schedule_hash', 'nondeterminism_notes'])
    for (const row of MATRIX_ROWS) expect(row.required_log_fields.filter((field) => !kept.has(field))).toEqual([])
  })
})
