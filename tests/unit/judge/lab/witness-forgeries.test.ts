import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Scenario } from '../../../../src/contract/scenario.js'
import { summarize } from '../../../../src/contract/summary.js'
import type { TraceEvent } from '../../../../src/contract/trace.js'
import type { Judgement } from '../../../../src/judge/cell-evidence.js'
import { judge } from '../../../../src/judge/judge.js'
import { cellOf, labEvents, SCENARIOS } from './traces.js'

type Kind = TraceEvent['kind']
type Forge = (events: readonly TraceEvent[]) => TraceEvent[] | null

/** The n-th event of a kind changed, or none when there is no such event. */
const changed = (kind: Kind, change: (event: TraceEvent) => object, nth = 0): Forge => (events) => {
  const target = events.filter((event) => event.kind === kind)[nth]
  return target === undefined ? null : events.map((event) => (event === target ? { ...event, ...change(event) } as TraceEvent : event))
}
const removed = (kind: Kind, nth = 0): Forge => (events) => {
  const target = events.filter((event) => event.kind === kind)[nth]
  return target === undefined ? null : events.filter((event) => event !== target)
}
/** The last event of a kind once more, right behind itself. */
const doubled = (kind: Kind): Forge => (events) => {
  const target = events.findLast((event) => event.kind === kind)
  return target === undefined ? null : events.flatMap((event) => (event === target ? [event, { ...event, seq: event.seq + 0.5 }] : [event]))
}
/** The contents of the first two of a kind that differ, exchanged. */
const swapped = (kind: Kind): Forge => (events) => {
  const all = events.filter((event): event is Extract<TraceEvent, { message: { sha256: string } }> => event.kind === kind)
  const second = all.findIndex((event, place) => place > 0 && event.id === all[place - 1]?.id && event.message.sha256 !== all[place - 1]?.message.sha256)
  const [one, other] = [all[second - 1], all[second]]
  if (one === undefined || other === undefined) return null
  return events.map((event) => (event === one ? { ...one, message: other.message } : event === other ? { ...other, message: one.message } : event))
}
/** A message moved to before the send that it answers, or the other way about. */
const before = (moved: Kind, other: Kind): Forge => (events) => {
  const later = events.findIndex((event, place) => event.kind === moved && events.slice(0, place).some((one) => one.kind === other && one.id === event.id))
  const sooner = events.findIndex((event) => event.kind === other && event.id === events[later]?.id)
  if (later < 0 || sooner < 0) return null
  const [one, two] = [events[sooner] as TraceEvent, events[later] as TraceEvent]
  // Only their places in the order of their own witness are exchanged.
  return events.map((event) => (event === one ? { ...one, seq: two.seq } : event === two ? { ...two, seq: one.seq } : event))
}
const forged = summarize('forged')
const message = (): object => ({ message: forged })
const other = (text: string): string => `${text}!`

const SSE = ['sse.fields', 'sse.resume', 'sse.closed_by_subject', 'sse.deadline.silent_peer', 'sse.shutdown.open']
const CUT_SHORT = ['http.request.cut_mid_body', 'http.deadline.mid_body', 'http.cancel.mid_body', 'http.shutdown.in_flight', 'http.h2.reset_mid_body', 'http.h2.cancel', 'http.h2.shutdown', 'browser.bridge_proof.fetch_cancel']
const NO_CONTRADICTION = {
  'what was under way to an end that closes may be lost': ['websocket.close.by_peer'],
  'the subject does not wait for an answer before it sends the next': ['websocket.message.text', 'websocket.message.binary', 'websocket.message.empty', 'websocket.message.large'],
  'a peer that terminates has said that it closes': ['websocket.close.abnormal', 'websocket.reconnect'],
  'RFC 6455 leaves it to an end whether it gives a reason back, and one that broke off has none': ['websocket.close.by_peer', 'websocket.close.in_flight_from_peer', 'websocket.close.abnormal', 'websocket.reconnect'],
  'a page is not shown the answers that redirect it, nor those of a stream': ['fetch.redirect.followed', 'fetch.redirect.refused', ...SSE, 'http.request.see_other'],
  'an answer that was cut short has no length, nor has a stream': ['fetch.truncated.content_length', 'fetch.truncated.chunked', 'fetch.malformed.chunk', 'fetch.cancel.during_body', 'fetch.shutdown.open', ...SSE, ...CUT_SHORT],
  'a peer may learn that a stream was closed when the run is over': SSE,
  'a page is not shown how answers ended that redirect it, nor those of a stream': ['fetch.redirect.followed', 'fetch.redirect.refused', 'sse.resume', 'http.request.see_other'],
  'a page that was given no answer cannot tell that it was asked for one, and one that was redirected or resumed cannot count': [
    'fetch.malformed.head', 'fetch.cancel.before_body', 'fetch.deadline.never_answers', 'fetch.redirect.followed', 'fetch.redirect.refused', 'sse.resume', 'http.request.see_other',
  ],
} as const satisfies Record<string, readonly string[]>

