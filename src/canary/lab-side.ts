import type { LabRun } from '../contract/evidence.js'
import { payloads } from '../contract/message.js'
import { summarize } from '../contract/summary.js'
import type { TraceEvent } from '../contract/trace.js'
import { normalize } from '../judge/normalize.js'
import { AS_DECLARED } from './plants.js'

type Draft<Event> = Event extends TraceEvent ? Omit<Event, 'seq' | 'ticks' | 'ms'> : never

const CLOSE = { code: 3001, reason: 'heard' } as const
const [spoken] = payloads({ kind: 'text', text: 'as declared' })
const message = summarize(spoken!)
const page = { witness: 'page', id: 'c' } as const
const subject = { witness: 'subject', id: 'c' } as const
const peer = { witness: 'peer', id: 'c', peer: 'p', connection: 1 } as const

/** What the lab's witnesses record of `AS_DECLARED`; a test holds it to the lab itself. Written out, so that no session waits for the lab. */
const TRACE: Array<Draft<TraceEvent>> = [
  { ...page, kind: 'host.socket.created' },
  { ...subject, kind: 'channel.opening' },
  { ...peer, kind: 'peer.connected', protocols: [] },
  { ...peer, kind: 'peer.accepted', protocol: '' },
  { ...peer, kind: 'peer.sent', message },
  { ...page, kind: 'host.socket.open', protocol: '' },
  { ...subject, kind: 'channel.open', protocol: '' },
  { ...page, kind: 'host.socket.message', message },
  { ...subject, kind: 'channel.message', message },
  { ...subject, kind: 'channel.closing', ...CLOSE },
  { ...page, kind: 'host.socket.close_called', ...CLOSE },
  { ...peer, kind: 'peer.closed', ...CLOSE, clean: true },
  { ...page, kind: 'host.socket.closed', ...CLOSE, clean: true },
  { ...subject, kind: 'channel.closed', ...CLOSE, clean: true },
  { witness: 'subject', id: 'main', kind: 'task.finished' },
  { witness: 'subject', id: 'subject', kind: 'shutdown.started' },
  { witness: 'subject', id: 'subject', kind: 'shutdown.finished' },
  { witness: 'page', id: 'realm', kind: 'host.alive', timers: [], sockets: [], requests: [], streams: [] },
]

/** The lab's side of the canary of the mismatch. */
export function labSide(digest: (value: unknown) => string): LabRun {
  const events = TRACE.map((event, seq) => ({ ...event, seq, ticks: 0, ms: 0 }) as TraceEvent)
  const record = normalize({ scenario: AS_DECLARED, events, clock_source: 'virtual_clock', end: { stalled: false }, digest })
  const hash = digest(TRACE)
  const run = { schedule_hash: hash, event_hash: hash, event_count: events.length }
  return { schema: 'lanecheck.lab-run.v1', scenario_id: AS_DECLARED.id, seed: 0, artifact_sha256: hash, runs: [run, run], deterministic: true, record }
}
