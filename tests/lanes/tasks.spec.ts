import { TASK_SCENARIOS } from '../../src/scenarios/task/calls.js'
import { byCell, expect, test } from './support.js'

test('T3 timer_surface: calls of a subject\'s own tasks hold parity in the realm, and are bridged where the subject is', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--role', 'dedicated_worker,shared_worker', '--scenario', 'task.*')
  const cells = (role: string, verdict: string): Array<[string, string]> => TASK_SCENARIOS.map(({ id }) => [`${kit.engine}.${role}/${id}`, verdict])
  expect(byCell(ledger)).toEqual(Object.fromEntries([...cells('dedicated_worker.direct', 'parity'), ...cells('shared_worker.bridge', 'bridge_only')]))
  expect(code).toBe(0)
  const timed = ledger.verdicts.filter(({ scenario_id }) => scenario_id === 'task.deadline.exceeded')
  for (const { timeout_outcome_class, timeout_budget_class, logical_deadline_id, time_policy_class } of timed) {
    expect([timeout_outcome_class, timeout_budget_class, logical_deadline_id, time_policy_class]).toEqual(['deadline_exceeded', 'bounded', 'budget', 'semantic_time'])
  }
})