/**
 * One witness changed, the others as they were. `because`: why in some scenarios the change is no contradiction.
 * Without it, wherever the change can be made it is found.
 */
const FORGERIES: Array<[name: string, forge: Forge, because?: keyof typeof NO_CONTRADICTION]> = [
  ['page: a message that came in, its content', changed('host.socket.message', message)],
  ['page: a message that went out, its content', changed('host.socket.sent', message)],
  ['page: one more message that came in', doubled('host.socket.message')],
  ['page: one more message that went out', doubled('host.socket.sent')],
  ['page: a message that came in is missing', removed('host.socket.message')],
  ['page: a message that went out is missing', removed('host.socket.sent')],
  ['page: the order of what came in', swapped('host.socket.message')],
  ['page: the order of what went out', swapped('host.socket.sent')],
  ['page: an answer before what it answers', before('host.socket.message', 'host.socket.sent')],
  ['page: the code of a close', changed('host.socket.closed', (event) => ({ code: (event as { code: number }).code + 1 }))],
  ['page: the reason of a close', changed('host.socket.closed', (event) => ({ reason: other((event as { reason: string }).reason) }))],
  ['page: a close that is not clean', changed('host.socket.closed', (event) => ({ clean: !(event as { clean: boolean }).clean }))],
  ['page: no close', removed('host.socket.closed')],
  ['page: the status of an answer', changed('host.fetch.head', () => ({ status: 299 }))],
  ['page: the length of an answer', changed('host.fetch.ended', (event) => ({ bytes: (event as { bytes: number }).bytes + 1 }))],
  ['page: a whole answer cancelled', changed('host.fetch.ended', () => ({ kind: 'host.fetch.aborted', bytes: undefined }))],
  ['page: no cancel', removed('host.fetch.aborted')],
  ['page: a cancelled answer is whole', changed('host.fetch.aborted', () => ({ kind: 'host.fetch.ended', bytes: 1 }))],
  ['page: an event of a stream is missing', removed('host.events.message')],
  ['peer: a message that came in, its content', changed('peer.message', message)],
  ['peer: a message that went out, its content', changed('peer.sent', message)],
  ['peer: one more message that came in', doubled('peer.message')],
  ['peer: a message that came in is missing', removed('peer.message'), 'what was under way to an end that closes may be lost'],
  ['peer: a message that went out is missing', removed('peer.sent')],
  ['peer: the order of what came in', swapped('peer.message')],
  ['peer: the order of what went out', swapped('peer.sent')],
  ['peer: an answer before what it answers', before('peer.message', 'peer.sent'), 'the subject does not wait for an answer before it sends the next'],
  ['peer: the code of a close', changed('peer.closed', (event) => ({ code: (event as { code: number }).code + 1 }))],
  ['peer: the reason of a close', changed('peer.closed', (event) => ({ reason: other((event as { reason: string }).reason) })), 'RFC 6455 leaves it to an end whether it gives a reason back, and one that broke off has none'],
  ['peer: a close that is not clean', changed('peer.closed', (event) => ({ clean: !(event as { clean: boolean }).clean }))],
  ['peer: no close', removed('peer.closed'), 'a peer that terminates has said that it closes'],
  ['peer: another close than it asked for', changed('peer.close_sent', () => ({ reason: 'forged' }))],
  ['peer: the status of an answer', changed('peer.head_sent', () => ({ status: 299 })), 'a page is not shown the answers that redirect it, nor those of a stream'],
  ['peer: the length of an answer', changed('peer.body_sent', (event) => ({ bytes: (event as { bytes: number }).bytes + 1 })), 'an answer that was cut short has no length, nor has a stream'],
  ['peer: no cancel', removed('peer.aborted'), 'a peer may learn that a stream was closed when the run is over'],
  ['peer: a whole answer cancelled', changed('peer.ended', () => ({ kind: 'peer.aborted' })), 'a page is not shown how answers ended that redirect it, nor those of a stream'],
  ['peer: no request', removed('peer.request'), 'a page that was given no answer cannot tell that it was asked for one, and one that was redirected or resumed cannot count'],
  ['subject: a message that came in, its content', changed('channel.message', message)],
  ['subject: a message that went out, its content', changed('channel.sent', message)],
  ['subject: one more message that came in', doubled('channel.message')],
  ['subject: the order of what came in', swapped('channel.message')],
  ['subject: the code of a close', changed('channel.closed', (event) => ({ code: (event as { code: number }).code + 1 }))],
  ['subject: a close that is not clean', changed('channel.closed', (event) => ({ clean: !(event as { clean: boolean }).clean }))],
  ['subject: a whole answer cancelled', changed('exchange.completed', () => ({ kind: 'exchange.cancelled', body: undefined }))],
  ['subject: an event of a stream of its own', doubled('stream.event')],
]

