import type { DeadlineStart, TimerInterval, TimerSet } from '../../src/contract/scenario.js'
import type { SubjectTimers } from '../../src/contract/subject.js'
import { record } from '../trace.js'
import { absent } from './families.js'
import { happened, of, type Context, type TimerState } from './context.js'
import { guarded } from './errors.js'

const timersOf = (context: Context): SubjectTimers => context.runtime.timers ?? absent('timers')

function timerState(context: Context, timer: string, wanted: number): TimerState {
  const state = context.timers.get(timer) ?? { handle: null, handles: [], wanted: 0, fired: 0, cleared: false }
  context.timers.set(timer, state)
  state.wanted += wanted
  state.cleared = false
  return state
}

export function setTimer(context: Context, step: TimerSet): void {
  const timers = timersOf(context)
  const delay_ms = step.after_ms ?? step.after_ticks! * context.scenario.tick_ms
  const state = timerState(context, step.timer, 1)
  record({ witness: 'subject', kind: 'timer.set', id: step.timer, delay_ms })
  state.handle = timers.set(delay_ms, guarded(context, step.timer, () => {
    state.fired += 1
    record({ witness: 'subject', kind: 'timer.fired', id: step.timer })
    context.runSync(step.on_fire ?? [])
    happened(context)
  }))
  state.handles.push(state.handle)
}

export function setMany(context: Context, step: { timer: string; count: number; after_ticks: number[] }): void {
  const timers = timersOf(context)
  const state = timerState(context, step.timer, step.count)
  for (let index = 0; index < step.count; index++) {
    const delay_ms = step.after_ticks[index % step.after_ticks.length]! * context.scenario.tick_ms
    record({ witness: 'subject', kind: 'timer.set', id: step.timer, delay_ms })
    state.handles.push(timers.set(delay_ms, guarded(context, step.timer, () => {
      state.fired += 1
      record({ witness: 'subject', kind: 'timer.fired', id: step.timer, index })
      if (state.fired === state.wanted) happened(context)
    })))
  }
}

export function setInterval(context: Context, step: TimerInterval): void {
  const timers = timersOf(context)
  const interval = timers.interval?.bind(timers) ?? absent('timers.interval')
  const delay_ms = step.every_ticks * context.scenario.tick_ms
  const state = timerState(context, step.timer, Number.POSITIVE_INFINITY)
  record({ witness: 'subject', kind: 'timer.set', id: step.timer, delay_ms })
  state.handle = interval(delay_ms, guarded(context, step.timer, () => {
    state.fired += 1
    record({ witness: 'subject', kind: 'timer.fired', id: step.timer })
    context.runSync(step.on_fire ?? [])
    if (state.fired === step.clear_after) clearTimer(context, step.timer)
    happened(context)
  }))
  state.handles.push(state.handle)
}

export function clearTimer(context: Context, timer: string): void {
  const state = of(context.timers, timer)
  record({ witness: 'subject', kind: 'timer.cleared', id: timer })
  state.cleared = true
  for (const handle of state.handles) timersOf(context).clear(handle)
  happened(context)
}

export function startDeadline(context: Context, step: DeadlineStart): void {
  const timers = timersOf(context)
  const { budget_ticks } = context.scenario.deadlines[step.deadline]!
  const state = { handle: null as unknown, settled: false }
  context.deadlines.set(step.deadline, state)
  record({ witness: 'subject', kind: 'deadline.started', id: step.deadline, budget_ticks })
  const arm = timers.deadline?.bind(timers) ?? timers.set.bind(timers)
  state.handle = arm(budget_ticks * context.scenario.tick_ms, guarded(context, step.deadline, () => {
    state.settled = true
    record({ witness: 'subject', kind: 'deadline.exceeded', id: step.deadline })
    context.runSync(step.on_exceed ?? [])
    happened(context)
  }))
}

/** Ends a deadline before it is exceeded; afterwards it changes nothing. */
export function finishDeadline(context: Context, deadline: string, how: 'completed' | 'cancelled'): void {
  const state = of(context.deadlines, deadline)
  timersOf(context).clear(state.handle)
  if (!state.settled) record({ witness: 'subject', kind: `deadline.${how}`, id: deadline })
  state.settled = true
  happened(context)
}
