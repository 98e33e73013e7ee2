import type { MessageSpec } from '../../contract/message.js'
import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, body, end, head, http, pause, scenario, text } from '../build.js'

const BLOCK: MessageSpec = { kind: 'fill_binary', length: 4096 }

/** Bodies that come whole, slowly, or not whole. */
export const FETCH_BODY: Scenario[] = [
  scenario({
    id: 'fetch.plain.get',
    title: 'A plain request gets its status and its whole body, also when the status is 404',
    tiers: SMOKE,
    peers: { found: http([head(), body(text('here it is')), end]), missing: http([head(404), body(text('no such thing')), end]), empty: http([head(200, { 'content-length': '0' }), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'found' },
        { op: 'request.wait_end', exchange: 'a' },
        { op: 'request.send', exchange: 'b', peer: 'missing' },
        { op: 'request.wait_end', exchange: 'b' },
        { op: 'request.send', exchange: 'c', peer: 'empty' },
        { op: 'request.wait_end', exchange: 'c' },
      ],
    },
    expect: {
      exchanges: {
        a: { end: 'completed', status: 200, body: [text('here it is')], redirected: false, peer_saw: 'ended', requests: 1 },
        b: { end: 'completed', status: 404, body: [text('no such thing')], peer_saw: 'ended', requests: 1 },
        c: { end: 'completed', status: 200, body: [], peer_saw: 'ended', requests: 1 },
      },
      orders: [['exchange.a.sent', 'exchange.a.head', 'exchange.a.completed', 'exchange.b.sent', 'exchange.b.completed', 'exchange.c.completed']],
    },
  }),
  scenario({
    id: 'fetch.plain.post',
    title: 'A request body of 1 MiB goes up whole before the peer answers, and 1 MiB comes down',
    peers: { store: http([{ do: 'await_body' }, head(201), body({ kind: 'fill_binary', length: 1024 * 1024 }), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'store', method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: { kind: 'fill_binary', length: 1024 * 1024 } },
        { op: 'request.wait_end', exchange: 'x' },
      ],
    },
    expect: { exchanges: { x: { end: 'completed', status: 201, body: [{ kind: 'fill_binary', length: 1024 * 1024 }], peer_saw: 'ended', requests: 1 } } },
  }),
  scenario({
    id: 'fetch.stream.slow_chunks',
    title: 'A body that comes in slow chunks arrives whole and in order, within its deadline',
    tiers: SMOKE,
    deadlines: { patience: { budget_ticks: 60 } },
    peers: { slow: http([pause(2), head(), body(text('one,')), pause(3), body(text('two,')), pause(3), body(text('three')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'slow' },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'request.cancel', exchange: 'x' }] },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4 },
        { op: 'mark', mark: 'began' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'deadline.finish', deadline: 'patience', how: 'completed' },
      ],
    },
    expect: {
      deadlines: { patience: 'completed_before_deadline' },
      exchanges: { x: { end: 'completed', status: 200, body: [text('one,'), text('two,'), text('three')], peer_saw: 'ended', requests: 1 } },
      orders: [['exchange.x.sent', 'exchange.x.head', 'mark.began', 'exchange.x.completed', 'deadline.patience.completed']],
    },
  }),
  scenario({
    id: 'fetch.truncated.content_length',
    title: 'A body shorter than its Content-Length is a failure, not a short body',
    tiers: SMOKE,
    peers: { liar: http([head(200, { 'content-length': '9999' }), body(BLOCK), pause(4), { do: 'destroy' }]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'liar' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { end: 'failed', status: 200, peer_saw: 'destroyed', requests: 1 } }, orders: [['exchange.x.head', 'exchange.x.failed']] },
  }),
  scenario({
    id: 'fetch.truncated.chunked',
    title: 'A chunked body broken off before its last chunk is a failure',
    peers: { quitter: http([head(), body(BLOCK), pause(4), { do: 'destroy' }]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'quitter' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { end: 'failed', status: 200, peer_saw: 'destroyed', requests: 1 } }, orders: [['exchange.x.head', 'exchange.x.failed']] },
  }),
  scenario({
    id: 'fetch.malformed.head',
    title: 'An answer with a NUL in a header is a failure without a status',
    peers: { babbler: http([{ do: 'raw', text: 'HTTP/1.1 200 OK\r\nX-Field: a\u0000b\r\nContent-Length: 5\r\n\r\nhello' }, { do: 'destroy' }]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'babbler' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { end: 'failed', status: null, peer_saw: 'destroyed', requests: 1 } } },
  }),
  scenario({
    id: 'fetch.malformed.chunk',
    title: 'A chunk whose size is no number breaks the body that had begun, also when a last chunk follows',
    peers: { babbler: http([head(), body(BLOCK), pause(4), { do: 'raw', text: 'no size\r\nno chunk\r\n0\r\n\r\n' }, { do: 'destroy' }]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'babbler' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { end: 'failed', status: 200, peer_saw: 'destroyed', requests: 1 } } },
  }),
]