const forgedCells = (forge: Forge): Array<[Scenario, TraceEvent[]]> => SCENARIOS.flatMap((scenario): Array<[Scenario, TraceEvent[]]> => {
  const events = forge(labEvents(scenario))
  return events === null ? [] : [[scenario, events]]
})
const disagree = ({ findings }: Judgement): boolean => findings.some(({ law, severity, attempt }) => law === 'witness_agreement' && severity === 'break' && attempt === 1)

describe('T4 virtual_transport_surface: page and peer disagree', () => {
  test.each(FORGERIES)('%s', (_, forge, because) => {
    const cells = forgedCells(forge)
    expect(cells.length).toBeGreaterThan(0)
    const unfound = cells.filter(([scenario, events]) => {
      const judged = judge(cellOf(scenario, events))
      // The floor comes first: no evidence of its protocol version is no experiment.
      if (scenario.surface_family === 'http_surface' && judged.findings[0]?.field === 'protocol_version') return false
      return judged.verdict !== 'semantic_mismatch' || !disagree(judged)
    })
    expect(unfound.map(([{ id }]) => id)).toEqual(because === undefined ? [] : NO_CONTRADICTION[because])
  })
  test.each(FORGERIES)('in a bridged cell, where the bridge has the recorder: %s', (_, forge, because) => {
    const silent: readonly string[] = because === undefined ? [] : NO_CONTRADICTION[because]
    const [scenario, events] = forgedCells(forge).find(([{ id }]) => !silent.includes(id)) as [Scenario, TraceEvent[]]
    const judged = judge(cellOf(scenario, events, 'bridge'))
    expect([scenario.id, judged.verdict, disagree(judged)]).toEqual([scenario.id, 'bridge_mismatch', true])
  })
})

describe('T1 virtual_transport_surface: what is said of witnesses that disagree', () => {
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../../golden/forged-witnesses.json'), 'utf8')) as Record<string, unknown>
  test.each(FORGERIES)('%s', (name, forge) => {
    const [scenario, events] = forgedCells(forge)[0] as [Scenario, TraceEvent[]]
    const { verdict, reason, findings } = judge(cellOf(scenario, events))
    expect({ scenario: scenario.id, verdict, reason, findings }).toEqual(golden[name])
  })
})
