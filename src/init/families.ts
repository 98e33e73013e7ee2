import type { SeenExport } from './exports.js'

/** What a subject may offer, with what has still to be written and which exports look as if they did it. */
export interface FamilyStub {
  family: string
  /** Shows what the family is for; scenarios of it are unsupported while it is left out. */
  todo: string
  /** The member to write, as comments. */
  lines: string[]
  fits(seen: SeenExport): boolean
  /** Offered for whatever can be called, none of it fitting too. */
  whatever?: true
}

const takesCallback = ({ params }: SeenExport): boolean => params.some((param) => /\bFunction\b|=>/.test(param) || /^(?:callback|cb|fire|handler|listener|on[A-Z]\w*)\b/.test(param))
const takesTime = ({ params }: SeenExport): boolean => params.some((param) => /^(?:ms|millis\w*|delay\w*|timeout\w*|after|seconds|interval\w*)\b/i.test(param))
const takesUrl = ({ params }: SeenExport): boolean => params.some((param) => /^(?:url|uri|endpoint|address|href)\b/i.test(param))

export const FAMILIES: readonly FamilyStub[] = [
  {
    family: 'timers',
    todo: 'what it does with timers, as its users call it',
    lines: [
      'timers: {',
      '  set: (ms, fire) => { /* calls fire once, ms from now; returns a handle */ },',
      '  clear: (timer) => { /* takes that handle; what has fired or was cleared is left alone */ },',
      '},',
    ],
    fits: (seen) => takesTime(seen) && takesCallback(seen),
  },
  {
    family: 'sockets',
    todo: 'a connection that it keeps open, over WebSocket',
    lines: [
      'sockets: {',
      '  open: (url, protocols, events) => { /* tells events.open, .message, .error, .close; returns { send(data), close(code, reason) } */ },',
      '},',
    ],
    fits: (seen) => takesUrl(seen) && /socket|connect|channel|stream|subscribe/i.test(seen.name),
  },
  {
    family: 'requests',
    todo: 'a request that it sends, over fetch',
    lines: [
      'requests: {',
      '  send: (url, plan, events) => { /* tells events.head, .chunk, .end, .error, .cancelled; returns { cancel() } */ },',
      '},',
    ],
    fits: (seen) => takesUrl(seen) && /fetch|get|post|put|delete|request|send|load|download|upload/i.test(seen.name),
  },
  {
    family: 'events',
    todo: 'server-sent events that it listens to',
    lines: [
      'events: {',
      '  open: (url, events) => { /* tells events.open, .message, .error; returns { close() } */ },',
      '},',
    ],
    fits: (seen) => takesUrl(seen) && /event|listen|subscribe/i.test(seen.name),
  },
  {
    family: 'tasks',
    todo: 'calls that its users await; a scenario calls them by name, with a result, a deadline, a cancel',
    lines: [
      'tasks: {',
      '  name: async (input, { signal }) => { /* input and result are JSON; signal aborts when the call is cancelled or out of time */ },',
      '},',
    ],
    fits: (seen) => seen.async,
    whatever: true,
  },
]
