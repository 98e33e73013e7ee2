import { LiveRunSchema } from '../../src/contract/evidence.js'
import type { Verdict } from '../../src/contract/verdict.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, scenarios, test, verdictOf } from '../lanes/support.js'
import { decisive } from './faults.js'

const LEAVES = 'timer.order.distinct'
const PASSED_ON = 'leaks.signal.passed_on'
const DEAF = 'task.cancel.under_way'
/** Where each kind is left, by `leave.ts`; in the order of findings. */
const LEFT = [['broadcast_channels', 'new BroadcastChannel', 7], ['listeners', 'addEventListener("online") on self', 6], ['message_ports', 'new MessageChannel', 8], ['timers', 'setTimeout', 5], ['workers', 'new Worker', 16]] as const

const leaks = ({ findings }: Verdict, attempt: number): string[] => findings.filter((one) => one.law === 'leak' && one.attempt === attempt).map(({ field, found }) => `${field} ${found}`)
const told = (kinds: readonly (typeof LEFT)[number][]): unknown[] => kinds.map(([what, call, line]) => expect.stringMatching(new RegExp(`^cleanup\\.${what} 1: ${call.replace(/[()]/g, '\\$&')}, (?:leaveAll|leaveWorker) \\(leave\\.ts:${line}\\)$`)))

test('T4 timer_surface: what is left alive is a leak, named with the call that made it and its place in the sources; a late result is a broken cancel', async ({ kit }) => {
  const { ledger, code, out } = await kit.verify('--subject', 'tests/negative/leaks/subject.ts', '--role', 'dedicated_worker,shared_worker', ...scenarios([LEAVES, DEAF]))
  expect(code).toBe(1)
  const bare = LEFT.filter(([what]) => what !== 'workers')
  for (const [role, verdict, kinds] of [['dedicated_worker', 'semantic_mismatch', LEFT], ['shared_worker', 'bridge_mismatch', bare]] as const) {
    const judged = verdictOf(ledger, role, LEAVES)
    expect(judged, judged.reason).toMatchObject({ verdict, eligibility_verdict: 'eligible', rerun_decision: 'no_rerun_hard_break', attempts: 1 })
    expect(decisive(judged)).toMatchObject({ law: 'leak', severity: 'hard' })
    expect(leaks(judged, 0)).toEqual(told(bare))
    expect(leaks(judged, 1)).toEqual(told(kinds))
    const deaf = verdictOf(ledger, role, DEAF)
    expect(deaf, deaf.reason).toMatchObject({ verdict, eligibility_verdict: 'eligible', rerun_decision: 'no_rerun_hard_break' })
    expect(decisive(deaf)).toMatchObject({ law: 'cancellation', severity: 'hard', field: 'calls.doomed.late', found: 'a result' })
  }
  // Stacks are kept as each engine tells them, and only the subject's frames of them.
  const live = LiveRunSchema.parse(JSON.parse(readFileSync(join(out, verdictOf(ledger, 'dedicated_worker', LEAVES).normalized_record_path!), 'utf8')))
  const { provenance } = live.attempts[0]!.record
  for (const { stack } of provenance.left ?? []) expect(stack.join('\n')).toMatch(/^\S+ \(leave\.ts:\d+\)\n[\s\S]*\(subject\.ts:11\)/)
})

test('T4 timer_surface: a signal that a task passes on to the platform is no leak, in a realm and over the bridge', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--subject', 'tests/negative/leaks/passes-on.ts', '--role', 'dedicated_worker,shared_worker', '--scenarios', 'tests/negative/leaks/passes-on.yaml', ...scenarios([PASSED_ON]))
  for (const [role, verdict] of [['dedicated_worker', 'parity'], ['shared_worker', 'bridge_only']] as const) {
    const judged = verdictOf(ledger, role, PASSED_ON)
    expect(judged, judged.reason).toMatchObject({ verdict })
  }
  expect(code).toBe(0)
})

test('T4 timer_surface: a subject that asks for one frame after another once it was shut down is a leak', async ({ kit }) => {
  const { ledger, code } = await kit.verify('--subject', 'tests/negative/leaks/asks-frames.ts', '--role', 'window', '--scenarios', 'tests/negative/leaks/passes-on.yaml', ...scenarios([PASSED_ON]))
  const judged = verdictOf(ledger, 'window', PASSED_ON)
  expect(leaks(judged, 1)).toEqual([expect.stringMatching(/^cleanup\.timers 1: requestAnimationFrame, draw \(asks-frames\.ts:8\)$/)])
  expect(decisive(judged)).toMatchObject({ law: 'leak', severity: 'hard' })
  expect(code).toBe(1)
})
