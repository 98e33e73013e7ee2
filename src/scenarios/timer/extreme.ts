import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, cancelled, fired, scenario } from '../build.js'

/** Delays past 32 bits, timers by the thousand, and a shutdown with timers pending. */
export const EXTREME: Scenario[] = [
  scenario({
    id: 'timer.delay.past_int32',
    title: 'A delay of 2^31 ms wraps to a negative one and fires at once, as the HTML standard has it',
    tasks: {
      main: [
        { op: 'timer.set', timer: 'wrapped', after_ms: 2 ** 31 },
        { op: 'timer.set', timer: 'short', after_ticks: 6 },
        { op: 'timer.wait', timer: 'short' },
      ],
    },
    expect: { timers: { short: fired(), wrapped: fired() }, orders: [['timer.wrapped.fired', 'timer.short.fired']], at_ticks: { 'timer.wrapped.fired': 0, 'timer.short.fired': 6 } },
  }),
  scenario({
    id: 'timer.delay.past_uint32',
    title: 'A delay of 2^32 + 50 ms wraps to 50 ms, as the HTML standard has it',
    tasks: {
      main: [
        { op: 'timer.set', timer: 'before', after_ticks: 2 },
        { op: 'timer.set', timer: 'wrapped', after_ms: 2 ** 32 + 50 },
        { op: 'timer.set', timer: 'after', after_ticks: 9 },
        { op: 'timer.wait', timer: 'after' },
      ],
    },
    expect: {
      timers: { before: fired(), wrapped: fired(), after: fired() },
      orders: [['timer.before.fired', 'timer.wrapped.fired', 'timer.after.fired']],
      at_ticks: { 'timer.before.fired': 2, 'timer.wrapped.fired': 5, 'timer.after.fired': 9 },
    },
  }),
  scenario({
    id: 'timer.many.thousand',
    title: 'A thousand timers with three delays all fire, by delay and then first-in first-out',
    tasks: { main: [{ op: 'timer.set_many', timer: 'crowd', count: 1000, after_ticks: [24, 4, 14] }, { op: 'timer.wait', timer: 'crowd' }] },
    expect: { timers: { crowd: fired(1000) } },
    // Setting a thousand takes a cold realm some ticks of its own.
    late_ticks: 10,
  }),
  scenario({
    id: 'timer.shutdown.pending',
    title: 'A shutdown with timers and an interval pending leaves none of them alive',
    tiers: SMOKE,
    tasks: {
      main: [
        { op: 'timer.set', timer: 'soon', after_ticks: 5 },
        { op: 'timer.set', timer: 'far', after_ticks: 1000 },
        { op: 'timer.interval', timer: 'beat', every_ticks: 6 },
        { op: 'shutdown' },
        { op: 'wait', ticks: 10 },
      ],
    },
    expect: { timers: { soon: cancelled(), far: cancelled(), beat: cancelled() } },
  }),
]
