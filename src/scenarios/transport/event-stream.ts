import type { HttpAction, Scenario } from '../../contract/scenario.js'
import { body, end, head, http, pause, scenario, text } from '../build.js'

const eventHead = head(200, { 'content-type': 'text/event-stream' })
const events = (lines: string): HttpAction => body(text(lines))
/** Longer than any scenario: the connection stays open. */
const stay = pause(1000)
/** Only the default type: a host's EventSource delivers no type that nobody named to it. */
const message = (id: string, data: string): { id: string; event: string; data: string } => ({ id, event: 'message', data })

/** Server-sent events: fields, resumption and the end of a stream. */
export const EVENT_STREAM: Scenario[] = [
  scenario({
    id: 'sse.fields',
    title: 'Events with ids, several data lines, comments and both line ends arrive in order, also when cut in pieces',
    peers: {
      feed: http([
        eventHead, events(': a comment\n\nid: 1\nevent: message\ndata: one\n\ndata: two\ndata:  lines\n\n'),
        events('id: 3\r\ndata: crlf\r\n\r\nda'), pause(2), events('ta: in pie'), pause(2), events('ces\nunknown: field\n\nid\ndata\n\n'), stay,
      ]),
    },
    tasks: { main: [{ op: 'events.open', stream: 's', peer: 'feed' }, { op: 'events.wait', stream: 's', count: 5 }, { op: 'events.close', stream: 's' }] },
    expect: {
      streams: { s: { events: [message('1', 'one'), message('1', 'two\n lines'), message('3', 'crlf'), message('3', 'in pieces'), message('', '')], connections: 1, last_event_ids: [''] } },
      orders: [['stream.s.opening', 'stream.s.open', 'stream.s.event', 'stream.s.event#5', 'stream.s.closed']],
    },
  }),
  scenario({
    id: 'sse.resume',
    title: 'A stream that breaks comes back after its retry time and resumes from the last id',
    limit_ticks: 1000,
    peers: {
      feed: http(
        [eventHead, events('retry: 20\nid: 1\ndata: one\n\nid: 2\ndata: two\n\ndata: never finished'), end],
        [eventHead, events('id: 3\ndata: three\n\n'), stay],
      ),
    },
    tasks: { main: [{ op: 'events.open', stream: 's', peer: 'feed' }, { op: 'events.wait', stream: 's', count: 3 }, { op: 'events.close', stream: 's' }] },
    expect: {
      streams: { s: { events: [message('1', 'one'), message('2', 'two'), message('3', 'three')], connections: 2, last_event_ids: ['', '2'] } },
      orders: [['stream.s.event', 'stream.s.event#2', 'stream.s.error', 'stream.s.open#2', 'stream.s.event#3', 'stream.s.closed']],
    },
  }),
  scenario({
    id: 'sse.closed_by_subject',
    title: 'A stream closed by the subject delivers nothing more and does not come back',
    peers: { feed: http([eventHead, events('data: one\n\n'), pause(14), events('data: two\n\n'), stay]) },
    tasks: {
      main: [{ op: 'events.open', stream: 's', peer: 'feed' }, { op: 'events.wait', stream: 's', count: 1 }, { op: 'events.close', stream: 's' }, { op: 'wait', ticks: 18 }],
    },
    expect: { streams: { s: { events: [message('', 'one')], connections: 1 } } },
  }),
  scenario({
    id: 'sse.deadline.silent_peer',
    title: 'A stream that falls silent is closed by a deadline',
    deadlines: { patience: { budget_ticks: 12 } },
    peers: { waning: http([eventHead, events('data: one\n\n'), stay]) },
    tasks: {
      main: [
        { op: 'events.open', stream: 's', peer: 'waning' },
        { op: 'events.wait', stream: 's', count: 1 },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'events.close', stream: 's' }] },
        { op: 'deadline.wait', deadline: 'patience' },
      ],
    },
    expect: { deadlines: { patience: 'deadline_exceeded' }, streams: { s: { events: [message('', 'one')], connections: 1 } }, orders: [['stream.s.event', 'deadline.patience.exceeded', 'stream.s.closed']] },
  }),
  scenario({
    id: 'sse.shutdown.open',
    title: 'A shutdown with a stream open closes it and leaves none alive',
    peers: { feed: http([eventHead, events('data: one\n\n'), stay]) },
    tasks: { main: [{ op: 'events.open', stream: 's', peer: 'feed' }, { op: 'events.wait', stream: 's', count: 1 }, { op: 'shutdown' }, { op: 'wait', ticks: 4 }] },
    expect: { streams: { s: { events: [message('', 'one')], connections: 1 } } },
  }),
]
