import type { SubjectRuntime, SubjectTimers } from '../../src/contract/subject.js'
import { tasksOver } from '../tasks.js'
import type { Runtime } from './pkg/lanecheck_reference.js'

/** The families of a subject over the crate's runtime; its handles are plain numbers. */
export function familiesOf(runtime: Runtime): SubjectRuntime {
  const timers: SubjectTimers = {
    set: (ms, fire) => runtime.timerSet(ms, fire),
    interval: (ms, fire) => runtime.timerInterval(ms, fire),
    deadline: (ms, expire) => runtime.timerDeadline(ms, expire),
    clear: (timer) => runtime.timerClear(timer as number),
  }
  return {
    timers,
    tasks: tasksOver(timers),
    sockets: {
      open(url, protocols, events) {
        const socket = runtime.socketOpen(url, protocols, events)
        return {
          send: (data) => runtime.socketSend(socket, data),
          close: (code, reason) => runtime.socketClose(socket, code, reason),
        }
      },
    },
    requests: {
      send(url, plan, events) {
        const exchange = runtime.requestSend(url, plan, {
          ...events,
          head: (status, redirected, headers) => events.head({ status, redirected, headers }),
        })
        return { cancel: () => runtime.requestCancel(exchange) }
      },
    },
    shutdown: () => runtime.shutdown(),
  }
}
