import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../../src/contract/verdict.js'
import { VERDICTS } from '../../../src/contract/vocabulary.js'
import { cellOf, type Cell } from '../../../src/playwright/cell.js'
import { matchers } from '../../../src/playwright/matchers.js'
import { tokenIn, verdictOf } from '../judge/verdicts.js'

const cell = (verdict: Verdict): Cell => cellOf(verdict, '/evidence')
const state = (isNot: boolean) => ({ isNot, promise: '', timeout: 0, utils: {} }) as never
type Name = keyof typeof matchers
/** Whether `expect(received)[.not].<name>(demand)` would pass. */
function passes(name: Name, received: unknown, demand = {}, isNot = false): boolean {
  return matchers[name].call(state(isNot), received as never, demand).pass !== isNot
}
const message = (name: Name, received: unknown, demand = {}, isNot = false): string => matchers[name].call(state(isNot), received as never, demand).message()
const OWN = { toHoldParity: 'parity', toBeBridgeOnly: 'bridge_only', toBeUnsupported: 'unsupported' } as const
const NOTHING_SEEN = ['invalid_experiment', 'irreproducible', 'infrastructure_loss', 'not_run']
const UNAVAILABLE = tokenIn('unsupported')

describe('T0 browser_surface: what matchers demand of a cell', () => {
  it.each(Object.entries(OWN) as Array<[Name, string]>)('%s holds for %s alone', (name, own) => {
    expect(VERDICTS.filter((token) => passes(name, cell(tokenIn(token))))).toEqual([own])
  })

  it.each(Object.entries(OWN) as Array<[Name, string]>)('.not.%s holds for what was seen to be otherwise, never for what was not seen', (name, own) => {
    expect(VERDICTS.filter((token) => passes(name, cell(tokenIn(token)), {}, true))).toEqual(VERDICTS.filter((token) => token !== own && !NOTHING_SEEN.includes(token)))
  })

  it('cause and reason code must be the named ones', () => {
    const bridged = cell(tokenIn('bridge_only'))
    expect(passes('toBeBridgeOnly', bridged, { cause: 'subject_declines_host_role', reason_code: 'downgrade_to_server_bridge' })).toBe(true)
    expect(passes('toBeBridgeOnly', bridged, { cause: 'missing_capability' })).toBe(false)
    expect(passes('toBeUnsupported', cell(UNAVAILABLE), { reason_code: 'unsupported_runtime_context' })).toBe(true)
    expect(passes('toBeUnsupported', cell(UNAVAILABLE), { reason_code: 'bridge_unreachable' })).toBe(false)
  })

  it('what this machine could not give is no answer of the subject\'s, unless it is demanded by name', () => {
    for (const reason_code of ['realm_unavailable', 'bridge_unreachable'] as const) {
      const lost = cell(verdictOf({ ...UNAVAILABLE, reason_code }))
      expect([passes('toBeUnsupported', lost), passes('toBeUnsupported', lost, {}, true), passes('toHoldParity', lost, {}, true), passes('toBeUnsupported', lost, { reason_code })]).toEqual([false, false, false, true])
    }
  })

  it('a list holds when each cell of it does; an empty one shows nothing, and what is no cell is told', () => {
    const [good, bad] = [cell(tokenIn('parity', 'firefox', 'window', 'timer.x.good')), cell(tokenIn('semantic_mismatch', 'firefox', 'window', 'timer.x.bad'))]
    expect([passes('toHoldParity', [good, good]), passes('toHoldParity', [good, bad]), passes('toHoldParity', [good, bad], {}, true)]).toEqual([true, false, false])
    for (const isNot of [false, true]) expect(passes('toHoldParity', [], {}, isNot)).toBe(false)
    expect(message('toHoldParity', [])).toContain('There are no cells')
    expect(message('toHoldParity', [good, bad])).toMatch(/timer\.x\.bad/)
    expect(message('toHoldParity', [good, bad])).not.toMatch(/timer\.x\.good/)
    for (const stranger of [undefined, null, 'parity', { verdict: tokenIn('parity') }, [undefined]]) {
      for (const isNot of [false, true]) expect(passes('toHoldParity', stranger, {}, isNot)).toBe(false)
      expect(message('toHoldParity', stranger)).toContain('wants what runCell or cells gave')
    }
  })
})

describe('T0 browser_surface: what a failed matcher says', () => {
  const finding = { law: 'cancellation', severity: 'hard', attempt: 1, field: 'timers.a.fired_after_clear', expected: 'false', found: 'true' } as const
  const broken = cell({ ...tokenIn('semantic_mismatch'), reason: 'live: it fired', findings: [finding, { ...finding, attempt: 2 }], artifact_bundle: 'bundles/b' })

  it('what was demanded and given, the first finding with its law, the evidence and the command', () => {
    expect(message('toBeBridgeOnly', broken, { cause: 'wasm_blocked' })).toBe([
      'expect(cell).toBeBridgeOnly({ cause: \'wasm_blocked\' })', '',
      `Cell:      ${broken.verdict.cell_id}`,
      'Demanded:  bridge_only, cause wasm_blocked',
      'Given:     semantic_mismatch in firefox.window.direct (direct, admitted_direct; eligible)',
      'Reason:    live: it fired',
      'Finding:   law cancellation (hard, live attempt 1): timers.a.fired_after_clear expected false, found true; 1 more in verdict.json',
      'Evidence:  /evidence/bundles/b',
      'Again:     npx lanecheck verify --cell x',
    ].join('\n'))
  })

  it('names the cause that was given, and that a verdict tells nothing', () => {
    expect(message('toHoldParity', cell({ ...tokenIn('bridge_only'), cause: { cause: 'missing_capability', capability: 'jspi' } }))).toContain('(bridge_only, downgrade_to_server_bridge, cause missing_capability jspi; eligible)')
    const lost = message('toHoldParity', cell({ ...tokenIn('not_run'), artifact_bundle: null }), {}, true)
    expect(lost).toMatch(/^expect\(cell\)\.not\.toHoldParity\(\)\n[\s\S]*anything but parity[\s\S]*tells nothing of what the subject does[\s\S]*Findings: +none[\s\S]*Evidence: +\/evidence\n/)
  })
})
