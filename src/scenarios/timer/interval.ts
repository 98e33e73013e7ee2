import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, cancelled, fired, scenario } from '../build.js'

/** Intervals count, and stop where they are told to. */
export const INTERVAL: Scenario[] = [
  scenario({
    id: 'timer.interval.counted',
    title: 'An interval ticks three times, is cancelled, and ticks no more',
    tiers: SMOKE,
    tasks: {
      main: [
        { op: 'timer.interval', timer: 'beat', every_ticks: 4 },
        { op: 'timer.wait', timer: 'beat', fired: 3 },
        { op: 'timer.clear', timer: 'beat' },
        { op: 'timer.set', timer: 'guard', after_ticks: 10 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: {
      timers: { beat: cancelled(3), guard: fired() },
      orders: [['timer.beat.fired', 'timer.beat.fired#2', 'timer.beat.fired#3', 'timer.beat.cleared', 'timer.guard.fired']],
      at_ticks: { 'timer.beat.fired': 4 },
    },
  }),
  scenario({
    id: 'timer.interval.own_tick',
    title: 'An interval cancelled inside its own second tick does not tick again',
    tasks: {
      main: [
        { op: 'timer.interval', timer: 'beat', every_ticks: 3, clear_after: 2 },
        { op: 'timer.wait', timer: 'beat', fired: 2 },
        { op: 'timer.set', timer: 'guard', after_ticks: 10 },
        { op: 'timer.wait', timer: 'guard' },
      ],
    },
    expect: { timers: { beat: cancelled(2), guard: fired() }, orders: [['timer.beat.fired', 'timer.beat.fired#2', 'timer.guard.fired']] },
  }),
]
