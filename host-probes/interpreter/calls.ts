import { canonicalJson } from '../../src/contract/canonical-json.js'
import type { MessageSummary } from '../../src/contract/message.js'
import type { JsonValue, SubjectTasks, TaskContext } from '../../src/contract/subject.js'
import { summarizeJson } from '../../src/contract/summary.js'
import { native } from '../natives.js'
import { watchListeners } from '../recorder/listeners.js'
import { record } from '../trace.js'
import { happened, of, type CallState, type Context } from './context.js'
import { isTrap, messageOf, nameOf, threw } from './errors.js'
import { absent } from './families.js'

interface CallStep { call: string; task: string; input?: JsonValue | undefined; deadline?: string | undefined }

/** Calls a task. What it does once its call has ended is told by events of their own, and is no result. */
export function startCall(context: Context, step: CallStep): void {
  const id = step.call
  const task = taskOf(context, step.task)
  const input = step.input ?? null
  const controller = new AbortController()
  const state: CallState = { ended: false, reports: 0, abort: (reason) => controller.abort(reason), endDeadline: () => undefined }
  context.calls.set(id, state)
  // The signal is the caller's, who may have it for much longer than one call.
  watchListeners(controller.signal, `the signal of call ${id}`)
  record({ witness: 'subject', kind: 'call.started', id, task: step.task, input: summarizeJson(canonicalJson(input)) })
  if (step.deadline !== undefined) startDeadline(context, state, id, step.deadline)
  const report = (value: JsonValue): void => {
    record({ witness: 'subject', kind: 'call.reported', id, value: jsonOf(value) })
    state.reports += 1
    happened(context)
  }
  // Each call has an input of its own: what a task does to it is seen by no other.
  void settled(context, id, state, begun(task, JSON.parse(JSON.stringify(input)) as JsonValue, { signal: controller.signal, report }))
}

/** A name that every object answers to is no task. */
function taskOf({ runtime }: Context, name: string): SubjectTasks[string] {
  const tasks = runtime.tasks ?? absent('tasks')
  const task = name in Object.prototype ? undefined : tasks[name]
  return typeof task === 'function' ? task.bind(tasks) : absent(`tasks.${name}`)
}

/** A task that throws before it gives a promise has rejected. */
async function begun(task: SubjectTasks[string], input: JsonValue, context: TaskContext): Promise<JsonValue | void> {
  return task(input, context)
}

async function settled(context: Context, id: string, state: CallState, promise: Promise<JsonValue | void>): Promise<void> {
  try {
    const result = jsonOf((await promise) ?? null)
    if (state.ended) record({ witness: 'subject', kind: 'call.late_result', id, result })
    else end(context, state, 'completed', () => record({ witness: 'subject', kind: 'call.completed', id, result }))
  } catch (error) {
    const name = nameOf(error)
    if (state.ended) record({ witness: 'subject', kind: 'call.stopped', id, error: name })
    else end(context, state, 'completed', () => record({ witness: 'subject', kind: 'call.failed', id, error: name, message: messageOf(error) }))
    if (isTrap(error)) threw(context, id, error)
  }
}

/** Ends a call once; its deadline ends with it. */
function end(context: Context, state: CallState, deadline: 'completed' | 'cancelled', tell: () => void): void {
  state.ended = true
  tell()
  state.endDeadline(deadline)
  happened(context)
}

/** Afterwards the task may go on; the caller hears of it no more. */
export function cancelCall(context: Context, call: string): void {
  const state = of(context.calls, call)
  if (state.ended) return
  end(context, state, 'cancelled', () => record({ witness: 'subject', kind: 'call.cancelled', id: call }))
  state.abort(new DOMException('the call was cancelled', 'AbortError'))
}

/** On the harness's own clock: whatever the subject does with timers, this one goes off. */
function startDeadline(context: Context, call: CallState, id: string, deadline: string): void {
  const { budget_ticks } = context.scenario.deadlines[deadline]!
  const state = { handle: null as unknown, settled: false }
  context.deadlines.set(deadline, state)
  record({ witness: 'subject', kind: 'deadline.started', id: deadline, budget_ticks })
  const handle = native.setTimeout(() => {
    if (state.settled) return
    state.settled = true
    record({ witness: 'subject', kind: 'deadline.exceeded', id: deadline })
    end(context, call, 'cancelled', () => record({ witness: 'subject', kind: 'call.timed_out', id }))
    call.abort(new DOMException('the deadline of the call ran out', 'TimeoutError'))
  }, budget_ticks * context.scenario.tick_ms)
  call.endDeadline = (how) => {
    native.clearTimeout(handle)
    if (!state.settled) record({ witness: 'subject', kind: `deadline.${how}`, id: deadline })
    state.settled = true
  }
}

/** What the shutdown finds under way is left pending: from here on the harness sets no limit to it. */
export function leaveCalls({ calls }: Context): void {
  for (const state of calls.values()) if (!state.ended) state.endDeadline('cancelled')
}

function jsonOf(value: unknown): MessageSummary {
  try {
    return summarizeJson(canonicalJson(value))
  } catch (error) {
    throw Object.assign(new TypeError(messageOf(error)), { name: 'result_not_json' })
  }
}
