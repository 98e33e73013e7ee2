/** What the subject has alive at the realm's boundary, by the recorder's own ids. */
export const alive = {
  timers: new Map<unknown, string>(),
  sockets: new Map<WebSocket, string>(),
  requests: new Map<object, string>(),
  streams: new Map<EventSource, string>(),
}

/** Ids of everything alive now; a socket whose closing has begun is the host's, not the subject's. */
export function aliveNow(): { timers: string[]; sockets: string[]; requests: string[]; streams: string[] } {
  const open = [...alive.sockets].filter(([socket]) => socket.readyState < 2)
  const streaming = [...alive.streams].filter(([stream]) => stream.readyState !== 2)
  return { timers: [...alive.timers.values()], sockets: open.map(([, id]) => id), requests: [...alive.requests.values()], streams: streaming.map(([, id]) => id) }
}
