import type { RealmControl } from '../../contract/injected-host.js'
import type { FromRealm, ToRealm } from '../../contract/realm-protocol.js'
import { TASK, TURN_ARGUMENT, TURN_GLOBAL, TURN_KIND, type Delivery } from '../kernel-types.js'
import { installRandomness } from './crypto.js'
import { installDate } from './date.js'
import { installEventSource } from './event-source.js'
import { takeAwayUnreviewed } from './absent.js'
import { expose, exposed, exposeInterfaces } from './expose.js'
import { AbortController, AbortSignal } from './abort.js'
import { installFetch } from './fetch.js'
import { installEvents, report, reportRejection } from './global-events.js'
import { deliverHttp } from './http-client.js'
import { installIndexedDb } from './indexed-db.js'
import { installIntl } from './intl.js'
import { kernel } from './kernel.js'
import { installMessaging } from './messaging.js'
import { installPlatform } from './platform.js'
import { installStreams } from './streams.js'
import { runPosted } from './tasks.js'
import { installText } from './text.js'
import { installTimers, leaveTimer, runTimer } from './timers.js'
import { installUrl } from './url.js'
import { installWebAssembly } from './web-assembly.js'
import { deliverSocket, installWebSocket } from './web-socket.js'

// Evaluated once in a fresh context, before the artifact: it makes the context's globals virtual.

const { parse } = JSON

const control: RealmControl = {
  onmessage: null,
  send: (message: FromRealm) => kernel.control(message),
}

function deliver(delivery: Delivery): void {
  switch (delivery.to) {
    case 'socket': return deliverSocket(delivery)
    case 'http': return deliverHttp(delivery)
    case 'control': return control.onmessage?.(parse(delivery.text) as ToRealm)
    case 'rejection': return reportRejection(delivery.reason)
  }
}

/** Runs the task that the clock names; its microtasks run when this returns. */
function turn(): void {
  leaveTimer()
  const argument = kernel.clock[TURN_ARGUMENT]!
  try {
    switch (kernel.clock[TURN_KIND]) {
      case TASK.timer: return runTimer(argument)
      case TASK.posted: return runPosted(argument)
      default: return deliver(kernel.take())
    }
  } catch (error) {
    report(error)
  }
}

installDate()
installIntl()
installEvents()
installTimers()
exposeInterfaces({ AbortController, AbortSignal })
installText()
installUrl()
installRandomness()
installStreams()
installFetch()
installEventSource()
installWebSocket()
installMessaging()
installIndexedDb()
installWebAssembly()
installPlatform()
expose(kernel.host_global, { kind: 'lab', control })
expose(TURN_GLOBAL, turn)
takeAwayUnreviewed(exposed)
