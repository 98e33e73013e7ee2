import type { Scenario, Step, TimerSet } from '../../contract/scenario.js'
import { SMOKE, fired, scenario } from '../build.js'

/**
 * When timers fire, and in which order. Here as in all timer scenarios a realm that stalls between two steps breaks no order:
 * what is to fire later is set later, or set in one turn with a wide margin.
 */
export const ORDER: Scenario[] = [
  scenario({
    id: 'timer.order.distinct',
    title: 'Timers with distinct delays fire by delay, not by the order they were set in',
    tiers: SMOKE,
    tasks: {
      main: [
        {
          op: 'timer.set', timer: 'start', after_ticks: 1,
          on_fire: [{ op: 'timer.set', timer: 'third', after_ticks: 15 }, { op: 'timer.set', timer: 'first', after_ticks: 3 }, { op: 'timer.set', timer: 'second', after_ticks: 9 }],
        },
        { op: 'timer.wait', timer: 'start' },
        { op: 'timer.wait', timer: 'third' },
      ],
    },
    expect: {
      timers: { start: fired(), first: fired(), second: fired(), third: fired() },
      orders: [['timer.first.fired', 'timer.second.fired', 'timer.third.fired']],
      at_ticks: { 'timer.first.fired': 4, 'timer.second.fired': 10, 'timer.third.fired': 16 },
    },
  }),
  scenario({
    id: 'timer.order.equal',
    title: 'Timers with equal delays, set in one turn, fire first-in first-out',
    tiers: SMOKE,
    tasks: {
      main: [
        { op: 'timer.set', timer: 'd', after_ticks: 4 },
        { op: 'timer.set', timer: 'b', after_ticks: 4 },
        { op: 'timer.set', timer: 'a', after_ticks: 4 },
        { op: 'timer.set', timer: 'c', after_ticks: 4 },
        // For each of them: the one that fires last in a broken order may be any.
        { op: 'timer.wait', timer: 'd' },
        { op: 'timer.wait', timer: 'b' },
        { op: 'timer.wait', timer: 'a' },
        { op: 'timer.wait', timer: 'c' },
      ],
    },
    expect: {
      timers: { a: fired(), b: fired(), c: fired(), d: fired() },
      orders: [['timer.d.fired', 'timer.b.fired', 'timer.a.fired', 'timer.c.fired']],
      at_ticks: { 'timer.d.fired': 4, 'timer.c.fired': 4 },
    },
  }),
  scenario({
    id: 'timer.zero.after_microtasks',
    title: 'A zero delay fires after the turn and all its microtasks, and a negative delay counts as zero',
    tasks: {
      main: [
        {
          // Steps of a task are microtasks apart; those of a callback share its turn.
          op: 'timer.set', timer: 'turn', after_ticks: 1,
          on_fire: [
            { op: 'timer.set', timer: 'zero', after_ticks: 0 },
            { op: 'timer.set', timer: 'negative', after_ms: -1 },
            { op: 'microtask', mark: 'microtask' },
            { op: 'mark', mark: 'end_of_turn' },
          ],
        },
        { op: 'timer.wait', timer: 'turn' },
        { op: 'timer.wait', timer: 'negative' },
      ],
    },
    expect: {
      timers: { turn: fired(), zero: fired(), negative: fired() },
      orders: [['timer.turn.fired', 'mark.end_of_turn', 'mark.microtask', 'timer.zero.fired', 'timer.negative.fired']],
    },
  }),
  scenario({
    id: 'timer.nested.chain',
    title: 'A timer set inside a callback starts from there',
    tasks: {
      main: [
        {
          op: 'timer.set', timer: 'outer', after_ticks: 2,
          on_fire: [{ op: 'timer.set', timer: 'middle', after_ticks: 3, on_fire: [{ op: 'timer.set', timer: 'inner', after_ticks: 6 }] }, { op: 'timer.set', timer: 'beside', after_ticks: 6 }],
        },
        { op: 'timer.wait', timer: 'outer' },
        { op: 'timer.wait', timer: 'middle' },
        { op: 'timer.wait', timer: 'inner' },
      ],
    },
    expect: {
      timers: { outer: fired(), middle: fired(), inner: fired(), beside: fired() },
      orders: [['timer.outer.fired', 'timer.middle.fired', 'timer.beside.fired', 'timer.inner.fired']],
      at_ticks: { 'timer.outer.fired': 2, 'timer.middle.fired': 5, 'timer.beside.fired': 8, 'timer.inner.fired': 11 },
    },
  }),
  scenario({
    id: 'timer.nested.zero',
    title: 'Zero delays nested seven deep, past the depth where hosts clamp them, all fire in order',
    tasks: { main: [nest(7), ...depths(7).map((depth): Step => ({ op: 'timer.wait', timer: `depth${depth}` }))] },
    expect: {
      timers: Object.fromEntries(depths(7).map((depth) => [`depth${depth}`, fired()])),
      orders: [depths(7).map((depth) => `timer.depth${depth}.fired`)],
    },
  }),
]

function depths(deepest: number): number[] {
  return Array.from({ length: deepest }, (_, index) => index + 1)
}

function nest(deepest: number, depth = 1): TimerSet {
  const inner = depth < deepest ? { on_fire: [nest(deepest, depth + 1)] } : {}
  return { op: 'timer.set', timer: `depth${depth}`, after_ticks: 0, ...inner }
}
