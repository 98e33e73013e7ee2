import type { MessageSpec } from '../../contract/message.js'
import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, body, end, head, http, pause, scenario, text } from '../build.js'

const BLOCK: MessageSpec = { kind: 'fill_binary', length: 4096 }
const aborted = { protocol_version: 'http/1.1', end: 'cancelled', peer_saw: 'aborted', requests: 1 } as const

/** Where an exchange is given up: by a deadline, by a cancel, by a shutdown; both witnesses see it. Before a head nothing tells that a request has come: 60 ticks are for that. */
export const HTTP_BOUNDARY: Scenario[] = [
  scenario({
    id: 'http.deadline.before_head',
    title: 'A deadline runs out before any answer: the exchange is cancelled, and its peer sees it broken off',
    tiers: SMOKE,
    deadlines: { patience: { budget_ticks: 60 } },
    peers: { mute: http([pause(200), head(), end]) },
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
      exchanges: { x: { ...aborted, status: null } },
      orders: [['exchange.x.sent', 'deadline.patience.exceeded', 'exchange.x.cancelling', 'exchange.x.cancelled']],
    },
  }),
  scenario({
    id: 'http.deadline.mid_body',
    title: 'A deadline runs out in the middle of an answer: the exchange is cancelled, and nothing more comes in',
    tiers: SMOKE,
    late_ticks: 20,
    deadlines: { patience: { budget_ticks: 12 } },
    peers: { staller: http([head(), body(BLOCK), pause(200), body(text('never read')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'staller' },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4096 },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'request.cancel', exchange: 'x' }] },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 6 },
      ],
    },
    expect: {
      deadlines: { patience: 'deadline_exceeded' },
      exchanges: { x: { ...aborted, status: 200 } },
      orders: [['exchange.x.head', 'exchange.x.chunk', 'deadline.patience.started', 'deadline.patience.exceeded', 'exchange.x.cancelling', 'exchange.x.cancelled']],
    },
  }),
  scenario({
    id: 'http.deadline.in_time',
    title: 'An answer that ends before its deadline completes, and the deadline is put away',
    tiers: SMOKE,
    // Its ticks are those of a peer and a connection.
    late_ticks: 40,
    deadlines: { patience: { budget_ticks: 120 } },
    peers: { slow: http([pause(4), head(), body(text('just,')), pause(6), body(text('in time')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'slow' },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'request.cancel', exchange: 'x' }] },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'deadline.finish', deadline: 'patience', how: 'completed' },
      ],
    },
    expect: {
      deadlines: { patience: 'completed_before_deadline' },
      exchanges: { x: { protocol_version: 'http/1.1', end: 'completed', status: 200, body: [text('just,'), text('in time')], peer_saw: 'ended', requests: 1 } },
      orders: [['exchange.x.sent', 'exchange.x.completed', 'deadline.patience.completed']],
    },
  }),
  scenario({
    id: 'http.cancel.before_head',
    title: 'A request cancelled before any answer: the peer has its body whole and sees it broken off',
    peers: { mute: http([{ do: 'await_body' }, pause(200), head(), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'mute', method: 'POST', body: text('all of it') },
        { op: 'wait', ticks: 60 },
        { op: 'request.cancel', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 6 },
      ],
    },
    expect: { exchanges: { x: { ...aborted, status: null, request_body: [text('all of it')] } }, orders: [['exchange.x.sent', 'exchange.x.cancelling', 'exchange.x.cancelled']] },
  }),
  scenario({
    id: 'http.cancel.mid_body',
    title: 'An answer cancelled in the middle: its peer sees it broken off, a neighbour goes on to its end',
    tiers: SMOKE,
    peers: { streamer: http([head(), body(BLOCK), pause(200), end]), neighbour: http([head(), body(text('undisturbed,')), pause(70), body(text('to the end')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'streamer' },
        { op: 'request.send', exchange: 'y', peer: 'neighbour' },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4096 },
        { op: 'request.cancel', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'y' },
      ],
    },
    expect: {
      exchanges: {
        x: { ...aborted, status: 200 },
        y: { protocol_version: 'http/1.1', end: 'completed', status: 200, body: [text('undisturbed,'), text('to the end')], peer_saw: 'ended', requests: 1 },
      },
      orders: [['exchange.x.chunk', 'exchange.x.cancelling', 'exchange.x.cancelled', 'exchange.y.completed']],
    },
  }),
  scenario({
    id: 'http.shutdown.in_flight',
    title: 'A shutdown with one exchange before its head and one in its body cancels both and leaves none alive',
    tiers: SMOKE,
    peers: { mute: http([]), streamer: http([head(), body(BLOCK), pause(200), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'mute' },
        { op: 'request.send', exchange: 'b', peer: 'streamer' },
        { op: 'request.wait_bytes', exchange: 'b', at_least: 4096 },
        { op: 'wait', ticks: 60 },
        { op: 'shutdown' },
        { op: 'wait', ticks: 6 },
      ],
    },
    expect: { exchanges: { a: { ...aborted, status: null }, b: { ...aborted, status: 200 } } },
  }),
]
