import '../natives.js'
import { watch } from './alive.js'
import { recordCallbacks } from './callbacks.js'
import { recordEventStreams } from './event-streams.js'
import { recordWaysOut } from './outside.js'
import { recordHandles } from './handles.js'
import { recordListeners } from './listeners.js'
import { recordPanics } from './panics.js'
import { recordRequests, recordTakers } from './requests.js'
import { recordSockets } from './sockets.js'
import { recordTimers } from './timers.js'
import { recordWebAssembly } from './web-assembly.js'

// Importing this module installs the page witness. It must come before the subject's own code.
recordTimers(globalThis)
recordCallbacks(globalThis)
recordSockets(globalThis)
recordRequests(globalThis)
recordTakers(globalThis)
recordEventStreams(globalThis)
recordWaysOut(globalThis)
recordPanics(globalThis)
recordWebAssembly(globalThis)
recordHandles(globalThis)
recordListeners(globalThis)
watch.installed = true
