import type { LeftAlive } from '../../src/contract/trace.js'
import { isSubjectCall, subjectFrames } from './frames.js'

/** What made something, kept as an error: its stack is written out only for what is still alive at the end. */
export interface Made { id: string; call: string; at: Error }

/** To be called by what stands in for a call of the host, while that call is on the stack. */
export const made = (id: string, call: string): Made => ({ id, call, at: new Error(call) })

/** Whether anybody watches the boundary of this realm: an artifact built without the recorder has nobody who could say that nothing is alive. */
export const watch = { installed: false }

/** What the subject has alive at the realm's boundary, by the recorder's own ids. */
export const alive = {
  timers: new Map<unknown, Made>(),
  /** Asked for the next frame or an idle moment. */
  callbacks: new Map<object, Made>(),
  sockets: new Map<WebSocket, Made>(),
  requests: new Map<object, Made>(),
  streams: new Map<EventSource, Made>(),
  /** On what outlives the subject: the global object, its document, the signals that callers hand it. */
  listeners: new Map<object, Made>(),
  workers: new Map<object, Made>(),
  ports: new Map<object, Made>(),
  broadcasts: new Map<object, Made>(),
}

interface Alive { timers: string[]; sockets: string[]; requests: string[]; streams: string[]; left?: LeftAlive[] }

/** Ids of everything alive now, and all of it by name; a socket whose closing has begun is the host's, not the subject's. */
export function aliveNow(): Alive {
  // Drivers ask for frames and listen on the global objects of windows too.
  const timers = [...alive.timers.values(), ...[...alive.callbacks.values()].filter(isSubjects)]
  const sockets = [...alive.sockets].filter(([socket]) => socket.readyState < 2).map(([, one]) => one)
  const requests = [...alive.requests.values()]
  const streams = [...alive.streams].filter(([stream]) => stream.readyState !== 2).map(([, one]) => one)
  const listeners = [...alive.listeners.values()].filter(isSubjects)
  const left = [
    ...named('timer', timers), ...named('channel', sockets), ...named('request', requests), ...named('stream', streams),
    ...named('listener', listeners), ...named('worker', alive.workers.values()), ...named('message_port', alive.ports.values()), ...named('broadcast_channel', alive.broadcasts.values()),
  ]
  return { timers: ids(timers), sockets: ids(sockets), requests: ids(requests), streams: ids(streams), ...(left.length === 0 ? {} : { left }) }
}

const isSubjects = ({ at }: Made): boolean => isSubjectCall(at.stack ?? '')
const ids = (all: readonly Made[]): string[] => all.map(({ id }) => id)
const named = (what: LeftAlive['what'], all: Iterable<Made>): LeftAlive[] => [...all].map(({ id, call, at }) => ({ what, id, call, stack: subjectFrames(at.stack ?? '') }))
