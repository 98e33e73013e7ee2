import type { MessageSpec } from '../../contract/message.js'
import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, body, end, h2, head, pause, scenario, text } from '../build.js'

const BLOCK: MessageSpec = { kind: 'fill_binary', length: 4096 }
const LARGE: MessageSpec = { kind: 'fill_binary', length: 256 * 1024 }
const over = { protocol_version: 'h2', peer_saw: 'ended', requests: 1 } as const

/** The same over HTTP/2, on loopback TLS: streams of one connection, each with an end of its own. */
export const HTTP_H2: Scenario[] = [
  scenario({
    id: 'http.h2.get',
    title: 'An answer over HTTP/2 ends with its stream, not with its connection; the peer saw HTTP/2',
    tiers: SMOKE,
    peers: { multi: h2([head(), body(text('over,')), pause(3), body(text('h2')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'multi' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: {
      exchanges: { x: { ...over, end: 'completed', status: 200, body: [text('over,'), text('h2')], request_body: [] } },
      orders: [['exchange.x.sent', 'exchange.x.head', 'exchange.x.completed']],
    },
  }),
  scenario({
    id: 'http.h2.post',
    title: 'The body of a POST over HTTP/2, larger than any one frame, reaches its peer whole before the answer begins',
    tiers: SMOKE,
    peers: { taker: h2([{ do: 'await_body' }, head(201), body(text('taken')), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'taker', method: 'POST', body: LARGE }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...over, end: 'completed', status: 201, body: [text('taken')], request_body: [LARGE] } } },
  }),
  scenario({
    id: 'http.h2.put_no_body',
    title: 'A PUT over HTTP/2 goes through the question that its cross-origin page must ask first, and its 204 is whole',
    peers: { store: h2([{ do: 'await_body' }, head(204), end]) },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'store', method: 'PUT', body: text('kept') }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { ...over, end: 'completed', status: 204, body: [], request_body: [text('kept')] } } },
  }),
  scenario({
    id: 'http.h2.multiplexed',
    title: 'Two streams of one HTTP/2 connection, at once: each ends when its own peer ends it',
    tiers: SMOKE,
    peers: {
      first: h2([head(), body(text('there')), end]),
      late: h2([head(), body(text('late,')), pause(70), body(text('done')), end]),
      soon: h2([head(), body(text('soon,')), pause(4), body(text('done')), end]),
    },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'w', peer: 'first' },
        { op: 'request.wait_end', exchange: 'w' },
        { op: 'request.send', exchange: 'a', peer: 'late' },
        { op: 'request.wait_bytes', exchange: 'a', at_least: 5 },
        { op: 'request.send', exchange: 'b', peer: 'soon' },
        { op: 'request.wait_end', exchange: 'b' },
        { op: 'request.wait_end', exchange: 'a' },
      ],
    },
    expect: {
      exchanges: {
        w: { ...over, end: 'completed', status: 200, body: [text('there')] },
        a: { ...over, end: 'completed', status: 200, body: [text('late,'), text('done')], shares_connection: ['b', 'w'] },
        b: { ...over, end: 'completed', status: 200, body: [text('soon,'), text('done')], shares_connection: ['a', 'w'] },
      },
      orders: [['exchange.w.completed', 'exchange.a.chunk', 'exchange.b.sent', 'exchange.b.completed', 'exchange.a.completed']],
    },
  }),
  scenario({
    id: 'http.h2.reset_mid_body',
    title: 'A stream that its peer resets in the middle of an answer is a failure at once, long before any deadline',
    tiers: SMOKE,
    // Its ticks are those of a peer and a connection.
    late_ticks: 40,
    deadlines: { patience: { budget_ticks: 120 } },
    peers: { quitter: h2([head(), body(BLOCK), pause(4), { do: 'destroy' }]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'quitter' },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4096 },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'request.cancel', exchange: 'x' }] },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'deadline.finish', deadline: 'patience', how: 'completed' },
      ],
    },
    expect: {
      deadlines: { patience: 'completed_before_deadline' },
      exchanges: { x: { ...over, end: 'failed', status: 200, peer_saw: 'destroyed' } },
      orders: [['exchange.x.head', 'exchange.x.chunk', 'exchange.x.failed', 'deadline.patience.completed']],
    },
  }),
  scenario({
    id: 'http.h2.reset_before_head',
    title: 'A stream that its peer resets before any answer fails without a status; a POST is not repeated, and a neighbour on the connection goes on',
    peers: { quitter: h2([{ do: 'await_body' }, pause(4), { do: 'destroy' }]), neighbour: h2([head(), body(text('undisturbed,')), pause(30), body(text('to the end')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'y', peer: 'neighbour' },
        { op: 'request.wait_head', exchange: 'y' },
        { op: 'request.send', exchange: 'x', peer: 'quitter', method: 'POST', body: text('once') },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'y' },
      ],
    },
    expect: {
      exchanges: {
        x: { ...over, end: 'failed', status: null, peer_saw: 'destroyed', request_body: [text('once')] },
        y: { ...over, end: 'completed', status: 200, body: [text('undisturbed,'), text('to the end')] },
      },
      orders: [['exchange.x.sent', 'exchange.x.failed']],
    },
  }),
  scenario({
    id: 'http.h2.cancel',
    title: 'An answer over HTTP/2 cancelled in the middle: its peer sees the stream reset, the other stream goes on',
    tiers: SMOKE,
    peers: { streamer: h2([head(), body(BLOCK), pause(200), end]), neighbour: h2([head(), body(text('undisturbed,')), pause(70), body(text('to the end')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'streamer' },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4096 },
        { op: 'request.send', exchange: 'y', peer: 'neighbour' },
        { op: 'request.wait_head', exchange: 'y' },
        { op: 'request.cancel', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'y' },
      ],
    },
    expect: {
      exchanges: {
        x: { ...over, end: 'cancelled', status: 200, peer_saw: 'aborted', shares_connection: ['y'] },
        y: { ...over, end: 'completed', status: 200, body: [text('undisturbed,'), text('to the end')], shares_connection: ['x'] },
      },
      orders: [['exchange.x.chunk', 'exchange.x.cancelling', 'exchange.x.cancelled', 'exchange.y.completed']],
    },
  }),
  scenario({
    id: 'http.h2.deadline',
    title: 'A deadline runs out before any answer over HTTP/2: the exchange is cancelled, and its peer sees the stream reset',
    deadlines: { patience: { budget_ticks: 60 } },
    peers: { mute: h2([pause(200), head(), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'mute' },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'request.cancel', exchange: 'x' }] },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 6 },
      ],
    },
    expect: {
      deadlines: { patience: 'deadline_exceeded' },
      exchanges: { x: { ...over, end: 'cancelled', status: null, peer_saw: 'aborted' } },
      orders: [['exchange.x.sent', 'deadline.patience.exceeded', 'exchange.x.cancelling', 'exchange.x.cancelled']],
    },
  }),
  scenario({
    id: 'http.h2.shutdown',
    title: 'A shutdown with two HTTP/2 streams under way resets both and leaves none alive',
    peers: { streamer: h2([head(), body(BLOCK), pause(200), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'streamer' },
        { op: 'request.wait_bytes', exchange: 'a', at_least: 4096 },
        { op: 'request.send', exchange: 'b', peer: 'streamer' },
        { op: 'request.wait_bytes', exchange: 'b', at_least: 4096 },
        { op: 'shutdown' },
        { op: 'wait', ticks: 6 },
      ],
    },
    expect: {
      exchanges: {
        a: { ...over, end: 'cancelled', status: 200, peer_saw: 'aborted' },
        b: { ...over, end: 'cancelled', status: 200, peer_saw: 'aborted' },
      },
    },
  }),
]
