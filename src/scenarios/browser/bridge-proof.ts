import type { Scenario } from '../../contract/scenario.js'
import { body, end, head, http, pause, scenario, text } from '../build.js'
import { NOT_ISOLATED, withheldByPage } from './rules.js'
import { ECHO, TIMERS } from './work.js'

/** The page forces the bridge in every lane; each family then works over it, with a handshake that both sides logged, and is no parity. */
export const BRIDGE_PROOF: Scenario[] = [
  scenario({
    id: 'browser.bridge_proof.timers', title: 'Timers over a bridge that the page forces',
    needs: ['shared_array_buffer'], ...TIMERS, expect: { ...TIMERS.expect, admission: withheldByPage(NOT_ISOLATED) },
  }),
  scenario({
    id: 'browser.bridge_proof.websocket', title: 'A WebSocket over a bridge that the page forces',
    needs: ['shared_array_buffer'], ...ECHO, expect: { ...ECHO.expect, admission: withheldByPage(NOT_ISOLATED) },
  }),
  scenario({
    id: 'browser.bridge_proof.fetch_cancel', title: 'A request cancelled in the middle of its body, over a bridge that the page forces',
    needs: ['shared_array_buffer'],
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
    expect: {
      exchanges: { x: { end: 'cancelled', status: 200, peer_saw: 'aborted', requests: 1 } },
      orders: [['exchange.x.head', 'exchange.x.chunk', 'exchange.x.cancelling', 'exchange.x.cancelled']],
      admission: withheldByPage(NOT_ISOLATED),
    },
  }),
]
