import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, cancelled, fired, scenario } from '../build.js'

/** Logical deadlines: met, exceeded, cancelled, spent before they start, and raced by an abort. */
export const DEADLINE: Scenario[] = [
  scenario({
    id: 'timer.deadline.met',
    title: 'Work that ends before its deadline completes, and the deadline stays silent',
    tiers: SMOKE,
    deadlines: { budget: { budget_ticks: 10 } },
    tasks: {
      main: [
        { op: 'timer.set', timer: 'work', after_ticks: 3, on_fire: [{ op: 'deadline.finish', deadline: 'budget', how: 'completed' }] },
        { op: 'deadline.start', deadline: 'budget', on_exceed: [{ op: 'mark', mark: 'too_late' }] },
        { op: 'timer.set', timer: 'guard', after_ticks: 14 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { work: fired(), guard: fired() },
      deadlines: { budget: 'completed_before_deadline' },
      orders: [['timer.work.fired', 'deadline.budget.completed', 'timer.guard.fired']],
      at_ticks: { 'timer.work.fired': 3, 'deadline.budget.completed': 3 },
    },
  }),
  scenario({
    id: 'timer.deadline.exceeded',
    title: 'A deadline runs out and stops the work',
    tiers: SMOKE,
    deadlines: { budget: { budget_ticks: 4 } },
    tasks: {
      main: [
        { op: 'deadline.start', deadline: 'budget', on_exceed: [{ op: 'timer.clear', timer: 'work' }] },
        { op: 'timer.set', timer: 'work', after_ticks: 10 },
        { op: 'deadline.wait', deadline: 'budget' },
        { op: 'timer.set', timer: 'guard', after_ticks: 10 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { work: cancelled(), guard: fired() },
      deadlines: { budget: 'deadline_exceeded' },
      orders: [['deadline.budget.exceeded', 'timer.guard.fired']],
      at_ticks: { 'deadline.budget.exceeded': 4 },
    },
  }),
  scenario({
    id: 'timer.deadline.cancelled',
    title: 'A deadline that is cancelled in time never runs out',
    deadlines: { budget: { budget_ticks: 9 } },
    tasks: {
      main: [
        { op: 'timer.set', timer: 'canceller', after_ticks: 3, on_fire: [{ op: 'deadline.finish', deadline: 'budget', how: 'cancelled' }] },
        { op: 'deadline.start', deadline: 'budget', on_exceed: [{ op: 'mark', mark: 'too_late' }] },
        { op: 'timer.set', timer: 'guard', after_ticks: 10 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { canceller: fired(), guard: fired() },
      deadlines: { budget: 'cancelled_before_deadline' },
      orders: [['timer.canceller.fired', 'deadline.budget.cancelled', 'timer.guard.fired']],
      at_ticks: { 'deadline.budget.cancelled': 3 },
    },
  }),
  scenario({
    id: 'timer.deadline.on_arrival',
    title: 'A deadline with no budget left is exceeded at once, but not inside the turn that starts it',
    deadlines: { budget: { budget_ticks: 0 } },
    tasks: {
      main: [
        { op: 'deadline.start', deadline: 'budget', on_exceed: [{ op: 'timer.clear', timer: 'work' }] },
        { op: 'timer.set', timer: 'work', after_ticks: 6 },
        { op: 'mark', mark: 'started' },
        { op: 'deadline.wait', deadline: 'budget' },
        { op: 'timer.set', timer: 'guard', after_ticks: 8 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { work: cancelled(), guard: fired() },
      deadlines: { budget: 'deadline_exceeded' },
      orders: [['mark.started', 'deadline.budget.exceeded', 'timer.guard.fired']],
      at_ticks: { 'deadline.budget.exceeded': 0 },
    },
  }),
  scenario({
    id: 'timer.abort.wins_race',
    title: 'An abort due together with the work, but set first, stops it and cancels its deadline',
    deadlines: { budget: { budget_ticks: 10 } },
    tasks: {
      main: [
        { op: 'timer.set', timer: 'abort', after_ticks: 4, on_fire: [{ op: 'timer.clear', timer: 'work' }, { op: 'deadline.finish', deadline: 'budget', how: 'cancelled' }] },
        { op: 'timer.set', timer: 'work', after_ticks: 4, on_fire: [{ op: 'deadline.finish', deadline: 'budget', how: 'completed' }] },
        { op: 'deadline.start', deadline: 'budget' },
        { op: 'timer.set', timer: 'guard', after_ticks: 14 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { abort: fired(), work: cancelled(), guard: fired() },
      deadlines: { budget: 'cancelled_before_deadline' },
      orders: [['timer.abort.fired', 'deadline.budget.cancelled', 'timer.guard.fired']],
      at_ticks: { 'timer.abort.fired': 4, 'deadline.budget.cancelled': 4 },
    },
  }),
  scenario({
    id: 'timer.abort.loses_race',
    title: 'An abort due together with the work, but set after it, comes too late',
    deadlines: { budget: { budget_ticks: 10 } },
    tasks: {
      main: [
        { op: 'timer.set', timer: 'work', after_ticks: 4, on_fire: [{ op: 'timer.clear', timer: 'abort' }, { op: 'deadline.finish', deadline: 'budget', how: 'completed' }] },
        { op: 'timer.set', timer: 'abort', after_ticks: 4, on_fire: [{ op: 'deadline.finish', deadline: 'budget', how: 'cancelled' }] },
        { op: 'deadline.start', deadline: 'budget' },
        { op: 'timer.set', timer: 'guard', after_ticks: 14 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { work: fired(), abort: cancelled(), guard: fired() },
      deadlines: { budget: 'completed_before_deadline' },
      orders: [['timer.work.fired', 'deadline.budget.completed', 'timer.guard.fired']],
      at_ticks: { 'timer.work.fired': 4, 'deadline.budget.completed': 4 },
    },
  }),
]
