import { describe, expect, it, vi } from 'vitest'
import { ERROR_EXIT_CODES, LanecheckError, isLanecheckError } from '../../../src/contract/errors.js'

describe('T0: errors for people', () => {
  it('every code has one of the exit codes for what is not a verdict', () => {
    for (const [code, exit] of Object.entries(ERROR_EXIT_CODES)) expect([1, 3, 64, 70], code).toContain(exit)
  })

  it.each([
    [64, [
      'usage', 'unknown_engine', 'unknown_host_role', 'unknown_scenario', 'unknown_cell', 'scenario_invalid', 'subject_not_found', 'subject_does_not_parse', 'subject_throws', 'subject_never_starts',
      'output_not_writable', 'output_holds_another_run', 'evidence_invalid', 'port_busy',
    ]],
    [1, ['evidence_unsound', 'shards_differ']],
    [3, ['shard_missing', 'engine_not_found', 'engine_launch_failed', 'realm_lost', 'deadline_exceeded_in_node', 'disk_full', 'interrupted']],
    [70, ['internal', 'lab_not_deterministic']],
  ] as const)('exit %i', (exit, codes) => {
    for (const code of codes) expect(ERROR_EXIT_CODES[code], code).toBe(exit)
  })

  it('tells what, where and what to do next; without a place these are null', () => {
    const cause = new Error('below')
    expect(new LanecheckError('usage', 'what', { where: '--seed', hint: 'a number', cause })).toMatchObject({ name: 'LanecheckError', code: 'usage', message: 'what', where: '--seed', hint: 'a number', cause })
    const bare = new LanecheckError('internal', 'what')
    expect(bare).toMatchObject({ where: null, hint: null })
    expect('cause' in bare).toBe(false)
    expect(bare).toBeInstanceOf(Error)
  })

  it('is known by its footprint, also when a second copy of the module made it', async () => {
    vi.resetModules()
    const second = await import('../../../src/contract/errors.js')
    const other = new second.LanecheckError('usage', 'what')
    expect(other).not.toBeInstanceOf(LanecheckError)
    expect(isLanecheckError(other)).toBe(true)
    for (const value of [new Error('x'), { code: 'usage' }, null, undefined, 'usage']) expect(isLanecheckError(value)).toBe(false)
  })
})
