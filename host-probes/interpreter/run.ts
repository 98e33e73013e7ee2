import type { Scenario } from '../../src/contract/scenario.js'
import type { SubjectRuntime } from '../../src/contract/subject.js'
import { alarm } from '../alarm.js'
import { record, startClock } from '../trace.js'
import { hearUncaught } from '../uncaught.js'
import { leaveCalls } from './calls.js'
import { happened, type Context } from './context.js'
import { threw } from './errors.js'
import { runSync, runTask } from './steps.js'

/** Longest a subject's `shutdown()` may take, in ms. */
export const SHUTDOWN_LIMIT_MS = 2_000

/** Runs a scenario on a started subject; says whether its limit in ticks ran out first. */
export async function runScenario(scenario: Scenario, runtime: SubjectRuntime, addressOf: Context['addressOf']): Promise<{ stalled: boolean }> {
  let shutting: Promise<void> | null = null
  const context: Context = {
    scenario, runtime, addressOf,
    timers: new Map(), deadlines: new Map(), channels: new Map(), exchanges: new Map(), streams: new Map(), calls: new Map(), waiters: new Set(),
    stopped: false,
    stop: () => {
      context.stopped = true
      happened(context)
    },
    shutdown: () => (shutting ??= shutDown(context)),
    runSync: (steps) => runSync(context, steps),
  }
  startClock(scenario.tick_ms)
  const uncaught = hearUncaught((where, thrown) => threw(context, where, thrown))
  const limit = alarm(scenario.limit_ticks * scenario.tick_ms)
  const tasks = Promise.all(Object.entries(scenario.tasks).map(([task, steps]) => runTask(context, task, steps)))
  const stopping = new Promise<void>((go) => context.waiters.add({ ready: () => context.stopped, go }))
  const stalled = (await Promise.race([tasks.then(() => false), stopping.then(() => false), limit.rang.then(() => true)]))
  limit.cancel()
  context.stop()
  await context.shutdown()
  uncaught.release()
  return { stalled }
}

async function shutDown(context: Context): Promise<void> {
  leaveCalls(context)
  record({ witness: 'subject', kind: 'shutdown.started', id: 'subject' })
  const limit = alarm(SHUTDOWN_LIMIT_MS)
  try {
    const late = await Promise.race([context.runtime.shutdown().then(() => false), limit.rang.then(() => true)])
    if (late) threw(context, 'shutdown', new Error(`shutdown() did not end within ${SHUTDOWN_LIMIT_MS} ms`))
    else record({ witness: 'subject', kind: 'shutdown.finished', id: 'subject' })
  } catch (error) {
    threw(context, 'shutdown', error)
  } finally {
    limit.cancel()
  }
}
