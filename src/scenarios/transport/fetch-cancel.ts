import type { Scenario } from '../../contract/scenario.js'
import { SMOKE, body, end, head, http, pause, scenario, text } from '../build.js'

/** Exchanges that end early: cancelled, given up by a deadline, or cut by a shutdown. */
export const FETCH_CANCEL: Scenario[] = [
  scenario({
    id: 'fetch.cancel.before_body',
    title: 'A request cancelled before its answer began; the peer sees it broken off',
    tiers: SMOKE,
    // A peer that sends its head alone would not do: Firefox holds a head back until the body begins.
    peers: { mute: http([]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'mute' },
        // On a busy machine a request takes its time to arrive; one cancelled before that is none.
        { op: 'wait', ticks: 60 },
        { op: 'request.cancel', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 4 },
      ],
    },
    expect: { exchanges: { x: { end: 'cancelled', status: null, peer_saw: 'aborted', requests: 1 } }, orders: [['exchange.x.sent', 'exchange.x.cancelling', 'exchange.x.cancelled']] },
  }),
  scenario({
    id: 'fetch.cancel.during_body',
    title: 'A request cancelled in the middle of its body; the peer sees it broken off and nothing more comes in',
    tiers: SMOKE,
    peers: { streamer: http([head(), body({ kind: 'fill_binary', length: 4096 }), pause(12), body(text('never read')), pause(200), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'streamer' },
        { op: 'request.wait_bytes', exchange: 'x', at_least: 4096 },
        { op: 'request.cancel', exchange: 'x' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 14 },
      ],
    },
    expect: { exchanges: { x: { end: 'cancelled', status: 200, peer_saw: 'aborted', requests: 1 } }, orders: [['exchange.x.head', 'exchange.x.chunk', 'exchange.x.cancelling', 'exchange.x.cancelled']] },
  }),
  scenario({
    id: 'fetch.cancel.after_body',
    title: 'Cancelling a request that has completed is a no-op',
    peers: { quick: http([head(), body(text('done')), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'quick' },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'request.cancel', exchange: 'x' },
        { op: 'wait', ticks: 4 },
      ],
    },
    expect: { exchanges: { x: { end: 'completed', status: 200, body: [text('done')], peer_saw: 'ended', requests: 1 } } },
  }),
  scenario({
    id: 'fetch.deadline.never_answers',
    title: 'The peer never answers; a deadline cancels the request before its head and the peer sees it broken off',
    tiers: SMOKE,
    deadlines: { patience: { budget_ticks: 60 } },
    peers: { mute: http([]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'x', peer: 'mute' },
        { op: 'deadline.start', deadline: 'patience', on_exceed: [{ op: 'request.cancel', exchange: 'x' }] },
        { op: 'request.wait_end', exchange: 'x' },
        { op: 'wait', ticks: 4 },
      ],
    },
    expect: {
      deadlines: { patience: 'deadline_exceeded' },
      exchanges: { x: { end: 'cancelled', status: null, peer_saw: 'aborted', requests: 1 } },
      orders: [['exchange.x.sent', 'deadline.patience.exceeded', 'exchange.x.cancelling', 'exchange.x.cancelled']],
    },
  }),
  scenario({
    id: 'fetch.connect.refused',
    title: 'Nothing listens at the address: the request fails without a status',
    peers: { nobody: { kind: 'refused' } },
    tasks: { main: [{ op: 'request.send', exchange: 'x', peer: 'nobody' }, { op: 'request.wait_end', exchange: 'x' }] },
    expect: { exchanges: { x: { end: 'failed', status: null, peer_saw: 'nothing', requests: 0 } }, orders: [['exchange.x.sent', 'exchange.x.failed']] },
  }),
  scenario({
    id: 'fetch.shutdown.open',
    title: 'A shutdown with two requests under way cancels both and leaves none alive',
    tiers: SMOKE,
    peers: { streamer: http([head(), body({ kind: 'fill_binary', length: 4096 }), pause(200), end]) },
    tasks: {
      main: [
        { op: 'request.send', exchange: 'a', peer: 'streamer' },
        { op: 'request.send', exchange: 'b', peer: 'streamer' },
        { op: 'request.wait_bytes', exchange: 'a', at_least: 4096 },
        { op: 'request.wait_bytes', exchange: 'b', at_least: 4096 },
        { op: 'shutdown' },
        { op: 'wait', ticks: 4 },
      ],
    },
    expect: {
      exchanges: {
        a: { end: 'cancelled', status: 200, peer_saw: 'aborted', requests: 1 },
        b: { end: 'cancelled', status: 200, peer_saw: 'aborted', requests: 1 },
      },
    },
  }),
]
