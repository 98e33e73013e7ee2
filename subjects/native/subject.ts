import type { Subject, SubjectRuntime } from '../../src/contract/subject.js'
import { classifyHost } from '../classify.js'
import { nativeEvents } from './event-streams.js'
import { makeLifetime } from './lifetime.js'
import { nativeRequests } from './requests.js'
import { nativeSockets } from './sockets.js'
import { tasksOver } from '../tasks.js'
import { nativeTimers } from './timers.js'

/** The host's own timers, WebSocket, fetch and EventSource, each looked up on the global when it is called. */
const subject: Subject = {
  name: 'native',
  version: '0.1.0',
  requires: ['timers', 'websocket', 'fetch', 'fetch_streaming', 'abort_controller'],
  host_roles: ['window', 'dedicated_worker', 'shared_worker', 'service_worker', 'sandboxed_iframe'],
  bridge: true,
  classify: () => classifyHost(subject),
  start: async () => startNative(),
}

function startNative(): SubjectRuntime {
  const lifetime = makeLifetime()
  const timers = nativeTimers(lifetime)
  const sockets = nativeSockets(lifetime)
  const requests = nativeRequests(lifetime)
  const events = typeof globalThis.EventSource === 'function' ? nativeEvents(lifetime) : null
  return {
    timers,
    sockets,
    requests,
    tasks: tasksOver(timers),
    ...(events === null ? {} : { events }),
    shutdown() {
      lifetime.beginShutdown()
      timers.clearAll()
      sockets.closeAll()
      requests.cancelAll()
      events?.closeAll()
      return lifetime.ended()
    },
  }
}

export default subject
