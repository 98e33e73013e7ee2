import type { Law, Verdict } from '../../src/contract/verdict.js'
import type { EligibilityVerdict, HostRole, RerunDecision, VerdictToken } from '../../src/contract/vocabulary.js'
import { expect as expectCells, test as cellTest } from '../../src/playwright/index.js'
import { expect, scenarios, test, verdictOf, type Kit, type Verified } from '../lanes/support.js'
import { decisive, subject } from './faults.js'

interface Fault {
  row: 'timer_surface' | 'virtual_transport_surface'
  title: string
  /** Module in `subjects/`; those that are broken in the lab as well are found there first. */
  subject: 'broken-everywhere' | 'broken-live' | 'unsteady'
  role: HostRole
  scenario: string
  verdict: VerdictToken
  eligibility_verdict: EligibilityVerdict
  /** Of the finding that decides, and what it says. */
  law: Law
  field: RegExp
  found: string
  /** Other laws that must have been broken as well. */
  also?: Law[]
  rerun_decision: RerunDecision
  attempts: number
}

const direct = { role: 'dedicated_worker', verdict: 'semantic_mismatch', eligibility_verdict: 'eligible' } as const
const hard = { ...direct, rerun_decision: 'no_rerun_hard_break', attempts: 1 } as const
const wrongCode = { title: 'a wrong close code', scenario: 'websocket.close.by_subject', law: 'expectation_lab', field: /^channels\.c\.close\.code$/, found: '1000' } as const

const FAULTS: Fault[] = [
  {
    ...hard, row: 'timer_surface', title: 'a timer fires after its cancel', subject: 'broken-everywhere', scenario: 'timer.cancel.before_fire',
    law: 'cancellation', field: /^timers\.\w+\.fired_after_clear$/, found: 'true', also: ['expectation_lab', 'expectation_live'],
  },
  {
    ...direct, ...wrongCode, row: 'virtual_transport_surface', subject: 'broken-everywhere', also: ['expectation_live', 'witness_agreement'], rerun_decision: 'rerun_for_mismatch', attempts: 1,
  },
  {
    ...direct, ...wrongCode, row: 'virtual_transport_surface', subject: 'broken-everywhere', role: 'shared_worker', verdict: 'bridge_mismatch', also: ['expectation_live', 'witness_agreement'],
    rerun_decision: 'rerun_for_mismatch', attempts: 1,
  },
  {
    ...hard, row: 'timer_surface', title: 'equal timers fire reversed', subject: 'broken-live', scenario: 'timer.order.equal',
    law: 'order', field: /^orders$/, found: 'broken', also: ['lab_live_agreement'],
  },
  {
    ...hard, row: 'timer_surface', title: 'a timer is left alive after the shutdown', subject: 'broken-live', scenario: 'timer.shutdown.pending',
    law: 'leak', field: /^cleanup\.timers$/, found: '1', also: ['lab_live_agreement'],
  },
  {
    ...hard, row: 'timer_surface', title: 'an interval ticks before its time', subject: 'broken-live', scenario: 'timer.interval.counted',
    law: 'early_timer', field: /^at_ticks\.timer\.beat\.fired/, found: 'tick ',
  },
  {
    ...direct, row: 'virtual_transport_surface', title: 'a message is lost before the close', subject: 'broken-live', scenario: 'websocket.close.in_flight_from_peer',
    law: 'expectation_live', field: /^channels\.c\.received\[49\]$/, found: 'nothing', also: ['witness_agreement', 'lab_live_agreement'], rerun_decision: 'rerun_for_mismatch', attempts: 3,
  },
  {
    ...direct, row: 'virtual_transport_surface', title: 'messages are lost in one attempt and not again', subject: 'unsteady', scenario: 'websocket.close.in_flight_from_peer',
    verdict: 'irreproducible', law: 'expectation_live', field: /^channels\.c\.received\[0\]$/, found: 'nothing', also: ['reproducibility'], rerun_decision: 'rerun_for_mismatch', attempts: 2,
  },
  {
    ...direct, row: 'timer_surface', title: 'timers far behind their time are drift: no mismatch, and no parity', subject: 'unsteady', scenario: 'timer.order.distinct',
    verdict: 'invalid_experiment', eligibility_verdict: 'insufficient_observability',
    law: 'noise_window', field: /^at_ticks\.timer\.first\.fired$/, found: 'tick ', rerun_decision: 'rerun_for_noise', attempts: 3,
  },
]
const CODES = { 'broken-everywhere': 1, 'broken-live': 1, unsteady: 2 } as const

/** All faults of a subject are planted in one run; the first test that asks for it makes it. */
const runs = new Map<string, Promise<Verified>>()
function runOf(kit: Kit, name: Fault['subject']): Promise<Verified> {
  const own = FAULTS.filter((fault) => fault.subject === name)
  const roles = [...new Set(own.map(({ role }) => role))].join()
  const run = runs.get(name) ?? kit.verify('--role', roles, ...subject(name), ...scenarios([...new Set(own.map(({ scenario }) => scenario))]))
  runs.set(name, run)
  return run
}

for (const fault of FAULTS) {
  test(`T4 ${fault.row}: ${fault.title} → ${fault.verdict}, by the law ${fault.law}`, async ({ kit }) => {
    const { ledger, code } = await runOf(kit, fault.subject)
    checkAnswer(fault, verdictOf(ledger, fault.role, fault.scenario))
    expect(code).toBe(CODES[fault.subject])
  })
}

function checkAnswer(fault: Fault, verdict: Verdict): void {
  const { eligibility_verdict, rerun_decision, attempts, law } = fault
  expect(verdict).toMatchObject({ verdict: fault.verdict, eligibility_verdict, rerun_decision, attempts, suppression_reason: 'none' })
  const finding = decisive(verdict)
  expect(finding, verdict.reason).toMatchObject({ law, field: expect.stringMatching(fault.field), found: expect.stringContaining(fault.found) })
  const laws = verdict.findings.map((one) => one.law)
  expect(laws).toEqual(expect.arrayContaining(fault.also ?? []))
  const everywhere = fault.subject === 'broken-everywhere'
  expect(finding!.attempt).toBe(everywhere ? 0 : 1)
  // What lab and live agree in breaking is no disagreement of theirs.
  if (everywhere) expect(laws).not.toContain('lab_live_agreement')
}

cellTest('T4 timer_surface, virtual_transport_surface: without a fault each of these scenarios is parity', async ({ cells }) => {
  const ids = [...new Set([...FAULTS.map(({ scenario }) => scenario), 'fetch.plain.get', 'sse.closed_by_subject'])]
  const judged = await cells({ subject: 'native', scenarios: ids, host_roles: ['dedicated_worker'] })
  expect(judged.map(({ verdict }) => verdict.scenario_id)).toEqual(ids)
  expectCells(judged).toHoldParity()
})
