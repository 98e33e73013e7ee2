import type { MessageSpec } from '../../contract/message.js'
import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, body, end, head, http, pause, scenario, text } from '../build.js'

const BLOCK: MessageSpec = { kind: 'fill_binary', length: 4096 }
const LARGE: MessageSpec = { kind: 'fill_binary', length: 1024 * 1024 }
const http1 = { protocol_version: 'http/1.1', peer_saw: 'ended', requests: 1 } as const

/** How an answer ends, and what its status has to do with it: nothing. */
export const HTTP_RESPONSE: Scenario[] = [
  scenario({
    id: 'http.response.content_length',
    title: 'An answer ends with the last byte its Content-Length counts; the peer saw HTTP/1.1',
    tiers: SMOKE,
    peers: { counted: http([head(200, { 'content-length': '12' }), body(text('one,')), pause(3), body(text('two,end.')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'counted' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: {
      exchanges: { x: { ...http1, end: 'completed', status: 200, body: [text('one,'), text('two,end.')], request_body: [] } },
      orders: [['exchange.x.sent', 'exchange.x.head', 'exchange.x.completed']],
    },
  }),
  scenario({
    id: 'http.response.chunked',
    title: 'An answer of unknown length ends with its last chunk',
    tiers: SMOKE,
    peers: { slow: http([head(), body(text('one,')), pause(3), body(text('two,')), pause(3), body(text('three')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'slow' },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4 },
        { op: 'mark', mark: 'began' },
        { op: 'request.wait_end', exchange: 'x' },
      ],
    },
    expect: {
      exchanges: { x: { ...http1, end: 'completed', status: 200, body: [text('one,'), text('two,'), text('three')] } },
      orders: [['exchange.x.head', 'exchange.x.chunk', 'mark.began', 'exchange.x.completed']],
    },
  }),
  scenario({
    id: 'http.response.connection_close',
    title: 'An answer with neither length nor chunks ends with its connection, and is whole',
    peers: {
      closing: http([
        { do: 'raw', text: 'HTTP/1.1 200 OK\r\nContent-Type: application/x-lanecheck\r\nCache-Control: no-store\r\nConnection: close\r\n\r\nall of it' }, pause(3), { do: 'destroy' },
      ]),
    },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'closing' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'completed', status: 200, body: [text('all of it')], peer_saw: 'destroyed' } } },
  }),
  scenario({
    id: 'http.response.no_body',
    title: 'Answers without a body are whole: 204, and 200 with a Content-Length of nought',
    peers: { none: http([head(204), end]), empty: http([head(200, { 'content-length': '0' }), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'none' },
        { op: 'request.wait_end', exchange: 'a' },
        { op: 'request.send', exchange: 'b', peer: 'empty' },
        { op: 'request.wait_end', exchange: 'b' },
      ],
    },
    expect: {
      exchanges: { a: { ...http1, end: 'completed', status: 204, body: [] }, b: { ...http1, end: 'completed', status: 200, body: [] } },
      orders: [['exchange.a.completed', 'exchange.b.sent', 'exchange.b.completed']],
    },
  }),
  scenario({
    id: 'http.response.large',
    title: 'A body of more than any one chunk comes in whole and in order',
    peers: { large: http([head(), body(LARGE), body(BLOCK), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'large' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...http1, end: 'completed', status: 200, body: [LARGE, BLOCK] } }, orders: [['exchange.x.head', 'exchange.x.chunk', 'exchange.x.completed']] },
  }),
  scenario({
    id: 'http.response.status_classes',
    title: 'An answer of any class is a completed exchange: 201, 404 and 503, each with its body',
    peers: { made: http([head(201), body(text('made')), end]), missing: http([head(404), body(text('missing')), end]), busy: http([head(503, { 'retry-after': '1' }), body(text('busy')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'made' },
        { op: 'request.wait_end', exchange: 'a' },
        { op: 'request.send', exchange: 'b', peer: 'missing' },
        { op: 'request.wait_end', exchange: 'b' },
        { op: 'request.send', exchange: 'c', peer: 'busy' },
        { op: 'request.wait_end', exchange: 'c' },
      ],
    },
    expect: {
      exchanges: {
        a: { ...http1, end: 'completed', status: 201, body: [text('made')] },
        b: { ...http1, end: 'completed', status: 404, body: [text('missing')] },
        c: { ...http1, end: 'completed', status: 503, body: [text('busy')] },
      },
    },
  }),
  scenario({
    id: 'http.response.concurrent',
    title: 'Of two exchanges at once each ends when its own peer ends it, whichever was sent first',
    peers: { late: http([head(), body(text('late,')), pause(70), body(text('done')), end]), soon: http([head(), body(text('soon,')), pause(4), body(text('done')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'late' },
        { op: 'request.wait_bytes', exchange: 'a', at_least: 5 },
        { op: 'request.send', exchange: 'b', peer: 'soon' },
        { op: 'request.wait_end', exchange: 'b' },
        { op: 'mark', mark: 'soon_done' },
        { op: 'request.wait_end', exchange: 'a' },
      ],
    },
    expect: {
      exchanges: {
        a: { ...http1, end: 'completed', status: 200, body: [text('late,'), text('done')], shares_connection: [] },
        b: { ...http1, end: 'completed', status: 200, body: [text('soon,'), text('done')], shares_connection: [] },
      },
      orders: [['exchange.a.chunk', 'exchange.b.sent', 'exchange.b.completed', 'mark.soon_done', 'exchange.a.completed']],
    },
  }),
]
