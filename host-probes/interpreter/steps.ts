import type { Step, SyncStep } from '../../src/contract/scenario.js'
import { native } from '../natives.js'
import { record } from '../trace.js'
import { cancelCall, startCall } from './calls.js'
import { closeChannel, openChannel, sendOn } from './channels.js'
import { of, until, type Context } from './context.js'
import { threw } from './errors.js'
import { cancelRequest, closeStream, openStream, sendRequest } from './exchanges.js'
import { clearTimer, finishDeadline, setInterval, setMany, setTimer, startDeadline } from './timers.js'

/** Runs steps that end in this turn; anything the subject throws ends the run as its error. */
export function runSync(context: Context, steps: SyncStep[]): void {
  for (const step of steps) {
    if (context.stopped) return
    runStep(context, step)
  }
}

/** Runs a task's steps in order; a step that waits holds only its own task. */
export async function runTask(context: Context, task: string, steps: Step[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (context.stopped) return
    try {
      await runStep(context, step)
    } catch (error) {
      threw(context, `${task}[${index}] ${step.op}`, error)
      return
    }
  }
  if (!context.stopped) record({ witness: 'subject', kind: 'task.finished', id: task })
}

function runStep(context: Context, step: Step): void | Promise<void> {
  switch (step.op) {
    case 'timer.set': return setTimer(context, step)
    case 'timer.set_many': return setMany(context, step)
    case 'timer.interval': return setInterval(context, step)
    case 'timer.clear': return clearTimer(context, step.timer)
    case 'deadline.start': return startDeadline(context, step)
    case 'deadline.finish': return finishDeadline(context, step.deadline, step.how)
    case 'mark': return record({ witness: 'subject', kind: 'mark', id: step.mark })
    case 'microtask': return native.queueMicrotask(() => record({ witness: 'subject', kind: 'mark', id: step.mark }))
    case 'socket.open': return openChannel(context, step)
    case 'socket.send': return sendOn(context, step)
    case 'socket.close': return closeChannel(context, step)
    case 'request.send': return sendRequest(context, step)
    case 'request.cancel': return cancelRequest(context, step.exchange)
    case 'events.open': return openStream(context, step)
    case 'events.close': return closeStream(context, step.stream)
    case 'call.start': return startCall(context, step)
    case 'call.cancel': return cancelCall(context, step.call)
    default: return runWait(context, step)
  }
}

function runWait(context: Context, step: Extract<Step, { op: `${string}wait${string}` | 'shutdown' }>): Promise<void> {
  switch (step.op) {
    case 'wait': return new Promise((go) => { native.setTimeout(go, step.ticks * context.scenario.tick_ms) })
    case 'timer.wait': {
      const state = of(context.timers, step.timer)
      return until(context, () => state.cleared || state.fired >= (step.fired ?? Math.min(state.wanted, Number.MAX_SAFE_INTEGER)))
    }
    case 'deadline.wait': {
      const state = of(context.deadlines, step.deadline)
      return until(context, () => state.settled)
    }
    case 'socket.wait_open': {
      const state = of(context.channels, step.channel)
      return until(context, () => state.opened || state.closed)
    }
    case 'socket.wait_message': {
      const state = of(context.channels, step.channel)
      return until(context, () => state.received >= step.count || state.closed)
    }
    case 'socket.wait_close': {
      const state = of(context.channels, step.channel)
      return until(context, () => state.closed)
    }
    case 'request.wait_head': {
      const state = of(context.exchanges, step.exchange)
      return until(context, () => state.head || state.ended)
    }
    case 'request.wait_bytes': {
      const state = of(context.exchanges, step.exchange)
      return until(context, () => state.bytes >= step.at_least || state.ended)
    }
    case 'request.wait_end': {
      const state = of(context.exchanges, step.exchange)
      return until(context, () => state.ended)
    }
    case 'events.wait': {
      const state = of(context.streams, step.stream)
      return until(context, () => state.events >= step.count || state.ended)
    }
    case 'call.wait': {
      const state = of(context.calls, step.call)
      return until(context, () => state.ended || (step.reports !== undefined && state.reports >= step.reports))
    }
    case 'shutdown': return context.shutdown()
  }
}
