import type { Verdict } from '../../src/contract/verdict.js'
import { expect, scenarios, test, verdictOf } from '../lanes/support.js'
import { decisive, subject } from './faults.js'

const WAYS = {
  'timer.interval.counted': { api: 'fetch', host: 'lanecheck-outside.invalid' },
  'websocket.close.by_subject': { api: 'WebSocket', host: 'lanecheck-outside.invalid' },
  'fetch.plain.get': { api: 'importScripts', host: 'lanecheck-script.invalid' },
}
const INNOCENT = 'timer.order.distinct'

test('T4 timer_surface, virtual_transport_surface: a call to the outside → invalid_experiment, blocked_scope_red_line; a neighbour is none the worse', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--role', 'dedicated_worker,shared_worker', ...subject('reaches-outside'), ...scenarios([...Object.keys(WAYS), INNOCENT]))
  for (const [scenario, { api, host }] of Object.entries(WAYS)) {
    // In the lab it takes the fetch alone.
    const attempt = api === 'fetch' ? 0 : 1
    expectRefused(verdictOf(ledger, 'dedicated_worker', scenario), api, host, attempt)
    // Nor does it get out over the bridge, where it finds no importScripts.
    const bridged = verdictOf(ledger, 'shared_worker', scenario)
    expect(bridged.lane_id).toBe(`${kit.engine}.shared_worker.bridge`)
    if (api !== 'importScripts') expectRefused(bridged, api, host, attempt)
  }
  expect(verdictOf(ledger, 'dedicated_worker', INNOCENT)).toMatchObject({ verdict: 'parity', findings: [] })
  expect(verdictOf(ledger, 'shared_worker', INNOCENT)).toMatchObject({ verdict: 'bridge_only', findings: [] })
  expect(code).toBe(2)
})

test('T4 virtual_transport_surface: a way out that the realm\'s recorder cannot see is refused by the wall → invalid_experiment, blocked_scope_red_line', async ({ kit }) => {
  const { ledger } = await kit.verify('--role', 'dedicated_worker,shared_worker', ...subject('reaches-outside'), '--scenario', 'sse.closed_by_subject')
  expectRefused(verdictOf(ledger, 'dedicated_worker', 'sse.closed_by_subject'), 'proxy', 'lanecheck-unseen.invalid', 1)
  // The bridge's worker has a wall of its own.
  expectRefused(verdictOf(ledger, 'shared_worker', 'sse.closed_by_subject'), 'proxy', 'lanecheck-unseen.invalid', 1)
})

function expectRefused(verdict: Verdict, api: string, host: string, attempt: number): void {
  expect(verdict).toMatchObject({ verdict: 'invalid_experiment', eligibility_verdict: 'blocked_scope_red_line', rerun_decision: 'no_rerun_hard_break', attempts: 1 })
  expect(decisive(verdict), verdict.reason).toMatchObject({ law: 'scope_red_line', severity: 'hard', attempt, field: 'outside', found: `${api} → ${host}` })
}
