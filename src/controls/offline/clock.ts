import type { Scenario } from '../../contract/scenario.js'
import { checkScenario } from '../../scenarios/validate.js'
import { findScenarios } from '../../scenarios/catalogue.js'
import { offline, type OfflineControl } from '../control.js'
import { moved } from '../trace-faults.js'

const HALF_DECLARED = 'invalid_experiment, insufficient_observability, by time_contract'
const UNCONTROLLED = 'invalid_experiment, blocked_missing_virtualization, by deterministic_lab'

/** Faults of clocks and deadlines, the lab's and the live one. */
export const CLOCK: OfflineControl[] = [
  offline({
    id: 'clock.no_deadline_id', law: 'time_contract', place: 'clock', row: 'timer_surface', table: 'timer_report_incomplete', fault: 'time-outs are compared and no logical_deadline_id is declared', required: HALF_DECLARED,
    given: (bench) => bench.judged('timer.deadline.met', { scenario: (scenario) => ({ ...scenario, logical_deadline_id: null }) }),
  }),
  offline({
    id: 'clock.another_clock', law: 'time_contract', place: 'clock', row: 'timer_surface', fault: 'the live record counts the ticks of another scenario clock', required: HALF_DECLARED,
    given: (bench) => bench.judged('timer.deadline.met', { attempt: ({ record, ...attempt }) => ({ ...attempt, record: { ...record, scenario_clock_id: 'wall.clock' } }) }),
  }),
  offline({
    id: 'clock.wall_clock_only', law: 'time_contract', place: 'clock', row: 'timer_surface', table: 'wall_clock_only', fault: 'the live record has milliseconds and no ticks', required: 'invalid_experiment, unsupported_time_surface, by time_contract',
    given: (bench) => bench.judged('timer.deadline.met', { attempt: ({ record, ...attempt }) => ({ ...attempt, record: { ...record, qualified: { logical_elapsed_ticks: null, at_ticks: {} } } }) }),
  }),
  offline({
    id: 'clock.no_margin', law: 'time_contract', place: 'clock', row: 'timer_surface', fault: 'a deadline one tick behind the work that it limits', required: HALF_DECLARED,
    given: (bench) => bench.judged('timer.deadline.met', { scenario: oneTickLeft }),
  }),
  offline({
    id: 'clock.deadline_not_declared', law: 'time_contract', place: 'clock', row: 'timer_surface', fault: 'a scenario starts a deadline that it does not declare', required: 'error scenario_invalid',
    given: (bench) => bench.refused(() => {
      const scenario = findScenarios('timer.deadline.met')[0]!
      checkScenario(bench.pick({ ...scenario, deadlines: {} }, scenario), 'control')
    }),
  }),
  offline({
    id: 'clock.runs_fast', law: 'early_timer', place: 'clock', row: 'timer_surface', fault: 'a timer fires ticks before its time', required: 'semantic_mismatch, eligible, by early_timer',
    given: (bench) => bench.judged('timer.order.distinct', { live: moved({ kind: 'timer.fired' }, -4) }),
  }),
  offline({
    id: 'clock.runs_slow', law: 'noise_window', place: 'clock', row: 'timer_surface', fault: 'in every attempt timers fire beyond the window', required: 'invalid_experiment, insufficient_observability, by noise_window',
    given: (bench) => bench.judged('timer.order.distinct', { live: [moved({ kind: 'timer.fired' }, 40), moved({ kind: 'timer.fired' }, 40)] }),
  }),
  offline({
    id: 'clock.lab_not_repeated', law: 'deterministic_lab', place: 'clock', row: 'timer_surface', fault: 'two lab runs of one seed went two ways', required: UNCONTROLLED,
    given: (bench) => bench.judged('timer.order.distinct', {
      evidence: (evidence) => ({ ...evidence, lab: { ...evidence.lab!, deterministic: false, runs: evidence.lab!.runs.map((run, at) => (at === 0 ? run : { ...run, schedule_hash: '0'.repeat(64) })) } }),
    }),
  }),
  offline({
    id: 'clock.lab_called_repeated', law: 'deterministic_lab', place: 'clock', row: 'timer_surface', fault: 'two lab runs went two ways, and the record calls them the same', required: UNCONTROLLED,
    given: (bench) => bench.judged('timer.order.distinct', { evidence: (evidence) => ({ ...evidence, lab: { ...evidence.lab!, runs: evidence.lab!.runs.map((run, at) => (at === 0 ? run : { ...run, event_hash: '0'.repeat(64) })) } }) }),
  }),
  offline({
    id: 'clock.lab_on_real_time', law: 'deterministic_lab', place: 'clock', row: 'virtual_transport_surface', fault: 'the lab\'s record was timed by a real clock', required: UNCONTROLLED,
    given: (bench) => bench.judged('websocket.close.by_subject', { evidence: (evidence) => ({ ...evidence, lab: { ...evidence.lab!, record: { ...evidence.lab!.record, clock_source: 'performance_now' } } }) }),
  }),
  offline({
    id: 'clock.no_lab', law: 'deterministic_lab', place: 'clock', row: 'timer_surface', fault: 'there is no lab run to compare with', required: 'invalid_experiment, blocked_missing_observability, by deterministic_lab',
    given: (bench) => bench.judged('timer.order.distinct', { evidence: (evidence) => ({ ...evidence, lab: null }) }),
  }),
]

/** The deadline moved to one tick behind its end in the lab. */
function oneTickLeft(scenario: Scenario): Scenario {
  const id = scenario.logical_deadline_id!
  const ended = scenario.expect.at_ticks?.[`deadline.${id}.completed`] ?? 0
  return { ...scenario, deadlines: { [id]: { budget_ticks: ended + 1 } } }
}
