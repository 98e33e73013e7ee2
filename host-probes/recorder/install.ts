import '../natives.js'
import { recordEventStreams } from './event-streams.js'
import { recordWaysOut } from './outside.js'
import { recordHandles } from './handles.js'
import { recordListeners } from './listeners.js'
import { recordRequests } from './requests.js'
import { recordSockets } from './sockets.js'
import { recordTimers } from './timers.js'

// Importing this module installs the page witness. It must come before the subject's own code.
recordTimers(globalThis)
recordSockets(globalThis)
recordRequests(globalThis)
recordEventStreams(globalThis)
recordWaysOut(globalThis)
recordHandles(globalThis)
recordListeners(globalThis)
