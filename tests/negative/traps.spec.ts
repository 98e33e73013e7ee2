import { join } from 'node:path'
import { expect, scenarios, test, verdictOf } from '../lanes/support.js'

const SUBJECT = ['--subject', join('tests', 'fixtures', 'glue', 'breaks.ts')]
/** By scenario, where the subject's WASM breaks down in it. */
const BREAKS = { 'timer.cancel.before_fire': 'in a call', 'timer.deadline.exceeded': 'in a timer’s callback', 'timer.interval.counted': 'in an async export' }

test('T4 timer_surface: a panic inside WASM is the subject’s outcome in a realm and over the bridge, and no infrastructure_loss', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--role', 'window,shared_worker', ...SUBJECT, ...scenarios(Object.keys(BREAKS)))
  expect(code).toBe(1)
  for (const [role, verdict] of [['window', 'semantic_mismatch'], ['shared_worker', 'bridge_mismatch']] as const) {
    for (const [scenario, where] of Object.entries(BREAKS)) {
      const found = verdictOf(ledger, role, scenario)
      expect(found, `${role}, ${where}`).toMatchObject({ verdict })
      // In the lab, which is attempt 0, and live.
      for (const attempt of [0, 1]) {
        expect(found.findings, `${role}, ${where}`).toContainEqual(expect.objectContaining({ field: 'outcome', attempt, found: expect.stringContaining('trap') }))
      }
    }
  }
})
