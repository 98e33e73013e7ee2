import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, cancelled, fired, scenario } from '../build.js'

/** A cancelled timer never fires; cancelling too late does nothing. */
export const CANCEL: Scenario[] = [
  scenario({
    id: 'timer.cancel.before_fire',
    title: 'A timer cancelled before it is due never fires',
    tiers: SMOKE,
    tasks: {
      main: [
        { op: 'timer.set', timer: 'at_once', after_ticks: 2 },
        { op: 'timer.clear', timer: 'at_once' },
        { op: 'timer.set', timer: 'clearer', after_ticks: 2, on_fire: [{ op: 'timer.clear', timer: 'doomed' }] },
        { op: 'timer.set', timer: 'doomed', after_ticks: 7 },
        { op: 'timer.set', timer: 'guard', after_ticks: 12 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: { timers: { doomed: cancelled(), at_once: cancelled(), clearer: fired(), guard: fired() }, orders: [['timer.doomed.cleared', 'timer.guard.fired']], at_ticks: { 'timer.guard.fired': 12 } },
  }),
  scenario({
    id: 'timer.cancel.after_fire',
    title: 'Cancelling a timer that has fired is a no-op, also when another one has been set since',
    tasks: {
      main: [
        { op: 'timer.set', timer: 'spent', after_ticks: 2 },
        { op: 'timer.wait', timer: 'spent' },
        { op: 'timer.set', timer: 'next', after_ticks: 3 },
        { op: 'timer.clear', timer: 'spent' },
        { op: 'timer.clear', timer: 'spent' },
        { op: 'timer.wait', timer: 'next' },
      ],
    },
    expect: { timers: { spent: fired(), next: fired() }, orders: [['timer.spent.fired', 'timer.next.fired']], at_ticks: { 'timer.spent.fired': 2 } },
  }),
  scenario({
    id: 'timer.cancel.own_callback',
    title: 'A timer that cancels itself in its own callback has fired once and disturbs no other',
    tasks: {
      main: [
        { op: 'timer.set', timer: 'self', after_ticks: 2, on_fire: [{ op: 'timer.clear', timer: 'self' }] },
        { op: 'timer.set', timer: 'twin', after_ticks: 2 },
        { op: 'timer.set', timer: 'guard', after_ticks: 6 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: { timers: { self: fired(), twin: fired(), guard: fired() }, orders: [['timer.self.fired', 'timer.twin.fired', 'timer.guard.fired']] },
  }),
  scenario({
    id: 'timer.cancel.later_in_callback',
    title: 'A callback cancels a timer due together with it and one due later; neither fires',
    tiers: SMOKE,
    tasks: {
      main: [
        { op: 'timer.set', timer: 'first', after_ticks: 3, on_fire: [{ op: 'timer.clear', timer: 'together' }, { op: 'timer.clear', timer: 'later' }] },
        { op: 'timer.set', timer: 'together', after_ticks: 3 },
        { op: 'timer.set', timer: 'later', after_ticks: 7 },
        { op: 'timer.set', timer: 'guard', after_ticks: 11 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: { timers: { first: fired(), together: cancelled(), later: cancelled(), guard: fired() }, orders: [['timer.first.fired', 'timer.guard.fired']] },
  }),
  scenario({
    id: 'timer.reschedule.later',
    title: 'A timer cleared and set again fires once, at its new time',
    tasks: {
      main: [
        { op: 'timer.set', timer: 'moved', after_ticks: 3 },
        { op: 'timer.set', timer: 'beside', after_ticks: 6 },
        { op: 'timer.clear', timer: 'moved' },
        { op: 'timer.set', timer: 'moved', after_ticks: 9 },
        { op: 'timer.wait', timer: 'beside' },
        // A host that stalls between the sets moves it further: the end waits for it, and then for a second firing that must not come.
        { op: 'timer.wait', timer: 'moved', fired: 1 },
        { op: 'wait', ticks: 3 },
      ],
    },
    expect: { timers: { moved: fired(), beside: fired() }, orders: [['timer.beside.fired', 'timer.moved.fired']], at_ticks: { 'timer.beside.fired': 6, 'timer.moved.fired': 9 } },
  }),
  scenario({
    id: 'timer.reschedule.sooner',
    title: 'A timer moved to an earlier time by another callback fires once, then',
    tasks: {
      main: [
        { op: 'timer.set', timer: 'moved', after_ticks: 14 },
        {
          op: 'timer.set', timer: 'mover', after_ticks: 2,
          on_fire: [{ op: 'timer.clear', timer: 'moved' }, { op: 'timer.set', timer: 'moved', after_ticks: 3 }, { op: 'timer.set', timer: 'beside', after_ticks: 7 }],
        },
        { op: 'timer.wait', timer: 'mover' },
        { op: 'timer.wait', timer: 'beside' },
        { op: 'wait', ticks: 8 },
      ],
    },
    expect: { timers: { moved: fired(), mover: fired(), beside: fired() }, orders: [['timer.mover.fired', 'timer.moved.fired', 'timer.beside.fired']], at_ticks: { 'timer.moved.fired': 5, 'timer.beside.fired': 9 } },
  }),
]
