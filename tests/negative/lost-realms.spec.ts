import { expect, scenarios, test, verdictOf } from '../lanes/support.js'
import { subject } from './faults.js'

/** Far more than the run needs, far less than the realms would be busy for. */
const BOUND_MS = 60_000
const NEXT = 'timer.order.distinct'

test('T4 timer_surface: a realm that hangs costs its own cell and no other, in bounded time → infrastructure_loss', async ({ kit }) => {
  const started = Date.now()
  // One frame, so that the next cell needs the very place in which the first one hangs.
  const roles = ['window', 'dedicated_worker']
  const { ledger, code } = await kit.verify('--role', roles.join(), '--frames', '1', ...subject('hangs'), ...scenarios(['timer.interval.counted', NEXT]))
  expect(Date.now() - started).toBeLessThan(BOUND_MS)
  expect(code).toBe(3)
  for (const role of roles) {
    expect(verdictOf(ledger, role, 'timer.interval.counted')).toMatchObject({
      verdict: 'infrastructure_loss', eligibility_verdict: 'insufficient_observability', reason: expect.stringMatching(/^realm_silent: /), findings: [{ law: 'infrastructure' }],
    })
    expect(verdictOf(ledger, role, NEXT)).toMatchObject({ verdict: 'parity' })
  }
})

test('T4 timer_surface: a realm that never says hello → unsupported, realm_unavailable, in bounded time; nobody expects that', async ({ kit }) => {
  const started = Date.now()
  const { ledger, code } = await kit.verify('--role', 'dedicated_worker', ...subject('never-says-hello'), '--scenario', NEXT)
  expect(Date.now() - started).toBeLessThan(BOUND_MS)
  expect(verdictOf(ledger, 'dedicated_worker', NEXT)).toMatchObject({
    verdict: 'unsupported', eligibility_verdict: 'insufficient_observability', lane_id: `${kit.engine}.dedicated_worker.none`, reason_code: 'realm_unavailable',
  })
  expect(code).toBe(3)
})
