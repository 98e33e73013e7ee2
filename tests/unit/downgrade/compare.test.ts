import { describe, expect, test } from 'vitest'
import { compareTrial } from '../../../src/downgrade/compare.js'
import type { Given } from '../../../src/downgrade/read-given.js'
import { chosenTrials, downgradeExit } from '../../../src/downgrade/run-downgrades.js'
import { TRIALS } from '../../../src/downgrade/trials.js'
import { givenAs, SUBJECT, trialOf } from './support.js'

const compared = (id: string, change: Parameters<typeof givenAs>[1] = {}, given: Given = givenAs(trialOf(id), change)) => compareTrial(trialOf(id), 'chromium', 'window', SUBJECT, given)
const fields = (row: ReturnType<typeof compared>): string[] => row.differences.map(({ field }) => field)

describe('T0 browser_surface: what happened in a trial beside what was expected', () => {
  test.each(TRIALS.filter(({ host_roles }) => host_roles.includes('window')).map(({ id }) => id))('%s: as expected is ok', (id) => {
    expect(compared(id)).toMatchObject({ outcome: 'ok', differences: [] })
  })

  test('a downgrade where none may be, and none where one must be', () => {
    const bridged = { support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge' } as const
    expect(compared('control.nothing_taken', { packet: bridged })).toMatchObject({ outcome: 'different', needed: false, given: { support_class: 'bridge_only' } })
    expect(compared('taken.worker', { verdict: { ...bridged, verdict: 'bridge_only' }, downgrade: { missing: { cause: 'missing_capability', capability: 'worker' } } })).toMatchObject({ outcome: 'different' })
    expect(compared('taken.websocket', { packet: { support_class: 'direct', reason_code: 'admitted_direct' } })).toMatchObject({ outcome: 'different', needed: true })
  })

  test('direct, and the work fails: the subject uses what it does not require', () => {
    expect(compared('taken.worker', { verdict: { verdict: 'semantic_mismatch' } })).toMatchObject({ outcome: 'different', given: { support_class: 'direct', verdict: 'semantic_mismatch' } })
  })

  test('another cause, another carrier, a record that is not there, logs that disagree: each is named, with its file', () => {
    const cause = { cause: 'missing_capability', capability: 'timers' } as const
    const other = compared('taken.websocket', { packet: { admission: { cause } as never } })
    expect([other.outcome, other.differences]).toEqual(['different', [{ field: 'cause', expected: 'missing_capability websocket', given: 'missing_capability timers', file: 'hosts/chromium.window.json' }]])
    const carried = compared('taken.websocket', { downgrade: { attempts: [{ lost: false, carrier: 'long_polling' }] as never } })
    expect([carried.outcome, fields(carried), carried.given?.carrier]).toEqual(['different', ['carrier of downgrade.taken.websocket.timers'], 'long_polling'])
    expect(fields(compared('taken.websocket', { downgrade: null }))).toEqual(['downgrade record of downgrade.taken.websocket.timers'])
    expect(fields(compared('taken.websocket', { downgrade: { missing: cause } }))).toEqual(['missing in downgrade.taken.websocket.timers'])
    expect(compared('taken.websocket', { downgrade: { complete: false } })).toMatchObject({ outcome: 'different', differences: [{ field: 'logs of downgrade.taken.websocket.timers', given: 'disagree' }] })
    expect(fields(compared('control.nothing_taken', { downgrade: { complete: true } }))).toEqual(['downgrade record of downgrade.control.nothing_taken.timers'])
  })

  test('weak is weak and lost is lost; a wrong answer is worse than either', () => {
    expect(compared('taken.worker', { verdict: { verdict: 'invalid_experiment' } }).outcome).toBe('weak')
    expect(compared('taken.websocket', { verdict: { verdict: 'invalid_experiment' }, downgrade: { complete: false } }).outcome).toBe('weak')
    expect(compared('taken.worker', { verdict: { verdict: 'infrastructure_loss' } }).outcome).toBe('lost')
    expect(compared('taken.worker', { verdict: null })).toMatchObject({ outcome: 'lost', given: { verdict: 'not_run' } })
    expect(compared('taken.worker', { packet: null })).toMatchObject({ outcome: 'lost', given: null })
    expect(compared('taken.websocket', { packet: { support_class: 'unsupported', reason_code: 'realm_unavailable' } }).outcome).toBe('lost')
    expect(compared('taken.websocket', { packet: { support_class: 'unsupported', reason_code: 'bridge_unreachable' }, verdict: { verdict: 'infrastructure_loss' } }).outcome).toBe('different')
  })

  test('a family that the subject does not have is no failure', () => {
    expect(compared('taken.worker', { verdict: { verdict: 'unsupported', findings: [{ law: 'family_absent' }] as never } })).toMatchObject({ outcome: 'ok', given: { verdict: 'parity' } })
    expect(compared('taken.worker', { verdict: { verdict: 'unsupported' } }).outcome).toBe('different')
  })

  test('exit codes: 0 ok, 1 different, 2 weak, 3 lost; the contract\'s order when several hold', () => {
    const exit = (...outcomes: Array<'ok' | 'different' | 'weak' | 'lost'>): number => downgradeExit(outcomes.map((outcome) => ({ outcome })))
    expect([exit(), exit('ok'), exit('ok', 'weak'), exit('weak', 'lost'), exit('lost', 'different', 'weak')]).toEqual([0, 0, 2, 3, 1])
  })

  test('globs choose trials; one that matches none is wrong use', () => {
    expect(chosenTrials(['*.needed']).every(({ id }) => id.endsWith('.needed'))).toBe(true)
    expect(chosenTrials(['control.*', 'taken.fetch']).map(({ id }) => id)).toEqual(['control.nothing_taken', 'control.needed_and_there', 'control.isolated_page', 'taken.fetch'])
    expect(() => chosenTrials(['nothing.*'])).toThrow(expect.objectContaining({ code: 'usage', where: '--only' }))
  })
})
