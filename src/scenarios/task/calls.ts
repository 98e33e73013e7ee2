import type { Scenario } from '../../contract/scenario.js'
import { scenario } from '../build.js'
import { checkScenario } from '../validate.js'

/**
 * A subject's own async calls, for subjects that offer the tasks `echo`, `after`, `refuse` and `count` of the kit's own.
 * They are found by their ids only; the matrix does not plan them, for whose tasks have other names has nothing to show in them.
 */
export const TASK_SCENARIOS: readonly Scenario[] = [
  scenario({
    id: 'task.result.concurrent',
    title: 'Calls under way at once each give their own result, in the order in which they end',
    tasks: {
      main: [
        { op: 'call.start', call: 'slow', task: 'after', input: 80 },
        { op: 'call.start', call: 'fast', task: 'after', input: 30 },
        { op: 'call.start', call: 'echoed', task: 'echo', input: { b: [1, null, 'é'], a: true } },
        { op: 'mark', mark: 'all_begun' },
        { op: 'call.wait', call: 'slow' },
      ],
    },
    expect: {
      calls: { slow: { end: 'completed', result: 80 }, fast: { end: 'completed', result: 30 }, echoed: { end: 'completed', result: { a: true, b: [1, null, 'é'] } } },
      orders: [['mark.all_begun', 'call.echoed.completed', 'call.fast.completed', 'call.slow.completed', 'task.main.finished']],
      at_ticks: { 'call.fast.completed': 3, 'call.slow.completed': 8 },
    },
  }),
  scenario({
    id: 'task.result.failed',
    title: 'A call that fails tells its caller the name of the error, and harms no other',
    tasks: {
      main: [
        { op: 'call.start', call: 'refused', task: 'refuse', input: 'QuotaExceededError' },
        { op: 'call.start', call: 'beside', task: 'after', input: 30 },
        { op: 'call.wait', call: 'refused' },
        { op: 'call.wait', call: 'beside' },
      ],
    },
    expect: { calls: { refused: { end: 'failed', error_name: 'QuotaExceededError' }, beside: { end: 'completed', result: 30 } }, orders: [['call.refused.failed', 'call.beside.completed']] },
  }),
  scenario({
    id: 'task.deadline.met',
    title: 'A call that ends before its deadline completes, and the deadline stays silent',
    deadlines: { budget: { budget_ticks: 10 } },
    tasks: { main: [{ op: 'call.start', call: 'work', task: 'after', input: 30, deadline: 'budget' }, { op: 'call.wait', call: 'work' }, { op: 'wait', ticks: 10 }] },
    expect: {
      calls: { work: { end: 'completed', result: 30 } }, deadlines: { budget: 'completed_before_deadline' },
      orders: [['call.work.completed', 'deadline.budget.completed']], at_ticks: { 'call.work.completed': 3, 'deadline.budget.completed': 3 },
    },
  }),
  scenario({
    id: 'task.deadline.exceeded',
    title: 'A call whose deadline runs out has timed out; its signal stops the work behind it',
    deadlines: { budget: { budget_ticks: 4 } },
    tasks: { main: [{ op: 'call.start', call: 'work', task: 'after', input: 120, deadline: 'budget' }, { op: 'call.wait', call: 'work' }, { op: 'wait', ticks: 12 }] },
    expect: {
      calls: { work: { end: 'timed_out' } }, deadlines: { budget: 'deadline_exceeded' },
      orders: [['call.work.started', 'deadline.budget.exceeded', 'call.work.timed_out', 'call.work.stopped', 'task.main.finished']], at_ticks: { 'deadline.budget.exceeded': 4, 'call.work.timed_out': 4 },
    },
  }),
  scenario({
    id: 'task.cancel.under_way',
    title: 'A call cancelled under way gives no result, and its deadline is cancelled with it; cancelling again, or what has ended, does nothing',
    deadlines: { budget: { budget_ticks: 12 } },
    tasks: {
      main: [
        { op: 'call.start', call: 'done', task: 'echo', input: 'kept' },
        { op: 'call.start', call: 'doomed', task: 'after', input: 80, deadline: 'budget' },
        { op: 'call.wait', call: 'done' },
        { op: 'call.cancel', call: 'done' },
        { op: 'wait', ticks: 3 },
        { op: 'call.cancel', call: 'doomed' },
        { op: 'call.cancel', call: 'doomed' },
        { op: 'wait', ticks: 12 },
      ],
    },
    expect: {
      calls: { done: { end: 'completed', result: 'kept' }, doomed: { end: 'cancelled' } }, deadlines: { budget: 'cancelled_before_deadline' },
      orders: [['call.doomed.cancelled', 'call.doomed.stopped', 'task.main.finished']],
    },
  }),
  scenario({
    id: 'task.reports.until_cancelled',
    title: 'What a call reports reaches its caller in order, and nothing does once it is cancelled',
    tasks: {
      main: [
        { op: 'call.start', call: 'counting', task: 'count', input: 30 },
        { op: 'call.wait', call: 'counting', reports: 3 },
        { op: 'call.cancel', call: 'counting' },
        { op: 'wait', ticks: 8 },
      ],
    },
    expect: { calls: { counting: { end: 'cancelled', reports: [1, 2, 3] } }, orders: [['call.counting.reported#3', 'call.counting.cancelled', 'call.counting.stopped']] },
  }),
].map((one) => checkScenario(one, one.id))
