import { describe, expect, it } from 'vitest'
import { expectedOf, type ExpectedOf } from '../../../src/config/expectations.js'
import { laneId } from '../../../src/contract/lane.js'
import type { Verdict } from '../../../src/contract/verdict.js'
import { packetLine, terminalReport } from '../../../src/report/terminal.js'
import { BRIDGED, REFUSED } from '../judge/traces.js'
import { tokenIn } from '../judge/verdicts.js'
import { packetOf } from '../run/support.js'
import { ANSI, COLOURS, PLAIN, ledgerOf } from './support.js'

const nothing: ExpectedOf = () => null
const report = (verdicts: Verdict[], expected: ExpectedOf = nothing, paint = PLAIN): string => terminalReport(ledgerOf(verdicts), 'lanecheck-evidence', expected, paint)
const mismatch = (scenario_id: string): Verdict => ({
  ...tokenIn('semantic_mismatch', 'webkit', 'dedicated_worker', scenario_id), reason: `fired after it was cleared, in ${scenario_id}`, repro_command: `npm run verify -- --cell ${scenario_id}`,
})

describe('T0 browser_surface: what a person reads at the end', () => {
  it('says what ran: subject, cells, seed, engines; and where the evidence is', () => {
    const lines = report([tokenIn('parity')]).split('\n')
    expect(lines[0]).toBe('made-up 1.0.0, 1 cells, seed 7')
    expect(lines[1]).toMatch(/chromium +debian-chromium 1\.0 \(playwright-1\/cdp\)/)
    expect(lines.at(-1)).toBe('Evidence: lanecheck-evidence')
  })

  it('all as expected is said in a line, and lists nothing', () => {
    const text = report([tokenIn('parity'), tokenIn('bridge_only', 'firefox', 'shared_worker'), tokenIn('unsupported', 'webkit', 'service_worker')])
    expect(text).toContain('Every cell came out as expected.')
    expect(text).not.toContain('again:')
  })

  it('every cell that was not as expected has its reason and its command', () => {
    const text = report([tokenIn('parity'), mismatch('timer.x.one'), mismatch('timer.x.two')])
    expect(text).toContain('2 cells not as expected:')
    for (const id of ['timer.x.one', 'timer.x.two']) {
      expect(text).toContain(`semantic_mismatch webkit.dedicated_worker/${id} (webkit.dedicated_worker.direct): fired after it was cleared, in ${id}\n  again: npm run verify -- --cell ${id}\n`)
    }
    expect(text).not.toContain('Every cell')
    expect(report([mismatch('timer.x.one')])).toContain('1 cell not as expected:')
  })

  it('a long list is cut, and says by how many', () => {
    const text = report(Array.from({ length: 45 }, (_, index) => mismatch(`timer.x.s${index}`)))
    expect(text).toContain('45 cells not as expected:')
    expect(text.match(/again:/g)).toHaveLength(40)
    expect(text).toContain('and 5 more, in ledger.ndjson')
    expect(report(Array.from({ length: 40 }, (_, index) => mismatch(`timer.x.s${index}`)))).not.toContain('more, in')
  })

  it('what is not direct says why: each reason once, with its lanes and their cells', () => {
    const text = report([
      tokenIn('bridge_only', 'firefox', 'shared_worker', 'timer.x.one'), tokenIn('bridge_only', 'firefox', 'shared_worker', 'timer.x.two'), tokenIn('bridge_only', 'webkit', 'shared_worker', 'timer.x.one'),
      tokenIn('unsupported', 'webkit', 'window'), tokenIn('parity'),
    ])
    expect(text.match(/subject_declines_host_role/g)).toHaveLength(1)
    expect(text).toContain('firefox.shared_worker.bridge (2), webkit.shared_worker.bridge (1)')
    expect(text).toContain('unsupported: declined\n    webkit.window.none (1)')
    expect(report([tokenIn('parity')])).not.toContain('Not direct')
  })

  it('what an expectations file speaks of is named with its reason, and is no surprise', () => {
    const expected = expectedOf([{ lane: 'webkit.*', scenario: 'timer.x.one', verdict: 'semantic_mismatch', reason: 'a known defect' }], () => undefined)
    const text = report([mismatch('timer.x.one'), mismatch('timer.x.two')], expected)
    expect(text).toContain('semantic_mismatch timer.x.one: a known defect')
    expect(text).toContain('1 cell not as expected:')
    expect(text).not.toContain('again: npm run verify -- --cell timer.x.one')
  })

  it('a cell that does better than the file expects is listed too', () => {
    const expected = expectedOf([{ lane: '*', scenario: '*', verdict: 'semantic_mismatch', reason: 'a known defect' }], () => undefined)
    expect(report([tokenIn('parity')], expected)).toContain('1 cell not as expected:')
  })

  it('has colours on a terminal alone', () => {
    expect(report([tokenIn('parity'), mismatch('timer.x.one')])).not.toMatch(ANSI)
    expect(report([tokenIn('parity'), mismatch('timer.x.one')], nothing, COLOURS)).toMatch(ANSI)
  })
})

describe('T0 browser_surface: the line of a probed realm', () => {
  it('names lane, answer, what exactly ran, and the cause with what it is about', () => {
    expect(packetLine(packetOf())).toBe('chromium.window.direct: direct, admitted_direct (debian-chromium 1.0)')
    const bridged = packetOf({ lane_id: laneId('chromium', 'window', 'bridge'), admission: BRIDGED, support_class: 'bridge_only', reason_code: 'downgrade_to_server_bridge' })
    expect(packetLine(bridged)).toContain('bridge_only, downgrade_to_server_bridge, subject_declines_host_role')
    expect(packetLine(packetOf({ admission: REFUSED }))).toContain('missing_capability webassembly')
    expect(packetLine(packetOf({ admission: { ...REFUSED, cause: { cause: 'prerequisite_missing', prerequisite: 'secure_context' } } }))).toContain('prerequisite_missing secure_context')
  })
})
